"""The call that follows an ultra-early discharge, and who was called: tables, walls and history."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

FAMILY = "pathways_family"
MEMBER = "territories_member"
CALL = "pathways_earlycall"
PERSON = "pathways_earlycallperson"
LINKS = [
    (CALL, "family_id", FAMILY),
    (CALL, "birth_id", "pathways_birth"),
    (CALL, "pathway_id", "pathways_pathway"),
    (CALL, "confirmed_by_id", MEMBER),
    (PERSON, "family_id", FAMILY),
    (PERSON, "call_id", CALL),
    (PERSON, "member_id", MEMBER),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0021_transfers"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlyCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_day", models.DateField(verbose_name="à partir du")),
                ("last_day", models.DateField(verbose_name="jusqu’au")),
                ("called_at", models.DateTimeField(verbose_name="appelée le")),
                ("escalated_at", models.DateTimeField(null=True, verbose_name="coordination prévenue le")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmée le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="sans objet depuis")),
                (
                    "birth",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.birth",
                        verbose_name="naissance",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="confirmée par",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "appel de sortie ultra-précoce",
            },
        ),
        migrations.CreateModel(
            name="EarlyCallPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("called_at", models.DateTimeField(verbose_name="appelée le")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.earlycall",
                        verbose_name="appel",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="auxiliaire",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "auxiliaire appelée",
            },
        ),
        migrations.AddIndex(
            model_name="earlycall",
            index=models.Index(
                condition=models.Q(("confirmed_at", None), ("ended_at", None)),
                fields=["territory", "called_at"],
                name="early_call_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="earlycall",
            index=models.Index(fields=["territory", "-called_at"], name="early_call_recent"),
        ),
        migrations.AddConstraint(
            model_name="earlycall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("birth",), name="early_call_once_per_birth"
            ),
        ),
        migrations.AddConstraint(
            model_name="earlycall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="early_call_confirmed_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="earlycallperson",
            index=models.Index(fields=["territory", "member"], name="early_call_of_member"),
        ),
        migrations.AddConstraint(
            model_name="earlycallperson",
            constraint=models.UniqueConstraint(fields=("call", "member"), name="early_call_person_once"),
        ),
        *(walls.wall(table) for table in (CALL, PERSON)),
        walls.pointable(CALL),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in (CALL, PERSON)),
    ]

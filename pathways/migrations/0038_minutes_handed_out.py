"""To whom the minutes of a meeting went, what the parents are told of them, and the print of what was validated."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

COPY, ITEM = "pathways_minutescopy", "pathways_meetingitem"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0037_strata_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="about",
            field=models.CharField(
                choices=[
                    ("MOTHER", "La mère"),
                    ("COPARENT", "Le coparent"),
                    ("CHILD", "L’enfant"),
                    ("SIBLING", "Un frère, une sœur"),
                    ("FAMILY", "La famille"),
                ],
                db_default="MOTHER",
                default="MOTHER",
                max_length=8,
                verbose_name="pour qui",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="parents_words",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="en mots simples"),
        ),
        migrations.AddField(
            model_name="meetingitem",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", max_length=64, verbose_name="empreinte"),
        ),
        migrations.AddField(
            model_name="meetingitem",
            name="parents_told_at",
            field=models.DateTimeField(null=True, verbose_name="dit aux parents le"),
        ),
        migrations.AddField(
            model_name="meetingitem",
            name="parents_told_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="dit aux parents par",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parents_told_at", None), ("parents_told_by", None)),
                    models.Q(("parents_told_at__isnull", False), ("parents_told_by__isnull", False)),
                    _connector="OR",
                ),
                name="meeting_item_told_by_somebody",
            ),
        ),
        migrations.CreateModel(
            name="MinutesCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("LIBERAL_MIDWIFE", "Ma sage-femme libérale"),
                            ("GENERAL_PRACTITIONER", "Mon médecin traitant"),
                            ("PAEDIATRICIAN", "Le médecin de mon enfant"),
                            ("PMI", "La PMI de mon quartier ou de ma commune"),
                            ("PSYCHOLOGIST", "La ou le psychologue qui me suit"),
                            ("OTHER", "Une autre personne"),
                        ],
                        max_length=24,
                        verbose_name="destinataire",
                    ),
                ),
                ("to", models.CharField(max_length=160, verbose_name="à qui")),
                ("refused", models.CharField(blank=True, max_length=200, verbose_name="pourquoi pas")),
                ("at", models.DateTimeField(verbose_name="le")),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.meetingitem",
                        verbose_name="point",
                    ),
                ),
                (
                    "sending",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.sending",
                        verbose_name="envoi",
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
                "verbose_name": "diffusion d’un compte rendu",
                "verbose_name_plural": "diffusions de comptes rendus",
                "constraints": [
                    models.UniqueConstraint(fields=("item", "recipient", "to"), name="minutes_copy_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused", ""), ("sending__isnull", False)),
                            models.Q(("sending", None), models.Q(("refused", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="minutes_copy_sent_or_refused",
                    ),
                ],
            },
        ),
        walls.wall(COPY),
        walls.pointable("pathways_sending"),
        walls.same_territory(ITEM, "parents_told_by_id", "territories_member"),
        walls.same_territory(COPY, "family_id", "pathways_family"),
        walls.same_territory(COPY, "item_id", ITEM),
        walls.same_territory(COPY, "sending_id", "pathways_sending"),
        walls.history(COPY),
    ]

"""The duty roster, professional phones, and the SMS as a second channel of the outbox."""

import uuid

import django.db.models.deletion
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

import copa.kernel.scope
from copa.kernel import walls

SHIFT = "territories_dutyshift"


def _key(to: str, verbose_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=verbose_name
    )


def _alone(column: str) -> Func:
    number = Cast(F(column), models.BigIntegerField())
    return Func(number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class Migration(migrations.Migration):
    dependencies = [("territories", "0003_directory")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="téléphone professionnel"),
        ),
        migrations.AddField(
            model_name="outgoingmessage",
            name="useless_from",
            field=models.DateTimeField(null=True, verbose_name="sans objet dès"),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="channel",
            field=models.CharField(
                choices=[("email", "E-mail"), ("sms", "SMS")], default="email", max_length=10, verbose_name="canal"
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="subject",
            field=models.CharField(blank=True, max_length=160, verbose_name="objet"),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="to",
            field=models.CharField(max_length=254, verbose_name="destinataire"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.CheckConstraint(
                condition=~Q(channel="sms") | Q(to__startswith="+", subject=""), name="outgoing_sms_has_number"
            ),
        ),
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Équipe de garde"),
                            (2, "Seconde de garde"),
                            (3, "Médecin d’astreinte"),
                            (4, "Auxiliaire de permanence"),
                        ],
                        verbose_name="place",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="de")),
                ("ends_at", models.DateTimeField(verbose_name="à")),
                ("member", _key("territories.member", "qui")),
                ("structure", _key("territories.structure", "structure")),
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
                "verbose_name": "garde",
                "indexes": [models.Index(fields=["territory", "structure", "ends_at"], name="duty_of_structure")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")),
                        name="duty_ends_after_start",
                        violation_error_message="La fin de la garde vient après son début.",
                    ),
                    ExclusionConstraint(
                        name="duty_one_at_a_time",
                        expressions=[
                            (_alone("structure_id"), "&&"),
                            (_alone("place"), "&&"),
                            (
                                Func(
                                    F("starts_at"),
                                    F("ends_at"),
                                    function="tstzrange",
                                    output_field=DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        violation_error_message=(
                            "Quelqu’un tient déjà cette place à ce moment : retirez d’abord sa garde."
                        ),
                    ),
                ],
            },
        ),
        walls.wall(SHIFT),
        walls.same_territory(SHIFT, "structure_id", "territories_structure"),
        walls.same_territory(SHIFT, "member_id", "territories_member"),
        walls.history(SHIFT),
    ]

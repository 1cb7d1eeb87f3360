"""A third visit is made with the PMI, or says why not; the part of each is confirmed apart."""

import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0016_relay_two_keys"),
        ("territories", "0002_walls"),
        ("visits", "0008_third_visit_motive"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="is_joint",
            field=models.BooleanField(db_default=False, default=False, verbose_name="avec la PMI"),
        ),
        migrations.AddField(
            model_name="visit",
            name="not_joint_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PMI_ABSENT", "La PMI n’est pas disponible"),
                    ("FAMILY_ALONE", "La famille préfère sans la PMI"),
                    ("NO_AGREEMENT", "La mère n’a pas donné son accord à la PMI"),
                    ("AP_FROM_PMI", "Visite faite par la PMI elle-même"),
                    ("OTHER", "Autre raison"),
                ],
                db_default="",
                max_length=12,
                verbose_name="pourquoi sans la PMI",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="professionnelle de PMI",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="partner_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked", "Proposée à la PMI"),
                    ("confirmed", "Confirmée par la PMI"),
                    ("cancelled", "La PMI ne vient pas"),
                ],
                db_default="",
                max_length=9,
                verbose_name="part de la PMI",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("is_joint", True)), fields=["territory", "planned_at"], name="visit_joint"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_joint", False), models.Q(("kind", "V3"), ("not_joint_reason", "")), _connector="OR"
                ),
                name="visit_joint_is_third",
                violation_error_message="Seule la visite 3 se fait avec la PMI.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_joint", True), ("partner_state", "asked")),
                    models.Q(("is_joint", True), ("partner__isnull", False), ("partner_state", "confirmed")),
                    models.Q(("is_joint", False), ("partner_state__in", ["", "cancelled"])),
                    _connector="OR",
                ),
                name="visit_partner_of_joint",
            ),
        ),
        walls.same_territory("visits_visit", "partner_id", "territories_member"),
    ]

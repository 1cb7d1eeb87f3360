"""What an auxiliary has learnt and done before she visits."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0009_activation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Experience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("months", models.PositiveSmallIntegerField(verbose_name="mois d’expérience en suites de naissance")),
                ("words", models.CharField(max_length=300, verbose_name="où et comment")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
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
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="noté par",
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
                "verbose_name": "expérience en suites de naissance",
                "verbose_name_plural": "expériences en suites de naissance",
                "constraints": [
                    models.UniqueConstraint(fields=("member",), name="experience_once"),
                    models.CheckConstraint(
                        condition=models.Q(("months__lte", 600)),
                        name="experience_possible",
                        violation_error_message="Vérifiez le nombre de mois.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="experience_is_told",
                        violation_error_message="Écrivez où elle l’a acquise.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "module",
                    models.CharField(
                        choices=[
                            ("perinatal_psychology", "Psychologie périnatale"),
                            ("risk_management", "Gestion des risques"),
                            ("actor_map", "Carte des acteurs du territoire"),
                            ("other", "Une autre formation"),
                        ],
                        max_length=24,
                        verbose_name="module",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=160, verbose_name="intitulé")),
                ("done_on", models.DateField(verbose_name="suivi le")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="annulé par",
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
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="noté par",
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
                "verbose_name": "formation suivie",
                "verbose_name_plural": "formations suivies",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        fields=("member", "module", "words", "done_on"),
                        name="training_once",
                        violation_error_message="Cette formation est déjà notée ce jour-là.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("module", "other"), ("words", ""), _connector="XOR"),
                        name="training_other_is_named",
                        violation_error_message="Écrivez l’intitulé de cette formation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at", None), ("cancelled_by", None)),
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="training_cancelled_by_somebody",
                    ),
                ],
            },
        ),
        walls.wall("territories_training"),
        walls.wall("territories_experience"),
        walls.same_territory("territories_training", "member_id", "territories_member"),
        walls.same_territory("territories_training", "noted_by_id", "territories_member"),
        walls.same_territory("territories_training", "cancelled_by_id", "territories_member"),
        walls.same_territory("territories_experience", "member_id", "territories_member"),
        walls.same_territory("territories_experience", "noted_by_id", "territories_member"),
        walls.history("territories_training"),
        walls.history("territories_experience"),
    ]

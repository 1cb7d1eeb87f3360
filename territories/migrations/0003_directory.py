"""The directory of the territory: resources, for whom, until when, checked when (R026, R220)."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("type", models.CharField(max_length=24, verbose_name="type")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                ("search", models.CharField(editable=False, max_length=120)),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="adresse")),
                (
                    "communes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="communes couvertes",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("short_number", models.CharField(blank=True, max_length=8, verbose_name="numéro court")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                ("web", models.URLField(blank=True, verbose_name="site")),
                ("hours", models.CharField(blank=True, max_length=160, verbose_name="horaires")),
                (
                    "delay_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="attente habituelle, en jours"
                    ),
                ),
                (
                    "cost",
                    models.CharField(
                        choices=[
                            ("free", "Gratuit"),
                            ("covered", "Pris en charge"),
                            ("part", "En partie à sa charge"),
                            ("fee", "Payant"),
                            ("unknown", "Ne sait pas"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="coût",
                    ),
                ),
                ("at_home", models.BooleanField(default=False, verbose_name="vient à domicile")),
                ("languages", models.CharField(blank=True, max_length=120, verbose_name="langues")),
                (
                    "wheelchair",
                    models.CharField(
                        choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                        default="unknown",
                        max_length=8,
                        verbose_name="accessible en fauteuil",
                    ),
                ),
                (
                    "accepts_without_cover",
                    models.CharField(
                        choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                        default="unknown",
                        max_length=8,
                        verbose_name="reçoit sans couverture santé",
                    ),
                ),
                (
                    "capacity_now",
                    models.CharField(
                        choices=[
                            ("open", "Oui"),
                            ("waiting", "Liste d’attente"),
                            ("full", "Non"),
                            ("unknown", "Ne sait pas"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="prend de nouvelles familles",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="depuis le")),
                ("valid_to", models.DateField(null=True, verbose_name="jusqu’au")),
                ("reviewed_on", models.DateField(verbose_name="vérifié le")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("PUB", "Annuaire public"),
                            ("PRO", "Annuaire des professionnels"),
                            ("ARC", "Archivé"),
                        ],
                        default="PUB",
                        max_length=3,
                        verbose_name="visible",
                    ),
                ),
                ("notes_pro", models.CharField(blank=True, max_length=400, verbose_name="entre professionnels")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="vérifié par",
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
                "verbose_name": "entrée de l’annuaire",
                "indexes": [models.Index(fields=["territory", "type", "search"], name="directory_by_type")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("territory", "type", "name"),
                        name="directory_once",
                        violation_error_message="Ce service est déjà dans l’annuaire.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="directory_ends_after_start",
                        violation_error_message="Le dernier jour précède le premier.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone", ""), ("short_number", ""), ("email", ""), ("web", ""), _negated=True
                        ),
                        name="directory_reachable",
                        violation_error_message="Indiquez au moins un moyen de joindre ce service.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type__in", ["VIOLENCE_SUPPORT"]), _negated=True),
                            models.Q(("visibility", "PUB"), _negated=True),
                            _connector="OR",
                        ),
                        name="directory_secret_not_public",
                        violation_error_message="Ce lieu reste secret\xa0: il ne va pas dans l’annuaire public.",
                    ),
                ],
            },
        ),
        walls.wall("territories_directoryentry"),
        walls.pointable("territories_directoryentry"),
        walls.same_territory("territories_directoryentry", "reviewed_by_id", "territories_member"),
        walls.history("territories_directoryentry"),
    ]

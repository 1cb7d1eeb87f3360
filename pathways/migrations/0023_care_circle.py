"""The care circle, and openings in an emergency with their reason."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pathways", "0022_early_calls"),
        ("territories", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareCircleMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nom")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("LIBERAL_MIDWIFE", "Sage-femme libérale"),
                            ("GENERAL_PRACTITIONER", "Médecin traitant"),
                            ("PAEDIATRICIAN", "Médecin de l’enfant"),
                            ("PSYCHOLOGIST", "Psychologue"),
                            ("PMI_NURSE", "Puéricultrice de PMI"),
                            ("PMI_MIDWIFE", "Sage-femme de PMI"),
                            ("REPAP_REFERENT", "Référent parcours RéPAP"),
                            ("SOCIAL_WORKER", "Assistante sociale"),
                            ("HOME_HELP", "TISF ou aide à domicile"),
                            ("INTERPRETER", "Interprète"),
                            ("OTHER", "Autre professionnel"),
                        ],
                        max_length=24,
                        verbose_name="rôle",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="pourquoi")),
                ("since", models.DateField(verbose_name="depuis le")),
                ("until", models.DateField(null=True, verbose_name="jusqu’au")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FINISHED", "Son suivi est terminé"),
                            ("FAMILY_WISH", "La famille ne le souhaite plus"),
                            ("REPLACED", "Quelqu’un d’autre a pris le relais"),
                            ("LEFT", "Elle ou il a quitté son poste"),
                            ("MISTAKE", "Ajout par erreur"),
                        ],
                        max_length=12,
                        verbose_name="raison de la fin",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="ajouté le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="terminé le")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="ajouté par",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="terminé par",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="membre de la plateforme",
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
                "verbose_name": "membre du cercle de soins",
                "verbose_name_plural": "cercle de soins",
            },
        ),
        migrations.AddField(
            model_name="familygrant",
            name="why",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="pourquoi"),
        ),
        migrations.AddIndex(
            model_name="familygrant",
            index=models.Index(
                condition=models.Q(("reason", "EMERGENCY")), fields=["territory", "-granted_at"], name="grant_emergency"
            ),
        ),
        migrations.AddConstraint(
            model_name="familygrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "EMERGENCY"), _negated=True),
                    models.Q(
                        models.Q(("why", ""), _negated=True),
                        (
                            "expires_at__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("granted_at"), "+", models.Value(datetime.timedelta(seconds=10800))
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="grant_emergency_reasoned",
                violation_error_message="Une ouverture en urgence dure trois heures au plus, et dit pourquoi.",
            ),
        ),
        migrations.AddIndex(
            model_name="carecirclemember",
            index=models.Index(fields=["territory", "family"], name="circle_of_family"),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("family", "member", "role"),
                name="circle_member_once",
                violation_error_message="Cette personne est déjà dans le cercle, avec ce rôle.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", None), ("name", ""), _connector="XOR"),
                name="circle_member_named",
                violation_error_message="Choisissez quelqu’un de la plateforme, ou écrivez son nom.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None), ("until", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("until__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="circle_end_with_a_reason",
                violation_error_message="Dites pourquoi cette personne quitte le cercle.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="circle_ends_after_start",
                violation_error_message="La fin précède le début.",
            ),
        ),
        walls.wall("pathways_carecirclemember"),
        walls.same_territory("pathways_carecirclemember", "family_id", "pathways_family"),
        walls.same_territory("pathways_carecirclemember", "member_id", "territories_member"),
        walls.same_territory("pathways_carecirclemember", "added_by_id", "territories_member"),
        walls.same_territory("pathways_carecirclemember", "ended_by_id", "territories_member"),
        walls.history("pathways_carecirclemember"),
    ]

"""The tablet in the mother's hands: each handing, and her answers until they are taken up or erased."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

HANDING = "pathways_handing"
ANSWER = "pathways_handedanswer"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0082_carried_reports"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("epds", "Questionnaire sur le moral (EPDS)"),
                            ("agreements", "Qui peut recevoir les comptes rendus"),
                        ],
                        max_length=12,
                        verbose_name="quoi",
                    ),
                ),
                ("language", models.CharField(max_length=5, verbose_name="langue")),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ALONE", "Seule"),
                            ("BABY_ONLY", "Seule avec bébé"),
                            ("OTHER_NEAR", "Quelqu’un à côté, sans lire"),
                            ("PARTNER_NEAR", "Le co-parent était là"),
                            ("UNKNOWN", "Pas noté"),
                        ],
                        max_length=12,
                        verbose_name="entourage",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                ("begun_at", models.DateTimeField(verbose_name="remise le")),
                ("touched_at", models.DateTimeField(verbose_name="dernier geste le")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="terminée le")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="rendue le")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="close le")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("used", "Reprises"),
                            ("cancelled", "Écartées"),
                            ("stopped", "Accompagnement arrêté"),
                            ("expired", "Effacées après sept jours"),
                        ],
                        max_length=9,
                        verbose_name="issue",
                    ),
                ),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0, verbose_name="codes faux")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="remise par",
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
                        null=True,
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
                (
                    "wording",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.epdswording",
                        verbose_name="texte",
                    ),
                ),
            ],
            options={
                "verbose_name": "tablette remise à la mère",
            },
        ),
        migrations.CreateModel(
            name="HandedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("item", models.CharField(max_length=32, verbose_name="question")),
                ("value", models.CharField(blank=True, max_length=12, verbose_name="réponse")),
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
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
                (
                    "handing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.handing",
                        verbose_name="remise",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse donnée sur la tablette",
            },
        ),
        migrations.AddIndex(
            model_name="handing",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["territory", "family"], name="handing_open_of_family"
            ),
        ),
        migrations.AddIndex(
            model_name="handing",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["territory", "begun_at"], name="handing_to_erase"
            ),
        ),
        migrations.AddConstraint(
            model_name="handing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("family", "author", "kind"),
                name="handing_one_at_a_time",
                violation_error_message="Des réponses données sur la tablette attendent déjà : reprenez-les d’abord.",
            ),
        ),
        migrations.AddConstraint(
            model_name="handing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("outcome", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="handing_closed_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="handing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "epds"),
                        ("pathway__isnull", False),
                        ("wording__isnull", False),
                        models.Q(("presence", ""), _negated=True),
                    ),
                    models.Q(
                        ("kind", "agreements"),
                        ("language", "fr"),
                        ("presence", ""),
                        ("source_id", None),
                        ("wording", None),
                    ),
                    _connector="OR",
                ),
                name="handing_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="handedanswer",
            constraint=models.UniqueConstraint(fields=("handing", "item"), name="handed_answer_once"),
        ),
        walls.pointable("pathways_epdswording"),
        walls.pointable(HANDING),
        walls.wall(HANDING),
        walls.wall(ANSWER),
        walls.same_territory(HANDING, "family_id", "pathways_family"),
        walls.same_territory(HANDING, "pathway_id", "pathways_pathway"),
        walls.same_territory(HANDING, "author_id", "territories_member"),
        walls.same_territory(HANDING, "wording_id", "pathways_epdswording"),
        walls.same_territory(ANSWER, "family_id", "pathways_family"),
        walls.same_territory(ANSWER, "handing_id", HANDING),
        walls.history(HANDING),
        # Sealed, and erased once it is taken up: its history says that she answered, never what.
        walls.history(ANSWER, hidden=["value"]),
    ]

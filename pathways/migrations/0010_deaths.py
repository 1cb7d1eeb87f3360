"""A death is a row of its own: whom it is about, who noted, confirmed or undid it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

DEATH = "pathways_death"
MEMBER = "territories_member"
LINKS = [
    (DEATH, "family_id", "pathways_family"),
    (DEATH, "birth_id", "pathways_birth"),
    (DEATH, "child_id", "pathways_child"),
    (DEATH, "noted_by_id", MEMBER),
    (DEATH, "confirmed_by_id", MEMBER),
    (DEATH, "undone_by_id", MEMBER),
]


def _key(to: str, verbose_name: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=verbose_name
    )


class Migration(migrations.Migration):
    dependencies = [("pathways", "0009_coparent_phone"), ("territories", "0002_walls")]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("report_due_soon", "Compte rendu bientôt en retard"),
                    ("report_overdue", "Compte rendu en retard"),
                    ("child_sign", "Signe d’alerte chez l’enfant"),
                    ("mother_sign", "Signe d’alerte chez la mère"),
                    ("protected", "Alerte protégée\xa0: appelez l’équipe"),
                    ("death", "Deuil dans une famille"),
                ],
                max_length=20,
                verbose_name="type",
            ),
        ),
        migrations.CreateModel(
            name="Death",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.CharField(
                        choices=[("mother", "La mère"), ("child", "Un enfant")],
                        max_length=6,
                        verbose_name="personne",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmé le")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                ("undone_reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi annulé")),
                ("birth", _key("pathways.birth", "naissance")),
                ("child", _key("pathways.child", "enfant", null=True)),
                ("noted_by", _key("territories.member", "noté par")),
                ("confirmed_by", _key("territories.member", "confirmé par", null=True)),
                ("undone_by", _key("territories.member", "annulé par", null=True)),
                ("family", _key("pathways.family", "famille")),
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
                "verbose_name": "décès",
                "indexes": [models.Index(fields=["territory", "birth"], name="death_of_birth")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["child"], condition=models.Q(undone_at=None), name="death_of_child_once"
                    ),
                    models.UniqueConstraint(
                        fields=["birth"],
                        condition=models.Q(undone_at=None, person="mother"),
                        name="death_of_mother_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(person="mother", child=None) | models.Q(person="child", child__isnull=False),
                        name="death_names_its_child",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(confirmed_at=None, confirmed_by=None)
                        | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                        name="death_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(undone_at=None, undone_by=None, undone_reason="")
                        | (models.Q(undone_at__isnull=False, undone_by__isnull=False) & ~models.Q(undone_reason="")),
                        name="death_undone_with_a_reason",
                        violation_error_message="Dites pourquoi c’était une erreur.",
                    ),
                ],
            },
        ),
        walls.wall(DEATH),
        walls.pointable("pathways_child"),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(DEATH),
    ]

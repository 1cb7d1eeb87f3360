"""What was written of the visits made in the territory a family comes from, with the mother's agreement."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

REPORT, FILE, FAMILY = "pathways_carriedreport", "pathways_receivedfile", "pathways_family"


def link(to: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0081_kin_orientation"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarriedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("written_in", models.CharField(max_length=120, verbose_name="écrit dans")),
                ("kind", models.CharField(max_length=12, verbose_name="visite")),
                ("on", models.DateField(verbose_name="visite du")),
                ("author", models.CharField(max_length=160, verbose_name="auteure")),
                ("author_role", models.CharField(max_length=24, verbose_name="fonction de l’auteure")),
                ("form", models.CharField(max_length=100, verbose_name="formulaire")),
                ("blocks", models.JSONField(default=list, verbose_name="ce qui est écrit")),
                ("with_coparent", models.JSONField(default=list, verbose_name="avec ce qui concerne le co-parent")),
                ("addenda", models.JSONField(default=list, verbose_name="compléments")),
                ("family", link("pathways.family", "famille")),
                ("received", link("pathways.receivedfile", "dossier reçu")),
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
                "verbose_name": "compte rendu reçu d’un autre territoire",
                "verbose_name_plural": "comptes rendus reçus d’un autre territoire",
                "indexes": [
                    models.Index(fields=["territory", "family"], name="carried_report_of_family"),
                    models.Index(fields=["territory", "received"], name="carried_report_of_file"),
                ],
            },
        ),
        walls.pointable(FILE),
        walls.wall(REPORT),
        walls.same_territory(REPORT, "family_id", FAMILY),
        walls.same_territory(REPORT, "received_id", FILE),
        walls.history(REPORT, hidden=["blocks", "with_coparent", "addenda"]),
    ]

"""The register of conventions with its documents, and what makes a structure eligible."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0007_capacity_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="structure",
            name="is_authorised",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="autorisée en gynécologie-obstétrique",
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="plans_auxiliaries",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="prévoit d’avoir des auxiliaires",
            ),
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="fichier")),
                ("content", models.BinaryField(verbose_name="contenu")),
                ("size", models.PositiveIntegerField(verbose_name="taille")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                ("stored_at", models.DateTimeField(verbose_name="déposé le")),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="déposé par",
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
                "verbose_name": "document",
            },
        ),
        migrations.CreateModel(
            name="Partnership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("convention", "Convention avec une maternité"), ("partnership", "Autre partenariat")],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="titre")),
                ("scope", models.TextField(max_length=2000, verbose_name="objet")),
                (
                    "inclusion_procedure",
                    models.TextField(blank=True, max_length=4000, verbose_name="repérage et inclusion"),
                ),
                ("other_parties", models.CharField(blank=True, max_length=400, verbose_name="autres parties")),
                ("has_ars_support", models.BooleanField(default=False, verbose_name="avec l’appui de l’ARS")),
                ("signed_on", models.DateField(verbose_name="signée le")),
                ("signed_by", models.CharField(max_length=400, verbose_name="signataires")),
                ("starts_on", models.DateField(verbose_name="en vigueur du")),
                ("ends_on", models.DateField(null=True, verbose_name="au")),
                ("written_at", models.DateTimeField(verbose_name="inscrite le")),
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
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="inscrite par",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.storedfile",
                        verbose_name="document signé",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention ou partenariat",
                "verbose_name_plural": "conventions et partenariats",
            },
        ),
        migrations.CreateModel(
            name="ConventionGap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("included_on", models.DateField(verbose_name="incluse le")),
                ("family_id", models.BigIntegerField(verbose_name="famille")),
                ("noted_at", models.DateTimeField(verbose_name="quand")),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="structure",
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
                "verbose_name": "inclusion hors convention",
                "verbose_name_plural": "inclusions hors convention",
                "indexes": [
                    models.Index(fields=["territory", "structure", "-included_on"], name="convention_gap_recent")
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnershipParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.partnership",
                        verbose_name="convention",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="structure",
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
                "verbose_name": "partie à une convention",
                "verbose_name_plural": "parties à une convention",
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "structure"), name="partnership_party_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="partnership",
            index=models.Index(fields=["territory", "ends_on"], name="partnership_ending"),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="partnership_ends_after_start",
                violation_error_message="Le dernier jour précède le premier.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("scope", ""), _negated=True),
                    models.Q(("signed_by", ""), _negated=True),
                ),
                name="partnership_is_told",
                violation_error_message="Écrivez le titre, l’objet et les signataires.",
            ),
        ),
        *(
            walls.wall(f"territories_{table}")
            for table in ("storedfile", "partnership", "partnershipparty", "conventiongap")
        ),
        walls.pointable("territories_storedfile"),
        walls.pointable("territories_partnership"),
        walls.same_territory("territories_storedfile", "stored_by_id", "territories_member"),
        walls.same_territory("territories_partnership", "document_id", "territories_storedfile"),
        walls.same_territory("territories_partnership", "written_by_id", "territories_member"),
        walls.same_territory("territories_partnershipparty", "partnership_id", "territories_partnership"),
        walls.same_territory("territories_partnershipparty", "structure_id", "territories_structure"),
        walls.same_territory("territories_conventiongap", "structure_id", "territories_structure"),
        walls.same_territory("territories_conventiongap", "noted_by_id", "territories_member"),
        walls.history("territories_storedfile", hidden=["content"]),
        walls.history("territories_partnership"),
        walls.history("territories_partnershipparty"),
        walls.history("territories_conventiongap"),
        walls.history("territories_structure"),
    ]

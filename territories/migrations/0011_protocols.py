"""The protocols of a territory, every version kept."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0010_training"),
    ]

    operations = [
        migrations.CreateModel(
            name="Protocol",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=160, verbose_name="titre")),
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
                "verbose_name": "protocole",
            },
        ),
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("valid_from", models.DateField(verbose_name="valable à partir du")),
                ("words", models.TextField(blank=True, max_length=20000, verbose_name="texte")),
                ("published_at", models.DateTimeField(verbose_name="publié le")),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.storedfile",
                        verbose_name="document",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.protocol",
                        verbose_name="protocole",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="publié par",
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
                "verbose_name": "version d’un protocole",
                "verbose_name_plural": "versions d’un protocole",
            },
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(
                fields=("territory", "title"),
                name="protocol_once",
                violation_error_message="Ce protocole existe déjà\xa0: publiez-en une nouvelle version.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="protocol_is_named",
                violation_error_message="Écrivez son titre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(
                fields=("protocol", "number"),
                name="protocol_version_once",
                violation_error_message="Une autre version vient d’être publiée\xa0: rechargez la page.",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True), ("document__isnull", False), _connector="OR"
                ),
                name="protocol_version_says_something",
                violation_error_message="Écrivez le texte, ou envoyez le PDF.",
            ),
        ),
        walls.wall("territories_protocol"),
        walls.wall("territories_protocolversion"),
        walls.pointable("territories_protocol"),
        walls.same_territory("territories_protocolversion", "protocol_id", "territories_protocol"),
        walls.same_territory("territories_protocolversion", "document_id", "territories_storedfile"),
        walls.same_territory("territories_protocolversion", "published_by_id", "territories_member"),
        walls.history("territories_protocol"),
        walls.history("territories_protocolversion"),
    ]

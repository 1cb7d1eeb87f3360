"""When a territory began, and who led it then."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0008_conventions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("activated_at", models.DateTimeField(verbose_name="quand")),
                (
                    "activated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="sage-femme coordinatrice",
                    ),
                ),
                (
                    "pmi_doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="médecin de PMI",
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
                "verbose_name": "mise en service",
                "verbose_name_plural": "mises en service",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory",),
                        name="activation_once",
                        violation_error_message="Ce territoire est déjà actif.",
                    )
                ],
            },
        ),
        walls.wall("territories_activation"),
        *(
            walls.same_territory("territories_activation", f"{column}_id", "territories_member")
            for column in ("coordinator", "pmi_doctor", "activated_by")
        ),
        walls.history("territories_activation"),
    ]

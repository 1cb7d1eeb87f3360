"""A delivery may be withheld, as any row that leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0011_deviations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "En attente"),
                    ("claimed", "En cours d’envoi"),
                    ("sent", "Envoyé"),
                    ("failed", "Échec"),
                    ("withheld", "Retenu"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
    ]

"""A message may be withheld: what allowed it is gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outgoingmessage",
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

"""Both teams speak of a family: the day and who spoke."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0066_relays_end_before"),
    ]

    operations = [
        migrations.AlterField(
            model_name="relaystep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "Relais demandé plus tôt"),
                    ("reassigned", "Relais confié à un autre secteur"),
                    ("declined", "Relais décliné par la PMI"),
                    ("sent_again", "Relais présenté de nouveau"),
                    ("not_needed", "Relais fermé, pas nécessaire"),
                    ("handed_over", "Relais remis en main propre"),
                    ("late_contact", "Premier contact après le jour demandé"),
                    ("spoken", "Échange oral entre les deux équipes"),
                ],
                max_length=12,
                verbose_name="étape",
            ),
        ),
    ]

"""A planned early visit falls with the discharge it follows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0014_partner_reason"),
    ]

    operations = [
        migrations.AlterField(
            model_name="visit",
            name="not_done_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ABSENT", "Personne au rendez-vous"),
                    ("FAMILY_CANCELLED", "Annulée par la famille"),
                    ("SERVICE_CANCELLED", "Annulée par le service"),
                    ("REFUSED_DOOR", "Ne souhaite plus la visite"),
                    ("MOTHER_HOSPITAL", "Mère hospitalisée"),
                    ("CHILD_HOSPITAL", "Enfant hospitalisé"),
                    ("ACCESS", "Route, météo, adresse"),
                    ("UNSAFE", "Je ne me sentais pas en sécurité"),
                    ("BEREAVEMENT", "Un décès"),
                    ("DISCHARGE_CHANGED", "La sortie a changé"),
                    ("OTHER", "Autre"),
                ],
                max_length=18,
                verbose_name="pourquoi pas faite",
            ),
        ),
    ]

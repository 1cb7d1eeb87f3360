"""A visit says when it was cancelled: what a mistake had cancelled is known from what somebody cancelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0015_discharge_changed"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="fell_at",
            field=models.DateTimeField(null=True, verbose_name="annulée ou dite non faite le"),
        ),
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
                    ("NOTED_BY_MISTAKE", "Annulée par erreur"),
                    ("OTHER", "Autre"),
                ],
                max_length=18,
                verbose_name="pourquoi pas faite",
            ),
        ),
    ]

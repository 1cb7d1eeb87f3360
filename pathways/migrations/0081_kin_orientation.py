"""What is asked for a brother, a sister or the co-parent is a document of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0080_decision_handover"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sending",
            name="document",
            field=models.CharField(
                choices=[
                    ("REPORT", "Compte rendu de visite"),
                    ("MOOD_SCORE", "Résultat du questionnaire sur le moral"),
                    ("RELAY_FILE", "Dossier de relais"),
                    ("INCLUSION_SHEET", "Fiche d’entrée"),
                    ("ORIENTATION", "Orientation de la mère"),
                    ("CHILD_ORIENTATION", "Orientation de l’enfant"),
                    ("KIN_ORIENTATION", "Orientation d’un proche"),
                    ("CHILD_CALENDAR", "Examens et certificats de l’enfant"),
                    ("MINUTES", "Compte rendu de réunion"),
                    ("NEWS", "Avis de nouveauté"),
                    ("NOTICE", "Avis sans contenu"),
                    ("CALLED_OFF", "Rendez-vous annulé"),
                    ("SEALED", "Compartiment protégé"),
                ],
                max_length=20,
                verbose_name="quoi",
            ),
        ),
    ]

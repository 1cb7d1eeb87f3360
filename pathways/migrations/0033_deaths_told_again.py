"""A death that nobody confirmed in time is told again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0032_inclusion_whole"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alertstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("raised", "Équipe de garde prévenue"),
                    ("midwife", "Sage-femme libérale prévenue"),
                    ("second", "Seconde de garde prévenue"),
                    ("doctor", "Médecin d’astreinte et coordination prévenus"),
                    ("ap", "Auxiliaire prévenue que personne n’a répondu"),
                    ("pilots", "Pilotes prévenus"),
                    ("reminded", "Équipe de garde et coordination prévenues de nouveau"),
                    ("return", "Équipe rappelée, 24\xa0h après la prise"),
                    ("taken", "Alerte prise\xa0: auxiliaire et sage-femme prévenues"),
                    ("closed", "Alerte close\xa0: auxiliaire prévenue"),
                ],
                max_length=10,
                verbose_name="étape",
            ),
        ),
    ]

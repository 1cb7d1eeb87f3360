"""How each of the three people asked about at the inclusion was named, and a phone that somebody else reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0048_inclusion_sheet"),
    ]

    operations = [
        migrations.AddField(
            model_name="family",
            name="is_phone_shared",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="quelqu’un d’autre lit ce téléphone"
            ),
        ),
        migrations.AddField(
            model_name="inclusionanswers",
            name="child_doctor_found",
            field=models.CharField(
                blank=True,
                choices=[
                    ("DIRECTORY", "Dans l’annuaire"),
                    ("FREE_TEXT", "Saisi à la main"),
                    ("NONE", "Aucun pour l’instant"),
                ],
                db_default="",
                max_length=9,
                verbose_name="médecin de l’enfant",
            ),
        ),
        migrations.AddField(
            model_name="inclusionanswers",
            name="doctor_found",
            field=models.CharField(
                blank=True,
                choices=[
                    ("DIRECTORY", "Dans l’annuaire"),
                    ("FREE_TEXT", "Saisi à la main"),
                    ("NONE", "Aucun pour l’instant"),
                ],
                db_default="",
                max_length=9,
                verbose_name="médecin traitant",
            ),
        ),
        migrations.AddField(
            model_name="inclusionanswers",
            name="midwife_found",
            field=models.CharField(
                blank=True,
                choices=[
                    ("DIRECTORY", "Dans l’annuaire"),
                    ("FREE_TEXT", "Saisi à la main"),
                    ("NONE", "Aucun pour l’instant"),
                ],
                db_default="",
                max_length=9,
                verbose_name="sage-femme",
            ),
        ),
    ]

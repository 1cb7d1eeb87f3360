"""What the presentation covered and left with the mother, and her opposition to the evaluation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="covered",
            field=models.JSONField(db_default=[], default=list, verbose_name="points expliqués"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="support",
            field=models.CharField(
                blank=True,
                choices=[
                    ("LEAFLET", "Dépliant"),
                    ("FALC", "Version facile à lire"),
                    ("TRANSLATED", "Version traduite"),
                    ("ORAL", "À l’oral seulement"),
                ],
                db_default="",
                max_length=12,
                verbose_name="document remis",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="is_evaluation_opposed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="s’oppose à l’évaluation"),
        ),
    ]

"""What is said outside a visit is also said at her home: one more place, no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0056_alerts_about_whom_before"),
    ]

    operations = [
        migrations.AlterField(
            model_name="epdsscreening",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="gridanswer",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="gridreview",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="observation",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="sealedgridanswer",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="sealedsignal",
            name="source",
            field=models.CharField(
                choices=[
                    ("visit", "Visite"),
                    ("call", "Appel"),
                    ("meeting", "Réunion"),
                    ("office", "Consultation"),
                    ("home", "À domicile"),
                ],
                max_length=8,
                verbose_name="source",
            ),
        ),
    ]

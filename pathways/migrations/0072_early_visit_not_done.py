"""An early visit that did not take place is wanted again, and its call says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0071_grant_of_who_follows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="earlycall",
            name="reopened_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("DISCHARGE", "La sortie a changé"),
                    ("CANCELLED", "La visite a été annulée"),
                    ("NOT_DONE", "La visite n’a pas eu lieu"),
                ],
                db_default="",
                max_length=9,
                verbose_name="pourquoi rouverte",
            ),
        ),
    ]

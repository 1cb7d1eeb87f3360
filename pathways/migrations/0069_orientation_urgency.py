"""For when an orientation was asked in a report."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0068_early_call_reopened")]

    operations = [
        migrations.AddField(
            model_name="orientation",
            name="urgency",
            field=models.CharField(
                blank=True,
                choices=[("TODAY", "Aujourd’hui"), ("THIS_WEEK", "Cette semaine"), ("ROUTINE", "Sans urgence")],
                db_default="",
                max_length=9,
                verbose_name="pour quand",
            ),
        ),
    ]

"""The print of what was sealed at a meeting, beside the one of its minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0041_team_meetings_and_cells"),
    ]

    operations = [
        migrations.AddField(
            model_name="meetingannex",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", max_length=64, verbose_name="empreinte"),
        ),
    ]

"""A version says how early ultra-early is (A08), and between which hours of life its visit is advised (A06, R176)."""

from django.db import migrations, models

# R176: v2, between 6 h and 24 h of life, shown as advice; v1 has no such visit.
FILL = "update pathways_programmerules set ultra_early_from_hours = 6, ultra_early_to_hours = 24 where code = 'v2'"


class Migration(migrations.Migration):
    dependencies = [("pathways", "0058_alert_given_back")]

    operations = [
        migrations.AddField(
            "programmerules",
            "ultra_early_from_hours",
            models.PositiveSmallIntegerField("conseillée à partir de (heures de vie)", db_default=0),
        ),
        migrations.AddField(
            "programmerules",
            "ultra_early_to_hours",
            models.PositiveSmallIntegerField("conseillée jusqu’à (heures de vie)", db_default=0),
        ),
        migrations.AddField(
            "programmerules",
            "up_max_hours",
            models.PositiveSmallIntegerField("sortie ultra-précoce avant (heures)", db_default=24),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

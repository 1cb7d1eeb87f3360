"""How many alerts are open, told to the planner.

It multiplies how many nobody took by how many have not ended, and expects thousands where there are twenty: lists of
open alerts then began with every pathway of the team rather than with their partial index.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pathways", "0006_family_words_filled")]
    operations = [
        migrations.RunSQL(
            "create statistics alert_ends (mcv) on acknowledged_at, ended_at from pathways_alert",
            "drop statistics alert_ends",
        )
    ]

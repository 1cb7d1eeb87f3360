"""How many alerts are open, told to the planner as one fact.

The most common pairs of two dates do not hold a pair as rare as an open alert once there are many alerts.
"""

from django.db import migrations, models
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull


class Migration(migrations.Migration):
    dependencies = [("pathways", "0007_alert_statistics")]
    operations = [
        migrations.RunSQL(
            "drop statistics alert_ends",
            "create statistics alert_ends (mcv) on acknowledged_at, ended_at from pathways_alert",
        ),
        migrations.RunSQL(
            "create statistics alert_is_open on (coalesce(acknowledged_at, ended_at)) from pathways_alert",
            "drop statistics alert_is_open",
        ),
        migrations.RemoveIndex(model_name="alert", name="alert_open"),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                fields=["territory", "raised_at"],
                condition=models.Q(IsNull(Coalesce("acknowledged_at", "ended_at"), rhs=True)),
                name="alert_open",
            ),
        ),
    ]

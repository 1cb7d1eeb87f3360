"""A sign is closed once its instruction is written."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("pathways", "0051_instructions_given_before")]

    operations = [
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=Q(instructed_at=None, instructed_by=None)
                | Q(instructed_at__isnull=False, instructed_by__isnull=False, acknowledged_at__isnull=False),
                name="alert_instructed_by_somebody_once_taken",
                violation_error_message="Une alerte se prend d’abord, puis sa consigne s’écrit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=Q(closed_at=None) | Q(instructed_at__isnull=False),
                name="alert_closed_once_instructed",
                violation_error_message="Écrivez d’abord la consigne à l’auxiliaire, puis ce qui a été fait.",
            ),
        ),
    ]

"""Which early visits an auxiliary confirmed says which files she holds."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("pathways", "0069_orientation_urgency")]

    operations = [
        migrations.AddIndex(
            model_name="earlycall",
            index=models.Index(
                condition=Q(confirmed_by__isnull=False, ended_at=None),
                fields=["territory", "confirmed_by", "last_day"],
                name="early_call_confirmed",
            ),
        ),
    ]

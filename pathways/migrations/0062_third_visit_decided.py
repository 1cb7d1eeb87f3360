"""A third visit that the team decided is to be made like the two that are promised (R057)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0061_presenter")]

    operations = [
        migrations.AddField(
            "pathway",
            "is_third_decided",
            models.BooleanField("troisième visite décidée", default=False, db_default=False),
        ),
    ]

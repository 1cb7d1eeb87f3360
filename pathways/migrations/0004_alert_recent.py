"""The index behind the alerts of the last three months."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0003_proposal_details")]

    operations = [
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["territory", "-raised_at"], name="alert_recent"),
        ),
    ]

"""A withdrawal of everything ends the openings of the file by name: when, to open the same again after a slip."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0072_early_visit_not_done")]

    operations = [
        migrations.AddField(
            model_name="withdrawal",
            name="files_closed_at",
            field=models.DateTimeField(null=True, verbose_name="dossiers refermés le"),
        ),
    ]

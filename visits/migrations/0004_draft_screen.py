"""Which screen saved a draft last: its next saving continues it, another screen's is told first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_signed_reports")]

    operations = [
        migrations.AddField(
            "report",
            "screen",
            models.CharField(blank=True, default="", max_length=36, verbose_name="écran"),
            preserve_default=False,
        )
    ]

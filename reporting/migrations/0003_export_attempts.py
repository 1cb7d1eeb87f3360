"""How many times an export was claimed: the fence between an old worker and a new one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="exportrun",
            name="attempts",
            field=models.PositiveSmallIntegerField("essais", default=0),
        ),
    ]

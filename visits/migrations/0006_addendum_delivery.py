"""An addendum is delivered, and opened, on its own: new content is not read because the report was."""

import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_inbox_indexes")]

    operations = [
        migrations.AddField(
            "delivery",
            "addendum",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="visits.addendum",
                verbose_name="complément",
            ),
        ),
        walls.pointable("visits_addendum"),
        walls.same_territory("visits_delivery", "addendum_id", "visits_addendum"),
    ]

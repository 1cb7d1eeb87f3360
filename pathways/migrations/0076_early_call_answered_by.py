"""An early visit that was handed over still says who had answered the call."""

import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0075_who_follows_the_child"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.AddField(
            model_name="earlycall",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="répondu d’abord par",
            ),
        ),
        walls.same_territory("pathways_earlycall", "answered_by_id", "territories_member"),
    ]

"""Families are found by the phone of a co-parent too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0008_alert_open")]

    operations = [
        migrations.AddIndex("coparent", models.Index(fields=["territory", "phone"], name="coparent_phone")),
    ]

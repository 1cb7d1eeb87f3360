"""The inbox reads what is not opened yet, and the latest deliveries of a whole territory, from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_draft_screen")]

    operations = [
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["territory", "-delivered_at"], name="delivery_recent"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["territory", "structure", "delivered_at"],
                condition=models.Q(("delivered_at__isnull", False), ("opened_at", None)),
                name="delivery_unread",
            ),
        ),
    ]

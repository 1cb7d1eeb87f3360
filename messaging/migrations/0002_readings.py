"""Each person who opened a message leaves a receipt: the first to open it is not always its reader."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_tables")]

    operations = [
        migrations.AlterField(
            model_name="messagereading",
            name="message",
            field=models.ForeignKey(
                on_delete=models.PROTECT, related_name="+", to="messaging.message", verbose_name="message"
            ),
        ),
        migrations.AddConstraint(
            model_name="messagereading",
            constraint=models.UniqueConstraint(
                fields=["message", "by"], nulls_distinct=False, name="message_read_once_by_each"
            ),
        ),
    ]

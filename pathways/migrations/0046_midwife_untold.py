"""A liberal midwife without account or number is written down as not reached by an alert."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0045_coparent_transfer")]

    operations = [
        migrations.AlterField(
            model_name="alertnotice",
            name="channel",
            field=models.CharField(
                choices=[
                    ("app", "sur la plateforme"),
                    ("email", "par e-mail"),
                    ("sms", "par SMS"),
                    ("none", "ni compte ni numéro"),
                ],
                max_length=5,
                verbose_name="comment",
            ),
        ),
    ]

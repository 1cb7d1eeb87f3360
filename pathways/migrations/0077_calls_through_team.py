"""A danger at home forbids calls without the team by a rule of its own, and leaves what she wished as she said it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0076_early_call_answered_by")]

    operations = [
        # No row is filled: a "no" that the former rule wrote cannot be told apart from her own word.
        migrations.AddField(
            model_name="family",
            name="through_team_since",
            field=models.DateTimeField(null=True, verbose_name="pas d’appel sans l’équipe, depuis le"),
        ),
    ]

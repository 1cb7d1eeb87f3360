"""A mother who stops the visits may keep her space."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0033_deaths_told_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="keeps_space",
            field=models.BooleanField(db_default=False, default=False, verbose_name="garde son espace"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("keeps_space", False), ("withdrawn_at__isnull", False), _connector="OR"),
                name="consent_space_kept_once_withdrawn",
            ),
        ),
    ]

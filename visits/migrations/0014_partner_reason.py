"""A « ne vient pas » of the PMI says why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0013_report_copies"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="partner_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("NO_ONE", "Personne n’est disponible à ce moment"),
                    ("OTHER_DAY", "La PMI verra la famille un autre jour"),
                    ("SEEN", "La PMI suit déjà cette famille"),
                    ("OTHER", "Autre raison"),
                ],
                db_default="",
                max_length=9,
                verbose_name="pourquoi la PMI ne vient pas",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("partner_reason", ""), ("partner_state", "cancelled"), _connector="OR"),
                name="visit_partner_reason_of_a_no",
            ),
        ),
    ]

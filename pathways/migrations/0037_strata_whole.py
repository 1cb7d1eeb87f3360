"""No stratum is missing: parity of a birth, feeding wish and known vulnerability of an inclusion (R037)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0036_alerts_told_and_read"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inclusionanswers",
            name="knows_pmi",
            field=models.CharField(
                blank=True,
                choices=[("YES", "Oui"), ("NO", "Non"), ("UNKNOWN", "Ne sait pas")],
                max_length=8,
                verbose_name="sait où est la PMI",
            ),
        ),
        migrations.AddConstraint(
            model_name="birth",
            constraint=models.CheckConstraint(
                condition=models.Q(("parity__in", ["FIRST", "ALREADY"])),
                name="birth_parity_known",
                violation_error_message="Dites si c’est un premier enfant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusionanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("vulnerability__in", ["YES", "NO", "UNKNOWN"]), ("wish__in", ["YES", "NO", "UNDECIDED"])
                ),
                name="inclusion_strata_whole",
                violation_error_message="Souhait d’allaiter et vulnérabilité : une réponse à chacun.",
            ),
        ),
    ]

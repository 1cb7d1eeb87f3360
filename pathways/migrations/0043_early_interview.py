"""The early prenatal interview (R223, RS15): with which profession, and that it did not take place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0042_annex_fingerprint")]

    operations = [
        migrations.AddField(
            model_name="calendaritem",
            name="professional_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("MIDWIFE_HOSPITAL", "Sage-femme hospitalière"),
                    ("MIDWIFE_LIBERAL", "Sage-femme libérale"),
                    ("MIDWIFE_PMI", "Sage-femme de PMI"),
                    ("DOCTOR", "Médecin"),
                ],
                default="",
                max_length=16,
                verbose_name="métier du professionnel",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="calendaritem",
            name="status",
            field=models.CharField(
                choices=[
                    ("done", "Fait"),
                    ("planned", "Prévu"),
                    ("refused", "Refusé"),
                    ("missed", "Pas fait"),
                    ("unknown", "On ne sait pas"),
                ],
                max_length=8,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendaritem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code", "EPP"),
                    models.Q(models.Q(("status", "missed"), _negated=True), ("professional_kind", "")),
                    _connector="OR",
                ),
                name="calendar_item_missed_in_pregnancy",
                violation_error_message="« Pas fait » se note pour l’entretien prénatal précoce seulement.",
            ),
        ),
    ]

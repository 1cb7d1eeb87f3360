"""What became of a relay has its day and its words, and the PMI keeps a family until a day."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("pathways", "0064_adhesion_scans")]

    operations = [
        migrations.AddField(
            model_name="pmirelay",
            name="outcome_on",
            field=models.DateField(null=True, verbose_name="issue, depuis le"),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="outcome_words",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="issue, précision"),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="ends_at",
            field=models.DateTimeField(null=True, verbose_name="accès de la PMI jusqu’au"),
        ),
        migrations.AddConstraint(
            model_name="pmirelay",
            constraint=models.CheckConstraint(
                condition=~Q(outcome="") | Q(outcome_on=None, outcome_words=""),
                name="relay_outcome_before_its_words",
                violation_error_message="Choisissez d’abord l’issue.",
            ),
        ),
    ]

"""A visit that ended may owe no report: in mourning, or after the family stopped. A death is a reason of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0006_addendum_delivery")]

    operations = [
        migrations.RemoveConstraint(model_name="visit", name="visit_ended_is_dated"),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="ended") | models.Q(ended_at__isnull=False), name="visit_ended_is_dated"
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="not_done_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ABSENT", "Personne au rendez-vous"),
                    ("FAMILY_CANCELLED", "Annulée par la famille"),
                    ("SERVICE_CANCELLED", "Annulée par le service"),
                    ("REFUSED_DOOR", "Ne souhaite plus la visite"),
                    ("MOTHER_HOSPITAL", "Mère hospitalisée"),
                    ("CHILD_HOSPITAL", "Enfant hospitalisé"),
                    ("ACCESS", "Route, météo, adresse"),
                    ("UNSAFE", "Je ne me sentais pas en sécurité"),
                    ("BEREAVEMENT", "Un décès"),
                    ("OTHER", "Autre"),
                ],
                max_length=18,
                verbose_name="pourquoi pas faite",
            ),
        ),
    ]

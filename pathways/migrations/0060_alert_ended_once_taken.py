"""A sign that somebody took ends with the death of whom it was about."""

from django.db import migrations, models
from django.db.models import Q

STEPS = [
    ("raised", "Équipe de garde prévenue"),
    ("midwife", "Sage-femme libérale prévenue"),
    ("second", "Seconde de garde prévenue"),
    ("doctor", "Médecin d’astreinte et coordination prévenus"),
    ("ap", "Auxiliaire prévenue que personne n’a répondu"),
    ("pilots", "Pilotes prévenus"),
    ("reminded", "Équipe de garde et coordination prévenues de nouveau"),
    ("unsaid", "Rappelée à qui l’a prise : la consigne manque"),
    ("return", "Équipe rappelée, 24 h après la prise"),
    ("refused", "Médecin de l’équipe prévenu : à elle ou lui de décider"),
    ("taken", "Alerte prise : auxiliaire et sage-femme prévenues"),
    ("instructed", "Consigne écrite : auxiliaire et sage-femme prévenues"),
    ("closed", "Alerte close : auxiliaire prévenue"),
    ("ended", "Alerte finie : qui l’avait prise est prévenue"),
    ("given_back", "Alerte rendue : auxiliaire et sage-femme prévenues"),
]
TAKEN = Q(acknowledged_at__isnull=False, closed_at=None, kind__in=["child_sign", "mother_sign", "protected"])


class Migration(migrations.Migration):
    dependencies = [("pathways", "0059_ultra_early_hours")]

    operations = [
        migrations.AlterField(
            model_name="alertstep",
            name="step",
            field=models.CharField(choices=STEPS, max_length=10, verbose_name="étape"),
        ),
        migrations.RemoveIndex(model_name="alert", name="alert_to_close"),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=TAKEN & Q(ended_at=None), fields=["territory", "acknowledged_at"], name="alert_to_close"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=TAKEN & Q(ended_at__isnull=False), fields=["territory", "ended_at"], name="alert_ended_taken"
            ),
        ),
    ]

"""An alert taken by mistake is given back: its ladder begins anew, and both stand in its register."""

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
    ("given_back", "Alerte rendue : auxiliaire et sage-femme prévenues"),
]
NOTES = [("call", "Appel"), ("in_hand", "Prise en main"), ("again", "Signalée de nouveau"), ("back", "Rendue")]


class Migration(migrations.Migration):
    dependencies = [("pathways", "0057_home_among_sources")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="tour"),
        ),
        migrations.AddField(
            model_name="alertstep",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="tour"),
        ),
        migrations.AlterField(
            model_name="alertstep",
            name="step",
            field=models.CharField(choices=STEPS, max_length=10, verbose_name="étape"),
        ),
        migrations.RemoveConstraint(model_name="alertstep", name="alert_step_once"),
        migrations.AddConstraint(
            model_name="alertstep",
            constraint=models.UniqueConstraint(fields=("alert", "step", "turn"), name="alert_step_once"),
        ),
        migrations.AddField(
            model_name="alertnote",
            name="taken_at",
            field=models.DateTimeField(null=True, verbose_name="prise le"),
        ),
        migrations.AlterField(
            model_name="alertnote",
            name="kind",
            field=models.CharField(choices=NOTES, max_length=8, verbose_name="quoi"),
        ),
        migrations.AddConstraint(
            model_name="alertnote",
            constraint=models.CheckConstraint(
                condition=Q(kind="back", taken_at__isnull=False) | (~Q(kind="back") & Q(taken_at=None)),
                name="alert_given_back_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertnote",
            constraint=models.UniqueConstraint(
                condition=Q(taken_at__isnull=False), fields=("alert", "taken_at"), name="alert_given_back_once"
            ),
        ),
    ]

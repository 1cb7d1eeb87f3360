"""A sign is taken by name in one tap; what the auxiliary does is written then, by somebody with an hour."""

import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls

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
]


class Migration(migrations.Migration):
    dependencies = [("pathways", "0049_inclusion_answers_found")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="instructed_at",
            field=models.DateTimeField(null=True, verbose_name="consigne écrite le"),
        ),
        migrations.AddField(
            model_name="alert",
            name="instructed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="consigne de",
            ),
        ),
        walls.same_territory("pathways_alert", "instructed_by_id", "territories_member"),
        migrations.AlterField(
            model_name="alertstep",
            name="step",
            field=models.CharField(choices=STEPS, max_length=10, verbose_name="étape"),
        ),
    ]

"""A sign said twice in one visit is one alert; the clock of the tablet; delays by day and by night, set on a page."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from copa.kernel import walls

DELAY = "pathways_alertdelay"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0028_notices_filled"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="device_sent_at",
            field=models.DateTimeField(null=True, verbose_name="envoyée le"),
        ),
        migrations.AddField(
            model_name="alert",
            name="press_id",
            field=models.UUIDField(null=True, verbose_name="appui"),
        ),
        migrations.AddField(
            model_name="alertnote",
            name="said_in",
            field=models.UUIDField(null=True, verbose_name="signalée dans"),
        ),
        migrations.AlterField(
            model_name="alertnote",
            name="kind",
            field=models.CharField(
                choices=[("call", "Appel"), ("in_hand", "Prise en main"), ("again", "Signalée de nouveau")],
                max_length=8,
                verbose_name="quoi",
            ),
        ),
        migrations.AlterField(
            model_name="alertstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("raised", "Équipe de garde prévenue"),
                    ("midwife", "Sage-femme libérale prévenue"),
                    ("second", "Seconde de garde prévenue"),
                    ("doctor", "Médecin d’astreinte et coordination prévenus"),
                    ("ap", "Auxiliaire prévenue que personne n’a répondu"),
                    ("pilots", "Pilotes prévenus"),
                    ("return", "Équipe rappelée, 24 h après la prise"),
                    ("taken", "Alerte prise : auxiliaire et sage-femme prévenues"),
                    ("closed", "Alerte close : auxiliaire prévenue"),
                ],
                max_length=10,
                verbose_name="étape",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertnote",
            constraint=models.UniqueConstraint(
                condition=Q(said_in__isnull=False), fields=("alert", "said_in"), name="alert_said_again_once"
            ),
        ),
        migrations.RemoveConstraint(model_name="alertdelay", name="alert_delay_possible"),
        migrations.AddField(
            model_name="alertdelay",
            name="night_minutes",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="minutes, la nuit"),
        ),
        migrations.AddField(
            model_name="alertdelay",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="réglé par",
            ),
        ),
        migrations.AlterField(
            model_name="alertdelay",
            name="minutes",
            field=models.PositiveSmallIntegerField(verbose_name="minutes, le jour"),
        ),
        migrations.AlterField(
            model_name="alertdelay",
            name="valid_from",
            field=models.DateTimeField(verbose_name="depuis le"),
        ),
        migrations.AddConstraint(
            model_name="alertdelay",
            constraint=models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240)
                & (Q(night_minutes=None) | Q(night_minutes__gte=1, night_minutes__lte=240)),
                name="alert_delay_possible",
                violation_error_message="Un délai va de 1 minute à 4 heures.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="alertdelay",
            name="alert_delay_once",
            constraint=models.UniqueConstraint(
                fields=("territory", "family", "valid_from"),
                name="alert_delay_once",
                violation_error_message="Ce délai vient d’être réglé : rechargez la page.",
            ),
        ),
        walls.same_territory(DELAY, "set_by_id", "territories_member"),
    ]

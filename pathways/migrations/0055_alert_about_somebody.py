"""Whose sign an alert is; cut-offs of the co-parent's own, and a total that no cut-off reads."""

from django.db import migrations, models
from django.db.models import F, Q

PEOPLE = [("mother", "La mère"), ("child", "L’enfant"), ("coparent", "L’autre parent"), ("home", "Le foyer")]
CAUSES = [
    ("grid", "Repérage"),
    ("epds", "Questionnaire EPDS"),
    ("coparent_epds", "Questionnaire EPDS du co-parent"),
    ("parents_request", "Demande des parents"),
    ("team", "Échange d’équipe"),
]
CUT_OFFS = (
    ("coparent_watch", "co-parent : à surveiller à partir de"),
    ("coparent_alert", "co-parent : suggestion à l’équipe à partir de"),
    ("coparent_high", "co-parent : appel le jour même à partir de"),
)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0054_refusal_reasons")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="about",
            field=models.CharField(blank=True, choices=PEOPLE, db_default="", max_length=8, verbose_name="personne"),
        ),
        *(
            migrations.AddField(
                model_name="epdsthresholds",
                name=name,
                field=models.PositiveSmallIntegerField(null=True, verbose_name=label),
            )
            for name, label in CUT_OFFS
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="cause",
            field=models.CharField(choices=CAUSES, max_length=16, verbose_name="origine"),
        ),
        migrations.AddConstraint(
            model_name="epdsthresholds",
            constraint=models.CheckConstraint(
                condition=Q(coparent_watch=None, coparent_alert=None, coparent_high=None)
                | Q(
                    coparent_watch__gte=1,
                    coparent_alert__gte=F("coparent_watch"),
                    coparent_high__gte=F("coparent_alert"),
                    coparent_high__lte=30,
                ),
                name="epds_thresholds_of_coparent_in_order",
                violation_error_message="Les trois seuils du co-parent vont ensemble et dans l’ordre, de 1 à 30.",
            ),
        ),
        migrations.RemoveConstraint(model_name="epdsscreening", name="epds_total_with_its_thresholds"),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.CheckConstraint(
                condition=Q(total=None)
                | (Q(watch__isnull=False, alert__isnull=False, high__isnull=False) & ~Q(thresholds_version=""))
                | Q(person="coparent", watch=None, alert=None, high=None, thresholds_version=""),
                name="epds_total_with_its_thresholds",
            ),
        ),
    ]

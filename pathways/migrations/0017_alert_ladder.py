"""The escalation of alerts: its steps, who was told, what was done, and how an alert is closed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

ALERT = "pathways_alert"
STEP = "pathways_alertstep"
NOTICE = "pathways_alertnotice"
NOTE = "pathways_alertnote"
FAMILY = "pathways_family"
MEMBER = "territories_member"
TABLES = [STEP, NOTICE, NOTE, "pathways_alertdelay", "pathways_emergencynumber"]
LINKS = [
    (ALERT, "closed_by_id", MEMBER),
    (STEP, "family_id", FAMILY),
    (STEP, "alert_id", ALERT),
    (NOTICE, "family_id", FAMILY),
    (NOTICE, "step_id", STEP),
    (NOTICE, "member_id", MEMBER),
    (NOTICE, "structure_id", "territories_structure"),
    (NOTE, "family_id", FAMILY),
    (NOTE, "alert_id", ALERT),
    (NOTE, "noted_by_id", MEMBER),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0016_relay_two_keys"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="closed_at",
            field=models.DateTimeField(null=True, verbose_name="close le"),
        ),
        migrations.AddField(
            model_name="alert",
            name="closed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="close par",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("call_mother", "Je rappelle la mère"),
                    ("seen_today", "Consultation aujourd’hui"),
                    ("psychiatry", "Urgences psychiatriques"),
                    ("samu_sent", "15 envoyé"),
                    ("already_followed", "Déjà suivie, contact pris"),
                ],
                db_default="",
                max_length=20,
                verbose_name="décision",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="decision_due_at",
            field=models.DateTimeField(null=True, verbose_name="à faire avant"),
        ),
        migrations.AddField(
            model_name="alert",
            name="is_false_alarm",
            field=models.BooleanField(null=True, verbose_name="fausse alerte"),
        ),
        migrations.AddField(
            model_name="alert",
            name="next_step_at",
            field=models.DateTimeField(null=True, verbose_name="prochain appel"),
        ),
        migrations.AddField(
            model_name="alert",
            name="noticed_at",
            field=models.DateTimeField(null=True, verbose_name="vue le"),
        ),
        migrations.AddField(
            model_name="alert",
            name="outcome",
            field=models.CharField(blank=True, db_default="", max_length=600, verbose_name="ce qui a été fait"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", False),
                    ("closed_at", None),
                    ("kind__in", ["child_sign", "mother_sign", "protected"]),
                ),
                fields=["territory", "acknowledged_at"],
                name="alert_to_close",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("next_step_at__isnull", False)),
                fields=["territory", "next_step_at"],
                name="alert_climbing",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(
                        ("acknowledged_at__isnull", False), ("closed_at__isnull", False), ("closed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="alert_closed_by_somebody_once_taken",
                violation_error_message="Une alerte se prend d’abord, puis se clôt.",
            ),
        ),
        migrations.CreateModel(
            name="AlertDelay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("CHILD_VITAL", "Bébé\xa0: urgence vitale"),
                            ("CHILD_URGENT", "Bébé\xa0: avis tout de suite"),
                            ("MOTHER_VITAL", "Mère\xa0: urgence vitale"),
                            ("MOTHER_URGENT", "Mère\xa0: avis aujourd’hui"),
                            ("MIND_VITAL", "Ne pas laisser seule"),
                            ("MIND_SOON", "Moral\xa0: avis aujourd’hui"),
                            ("DANGER_NOW", "Danger maintenant"),
                            ("PROTECTED", "Situation protégée"),
                            ("HOME_TONIGHT", "Ce soir\xa0: toit, chaleur, repas"),
                        ],
                        max_length=14,
                        verbose_name="famille d’alerte",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("valid_from", models.DateField(verbose_name="depuis le")),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "délai d’alerte",
            },
        ),
        migrations.CreateModel(
            name="EmergencyNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("samu", "SAMU"),
                            ("europe", "Urgences en Europe"),
                            ("fire", "Pompiers"),
                            ("police", "Police, gendarmerie"),
                            ("text", "Urgences par SMS"),
                            ("suicide", "Prévention du suicide"),
                            ("violence", "Violences"),
                            ("child", "Enfance en danger"),
                            ("poison", "Centre antipoison"),
                        ],
                        max_length=8,
                        verbose_name="usage",
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="numéro")),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "numéro d’urgence",
            },
        ),
        migrations.CreateModel(
            name="AlertStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("raised", "Équipe de garde prévenue"),
                            ("midwife", "Sage-femme libérale prévenue"),
                            ("second", "Seconde de garde prévenue"),
                            ("doctor", "Médecin d’astreinte et coordination prévenus"),
                            ("ap", "Auxiliaire prévenue que personne n’a répondu"),
                            ("pilots", "Pilotes prévenus"),
                            ("taken", "Alerte prise\xa0: auxiliaire et sage-femme prévenues"),
                            ("closed", "Alerte close\xa0: auxiliaire prévenue"),
                        ],
                        max_length=10,
                        verbose_name="étape",
                    ),
                ),
                ("reached_at", models.DateTimeField(verbose_name="atteinte le")),
                ("is_fallback", models.BooleanField(default=False, verbose_name="personne de garde")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.alert",
                        verbose_name="alerte",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "étape d’une alerte",
            },
        ),
        migrations.CreateModel(
            name="AlertNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("app", "sur la plateforme"), ("email", "par e-mail"), ("sms", "par SMS")],
                        max_length=5,
                        verbose_name="comment",
                    ),
                ),
                ("message", models.UUIDField(null=True, verbose_name="message")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="qui",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="structure",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.alertstep",
                        verbose_name="étape",
                    ),
                ),
            ],
            options={
                "verbose_name": "personne prévenue",
            },
        ),
        migrations.CreateModel(
            name="AlertNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("call", "Appel"), ("in_hand", "Prise en main")], max_length=8, verbose_name="quoi"
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="quand")),
                (
                    "called",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("team", "L’équipe"),
                            ("samu", "Le 15"),
                            ("police", "Le 17 ou le 114"),
                            ("suicide_line", "Le 3114"),
                            ("midwife", "La sage-femme"),
                            ("other", "Quelqu’un d’autre"),
                        ],
                        max_length=14,
                        verbose_name="qui",
                    ),
                ),
                ("is_answered", models.BooleanField(default=True, verbose_name="a répondu")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="consigne, ou ce qui a été fait")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.alert",
                        verbose_name="alerte",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="noté par",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "suite d’une alerte",
            },
        ),
        migrations.AddConstraint(
            model_name="alertdelay",
            constraint=models.UniqueConstraint(fields=("territory", "family", "valid_from"), name="alert_delay_once"),
        ),
        migrations.AddConstraint(
            model_name="alertdelay",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 240)),
                name="alert_delay_possible",
                violation_error_message="Un délai va de 1 minute à 4 heures.",
            ),
        ),
        migrations.AddIndex(
            model_name="alertnote",
            index=models.Index(fields=["territory", "alert"], name="alert_note_of_alert"),
        ),
        migrations.AddConstraint(
            model_name="alertnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "call"), _negated=True), models.Q(("called", ""), _negated=True), _connector="OR"
                ),
                name="alert_call_says_whom",
                violation_error_message="Dites qui vous avez appelé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertstep",
            constraint=models.UniqueConstraint(fields=("alert", "step"), name="alert_step_once"),
        ),
        migrations.AddIndex(
            model_name="alertnotice",
            index=models.Index(fields=["territory", "step"], name="alert_notice_of_step"),
        ),
        migrations.AddConstraint(
            model_name="alertnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member__isnull", False), ("structure", None)),
                    models.Q(("member", None), ("structure__isnull", False)),
                    _connector="OR",
                ),
                name="alert_notice_names_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencynumber",
            constraint=models.UniqueConstraint(fields=("territory", "use"), name="emergency_number_once"),
        ),
        *(walls.wall(table) for table in TABLES),
        walls.pointable(ALERT),
        walls.pointable(STEP),
        *(walls.same_territory(*link) for link in LINKS),
        # What is written of a sealed alert stays out of the history; it is recorded as changed.
        migrations.RunSQL(
            "drop trigger copa_history on pathways_alert",
            "create trigger copa_history after insert or update or delete on pathways_alert "
            "for each row execute function copa_write_history()",
        ),
        walls.history(ALERT, hidden=("outcome", "instruction")),
        *(walls.history(table, hidden=("words",) if table == NOTE else ()) for table in TABLES),
    ]

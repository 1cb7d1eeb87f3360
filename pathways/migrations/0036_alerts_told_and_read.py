"""Alerts: who is told, who reads what is sealed, which line answers, which number; refusals, and care in hand."""

import uuid
from datetime import UTC, datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import copa.kernel.scope
from copa.kernel import walls

CIRCLE = "pathways_carecirclemember"
READER = "pathways_alertreader"
LINE = "pathways_teamline"
NUMBER = "pathways_emergencynumber"
ALERT = "pathways_alert"
IN_HAND = "pathways_inhand"


def link(model: str, words: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, verbose_name=words, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0035_reading_links"),
    ]

    operations = [
        migrations.AlterField(
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
                    ("refuses", "Elle refuse tout suivi"),
                ],
                db_default="",
                max_length=20,
                verbose_name="décision",
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
                    ("reminded", "Équipe de garde et coordination prévenues de nouveau"),
                    ("return", "Équipe rappelée, 24 h après la prise"),
                    ("refused", "Médecin de l’équipe prévenu : à elle ou lui de décider"),
                    ("taken", "Alerte prise : auxiliaire et sage-femme prévenues"),
                    ("closed", "Alerte close : auxiliaire prévenue"),
                ],
                max_length=10,
                verbose_name="étape",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="refusal_words",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="ce qu’elle a dit"),
        ),
        migrations.AddField(
            model_name="alert",
            name="doctor_decision",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="ce que décide le médecin"),
        ),
        migrations.AddField(
            model_name="alert",
            name="doctor_decided_at",
            field=models.DateTimeField(null=True, verbose_name="décidé le"),
        ),
        migrations.AddField(
            model_name="alert",
            name="doctor_decided_by",
            field=link("territories.member", "décidé par", null=True),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=~Q(decision="refuses") | ~Q(refusal_words=""),
                name="alert_refusal_in_her_words",
                violation_error_message="Écrivez ce qu’elle a dit, avec ses mots.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=Q(doctor_decided_at=None, doctor_decided_by=None, doctor_decision="")
                | (
                    Q(doctor_decided_at__isnull=False, doctor_decided_by__isnull=False, decision="refuses")
                    & ~Q(doctor_decision="")
                ),
                name="alert_doctor_decides_a_refusal",
                violation_error_message="Écrivez ce que le médecin décide.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(decision="refuses") | Q(doctor_decided_at__isnull=False),
                name="alert_refusal_closed_once_decided",
                violation_error_message="Le médecin de l’équipe décide d’abord, puis l’alerte se clôt.",
            ),
        ),
        walls.same_territory(ALERT, "doctor_decided_by_id", "territories_member"),
        # What is written of a sealed alert stays out of the history; it is recorded as changed.
        migrations.RunSQL(
            f"drop trigger copa_history on {ALERT}",
            f"create trigger copa_history after insert or update or delete on {ALERT} "
            "for each row execute function copa_write_history('outcome', 'instruction')",
        ),
        walls.history(ALERT, hidden=("outcome", "instruction", "refusal_words", "doctor_decision")),
        migrations.CreateModel(
            name="InHand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("since", models.DateTimeField(verbose_name="depuis")),
                ("why", models.CharField(max_length=300, verbose_name="pourquoi")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("by", link("territories.member", "par")),
                ("family", link("pathways.family", "famille")),
                ("pathway", link("pathways.pathway", "parcours")),
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
                "verbose_name": "prise en main",
                "indexes": [models.Index(fields=["territory", "family"], name="in_hand_of_family")],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(why=""),
                        name="in_hand_says_why",
                        violation_error_message="Dites pourquoi vous intervenez.",
                    ),
                    models.CheckConstraint(
                        condition=Q(since__lte=F("noted_at")),
                        name="in_hand_has_begun",
                        violation_error_message="Cette heure n’est pas encore arrivée.",
                    ),
                    models.UniqueConstraint(
                        fields=("pathway", "by", "since"),
                        name="in_hand_once",
                        violation_error_message="Cette prise en main est déjà notée.",
                    ),
                ],
            },
        ),
        walls.wall(IN_HAND),
        walls.same_territory(IN_HAND, "family_id", "pathways_family"),
        walls.same_territory(IN_HAND, "pathway_id", "pathways_pathway"),
        walls.same_territory(IN_HAND, "by_id", "territories_member"),
        walls.history(IN_HAND, hidden=("why",)),
        migrations.RemoveConstraint(model_name="emergencynumber", name="emergency_number_once"),
        migrations.AddField(
            model_name="emergencynumber",
            name="valid_from",
            field=models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC), verbose_name="depuis le"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="emergencynumber",
            name="set_by",
            field=link("territories.member", "réglé par", null=True),
        ),
        migrations.AlterField(
            model_name="emergencynumber",
            name="number",
            field=models.CharField(blank=True, max_length=20, verbose_name="numéro"),
        ),
        migrations.AddConstraint(
            model_name="emergencynumber",
            constraint=models.UniqueConstraint(
                fields=("territory", "use", "valid_from"),
                name="emergency_number_once",
                violation_error_message="Ce numéro vient d’être réglé : rechargez la page.",
            ),
        ),
        walls.same_territory(NUMBER, "set_by_id", "territories_member"),
        migrations.AddField(
            model_name="alertnotice",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pathways.carecirclemember",
                verbose_name="du cercle de soins",
            ),
        ),
        migrations.RemoveConstraint(model_name="alertnotice", name="alert_notice_names_one"),
        migrations.AddConstraint(
            model_name="alertnotice",
            constraint=models.CheckConstraint(
                condition=Q(member__isnull=False, structure=None, person=None)
                | Q(member=None, structure__isnull=False, person=None)
                | Q(member=None, structure=None, person__isnull=False),
                name="alert_notice_names_one",
            ),
        ),
        migrations.CreateModel(
            name="AlertReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("named_at", models.DateTimeField(verbose_name="nommé le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ôté le")),
                ("ended_by", link("territories.member", "ôté par", null=True)),
                ("member", link("territories.member", "médecin de l’équipe")),
                ("named_by", link("territories.member", "nommé par")),
                ("structure", link("territories.structure", "structure")),
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
                "verbose_name": "médecin de l’équipe de référence",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at=None),
                        fields=("structure", "member"),
                        name="alert_reader_once",
                        violation_error_message="Cette personne est déjà nommée pour cette équipe.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                        name="alert_reader_ended_by_somebody",
                    ),
                ],
            },
        ),
        walls.wall(READER),
        walls.same_territory(READER, "structure_id", "territories_structure"),
        *(
            walls.same_territory(READER, f"{who}_id", "territories_member")
            for who in ("member", "named_by", "ended_by")
        ),
        walls.history(READER),
        migrations.CreateModel(
            name="TeamLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Lundi"),
                                (2, "Mardi"),
                                (3, "Mercredi"),
                                (4, "Jeudi"),
                                (5, "Vendredi"),
                                (6, "Samedi"),
                                (7, "Dimanche"),
                                (8, "Jours fériés"),
                            ]
                        ),
                        size=None,
                        verbose_name="jours",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="de")),
                ("closes", models.TimeField(verbose_name="à")),
                ("valid_from", models.DateTimeField(verbose_name="depuis le")),
                ("relay", link("territories.structure", "ligne qui répond à sa place", null=True)),
                ("set_by", link("territories.member", "réglé par")),
                ("structure", link("territories.structure", "structure")),
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
                "verbose_name": "ligne d’une équipe",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("structure", "valid_from"),
                        name="team_line_once",
                        violation_error_message="Cette ligne vient d’être réglée : rechargez la page.",
                    ),
                    models.CheckConstraint(
                        condition=Q(closes="00:00") | Q(closes__gt=F("opens")),
                        name="team_line_closes_after_it_opens",
                        violation_error_message="La ligne ferme après avoir ouvert ; 0 h veut dire minuit.",
                    ),
                    models.CheckConstraint(
                        condition=Q(relay=None) | ~Q(relay=F("structure")),
                        name="team_line_relay_is_another",
                        violation_error_message="Choisissez une autre équipe.",
                    ),
                ],
            },
        ),
        walls.wall(LINE),
        walls.same_territory(LINE, "structure_id", "territories_structure"),
        walls.same_territory(LINE, "relay_id", "territories_structure"),
        walls.same_territory(LINE, "set_by_id", "territories_member"),
        walls.history(LINE),
        walls.pointable(CIRCLE),
        walls.same_territory("pathways_alertnotice", "person_id", CIRCLE),
    ]

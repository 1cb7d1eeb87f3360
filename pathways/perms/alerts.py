"""Who hears an alert, takes it, and reads what is sealed in it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel import clock
from copa.kernel.access import Moment, Perm, everything
from pathways.enums import (
    CHILD_SIGNS,
    SIGN_KINDS,
    VITAL_FAMILIES,
    Agreement,
    AlertKind,
    AlertNoteKind,
    Recipient,
)
from pathways.models import AlertNote, AlertNotice, AlertReader, RecipientConsent, within_reach
from pathways.models.alerts import IS_RETURNABLE, answered_for, hears, outlives_file
from pathways.perms.base import TEAM
from territories.enums import BINOME, EMR, PILOTS, DutyPlace, Role
from territories.models import DutyShift, Member


def _told_to_midwife(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Signs of the families open to her: all of them with the mother's yes, else those where a life is in danger."""
    agreed = RecipientConsent.objects.filter(family=OuterRef("family"), recipient=Recipient.LIBERAL_MIDWIFE)
    vital = Q()
    for family in sorted(VITAL_FAMILIES):
        vital |= Q(code__startswith=f"{family}:")
    return alerts.filter(hears(member), Q(Exists(agreed.filter(answer=Agreement.YES))) | vital, kind__in=SIGN_KINDS)


def reaching(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those of the families that have not left her, and the signs still to be answered of those that moved: whom they
    call, and whoever raised them, answer for the danger until it is closed. Nothing else of the file comes with them.
    """
    return within_reach(alerts, member, unless=outlives_file(member))


def raised_by_her(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Signs she ticked herself, while they reach her: all that the maker of a third visit knows (R077)."""
    return reaching(alerts, member).filter(raised_by=member, kind__in=SIGN_KINDS)


def _answered_by(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Signs on which she may write that she called, or came: her own, her team's, those told to her."""
    return _own_alerts(alerts, member).filter(kind__in=SIGN_KINDS)


def _of_answering(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those of her team; and those for which the ladder called her on duty, as her line answered for another (A0)."""
    here = reaching(alerts, member)
    if member.role in PILOTS:
        return here
    return here.filter(Q(pathway__carrier=member.structure_id) | Q(pk__in=answered_for(member)))


def _own_alerts(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role == Role.AP:
        # A sealed alert is listed without its sign and its facts: see READ_SEALED_ALERT. A death is told to the team.
        # Once the family has moved, whoever raised a sign at its visit is its only auxiliary there.
        hers = Q(pathway__ap=member) | Q(raised_by=member, family__moved_at__isnull=False)
        return reaching(alerts, member).filter(hers).exclude(kind=AlertKind.DEATH)
    if member.role == Role.PMI_STAFF:
        return raised_by_her(alerts, member)
    if member.role == Role.LIBERAL_MIDWIFE:
        return _told_to_midwife(reaching(alerts, member), member)
    return _of_answering(alerts, member)


def _named_readers(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """alerts.md 1, « Who reads what »: the team on duty, the coordination, the doctor of the team, the PMI doctor for a
    child. Whoever was called on duty for it, or took it by name, still reads it once her shift is over.
    """
    rows = _of_answering(alerts, member)
    if member.role == Role.COORDINATOR:
        return rows
    shifts = _shifts(member).exclude(place=DutyPlace.AP)
    called = AlertNotice.called_on_duty(member).filter(step__alert=OuterRef("pk"))
    readable = Exists(shifts) | Exists(_named(member)) | Exists(called) | Q(acknowledged_by=member)
    return rows.filter(readable | _about_a_child() if member.role == Role.PMI_DOCTOR else readable)


def _to_instruct(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Signs she may answer; a sealed one only as its reader: nobody says what to do about what she does not know."""
    rows = _of_answering(alerts, member).filter(kind__in=SIGN_KINDS)
    return rows.filter(Q(is_sealed=False) | Q(pk__in=_named_readers(alerts, member).values("pk")))


def _taken_by_her(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those she has, and those she gave back that nobody has taken since: a second tap is told so."""
    given_back = AlertNote.objects.filter(alert=OuterRef("pk"), kind=AlertNoteKind.BACK, noted_by=member)
    is_hers = Q(acknowledged_by=member) | Q(Exists(given_back), acknowledged_by=None)
    return _of_answering(alerts, member).filter(is_hers, kind__in=SIGN_KINDS)


def _too_late_to_give_back(alert: Any) -> str:
    if alert.acknowledged_by_id is None:
        return "Cette alerte n’est plus prise\u00a0: l’équipe est déjà rappelée."
    return "Cette alerte ne peut plus être rendue\u00a0: ce qui a été décidé est déjà écrit."


def _doctor_of_team(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those of the teams whose doctor she is: on duty as such at this moment, or named by the binôme."""
    shifts = _shifts(member).filter(place=DutyPlace.DOCTOR)
    here = reaching(alerts, member)
    hers = here if member.role in PILOTS else here.filter(pathway__carrier=member.structure_id)
    return hers.filter(Exists(shifts) | Exists(_named(member)))


def _shifts(member: Member) -> QuerySet[Any]:
    """Her duty at this moment in the team of an alert."""
    running: QuerySet[Any] = DutyShift.objects.running(clock.now())
    return running.filter(member=member, structure=OuterRef("pathway__carrier"))


def _named(member: Member) -> QuerySet[Any]:
    """Her name on the list of that team."""
    named: QuerySet[Any] = AlertReader.objects.named()
    return named.filter(member=member, structure=OuterRef("pathway__carrier"))


def _about_a_child() -> Q:
    """Signs of a child; those of the mother, her item 10 and the home are not the PMI doctor's."""
    about = Q()
    for sign in CHILD_SIGNS:
        about |= Q(code__contains=f":{sign}")
    return about


def is_midwife(member: Member) -> bool:
    """Whether she reads alerts as the mother's own midwife."""
    return member.role == Role.LIBERAL_MIDWIFE


SEE_ALERTS = Perm(
    code="pathways.see_alerts",
    label="Voir les alertes",
    model="pathways.Alert",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP, Role.LIBERAL_MIDWIFE, Role.PMI_STAFF},
    where=_own_alerts,
)
# Those who may answer see at every page that an alert waits, and so does the midwife of whom the mother said yes.
WATCH_ALERTS = Perm(
    code="pathways.watch_alerts",
    label="Être prévenu des alertes ouvertes sur chaque page",
    model="pathways.Alert",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.LIBERAL_MIDWIFE},
    where=_own_alerts,
)
CLOSE_ALERT = Perm(
    code="pathways.close_alert",
    label="Clore une alerte",
    model="pathways.Alert",
    roles=EMR,
    where=_of_answering,
)
NOTE_CALL = Perm(
    code="pathways.note_call",
    label="Noter un appel pour une alerte",
    model="pathways.Alert",
    roles=EMR | {Role.AP, Role.PMI_STAFF},
    where=_answered_by,
)
# R111: the liberal midwife and the referring team may come and give care themselves.
NOTE_IN_HAND = Perm(
    code="pathways.note_in_hand",
    label="Noter une prise en main",
    model="pathways.Alert",
    roles=TEAM | {Role.LIBERAL_MIDWIFE},
    where=_answered_by,
)
TAKE_ALERT = Perm(
    code="pathways.take_alert",
    label="Prendre une alerte",
    model="pathways.Alert",
    roles=EMR,
    where=_of_answering,
)
INSTRUCT_ALERT = Perm(
    code="pathways.instruct_alert",
    label="Écrire la consigne d’une alerte prise",
    model="pathways.Alert",
    roles=EMR,
    where=_to_instruct,
)
GIVE_BACK_ALERT = Perm(
    code="pathways.give_back_alert",
    label="Rendre une alerte prise par erreur",
    model="pathways.Alert",
    roles=EMR,
    where=_taken_by_her,
    moment=Moment(still=IS_RETURNABLE, past=_too_late_to_give_back),
)
READ_SEALED_ALERT = Perm(
    code="pathways.read_sealed_alert",
    label="Lire une alerte protégée",
    model="pathways.Alert",
    roles=EMR,
    where=_named_readers,
)
# alerts.md 5.5: the mother refuses any follow-up; whoever reads the alert writes it, the doctor of the team decides.
NOTE_REFUSAL = Perm(
    code="pathways.note_refusal",
    label="Noter qu’une mère refuse tout suivi",
    model="pathways.Alert",
    roles=EMR,
    where=_named_readers,
)
DECIDE_REFUSAL = Perm(
    code="pathways.decide_refusal",
    label="Décider après un refus de tout suivi",
    model="pathways.Alert",
    roles=EMR,
    where=_doctor_of_team,
)
NAME_ALERT_READERS = Perm(
    code="pathways.name_alert_readers",
    label="Nommer les médecins qui lisent les alertes protégées",
    model="pathways.AlertReader",
    roles=BINOME,
    where=everything,
)
SEE_EMERGENCY_NUMBERS = Perm(
    code="pathways.see_emergency_numbers",
    label="Voir les numéros d’urgence du territoire",
    model="pathways.EmergencyNumber",
    roles=SEE_ALERTS.roles,
    where=everything,
)
SET_EMERGENCY_NUMBER = Perm(
    code="pathways.set_emergency_number",
    label="Régler les numéros d’urgence du territoire",
    model="pathways.EmergencyNumber",
    roles=BINOME,
    where=everything,
)
SET_ALERT_DELAYS = Perm(
    code="pathways.set_alert_delays",
    label="Régler les délais de réponse aux alertes",
    model="pathways.AlertDelay",
    roles=BINOME,
    where=everything,
)

"""Signs that an AP ticks, in a report or by the red button: each is an alert of the team, or nothing is stored.

The same sign said both ways in one visit is one alert: the second time is written beside it and the ladder goes on.
Both ways hold the birth first, so that they come one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from copa.kernel.asked import as_uuid
from copa.kernel.errors import BusinessError
from copa.kernel.french import NBSP
from pathways.actions import raise_alert
from pathways.actions.alerts import say_again, signs_of
from pathways.actions.families import tighten_contact
from pathways.actions.shared import lock_birth
from pathways.enums import SIGN_KINDS, AlertKind
from pathways.models import Alert, AlertNote, Birth, Child, Pathway
from pathways.reads.deaths import MOTHER as MOTHER_CODE
from pathways.reads.deaths import alive_around
from pathways.rules.device import NO_DEVICE, DeviceClock
from pathways.rules.screening import ASK_BEFORE_CALLING, may_leave_traces, sealed_cause
from territories.models import Member
from visits.enums import ReportState, VisitState
from visits.models import Report, Visit
from visits.questionnaire import Questionnaire, RaisedAlert, alerts_raised
from visits.questionnaire.alerts import HOME, MOTHER, alert_book
from visits.questionnaire.sheet import CHILD
from visits.reads.red_button import HOME_CODE, SIGNS, signs_in_force
from visits.reads.signs import alert_code, sign_label

_KINDS = {MOTHER: AlertKind.MOTHER_SIGN, HOME: AlertKind.PROTECTED}
# In her car or at her desk, writing the report: what she sends then is still of the visit she has just left.
STILL_OF_VISIT = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class SignSaid:
    """One way of saying signs: for whom, by whom, when. `press_id` None for a report.

    `safe_call` is whether the mother may be called without danger (SafeCall); None when nobody was asked.
    """

    pathway: Pathway
    subject_id: UUID
    by: Member
    at: datetime
    device: DeviceClock = NO_DEVICE
    press_id: UUID | None = None
    safe_call: str | None = None


def record_sign(
    *, said: SignSaid, questionnaire: Questionnaire, alert: RaisedAlert, sign: str, child: Child | None
) -> bool:
    """Raise one sign of an alert, once per subject; True when it is new. `child` None unless it is about a child."""
    is_sealed = alert.sensitivity == "S3"
    who = f"{child.shown_name}{NBSP}: " if child else ""
    code = _code(alert, sign, child)
    is_new = raise_alert(
        pathway=said.pathway,
        kind=AlertKind.PROTECTED if is_sealed else _KINDS.get(alert.subject, AlertKind.CHILD_SIGN),
        subject_id=said.subject_id,
        code=code,
        facts=f"{who}{sign_label(questionnaire, sign) or sealed_cause(code)}",
        is_sealed=is_sealed,
        raised_by=said.by,
        answer_due_at=said.at + timedelta(minutes=alert_book().families[alert.family].team_delay_min),
        at=said.at,
        device=said.device,
        press_id=said.press_id,
    )
    if is_new:
        _obey_safe_call(said, alert)
    return is_new


def _obey_safe_call(said: SignSaid, alert: RaisedAlert) -> None:
    """A sign of danger at home tightens the contact rules (A36), unless she may be called without danger.

    Once per saying: what the team decides about them afterwards stands.
    """
    if alert.family in ASK_BEFORE_CALLING and not may_leave_traces(said.safe_call):
        tighten_contact(family_id=said.pathway.family_id, at=said.at)


def _code(alert: RaisedAlert, sign: str, child: Child | None) -> str:
    return alert_code(alert.family, sign, child.rank if child else 0)


# ---- In the report ----------------------------------------------------------------------------------------
def record_ticked(
    *, visit: Visit, said: SignSaid, questionnaire: Questionnaire, alert: RaisedAlert, sign: str, child: Child | None
) -> None:
    """A sign of the report of this visit: raised, unless she sent it by the red button since she arrived."""
    code = _code(alert, sign, child)
    known = signs_of(visit.public_id, code).order_by("pk").first() or _taken_over(visit, code)
    if known is None:
        record_sign(said=said, questionnaire=questionnaire, alert=alert, sign=sign, child=child)
    elif known.press_id is not None:
        say_again(alert=known, said_in=visit.public_id, by=said.by, at=said.at, device=said.device)


def _taken_over(visit: Visit, code: str) -> Alert | None:
    """The alert she sent before « J’entre » was noted, once the visit begins at or before it: from now on its own."""
    if visit.started_at is None:
        return None
    sent = Alert.objects.filter(
        pathway=visit.pathway_id,
        code=code,
        kind__in=SIGN_KINDS,
        press_id__isnull=False,
        raised_by=visit.ap_id,
        raised_at__gte=visit.started_at,
    )
    if visit.ended_at is not None:
        sent = sent.filter(raised_at__lt=visit.ended_at + STILL_OF_VISIT)
    # One that still waits before one that was answered.
    found: Alert | None = sent.order_by(F("acknowledged_at").asc(nulls_first=True), "-raised_at", "-pk").first()
    if found is not None:
        Alert.objects.filter(pk=found.pk).update(subject_id=visit.public_id)
    return found


# ---- By the red button ------------------------------------------------------------------------------------
@transaction.atomic
def press_red_button(
    *,
    pathway: Pathway,
    who: str,
    signs: Sequence[str],
    key: str,
    by: Member,
    at: datetime,
    device: DeviceClock = NO_DEVICE,
    safe_call: str = "",
) -> list[int]:
    """Raise every sign ticked about one person, with or without a visit; returns the keys of their alerts.

    `who` is "mother", "home" or the public id of a child. `key` is made once by the page that is sent: sent again,
    it raises nothing more; without one each sending counts. During her visit a sign that waits already is joined, one
    that the team has taken is raised anew. Raises `sign_missing`, `unknown_sign`, `unknown_person`, and `mourning` when
    a death of that person is noted: nothing is asked about them, the others' signs stay.
    """
    birth = lock_birth(pathway.birth_id)
    child = _person(birth, who)
    if not signs:
        raise BusinessError("sign_missing", "Cochez ce que vous voyez ou entendez.", field="signs")
    questionnaire = signs_in_force()
    alerts = alerts_raised(questionnaire, _answers(who, signs))
    if set(signs) != {code for alert in alerts for code in alert.codes}:
        raise BusinessError("unknown_sign", "Choisissez parmi les signes de la liste.", field="signs")
    # A key is only unique on its page: two families never share an alert.
    press_id = uuid5(pathway.public_id, f"{who} {key or uuid4()}")
    visit = _visit_under_way(pathway, by, at)
    said = SignSaid(
        pathway=pathway, subject_id=press_id, by=by, at=at, device=device, press_id=press_id, safe_call=safe_call
    )
    return [_press(said, visit, questionnaire, alert, sign, child) for alert in alerts for sign in alert.codes]


def _press(
    said: SignSaid,
    visit: Visit | None,
    questionnaire: Questionnaire,
    alert: RaisedAlert,
    sign: str,
    child: Child | None,
) -> int:
    """The key of the alert of one sign: that of this press, the one that waits in this visit, or a new one."""
    code = _code(alert, sign, child)
    known = _of_press(said, code) or _waiting(said, visit, code)
    if known is not None:
        if known.press_id != said.press_id:
            say_again(alert=known, said_in=_press_id(said), by=said.by, at=said.at, device=said.device)
            _obey_safe_call(said, alert)
        return int(known.pk)
    if visit is not None and not signs_of(visit.public_id, code).exists():
        said = replace(said, subject_id=visit.public_id)
    record_sign(said=said, questionnaire=questionnaire, alert=alert, sign=sign, child=child)
    return int(signs_of(said.subject_id, code).get().pk)


def _press_id(said: SignSaid) -> UUID:
    assert said.press_id is not None, "a press has its own mark"
    return said.press_id


def _of_press(said: SignSaid, code: str) -> Alert | None:
    """What this very press has raised or joined: it was sent twice."""
    joined = AlertNote.objects.filter(alert=OuterRef("pk"), said_in=said.press_id)
    mine = Alert.objects.filter(family=said.pathway.family_id, code=code, kind__in=SIGN_KINDS)
    found: Alert | None = mine.filter(Q(press_id=said.press_id) | Exists(joined)).order_by("pk").first()
    return found


def _waiting(said: SignSaid, visit: Visit | None, code: str) -> Alert | None:
    """The same sign of the same visit, raised by her, that nobody has taken yet."""
    if visit is None:
        return None
    mine = Alert.objects.open().filter(pathway=said.pathway, code=code, kind__in=SIGN_KINDS, raised_by=said.by)
    of_visit = Q(subject_id=visit.public_id) | Q(raised_at__gte=visit.started_at)
    found: Alert | None = mine.filter(of_visit).order_by("pk").first()
    return found


def _visit_under_way(pathway: Pathway, by: Member, at: datetime) -> Visit | None:
    """The visit she is making, or has just left with the report still to be handed over."""
    signed = Report.objects.filter(visit=OuterRef("pk"), state=ReportState.SIGNED)
    now = Q(state=VisitState.STARTED) | Q(state=VisitState.ENDED, ended_at__gt=at - STILL_OF_VISIT)
    mine = Visit.objects.filter(~Exists(signed), now, pathway=pathway, ap=by, started_at__lte=at)
    found: Visit | None = mine.order_by("-started_at", "-pk").first()
    return found


def _person(birth: Birth, who: str) -> Child | None:
    """The child it is about, None for the mother and the home."""
    if who == HOME_CODE:
        return None
    child = None if who == MOTHER_CODE else _child(birth, who)
    if who not in {one.code for one in alive_around(birth)}:
        message = "Un décès est noté pour cette personne. Pour elle, appelez l’équipe\u202f; en cas de doute, le 15."
        raise BusinessError("mourning", message)
    return child


def _child(birth: Birth, who: str) -> Child:
    key = as_uuid(who)
    found: Child | None = Child.objects.filter(birth=birth, public_id=key).first() if key else None
    if found is None:
        raise BusinessError("unknown_person", "Choisissez d’abord la personne.")
    return found


def _answers(who: str, signs: Sequence[str]) -> dict[str, object]:
    """The signs as the report form holds them, so that both are read by the same rules."""
    if who in SIGNS:
        return {SIGNS[who]: list(signs)}
    return {CHILD: [{"child.ref": who, SIGNS[""]: list(signs)}]}

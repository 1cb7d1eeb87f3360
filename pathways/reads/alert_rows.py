"""One alert as a member may read it; a sealed one says only whom to call."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, When

from copa.kernel import trace
from pathways import perms
from pathways.enums import SIGN_KINDS, WITHOUT_CONTENT, AlertFamily, AlertKind, AlertPerson
from pathways.models import Alert, AlertStep, SealedAlertFacts, keeps_records
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.names import children_of, mothers_of
from pathways.reads.team_lines import Number, numbers_now
from pathways.rules.alert_people import decision_words
from pathways.rules.device import DeviceClock, DeviceGap, device_gap
from pathways.rules.ladder import danger_rank, instruction_due_at
from pathways.rules.screening import sealed_cause
from territories.models import Member, Structure

READABLE = "Alerte protégée"
# Signs of the home that nothing seals (`HOME_BASIC`, S2), in the words of their list (alerts.md 4).
OTHER_DANGER = "Autre danger"
# Of somebody who died, to whoever is not of the team: no name, no cause, no sign (alerts.md 6.1).
TEAM_FIRST = "Parlez d’abord à l’équipe"
SEALED = "Alerte protégée\u00a0: appelez l’équipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert as this member may read it. Of a sealed one she is no reader of, only whom to call.

    `urgency` is "bad" for a sign or a late report, "warn" before the deadline. `answer_due_at` None when nobody has to
    answer by a given instant; `taken_by` "" and `taken_at` None while it waits; `instruction_due_at` None once the
    instruction is written. `is_hers`: this reader raised it. `device` is what the tablet's clock
    said, where it differs from ours; `call_phone` whom this reader calls about it, "" when no number is known.
    `is_of_dead`: whoever it was about has died; `is_silent`: so that this reader, outside the team, is told nothing of
    it but to speak to the team first (alerts.md 6.1).
    `is_given_back`: it was taken by mistake, and waits again. `is_left`: another territory follows the family, nothing
    but the alert is read here.
    `family_label`, `about` and `sealed`, whose sign and which one, are for the page of one alert, never for a list: ""
    for who may not read them.
    """

    public_id: UUID
    family_id: UUID
    family: str
    children: str
    title: str
    family_label: str
    about: str
    facts: str
    is_hidden: bool
    is_sign: bool
    urgency: str
    raised_at: datetime
    raised_by: str
    device: DeviceGap
    waits_for: timedelta
    answer_due_at: datetime | None
    is_late: bool
    call_name: str
    call_phone: str
    taken_by: str
    taken_role: str
    taken_at: datetime | None
    instruction: str
    instructed_by: str
    instructed_at: datetime | None
    instruction_due_at: datetime | None
    ended_at: datetime | None
    decision: str
    decision_due_at: datetime | None
    closed_at: datetime | None
    is_nobody_on_duty: bool
    may_take: bool
    may_instruct: bool
    may_close: bool
    may_give_back: bool
    is_given_back: bool = False
    is_hers: bool = False
    is_left: bool = False
    is_of_dead: bool = False
    is_silent: bool = False
    sealed: str = ""

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.ended_at is None

    @property
    def is_over(self) -> bool:
        return is_over(self)

    @property
    def is_to_close(self) -> bool:
        """A sign somebody took, whose outcome is not written."""
        return self.is_sign and self.taken_at is not None and not self.is_over

    @property
    def is_ended_taken(self) -> bool:
        """A sign that ended while somebody answered it."""
        return self.is_sign and self.taken_at is not None and self.is_over and self.closed_at is None

    @property
    def is_unsaid(self) -> bool:
        """A sign taken by name: what the auxiliary does is not written yet."""
        return self.is_to_close and self.instructed_at is None

    @property
    def is_running(self) -> bool:
        """A sign that waits for somebody, or that somebody is answering."""
        return self.is_to_close or (self.is_sign and self.is_open)


def alert_row(member: Member, alert: Alert, at: datetime) -> AlertRow:
    """One alert, on a page of its own: its named readers read what is sealed in it, and each reading is logged."""
    row = rows_of([alert.pk], member, at)[0]
    if not alert.is_sealed or row.is_hidden:
        return row
    trace.note(trace.Note(what=perms.READ_SEALED_ALERT.code, family_id=alert.family_id))
    return replace(row, sealed=sealed_words([alert])[alert.pk])


def sealed_words(alerts: Collection[Alert]) -> dict[int, str]:
    """The sign of each of these sealed alerts, for a named reader: the caller has asked, and logs. One query.

    An alert of before the words were kept says its cause by its code.
    """
    kept = SealedAlertFacts.objects.filter(alert__in=[one.pk for one in alerts]).order_by("pk")
    known = dict(kept.values_list("alert_id", "words"))
    return {one.pk: known.get(one.pk) or sealed_cause(one.code) for one in alerts}


def most_urgent_first(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """By danger, then by the hour at which an answer is due, then by age."""
    signs = [
        When(kind__in=list(SIGN_KINDS), code__startswith=family, then=danger_rank(AlertKind.CHILD_SIGN, family))
        for family in AlertFamily
    ]
    kinds = [When(kind=kind, then=danger_rank(kind, "")) for kind in AlertKind]
    rank = Case(*signs, *kinds, output_field=IntegerField())
    return alerts.annotate(rank=rank).order_by("rank", F("answer_due_at").asc(nulls_last=True), "raised_at", "pk")


_COLUMNS = (
    "pk",
    "public_id",
    "family_id",
    "family__public_id",
    "family__moved_at",
    "pathway__birth_id",
    "pathway__carrier_id",
    "pathway__carrier__name",
    "pathway__carrier__phone",
    "pathway__carrier__kind",
    "kind",
    "facts",
    "is_sealed",
    "raised_at",
    "raised_by_id",
    "noticed_at",
    "device_sent_at",
    "answer_due_at",
    "acknowledged_at",
    "acknowledged_by_id",
    "instruction",
    "instructed_at",
    "instructed_by_id",
    "ended_at",
    "code",
    "about",
    "decision",
    "decision_due_at",
    "closed_at",
    "is_alone",
    "is_of_dead",
    "may_read",
    "may_take",
    "may_instruct",
    "may_close",
    "may_give_back",
    "turn",
)


def rows_of(keys: list[int], member: Member, at: datetime) -> list[AlertRow]:
    """These alerts, in this order, as she may read them; the caller has asked whether she may see them.

    Most pages have none, and ask nothing more.
    """
    if not keys:
        return []
    found = (
        Alert.objects.filter(pk__in=keys)
        .with_dead()
        .annotate(
            may_read=Exists(perms.READ_SEALED_ALERT.rows(member).filter(pk=OuterRef("pk"))),
            may_take=Exists(perms.TAKE_ALERT.rows(member).filter(pk=OuterRef("pk"))),
            may_instruct=Exists(perms.INSTRUCT_ALERT.rows(member).filter(pk=OuterRef("pk"))),
            may_close=Exists(perms.CLOSE_ALERT.rows(member).filter(pk=OuterRef("pk"))),
            may_give_back=Exists(perms.GIVE_BACK_ALERT.rows(member).filter(pk=OuterRef("pk"))),
            is_alone=Exists(AlertStep.objects.filter(alert=OuterRef("pk"), turn=OuterRef("turn"), is_fallback=True)),
        )
    )
    alerts = {alert.pk: alert for alert in found.order_by("pk").values_list(*_COLUMNS, named=True)}
    directory = Directory()
    for alert in alerts.values():
        directory.expect(people=[alert.raised_by_id, alert.acknowledged_by_id, alert.instructed_by_id])
    numbers = numbers_now(_carriers(alerts.values()), at, member.territory)
    mothers = mothers_of(alert.family_id for alert in alerts.values())
    children = children_of(alert.pathway__birth_id for alert in alerts.values())
    return [
        _row(
            alert,
            mothers[alert.family_id].name,
            children[alert.pathway__birth_id].words,
            directory,
            numbers,
            member,
            at,
        )
        for alert in (alerts[key] for key in keys)
    ]


def _carriers(alerts: Iterable[Any]) -> list[Structure]:
    """The teams of these alerts, as far as it takes to know who answers for them."""
    rows = {one.pathway__carrier_id: one for one in alerts}
    return [
        Structure(
            pk=key, name=one.pathway__carrier__name, phone=one.pathway__carrier__phone, kind=one.pathway__carrier__kind
        )
        for key, one in rows.items()
    ]


def _row(
    alert: Any,
    family: str,
    children: str,
    directory: Directory,
    numbers: Mapping[int, Number],
    member: Member,
    at: datetime,
) -> AlertRow:
    is_sign = alert.kind in SIGN_KINDS
    is_open = alert.acknowledged_at is None and alert.ended_at is None
    call_name, call_phone = _to_call(alert, directory, numbers, is_sign=is_sign)
    return AlertRow(
        public_id=alert.public_id,
        family_id=alert.family__public_id,
        family=family,
        # Of a death the line says nothing but the family (alerts.md 6.1).
        children="" if alert.kind == AlertKind.DEATH else children,
        **_said(alert, member),
        is_sign=is_sign,
        urgency="warn" if alert.kind == AlertKind.REPORT_DUE_SOON else "bad",
        raised_at=alert.raised_at,
        raised_by=directory.name(alert.raised_by_id),
        device=device_gap(DeviceClock(alert.noticed_at, alert.device_sent_at), alert.raised_at),
        waits_for=at - alert.raised_at,
        answer_due_at=alert.answer_due_at,
        is_late=is_open and alert.answer_due_at is not None and alert.answer_due_at < at,
        call_name=call_name,
        call_phone=call_phone,
        **_taken(alert, directory),
        ended_at=alert.ended_at,
        closed_at=alert.closed_at,
        is_nobody_on_duty=is_open and alert.is_alone,
        may_take=is_open and alert.may_take,
        **_may_follow(alert, is_sign=is_sign),
        **_whose(alert, member),
    )


def is_silenced(alert: Any, member: Member) -> bool:
    """Whether she is told nothing more of this alert, which carries `is_of_dead`: the team keeps its words."""
    return bool(alert.is_of_dead) and not perms.CLOSE_ALERT.is_held_by(member)


def is_over(alert: Any) -> bool:
    """Whether nothing more is awaited about an alert: closed by somebody, or ended with its cause."""
    return alert.closed_at is not None or alert.ended_at is not None


class _Whose(TypedDict):
    is_hers: bool
    is_left: bool


def _whose(alert: Any, member: Member) -> _Whose:
    """Whether this reader raised it, and whether the file of its family is closed to her."""
    has_left = alert.family__moved_at is not None and not keeps_records(member)
    return {"is_hers": alert.raised_by_id == member.pk, "is_left": has_left}


class _Follow(TypedDict):
    may_instruct: bool
    may_close: bool
    may_give_back: bool


def _may_follow(alert: Any, *, is_sign: bool) -> _Follow:
    """What she may do of a sign that was taken: say what the auxiliary does, then what was done; or give it back."""
    is_running = is_sign and alert.acknowledged_at is not None and not is_over(alert)
    is_said = alert.instructed_at is not None
    return {
        "may_instruct": is_running and not is_said and alert.may_instruct,
        "may_close": is_running and is_said and alert.may_close,
        "may_give_back": alert.may_give_back,
    }


class _Taken(TypedDict):
    taken_by: str
    taken_role: str
    taken_at: datetime | None
    is_given_back: bool
    instructed_by: str
    instructed_at: datetime | None
    instruction_due_at: datetime | None


def _taken(alert: Any, directory: Directory) -> _Taken:
    """Who took it, and who wrote what the auxiliary does."""
    return {
        "taken_by": directory.name(alert.acknowledged_by_id),
        "taken_role": directory.function(alert.acknowledged_by_id),
        "taken_at": alert.acknowledged_at,
        "is_given_back": alert.turn > 0 and alert.acknowledged_at is None and alert.ended_at is None,
        "instructed_by": directory.name(alert.instructed_by_id),
        "instructed_at": alert.instructed_at,
        "instruction_due_at": _instruction_due_at(alert),
    }


def _instruction_due_at(alert: Any) -> datetime | None:
    """By when her instruction is expected of whoever took it; None once it is written."""
    if alert.acknowledged_at is None or alert.instructed_at is not None or is_over(alert):
        return None
    return instruction_due_at(alert.acknowledged_at, alert.raised_at, alert.answer_due_at)


class _Words(TypedDict):
    family_label: str
    about: str
    facts: str
    decision: str
    decision_due_at: datetime | None
    instruction: str


class _Said(_Words):
    title: str
    is_of_dead: bool
    is_silent: bool
    is_hidden: bool


def _said(alert: Any, member: Member) -> _Said:
    """What this reader is told of it: all, what is not sealed, or to speak to the team first."""
    is_silent = is_silenced(alert, member)
    is_hidden = alert.is_sealed and not alert.may_read
    return {
        **(_UNSAID if is_silent else _sealed(alert, member, is_hidden=is_hidden)),
        "title": TEAM_FIRST if is_silent else title_for(alert, member, is_hidden=is_hidden),
        "is_of_dead": alert.is_of_dead,
        "is_silent": is_silent,
        "is_hidden": is_hidden or is_silent,
    }


_UNSAID = _Words(family_label="", about="", facts="", decision="", decision_due_at=None, instruction="")


def _sealed(alert: Any, member: Member, *, is_hidden: bool) -> _Words:
    """What only the readers of a sealed alert are told; its instruction is for whoever raised it besides."""
    instruction = alert.instruction if not is_hidden or alert.raised_by_id == member.pk else ""
    if is_hidden:
        return {**_UNSAID, "instruction": instruction}
    return {
        "family_label": words(AlertFamily, alert.code.partition(":")[0]) if alert.kind in SIGN_KINDS else "",
        "about": words(AlertPerson, alert.about),
        "facts": alert.facts,
        "decision": decision_words(alert.decision, alert.about),
        "decision_due_at": alert.decision_due_at,
        "instruction": instruction,
    }


def _to_call(alert: Any, directory: Directory, numbers: Mapping[int, Number], *, is_sign: bool) -> tuple[str, str]:
    """Name and number: the team calls whoever saw the sign or told the death (alerts.md 6.1), everybody else calls the
    line that answers for the team. The number is "" where she has given none: nobody is sent to her own line.
    """
    if (is_sign or alert.kind == AlertKind.DEATH) and alert.may_take and alert.raised_by_id:
        return directory.name(alert.raised_by_id), directory.phone(alert.raised_by_id)
    line = numbers[alert.pathway__carrier_id]
    return line.name, line.phone


def title_for(alert: Any, member: Member, *, is_hidden: bool) -> str:
    """What it is about, as far as this member may read; the midwife reads the family of alert so that she acts."""
    if alert.kind == AlertKind.PROTECTED and not alert.is_sealed:
        return OTHER_DANGER
    if not is_hidden:
        # Its named readers are the team: nobody is to be called by them.
        return READABLE if alert.kind == AlertKind.PROTECTED else words(AlertKind, alert.kind)
    family = alert.code.partition(":")[0]
    if not perms.is_midwife(member) or family not in AlertFamily.values:
        return SEALED
    if family in WITHOUT_CONTENT:
        return "Appelez l’équipe avant votre prochaine visite"
    return f"« {AlertFamily(family).label} » : appelez l’équipe"

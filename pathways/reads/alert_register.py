"""The register of one alert (alerts.md 9): every step, name, hour, call, the decision, the outcome."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pathways import perms
from pathways.enums import AlertDecision, AlertNoteKind, Called, LadderStep, ToldBy
from pathways.models import Alert, AlertNote, AlertNotice, AlertStep
from pathways.notices.alerts import unreached
from pathways.reads.alert_rows import AlertRow, alert_row
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.ladder import CalledPerson, people_of_step, shown
from pathways.rules.ladder import RETURN_WITHIN, next_step, step_after_taking, step_at
from territories.models import Member


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody told at a step; `unsent` are the ways by which it did not reach her. `phone` "" when none is known.

    `is_untold`: nothing reaches her, a person calls her.
    """

    name: str
    phone: str
    ways: str
    unsent: str
    is_untold: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step that was reached. `is_fallback`: nobody was on duty at that place.

    `by` is who took the alert or gave it back, "" for the other steps.
    """

    label: str
    reached_at: datetime
    is_fallback: bool
    people: tuple[ToldPerson, ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A call, somebody who came herself, the sign said again, a taking given back.

    `words` are "" for who may not read them; `taken_at` is since when she who gave it back had it, None for the others.
    """

    is_call: bool
    is_again: bool
    called: str
    is_answered: bool
    happened_at: datetime
    noted_at: datetime
    noted_by: str
    words: str
    is_back: bool = False
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalFacts:
    """A mother who refuses any follow-up; `words` and `decision` "" for who may not read them, or not yet written."""

    words: str
    decision: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRegister:
    """One alert from its sign to its outcome, as this member may read it.

    `next_label` and `next_at`: who is told next if nobody takes it; "" and None once it is taken or at the top.
    `next_people` are those who would be called now; `ap_phone` reaches whoever ticked the sign, "" for herself.
    """

    row: AlertRow
    steps: tuple[StepLine, ...]
    notes: tuple[NoteLine, ...]
    next_label: str
    next_at: datetime | None
    next_people: tuple[CalledPerson, ...]
    ap_phone: str
    closed_by: str
    outcome: str
    is_false_alarm: bool
    refusal: RefusalFacts | None
    may_note_call: bool
    may_note_in_hand: bool
    may_note_refusal: bool
    may_decide: bool

    @property
    def untold(self) -> tuple[ToldPerson, ...]:
        """The liberal midwives whom nothing reached, while the alert is not over."""
        is_over = not (self.row.is_open or self.row.is_to_close)
        return () if is_over else tuple(one for step in self.steps for one in step.people if one.is_untold)


def alert_register(member: Member, alert: Alert, at: datetime) -> AlertRegister:
    """The whole of one alert; as many queries however long the ladder."""
    row = alert_row(member, alert, at)
    steps = list(AlertStep.objects.filter(alert=alert.pk).order_by("reached_at", "pk"))
    told = AlertNotice.objects.filter(step__alert=alert.pk).select_related("person__entry", "person__member__user")
    notices = list(told.order_by("pk"))
    notes = list(AlertNote.objects.filter(alert=alert.pk).order_by("happened_at", "pk"))
    directory = Directory()
    people = [one.member_id for one in notices] + [note.noted_by_id for note in notes]
    people += [alert.closed_by_id, alert.raised_by_id, alert.doctor_decided_by_id]
    directory.expect(people=people, places=[one.structure_id for one in notices])
    failed = unreached(one.message for one in notices if one.message)
    following = _following(alert, row, steps, at)
    register = AlertRegister(
        row=row,
        steps=tuple(_step(step, notices, failed, directory, _taker(step, alert, notes)) for step in steps),
        notes=tuple(_note(note, directory, row, member) for note in notes),
        next_label=following.label if following else "",
        next_at=following.at if following else None,
        next_people=following.people if following else (),
        ap_phone=directory.phone(alert.raised_by_id) if row.is_sign and alert.raised_by_id != member.pk else "",
        closed_by=directory.name(alert.closed_by_id),
        outcome="" if row.is_hidden else alert.outcome,
        is_false_alarm=bool(alert.is_false_alarm),
        refusal=_refusal(alert, row, directory),
        may_note_call=perms.NOTE_CALL.allows(member, alert),
        may_note_in_hand=perms.NOTE_IN_HAND.allows(member, alert),
        may_note_refusal=row.is_to_close and _may_refuse(alert) and perms.NOTE_REFUSAL.allows(member, alert),
        may_decide=row.is_to_close and _awaits_doctor(alert) and perms.DECIDE_REFUSAL.allows(member, alert),
    )
    return _silenced(register) if row.is_silent else register


def _silenced(register: AlertRegister) -> AlertRegister:
    """Nothing but its row, which asks to speak to the team: whoever it was about has died (alerts.md 6.1)."""
    nothing: dict[str, Any] = {"steps": (), "notes": (), "next_people": (), "next_at": None, "refusal": None}
    unsaid: dict[str, Any] = dict.fromkeys(("next_label", "ap_phone", "closed_by", "outcome"), "")
    return replace(register, **nothing, **unsaid, is_false_alarm=False, may_note_call=False, may_note_in_hand=False)


def _may_refuse(alert: Alert) -> bool:
    return alert.asks_decision and alert.decision != AlertDecision.REFUSES


def _awaits_doctor(alert: Alert) -> bool:
    return alert.decision == AlertDecision.REFUSES and alert.doctor_decided_at is None


def _refusal(alert: Alert, row: AlertRow, directory: Directory) -> RefusalFacts | None:
    """None without one, and for who may not read the alert."""
    if alert.decision != AlertDecision.REFUSES or row.is_hidden:
        return None
    return RefusalFacts(
        words=alert.refusal_words,
        decision=alert.doctor_decision,
        decided_by=directory.name(alert.doctor_decided_by_id),
        decided_at=alert.doctor_decided_at,
    )


class _Following(NamedTuple):
    label: str
    at: datetime
    people: tuple[CalledPerson, ...]


def _following(alert: Alert, row: AlertRow, steps: list[AlertStep], at: datetime) -> _Following | None:
    """The step that comes if nothing happens, when, and whom it would call now; None when none is to come."""
    if alert.next_step_at is None:
        return None
    reached = {step.step for step in steps if step.turn == alert.turn}
    if row.is_unsaid and (step := step_after_taking(reached)) is not None:
        return _to_come(alert, step, alert.next_step_at, at)
    if row.is_to_close and row.taken_at and LadderStep.RETURN not in reached:
        return _to_come(alert, LadderStep.RETURN, row.taken_at + RETURN_WITHIN, at)
    found = next_step(alert.family_code, reached) if row.is_open and row.is_sign else None
    if found is None or alert.answer_due_at is None:
        return None
    return _to_come(alert, found[0], step_at(alert.raised_at, alert.answer_due_at, found[1]), at)


def _to_come(alert: Alert, step: LadderStep, due: datetime, at: datetime) -> _Following:
    people = people_of_step(alert, step, at).people
    return _Following(words(LadderStep, step), due, tuple(shown(people)))


def _taker(step: AlertStep, alert: Alert, notes: list[AlertNote]) -> int | None:
    """Who took it in this turn, or ended the turn before by giving it back."""
    backs = [note.noted_by_id for note in notes if note.kind == AlertNoteKind.BACK]
    takers = dict(enumerate([*backs, alert.acknowledged_by_id]))
    if step.step == LadderStep.TAKEN:
        return takers.get(step.turn)
    return takers.get(step.turn - 1) if step.step == LadderStep.GIVEN_BACK else None


def _step(
    step: AlertStep, notices: list[AlertNotice], failed: set[UUID], directory: Directory, taker: int | None
) -> StepLine:
    mine = [one for one in notices if one.step_id == step.pk]
    ways: dict[tuple[str, str], list[Any]] = {}
    for one in mine:
        ways.setdefault(_who(one, directory), []).append(one)
    people = tuple(_person(*who, told, failed) for who, told in ways.items())
    return StepLine(words(LadderStep, step.step), step.reached_at, step.is_fallback, people, directory.name(taker))


def _who(notice: AlertNotice, directory: Directory) -> tuple[str, str]:
    """The name and the number of who was told."""
    if notice.person is not None:
        return notice.person.full_name, notice.person.number
    if notice.member_id is not None:
        return directory.name(notice.member_id), directory.phone(notice.member_id)
    place = directory.place(notice.structure_id)
    return place.name, place.phone


def _person(name: str, phone: str, told: list[Any], failed: set[UUID]) -> ToldPerson:
    if any(one.channel == ToldBy.NONE for one in told):
        return ToldPerson(name, phone, "", "", is_untold=True)
    sent = [words(ToldBy, one.channel) for one in told if one.message not in failed]
    unsent = [words(ToldBy, one.channel) for one in told if one.message in failed]
    return ToldPerson(name, phone, ", ".join(sent), ", ".join(unsent))


def _note(note: AlertNote, directory: Directory, row: AlertRow, member: Member) -> NoteLine:
    is_readable = not row.is_hidden or note.noted_by_id == member.pk
    return NoteLine(
        is_call=note.kind == AlertNoteKind.CALL,
        is_again=note.kind == AlertNoteKind.AGAIN,
        called=words(Called, note.called),
        is_answered=note.is_answered,
        happened_at=note.happened_at,
        noted_at=note.noted_at,
        noted_by=directory.name(note.noted_by_id),
        words=note.words if is_readable else "",
        is_back=note.kind == AlertNoteKind.BACK,
        taken_at=note.taken_at,
    )

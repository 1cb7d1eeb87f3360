"""The escalation of a sign (alerts.md 7): each step is a row, written once with the messages that leave with it.

The state is in the database alone. A step is reached under the lock of its alert, in its own transaction: a worker
killed anywhere has done a step or not begun it, and two workers never do the same one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from pathways.actions.transfer_calls import ask_to_be_called
from pathways.enums import (
    SIGN_KINDS,
    VITAL_FAMILIES,
    AlertDecision,
    AlertFamily,
    AlertKind,
    CircleRole,
    Document,
    LadderStep,
    Recipient,
    SendingWay,
    ToldBy,
)
from pathways.models import Alert, AlertNotice, AlertStep, CareCircleMember, Death, Sending
from pathways.notices import alerts as notices
from pathways.notices.outside import keep_track
from pathways.reads.addressees import Addressee
from pathways.reads.ladder import people_of_step
from pathways.reads.midwives import MIDWIFE_ASKED_AS, Outside, may_tell_midwives, midwives_of, midwives_outside
from pathways.rules.ladder import (
    LADDER,
    RETURN_WITHIN,
    instruction_due_at,
    next_step,
    step_after_taking,
    step_at,
    steps_passed,
)
from territories.models import Member

BY_APP = (ToldBy.APP,)
BY_ALL = (ToldBy.APP, ToldBy.SMS, ToldBy.EMAIL)
BY_SMS = (ToldBy.APP, ToldBy.SMS)
BY_MAIL = (ToldBy.APP, ToldBy.EMAIL)
NOBODY_OUTSIDE = Outside()

__all__ = [
    "LADDER",
    "climb",
    "start_again",
    "start_ladder",
    "tell_closed",
    "tell_doctor",
    "tell_ended",
    "tell_instructed",
    "tell_taken",
    "waiting",
]


def start_ladder(*, alert: Alert, at: datetime) -> None:
    """Step 1 and 1b, in the transaction that raises the alert; a kind that nobody has to answer at once has none."""
    if alert.kind == AlertKind.DEATH:
        _tell_of_death(_with_people(alert.pk), LadderStep.RAISED, at)
        Alert.objects.filter(pk=alert.pk).update(next_step_at=alert.answer_due_at)
        ask_to_be_called(pathway=alert.pathway, at=at)
        return
    if alert.kind not in SIGN_KINDS or alert.answer_due_at is None:
        return
    alert = _with_people(alert.pk)
    _reach(alert, LadderStep.RAISED, at)
    midwives = midwives_of(alert, at) if may_tell_midwives(alert) else []
    outside = midwives_outside(alert, midwives, at)
    if midwives or outside.called or outside.untold:
        _write(alert, LadderStep.MIDWIFE, midwives, BY_SMS, at, outside=outside)
    ask_to_be_called(pathway=alert.pathway, at=at)
    _plan_next(alert)


def start_again(*, alert: Alert, at: datetime) -> None:
    """Nobody has it any more: those who come are told, and everybody whom alerts.md wants told by now, once more."""
    alert = _with_people(alert.pk)
    # In a danger that is there now, the phone of the AP stays silent.
    channels = BY_APP if alert.family_code == AlertFamily.DANGER_NOW else BY_SMS
    midwives = midwives_of(alert, at) if may_tell_midwives(alert) else []
    _write(alert, LadderStep.GIVEN_BACK, _ap(alert), channels, at, by_app=midwives)
    if alert.answer_due_at is None:
        return
    for step in (LadderStep.RAISED, *steps_passed(alert.family_code, alert.raised_at, alert.answer_due_at, at)):
        _reach(alert, step, at)
    _plan_next(alert)


def waiting(*, at: datetime) -> list[int]:
    """Keys of the alerts whose next step has come, the longest waiting first."""
    return list(Alert.objects.climbing(at).order_by("next_step_at", "pk").values_list("pk", flat=True)[:200])


@transaction.atomic
def climb(*, pk: int, at: datetime) -> bool:
    """Reach the next step of one alert; False when somebody took it meanwhile, or another worker was faster."""
    held = Alert.objects.climbing(at).select_for_update(of=("self",)).filter(pk=pk).exists()
    if not held:
        return False
    alert = _with_people(pk)
    if alert.kind == AlertKind.DEATH:
        return _remind_of_death(alert, at)
    if alert.acknowledged_at is not None:
        return _ask_instruction(alert, at) if _is_unsaid(alert, at) else _come_back(alert, at)
    following = next_step(alert.family_code, _reached(alert))
    if following is not None:
        _reach(alert, following[0], at)
    _plan_next(alert)
    return following is not None


def _is_unsaid(alert: Alert, at: datetime) -> bool:
    """Taken by name alone, with somebody left to tell before its day is over."""
    is_over = alert.acknowledged_at is not None and at >= alert.acknowledged_at + RETURN_WITHIN
    return alert.instructed_at is None and not is_over


def _ask_instruction(alert: Alert, at: datetime) -> bool:
    """One delay after a name alone its taker is told again; one more, the next of the ladder, and so on to the top."""
    reached = _reached(alert)
    step = step_after_taking(reached)
    if step is not None:
        _reach(alert, step, at)
    assert alert.acknowledged_at is not None, "an instruction is asked for once the alert is taken"
    is_last = step is None or step_after_taking({*reached, step}) is None
    following = alert.acknowledged_at + RETURN_WITHIN
    if not is_last:
        following = min(following, instruction_due_at(at, alert.raised_at, alert.answer_due_at))
    Alert.objects.filter(pk=alert.pk).update(next_step_at=following)
    return step is not None


def _come_back(alert: Alert, at: datetime) -> bool:
    """A day after it was taken nobody has written what was done: its taker and the coordination are told, once."""
    is_first = LadderStep.RETURN not in _reached(alert)
    if is_first:
        _write(alert, LadderStep.RETURN, people_of_step(alert, LadderStep.RETURN, at).people, BY_MAIL, at)
    Alert.objects.filter(pk=alert.pk).update(next_step_at=None)
    return is_first


def _remind_of_death(alert: Alert, at: datetime) -> bool:
    """Its two hours are over and nobody has confirmed it, nor taken it back: told again, once (alerts.md 6.1)."""
    waits = Death.objects.standing().filter(public_id=alert.subject_id, confirmed_at=None).exists()
    if waits:
        _tell_of_death(alert, LadderStep.REMINDED, at)
    Alert.objects.filter(pk=alert.pk).update(next_step_at=None)
    return bool(waits)


def _tell_of_death(alert: Alert, step: LadderStep, at: datetime) -> None:
    """That an alert waits, as for any other; whoever noted the death knows."""
    called = people_of_step(alert, step, at)
    people = [one for one in called.people if one.pk != alert.raised_by_id]
    _write(alert, step, people, BY_ALL, at, is_fallback=called.is_fallback)


def tell_taken(*, alert: Alert, at: datetime) -> None:
    """Step 6: the AP and the midwife see who took it."""
    _tell_those_who_come(alert, LadderStep.TAKEN, at)


def tell_instructed(*, alert: Alert, at: datetime) -> None:
    """The AP and the midwife read what to do."""
    _tell_those_who_come(alert, LadderStep.INSTRUCTED, at)


def _tell_those_who_come(alert: Alert, step: LadderStep, at: datetime) -> None:
    """The AP, and the midwife too unless the mother refuses any follow-up."""
    alert = _with_people(alert.pk)
    is_told = alert.decision != AlertDecision.REFUSES and may_tell_midwives(alert)
    _write(alert, step, [*_ap(alert), *(midwives_of(alert, at) if is_told else [])], BY_APP, at)


def tell_doctor(*, alert: Alert, at: datetime) -> None:
    """The mother refuses any follow-up: the doctor of the team is told, once, and nobody else (alerts.md 5.5)."""
    if LadderStep.REFUSED not in _reached(alert):
        _reach(_with_people(alert.pk), LadderStep.REFUSED, at)


def tell_closed(*, alert: Alert, at: datetime) -> None:
    """Step 7: the AP sees that it is over."""
    alert = _with_people(alert.pk)
    _write(alert, LadderStep.CLOSED, _ap(alert), BY_APP, at)


def tell_ended(*, alert: Alert, at: datetime) -> None:
    """Whoever took it reads on the platform that nothing is left to answer; once, whatever is noted and taken back."""
    if LadderStep.ENDED not in _reached(alert):
        alert = _with_people(alert.pk)
        _write(alert, LadderStep.ENDED, [one for one in (alert.acknowledged_by,) if one], BY_APP, at)


def _reach(alert: Alert, step: LadderStep, at: datetime) -> None:
    called = people_of_step(alert, step, at)
    channels = BY_SMS if step == LadderStep.AP else BY_ALL
    _write(alert, step, called.people, channels, at, is_fallback=called.is_fallback)


def _write(
    alert: Alert,
    step: LadderStep,
    people: Sequence[Member],
    channels: Iterable[ToldBy],
    at: datetime,
    *,
    is_fallback: bool = False,
    by_app: Sequence[Member] = (),
    outside: Outside = NOBODY_OUTSIDE,
) -> None:
    """The row of a step, and who is told by it; those `outside` are asked to call, or written down as not reached.

    `by_app` are told on the platform alone. The unique key refuses a second in the same turn.
    """
    row = AlertStep.objects.create(
        alert=alert, family_id=alert.family_id, step=step, reached_at=at, is_fallback=is_fallback, turn=alert.turn
    )
    told = [notice for member in people for channel in channels if (notice := _told(alert, row, member, channel, at))]
    told += [notice for member in by_app if (notice := _told(alert, row, member, ToldBy.APP, at))]
    told += [notice for person in outside.called if (notice := _called(alert, row, person, at))]
    told += [
        AlertNotice(step=row, family_id=alert.family_id, person=person, channel=ToldBy.NONE)
        for person in outside.untold
    ]
    if is_fallback and step != LadderStep.REFUSED and (message := notices.tell_mailbox(alert=alert, step=step, at=at)):
        told.append(
            AlertNotice(
                step=row,
                family_id=alert.family_id,
                structure=alert.pathway.carrier,
                channel=ToldBy.EMAIL,
                message=message,
            )
        )
    AlertNotice.objects.bulk_create(told)


def _told(alert: Alert, row: AlertStep, member: Member, channel: ToldBy, at: datetime) -> AlertNotice | None:
    """What she is told by this channel; None when it does not reach her."""
    message = None
    if channel != ToldBy.APP:
        tell = notices.tell_by_sms if channel == ToldBy.SMS else notices.tell_by_mail
        message = tell(alert=alert, step=row.step, member=member, at=at)
        if message is None:
            return None
        if row.step == LadderStep.MIDWIFE:
            how = SendingWay.SMS if channel == ToldBy.SMS else SendingWay.MAIL
            _ask_again_when_it_leaves(alert, _addressee(member), how, message, at)
    return AlertNotice(step=row, family_id=alert.family_id, member=member, channel=channel, message=message)


def _called(alert: Alert, row: AlertStep, person: CareCircleMember, at: datetime) -> AlertNotice | None:
    """She reads nothing here: an SMS asks her to call the team."""
    message = notices.ask_to_call(alert=alert, step=row.step, person=person, at=at)
    if message is None:
        return None
    asked_as = MIDWIFE_ASKED_AS[CircleRole(person.role)]
    reader = Addressee(recipient=asked_as, name=person.full_name, address=person.number, has_account=False)
    _ask_again_when_it_leaves(alert, reader, SendingWay.SMS, message, at)
    return AlertNotice(step=row, family_id=alert.family_id, person=person, channel=ToldBy.SMS, message=message)


def _addressee(midwife: Member) -> Addressee:
    user = midwife.user
    return Addressee(
        recipient=Recipient.LIBERAL_MIDWIFE, name=user.get_full_name(), address=user.email, has_account=True
    )


def _ask_again_when_it_leaves(alert: Alert, reader: Addressee, how: SendingWay, message: UUID, at: datetime) -> None:
    """She is told with the mother's yes: taken back meanwhile, the message stays. A life in danger asks for no yes."""
    if alert.family_code in VITAL_FAMILIES or Sending.objects.filter(message=message).exists():
        return
    keep_track(pathway=alert.pathway, reader=reader, document=Document.NOTICE, how=how, message=message, at=at)


def _plan_next(alert: Alert) -> None:
    following = next_step(alert.family_code, _reached(alert))
    assert alert.answer_due_at is not None, "an alert of the ladder has a delay"
    next_at = step_at(alert.raised_at, alert.answer_due_at, following[1]) if following else None
    Alert.objects.filter(pk=alert.pk).update(next_step_at=next_at)


def _reached(alert: Alert) -> set[str]:
    """Steps of this turn: what was told before it was given back is told again."""
    steps = AlertStep.objects.filter(alert=alert.pk, turn=F("alert__turn"))
    return set(steps.values_list("step", flat=True))


def _ap(alert: Alert) -> list[Member]:
    """Whoever ticked the sign."""
    return [alert.raised_by] if alert.raised_by else []


def _with_people(pk: int) -> Alert:
    found: Alert = Alert.objects.select_related(
        "territory",
        "pathway__carrier",
        "pathway__territory",
        "pathway__ap__user",
        "raised_by__user",
        "acknowledged_by__user",
    ).get(pk=pk)
    return found

"""The escalation of a sign (alerts.md 7): each step is a row, written once with the messages that leave with it.

The state is in the database alone. A step is reached under the lock of its alert, in its own transaction: a worker
killed anywhere has done a step or not begun it, and two workers never do the same one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from pathways.enums import (
    SIGN_KINDS,
    VITAL_FAMILIES,
    AlertKind,
    Document,
    GrantReason,
    LadderStep,
    Recipient,
    SendingWay,
    ToldBy,
)
from pathways.models import Alert, AlertNotice, AlertStep, Death, FamilyGrant, Sending
from pathways.notices import alerts as notices
from pathways.notices.outside import keep_track
from pathways.reads.addressees import Addressee
from pathways.reads.ladder import current_members, people_of_step
from pathways.reads.routing import may_send
from pathways.rules.ladder import LADDER, next_step, step_at
from territories.enums import Role
from territories.models import Member

BY_APP = (ToldBy.APP,)
BY_ALL = (ToldBy.APP, ToldBy.SMS, ToldBy.EMAIL)
BY_SMS = (ToldBy.APP, ToldBy.SMS)
BY_MAIL = (ToldBy.APP, ToldBy.EMAIL)

__all__ = ["LADDER", "climb", "midwives_of", "start_ladder", "tell_closed", "tell_taken", "waiting"]


def start_ladder(*, alert: Alert, at: datetime) -> None:
    """Step 1 and 1b, in the transaction that raises the alert; a kind that nobody has to answer at once has none."""
    if alert.kind == AlertKind.DEATH:
        _tell_of_death(_with_people(alert.pk), LadderStep.RAISED, at)
        Alert.objects.filter(pk=alert.pk).update(next_step_at=alert.answer_due_at)
        return
    if alert.kind not in SIGN_KINDS or alert.answer_due_at is None:
        return
    alert = _with_people(alert.pk)
    _reach(alert, LadderStep.RAISED, at)
    midwives = midwives_of(alert, at)
    if midwives:
        _write(alert, LadderStep.MIDWIFE, midwives, BY_SMS, at)
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
        return _come_back(alert, at)
    following = next_step(alert.family_code, _reached(alert))
    if following is not None:
        _reach(alert, following[0], at)
    _plan_next(alert)
    return following is not None


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
    alert = _with_people(alert.pk)
    _write(alert, LadderStep.TAKEN, [*_ap(alert), *midwives_of(alert, at)], BY_APP, at)


def tell_closed(*, alert: Alert, at: datetime) -> None:
    """Step 7: the AP sees that it is over."""
    alert = _with_people(alert.pk)
    _write(alert, LadderStep.CLOSED, _ap(alert), BY_APP, at)


def midwives_of(alert: Alert, at: datetime) -> list[Member]:
    """The liberal midwives who are told of this alert: those to whom the family is open.

    The mother's yes is needed, except for the families where a life is in danger (alerts.md 1).
    """
    if alert.family_code not in VITAL_FAMILIES and not _is_midwife_agreed(alert):
        return []
    grants = FamilyGrant.objects.filter(
        Q(recipient=Recipient.LIBERAL_MIDWIFE) | Q(reason=GrantReason.LIBERAL_MIDWIFE),
        content_object=alert.family_id,
        expires_at__gt=at,
        revoked_at=None,
    )
    people = current_members(alert, at).with_role(Role.LIBERAL_MIDWIFE)
    return list(people.filter(user__in=grants.values("user")).select_related("user").order_by("pk"))


def _is_midwife_agreed(alert: Alert) -> bool:
    return may_send(
        family_id=alert.family_id,
        recipient=Recipient.LIBERAL_MIDWIFE,
        document=Document.NOTICE,
        pathway_id=alert.pathway_id,
    ).allowed


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
) -> None:
    """The row of a step, and who is told by it. The unique key refuses a second time."""
    row = AlertStep.objects.create(
        alert=alert, family_id=alert.family_id, step=step, reached_at=at, is_fallback=is_fallback
    )
    told = [notice for member in people for channel in channels if (notice := _told(alert, row, member, channel, at))]
    if is_fallback and (message := notices.tell_mailbox(alert=alert, step=step, at=at)):
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
        if row.step == LadderStep.MIDWIFE and alert.family_code not in VITAL_FAMILIES:
            _ask_again_when_it_leaves(alert, member, channel, message, at)
    return AlertNotice(step=row, family_id=alert.family_id, member=member, channel=channel, message=message)


def _ask_again_when_it_leaves(alert: Alert, midwife: Member, channel: ToldBy, message: UUID, at: datetime) -> None:
    """She is told with the mother's yes: taken back meanwhile, the message stays."""
    if Sending.objects.filter(message=message).exists():
        return
    user = midwife.user
    reader = Addressee(
        recipient=Recipient.LIBERAL_MIDWIFE, name=user.get_full_name(), address=user.email, has_account=True
    )
    how = SendingWay.SMS if channel == ToldBy.SMS else SendingWay.MAIL
    keep_track(pathway=alert.pathway, reader=reader, document=Document.NOTICE, how=how, message=message, at=at)


def _plan_next(alert: Alert) -> None:
    following = next_step(alert.family_code, _reached(alert))
    assert alert.answer_due_at is not None, "an alert of the ladder has a delay"
    next_at = step_at(alert.raised_at, alert.answer_due_at, following[1]) if following else None
    Alert.objects.filter(pk=alert.pk).update(next_step_at=next_at)


def _reached(alert: Alert) -> set[str]:
    return set(AlertStep.objects.filter(alert=alert.pk).values_list("step", flat=True))


def _ap(alert: Alert) -> list[Member]:
    """Whoever ticked the sign."""
    return [alert.raised_by] if alert.raised_by else []


def _with_people(pk: int) -> Alert:
    found: Alert = Alert.objects.select_related(
        "territory", "pathway__carrier", "raised_by__user", "acknowledged_by__user"
    ).get(pk=pk)
    return found

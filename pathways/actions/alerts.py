"""Alerts: raised once, taken once by name, ended when their cause is gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from copa.kernel import french
from copa.kernel.errors import BusinessError
from pathways.actions.ladder import start_ladder, tell_closed, tell_doctor, tell_instructed, tell_taken
from pathways.enums import (
    SIGN_KINDS,
    TOLD_IN_MOURNING,
    AlertDecision,
    AlertKind,
    AlertNoteKind,
    Called,
    PathwayState,
)
from pathways.models import Alert, AlertDelay, AlertNote, Pathway, SealedAlertFacts
from pathways.rules.alert_people import person_of_sign
from pathways.rules.delays import minutes_at
from pathways.rules.device import NO_DEVICE, DeviceClock
from pathways.rules.ladder import RETURN_WITHIN, instruction_due_at
from territories.models import Member


def raise_alert(
    *,
    pathway: Pathway,
    kind: str,
    subject_id: UUID,
    code: str,
    facts: str,
    is_sealed: bool,
    raised_by: Member | None,
    answer_due_at: datetime | None,
    at: datetime,
    device: DeviceClock = NO_DEVICE,
    press_id: UUID | None = None,
    about: str = "",
) -> bool:
    """Raise an alert once per (kind, subject, code); True when it is new. A sign tells the team on duty at once.

    The facts of a sealed one go beside it. `raised_by` None: by the clock; `answer_due_at` None: nobody must answer
    by then. A delay of the territory takes the place of the one given; both count from the reception: `device` is
    kept, never believed. `press_id` is the press of the red button. `about` is whose sign it is where its code does
    not say it. In mourning reminders stay silent (A38): False.
    """
    # One sign of one subject is one alert, whether what was ticked beside it seals it or not.
    if _is_silent(pathway, kind) or (kind in SIGN_KINDS and signs_of(subject_id, code).exists()):
        return False
    values = {
        "family_id": pathway.family_id,
        "pathway": pathway,
        "facts": "" if is_sealed else facts[:400],
        "is_sealed": is_sealed,
        "raised_by": raised_by,
        **_clocks(answer_due_at and _own_delay(pathway, code, answer_due_at, at), device, at),
        "press_id": press_id,
        "about": (about or person_of_sign(code)) if kind in SIGN_KINDS else "",
    }
    alert, is_new = Alert.objects.get_or_create(kind=kind, subject_id=subject_id, code=code, defaults=values)
    if is_new:
        _seal(alert, facts if is_sealed else "")
        start_ladder(alert=alert, at=at)
    return bool(is_new)


def _clocks(due_at: datetime | None, device: DeviceClock, at: datetime) -> dict[str, datetime | None]:
    kept = {"noticed_at": device.noticed_at, "device_sent_at": device.sent_at}
    return {"raised_at": at, "answer_due_at": due_at, **kept}


def _seal(alert: Alert, facts: str) -> None:
    if facts:
        SealedAlertFacts.objects.create(alert=alert, family_id=alert.family_id, words=facts[:400])


def _is_silent(pathway: Pathway, kind: str) -> bool:
    is_reminder = kind not in TOLD_IN_MOURNING
    return is_reminder and Pathway.objects.filter(pk=pathway.pk, state=PathwayState.BEREAVED).exists()


def signs_of(subject_id: UUID, code: str) -> Any:
    """The alert of this sign and subject, sealed or not; one at most."""
    return Alert.objects.filter(kind__in=SIGN_KINDS, subject_id=subject_id, code=code)


def put_right_whose(*, subject_id: UUID, code: str, about: str, words: str, by: Member, at: datetime) -> None:
    """Say of whom a sign is, when the page that told it named the other parent; inside the caller's transaction.

    What was told stays as it was read: `words` stand beside it. One that has ended is left alone.
    """
    wrong = signs_of(subject_id, code).filter(ended_at=None).exclude(about=about).first()
    if wrong is not None:
        Alert.objects.filter(pk=wrong.pk).update(about=about)
        write_note(wrong, AlertNoteKind.AGAIN, by, at, at, words=words)


def say_again(*, alert: Alert, said_in: UUID, by: Member, at: datetime, device: DeviceClock = NO_DEVICE) -> bool:
    """Write beside an alert that its sign was said again, once per `said_in`: the ladder goes on as it was.

    False when that press, or that report, was already written. The caller holds the birth of the alert.
    """
    if AlertNote.objects.filter(alert=alert, said_in=said_in).exists():
        return False
    noticed_at = device.noticed_at
    # A clock that is ahead of the server's says an hour that has not come.
    happened_at = noticed_at if noticed_at and noticed_at < at else at
    write_note(alert, AlertNoteKind.AGAIN, by, happened_at, at, words="", said_in=said_in)
    return True


def _own_delay(pathway: Pathway, code: str, answer_due_at: datetime, at: datetime) -> datetime:
    """When the team must answer: by the delay of this territory for the family of the sign, else as given."""
    rows = AlertDelay.objects.filter(family=code.partition(":")[0], valid_from__lte=at)
    delay: AlertDelay | None = rows.order_by("-valid_from", "-pk").first()
    if delay is None:
        return answer_due_at
    return at + timedelta(
        minutes=minutes_at(delay.minutes, delay.night_minutes, at=at, zone=pathway.territory.time_zone)
    )


def end_alerts(*, kinds: Iterable[str], subject_id: UUID, at: datetime) -> int:
    """Say that the cause of these alerts is gone; returns how many were still waiting."""
    open_ones = Alert.objects.filter(kind__in=list(kinds), subject_id=subject_id, ended_at=None)
    return int(open_ones.update(ended_at=at))


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What the team says of an alert it takes: the instruction to the auxiliary, "" for a reminder.

    `decision` is an AlertDecision for « Ne pas laisser seule », "" elsewhere; `due_at` by when it will be done.
    `refusal_words` is what the mother said when she refuses any follow-up, "" for the other decisions.
    """

    instruction: str = ""
    decision: str = ""
    due_at: datetime | None = None
    refusal_words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said yet: her name alone."""
        return not (self.instruction.strip() or self.decision or self.refusal_words.strip())


NAME_ALONE = Taking()


@transaction.atomic
def take_alert(*, alert: Alert, by: Member, at: datetime, taking: Taking = NAME_ALONE) -> None:
    """Take an open alert by name, in one tap: the auxiliary and the midwife see who answers, nobody else is called.

    What the auxiliary does may be said with it, or just after (`instruct_alert`): a name alone holds the ladder for
    one delay more. What was done is to be written within a day: the ladder comes back then.
    Raises `alert_taken` or `alert_ended` when another was faster or the cause is gone, and what `instruct_alert`
    raises where something is said with the name.
    """
    is_sign = alert.kind in SIGN_KINDS
    if is_sign and not taking.is_empty:
        _check(alert, taking, at)
    said = {} if taking.is_empty else _said(alert, taking, by, at)
    # Taken, a death is not yet confirmed: it keeps its reminder.
    back = {} if alert.kind == AlertKind.DEATH else {"next_step_at": _held_until(alert, at, is_said=bool(said))}
    taken = Alert.objects.open().filter(pk=alert.pk).update(acknowledged_at=at, acknowledged_by=by, **said, **back)
    if not taken:
        now = Alert.objects.select_related("acknowledged_by__user").get(pk=alert.pk)
        # Her own tap, sent twice: it is hers already.
        if taking.is_empty and now.acknowledged_by_id == by.pk:
            return
        raise _too_late(now)
    if is_sign:
        tell_taken(alert=alert, at=at)
    if taking.decision == AlertDecision.REFUSES:
        tell_doctor(alert=alert, at=at)


@transaction.atomic
def instruct_alert(*, alert: Alert, by: Member, taking: Taking, at: datetime) -> None:
    """Write what the auxiliary does about a sign that somebody took by name: once, by her or by another of the team.

    The ladder stops; it comes back a day after the taking if nobody writes what was done.
    Raises `instruction_missing`, `decision_missing`, `due_missing`, `due_too_far` and `words_missing` for « Ne pas
    laisser seule », `not_taken`, `alert_instructed`, `alert_closed`.
    """
    _check(alert, taking, at)
    # The decision she checked is still that of the row: a refusal noted meanwhile is never overwritten.
    waiting = Alert.objects.unsaid().filter(pk=alert.pk, decision=alert.decision)
    if not waiting.update(**_said(alert, taking, by, at), next_step_at=F("acknowledged_at") + RETURN_WITHIN):
        raise _not_instructable(Alert.objects.select_related("instructed_by__user").get(pk=alert.pk))
    tell_instructed(alert=alert, at=at)
    if taking.decision == AlertDecision.REFUSES:
        tell_doctor(alert=alert, at=at)


def _held_until(alert: Alert, at: datetime, *, is_said: bool) -> datetime | None:
    """When the ladder looks at a taken alert again; None for a reminder, which is settled."""
    if alert.kind not in SIGN_KINDS:
        return None
    return at + RETURN_WITHIN if is_said else instruction_due_at(at, alert.raised_at, alert.answer_due_at)


def _said(alert: Alert, taking: Taking, by: Member, at: datetime) -> dict[str, Any]:
    """The columns of what is said; a decision only where one is asked, so that a refusal noted before stays."""
    said = {"instruction": taking.instruction.strip()[:300], "instructed_at": at, "instructed_by": by}
    if not alert.awaits_decision:
        return said
    decided = {"decision": taking.decision, "decision_due_at": taking.due_at, "refusal_words": _her_words(taking)}
    return {**said, **decided}


def _check(alert: Alert, taking: Taking, at: datetime) -> None:
    if not taking.instruction.strip():
        raise BusinessError("instruction_missing", "Dites ce que l’auxiliaire doit faire.", field="instruction")
    _check_decision(alert, taking, at)


def _not_instructable(alert: Alert) -> BusinessError:
    if alert.acknowledged_at is None:
        return BusinessError("not_taken", "Prenez d’abord cette alerte, puis écrivez la consigne.")
    if alert.ended_at is not None:
        return alert_over()
    if alert.instructed_by is None:
        message = "Cette alerte vient de changer : relisez-la avant d’écrire la consigne."
        return BusinessError("alert_closed" if alert.closed_at else "alert_changed", message)
    name = alert.instructed_by.user.get_full_name()
    moment = french.moment(timezone.localtime(alert.instructed_at))
    return BusinessError("alert_instructed", f"{name} a déjà écrit la consigne, {moment}.")


def _her_words(taking: Taking) -> str:
    return taking.refusal_words.strip()[:300] if taking.decision == AlertDecision.REFUSES else ""


def _check_decision(alert: Alert, taking: Taking, at: datetime) -> None:
    if not alert.awaits_decision:
        return
    if taking.decision not in AlertDecision.values:
        raise BusinessError("decision_missing", "Choisissez ce que l’équipe décide.", field="decision")
    if taking.due_at is None or taking.due_at <= at:
        raise BusinessError("due_missing", "Dites avant quelle heure, à venir, ce sera fait.", field="due_at")
    if taking.due_at > at + RETURN_WITHIN:
        # Not closed within a day, it comes back on top (alerts.md 5.5): nothing is promised for later.
        message = "Ce doit être fait dans les 24 heures : choisissez une heure plus proche."
        raise BusinessError("due_too_far", message, field="due_at")
    if taking.decision == AlertDecision.REFUSES and not taking.refusal_words.strip():
        raise BusinessError("words_missing", "Écrivez ce qu’elle a dit, avec ses mots.", field="refusal_words")


@transaction.atomic
def close_alert(*, alert: Alert, by: Member, outcome: str, is_false_alarm: bool, at: datetime) -> None:
    """Write what was done about a sign that somebody took: the alert is over, the auxiliary sees it.

    A false alarm is never held against her. Raises `outcome_missing`, `not_taken`, `instruction_missing`,
    `doctor_missing`, `alert_closed`.
    """
    if not outcome.strip():
        raise BusinessError("outcome_missing", "Écrivez ce qui a été fait, et par qui.", field="outcome")
    closed = (
        Alert.objects.to_close()
        .filter(pk=alert.pk, instructed_at__isnull=False)
        .exclude(decision=AlertDecision.REFUSES, doctor_decided_at=None)
        .update(
            closed_at=at,
            closed_by=by,
            outcome=outcome.strip()[:600],
            is_false_alarm=is_false_alarm,
            next_step_at=None,
        )
    )
    if not closed:
        now = Alert.objects.get(pk=alert.pk)
        if now.closed_at is None:
            raise _not_closable(now)
        raise BusinessError("alert_closed", "Cette alerte est déjà close : relisez ce qui a été écrit.")
    tell_closed(alert=alert, at=at)


def _not_closable(alert: Alert) -> BusinessError:
    if alert.acknowledged_at is None:
        return BusinessError("not_taken", "Prenez d’abord cette alerte, puis dites ce qui a été fait.")
    if alert.ended_at is not None:
        return alert_over()
    if alert.instructed_at is None:
        message = "Écrivez d’abord la consigne à l’auxiliaire, puis dites ce qui a été fait."
        return BusinessError("instruction_missing", message)
    message = "Elle refuse tout suivi : le médecin de l’équipe écrit d’abord ce qu’il décide."
    return BusinessError("doctor_missing", message)


@transaction.atomic
def note_call(
    *, alert: Alert, by: Member, called: str, happened_at: datetime, is_answered: bool, words: str, at: datetime
) -> AlertNote:
    """« J’ai appelé : qui, quelle heure, quelle consigne ». It closes nothing."""
    if called not in Called.values:
        raise BusinessError("called_missing", "Dites qui vous avez appelé.", field="called")
    return write_note(
        alert, AlertNoteKind.CALL, by, happened_at, at, called=called, is_answered=is_answered, words=words
    )


@transaction.atomic
def note_call_of_signs(*, alerts: Iterable[Alert], by: Member, at: datetime, **call: Any) -> int:
    """One call about several signs that were raised together, written on each; `call` is that of `note_call`."""
    return len([note_call(alert=alert, by=by, at=at, **call) for alert in alerts])


@transaction.atomic
def note_in_hand(*, alert: Alert, by: Member, happened_at: datetime, words: str, at: datetime) -> AlertNote:
    """« Prise en main »: the midwife or the team came and cares herself (R111). It closes nothing."""
    return write_note(alert, AlertNoteKind.IN_HAND, by, happened_at, at, words=words)


def write_note(
    alert: Alert, kind: str, by: Member, happened_at: datetime, at: datetime, *, words: str, **about: Any
) -> AlertNote:
    """Write what happened beside an alert, sealed with it; inside the caller's transaction. Raises `future`."""
    if happened_at > at:
        raise BusinessError("future", "Cette heure n’est pas encore arrivée.", field="happened_at")
    note: AlertNote = AlertNote.objects.create(
        alert=alert,
        family_id=alert.family_id,
        kind=kind,
        happened_at=happened_at,
        words=words.strip()[:300],
        noted_by=by,
        noted_at=at,
        **about,
    )
    return note


def _too_late(alert: Alert) -> BusinessError:
    if alert.acknowledged_by is None:
        return alert_over()
    name = alert.acknowledged_by.user.get_full_name()
    moment = french.moment(timezone.localtime(alert.acknowledged_at))
    return BusinessError("alert_taken", f"{name} a déjà pris cette alerte, {moment}.")


def alert_over() -> BusinessError:
    """What is said to somebody who answers a sign whose cause is gone."""
    return BusinessError("alert_ended", "Cette alerte s’est terminée d’elle-même : sa cause a disparu.")

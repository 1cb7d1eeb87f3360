"""Orientations: asked, decided, sent with the person's agreement, answered, confirmed, closed (R004, R060)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import NBSP
from pathways import notices_orientations as notices
from pathways.actions import answer_links
from pathways.actions.needs import touch_orientation_state
from pathways.actions.sendings import stop_refused
from pathways.actions.shared import check_running, hold_family, local_day
from pathways.enums import (
    Agreement,
    ConfirmedBy,
    NeedState,
    OrientationState,
    OrientationUrgency,
    SendingWay,
    SentBy,
)
from pathways.models import Need, Orientation
from pathways.models.orientations import Target
from pathways.notices.outside import keep_track
from pathways.perms.needs import OPEN_TEAM_DOOR
from pathways.reads.addressees import Addressee
from pathways.reads.needs_noted import awaited_orientations
from pathways.reads.routing import HELD_BACK, is_still_asked, orientation_blocked
from pathways.rules.orientations import (
    ORIENTATION_MOVES,
    REMINDERS,
    document_of,
    less_urgent,
    recipient_of,
    reminder_due,
    urgency_rank,
)
from territories.catalogue import TYPES, EntryMode
from territories.models import DirectoryEntry, Member


@transaction.atomic
def propose_orientation(
    *, need: Need, target: Target, reason: str, agreement: str, by: Member, at: datetime
) -> Orientation:
    """Ask the referring team for an orientation (R004): nothing leaves before it has decided.

    `agreement` is what the person answered about this recipient, "" when nobody asked yet. Raises `stopped`,
    `need_over`, `entry_ended`, `not_for_families`, `team_door` and `orientation_live_once`.
    """
    check_running(need.pathway, about=need.about)
    if need.state in {NeedState.MET, NeedState.CLOSED} or not Need.objects.told().filter(pk=need.pk).exists():
        raise BusinessError("need_over", f"Ce besoin est déjà réglé ou clos{NBSP}: notez-en un nouveau s’il revient.")
    _check_target(need, target, at)
    _check_door(target, by)
    urgency = _carried_urgency(need)
    return _create(need, target, OrientationState.PROPOSED, reason, agreement, by, at, urgency=urgency)


def _carried_urgency(need: Need) -> str:
    """For when the orientations that turned her down were asked: being turned away makes nobody wait longer."""
    again = Orientation.objects.to_decide_again().filter(need=need).exclude(urgency="").order_by("pk")
    return min(again.values_list("urgency", flat=True), key=urgency_rank, default="")


@transaction.atomic
def give_contact(*, need: Need, target: Target, by: Member, at: datetime) -> Orientation:
    """The parents go by themselves: the contact was given, nothing is sent and nothing is decided.

    Raises `not_self` for a resource whose door the team opens, and what `propose_orientation` raises.
    """
    check_running(need.pathway, about=need.about)
    _check_target(need, target, at)
    if target.entry is None:
        message = "Choisissez le service dont vous avez donné le contact."
        raise BusinessError("no_entry", message, field="target")
    if TYPES[target.type].entry_mode != EntryMode.SELF:
        message = "Les parents ne peuvent pas y aller d’eux-mêmes\u00a0: demandez une orientation à l’équipe."
        raise BusinessError("not_self", message, field="target")
    orientation = _create(need, target, OrientationState.GIVEN, "", "", by, at)
    if need.state == NeedState.OPEN:
        touch_orientation_state(needs=[need.pk], state=NeedState.INFO, at=at)
    return orientation


def _create(
    need: Need,
    target: Target,
    state: str,
    reason: str,
    agreement: str,
    by: Member,
    at: datetime,
    *,
    urgency: str = "",
) -> Orientation:
    agreed: dict[str, Any] = {"agreement": agreement, "agreed_at": at, "agreed_by": by} if agreement else {}
    with refusals_of(Orientation):
        orientation: Orientation = Orientation.objects.create(
            family_id=need.family_id,
            pathway_id=need.pathway_id,
            need=need,
            target_type=target.type,
            entry=target.entry,
            state=state,
            reason=reason.strip(),
            urgency=urgency,
            proposed_at=at,
            proposed_by=by,
            **agreed,
        )
    return orientation


def _check_target(need: Need, target: Target, at: datetime) -> None:
    if TYPES[target.type].is_secret and not need.is_sealed:
        # R003: beside an ordinary need, whoever may read the need would learn of the place.
        message = "Ce lieu reste secret\u00a0: notez d’abord un besoin protégé."
        raise BusinessError("secret_place", message, field="target")
    if not TYPES[target.type].takes_families:
        message = "Ce service ne reçoit pas de familles\u00a0: choisissez-en un autre."
        raise BusinessError("not_for_families", message, field="target")
    entry = target.entry
    if entry is not None and not DirectoryEntry.objects.valid_on(local_day(at)).filter(pk=entry.pk).exists():
        raise BusinessError("entry_ended", "Ce service est archivé\u00a0: choisissez-en un autre.", field="target")


def _check_door(target: Target, by: Member) -> None:
    """What the referring team alone opens is asked of it by voice, or as a need (directory-types.md 1)."""
    if TYPES[target.type].entry_mode == EntryMode.TEAM and not OPEN_TEAM_DOOR.is_held_by(by):
        message = (
            "Seule l’équipe de référence ouvre ce service\u00a0: parlez-lui du besoin, ou choisissez un autre type."
        )
        raise BusinessError("team_door", message, field="target")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a row of a report asks for. `entry` is the public id of the service it names, "" for none; `urgency` an
    OrientationUrgency, or ""."""

    target_type: str
    entry: str = ""
    agreement: str = ""
    urgency: str = ""


def land_request(*, need: Need, asked: Request, by: Member, at: datetime) -> None:
    """The request of a signed report, in the transaction that signs it. Nothing it says can refuse the signature.

    A service that has ended since, or is of another type, leaves the type alone. A request already live for this need
    and type stays the only one, and becomes as urgent as the latest asks; the type of a secret place, or one that
    takes no family, stays in the report.
    """
    kind = TYPES.get(asked.target_type)
    if kind is None or not kind.takes_families or kind.is_secret:
        return
    urgency = asked.urgency if asked.urgency in OrientationUrgency.values else ""
    live = Orientation.objects.filter(need=need, target_type=asked.target_type, state__in=_LIVE)
    if live.exists():
        live.filter(urgency__in=less_urgent(urgency)).update(urgency=urgency)
        return
    named = DirectoryEntry.objects.open_places().valid_on(local_day(at)).filter(type=asked.target_type)
    service = named.filter(public_id=asked.entry).first() if asked.entry else None
    target = Target(type=asked.target_type, entry=service)
    _create(need, target, OrientationState.PROPOSED, need.words, asked.agreement, by, at, urgency=urgency)


_LIVE = (OrientationState.PROPOSED, OrientationState.ACCEPTED, OrientationState.SENT)


@transaction.atomic
def note_agreement(*, orientation: Orientation, answer: str, by: Member, at: datetime) -> None:
    """What the person answers about this very recipient; anything but a yes shuts the answer link at once."""
    hold_family(family_id=orientation.family_id, pathway_id=orientation.pathway_id)
    rows = Orientation.objects.filter(pk=orientation.pk, state__in=_LIVE)
    if not rows.update(agreement=answer, agreed_at=at, agreed_by=by):
        raise BusinessError("orientation_over", "Cette orientation est terminée\u00a0: il n’y a plus d’accord à noter.")
    if answer != Agreement.YES:
        answer_links.kill_links(orientation_id=orientation.pk, at=at)
    stop_refused(family_id=orientation.family_id, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the referring team decides; `words` say why (asked for a no), `letter_words` go to the professional."""

    is_yes: bool
    target: Target
    words: str
    letter_words: str


@transaction.atomic
def decide_orientation(*, orientation: Orientation, decision: Decision, by: Member, at: datetime) -> None:
    """The referring team says yes, and to whom, or no and why (R004).

    Raises `orientation_moved`, `held_back` and `no_reason`.
    """
    if decision.is_yes:
        check_running(orientation.pathway, about=orientation.need.about)
        if not is_still_asked(orientation):
            raise BusinessError("held_back", HELD_BACK)
        _check_target(orientation.need, decision.target, at)
        values: dict[str, Any] = {
            "target_type": decision.target.type,
            "entry": decision.target.entry,
            "letter_words": decision.letter_words.strip(),
        }
    elif not decision.words.strip():
        message = "Dites pourquoi cette orientation n’est pas retenue."
        raise BusinessError("no_reason", message, field="words")
    else:
        values = {}
    values |= {"decided_at": at, "decided_by": by, "decision_words": decision.words.strip()}
    if decision.is_yes:
        _move(orientation, OrientationState.ACCEPTED, **values)
    else:
        _tell(_end(orientation, OrientationState.REFUSED, at, **values), at)


@transaction.atomic
def name_service(*, orientation: Orientation, entry: DirectoryEntry, at: datetime) -> None:
    """Give an accepted orientation the service of its type to which it leaves, or another one.

    Raises `other_type`, `orientation_moved` once it has left, and what `propose_orientation` raises about a service.
    """
    check_running(orientation.pathway, about=orientation.need.about)
    if entry.type != orientation.target_type:
        message = "Ce service est d’un autre type que celui qui est accepté\u00a0: choisissez-en un autre."
        raise BusinessError("other_type", message, field="target")
    _check_target(orientation.need, Target(type=entry.type, entry=entry), at)
    with refusals_of(Orientation):
        named = Orientation.objects.filter(pk=orientation.pk, state=OrientationState.ACCEPTED).update(entry=entry)
    if not named:
        raise _moved()


@transaction.atomic
def send_orientation(*, orientation: Orientation, how: str, by: Member, at: datetime) -> None:
    """The decided orientation leaves: by a one-time link, on paper, or by a call of the team.

    Asked under the lock of the family, so that a withdrawal at the same moment comes before or after, never between.
    Raises `may_not_send` with the sentence of the routing, `sealed` (S3 leaves by voice alone), `no_entry`, `no_email`,
    `orientation_moved`.
    """
    hold_family(family_id=orientation.family_id, pathway_id=orientation.pathway_id)
    current = _locked(orientation)
    check_may_leave(current)
    if current.need.is_sealed and how != SentBy.PHONE:
        message = "Un besoin protégé ne s’écrit pas\u00a0: appelez, puis notez l’appel."
        raise BusinessError("sealed", message, field="how")
    if how == SentBy.LINK:
        _check_address(current)
    _move(current, OrientationState.SENT, sent_at=at, sent_by=by, sent_how=how, reminders=0)
    touch_orientation_state(needs=[current.need_id], state=NeedState.ORIENTED, at=at)
    if how == SentBy.LINK and current.entry:
        _send_link(current, by, at)
    else:
        _track(current, SendingWay(how), None, by, at)
    if not current.need.is_sealed:
        notices.midwife_told(orientation=current, at=at)


def _check_address(orientation: Orientation) -> None:
    """Raises `no_entry` while no service is named, `no_email` for one without an address."""
    if orientation.entry is None:
        message = "Aucun service n’est choisi\u00a0: nommez-le, ou imprimez la lettre, ou appelez."
        raise BusinessError("no_entry", message, field="how")
    if not orientation.entry.email:
        message = "Ce service n’a pas d’adresse e-mail dans l’annuaire\u00a0: imprimez la lettre, ou appelez."
        raise BusinessError("no_email", message, field="how")


def _send_link(orientation: Orientation, by: Member, at: datetime) -> None:
    """A new link to the service, by mail."""
    assert orientation.entry is not None, "a link goes to an entry of the directory"
    link = answer_links.make_link(orientation=orientation, by=by, at=at)
    message = notices.orientation_waits(link=link, to=orientation.entry.email, at=at)
    _track(orientation, SendingWay.LINK, message, by, at)


def _track(orientation: Orientation, how: SendingWay, message: UUID | None, by: Member | None, at: datetime) -> None:
    """What left for whom, on the page of her agreements; a sealed need leaves no trace there."""
    if orientation.need.is_sealed:
        return
    recipient = recipient_of(orientation.target_type)
    name = orientation.entry.name if orientation.entry else orientation.target.label
    reader = Addressee(recipient=recipient, name=name, address="", has_account=False)
    keep_track(
        pathway=orientation.pathway,
        reader=reader,
        document=document_of(orientation.need.about),
        how=how,
        message=message,
        orientation=orientation,
        by=by,
        at=at,
    )


def check_may_leave(orientation: Orientation) -> None:
    """Refuse what the person did not agree to for this recipient, whatever stopped since; asked under the lock."""
    if reason := orientation_blocked(orientation):
        raise BusinessError("may_not_send", reason)


def check_letter(*, orientation: Orientation) -> None:
    """Refuse the letter of what may not leave, was not decided, or is sealed. Raises as `send_orientation` does."""
    if orientation.need.is_sealed:
        raise BusinessError("sealed", "Un besoin protégé ne s’écrit pas\u00a0: appelez, puis notez l’appel.")
    if orientation.state not in {OrientationState.ACCEPTED, OrientationState.SENT}:
        raise BusinessError("not_decided", "La lettre s’imprime une fois l’orientation décidée.")
    check_may_leave(orientation)


@transaction.atomic
def send_link_again(*, orientation: Orientation, by: Member, at: datetime) -> None:
    """Another link, with another code: the former one is dead. Raises what `send_orientation` raises."""
    hold_family(family_id=orientation.family_id, pathway_id=orientation.pathway_id)
    current = _locked(orientation)
    check_may_leave(current)
    if current.state != OrientationState.SENT or current.sent_how != SentBy.LINK or not current.entry:
        raise BusinessError("not_by_link", "Cette orientation n’attend pas de réponse par un lien.")
    _check_address(current)
    answer_links.kill_links(orientation_id=current.pk, at=at)
    _send_link(current, by, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the outside professional says: one of `rules.orientations.ANSWERS`, a day, a few words."""

    answer: str
    day: date
    words: str


def record_reply(*, orientation: Orientation, reply: Reply, at: datetime) -> None:
    """Write the answer that came by a link; inside the transaction that uses the link up.

    What is to be decided again is told to the team. Raises `day_ahead` for a first contact
    still to come, `day_before` for one before the sending.
    """
    _tell(_answer(orientation, reply, at), at)


def _answer(orientation: Orientation, reply: Reply, at: datetime) -> list[Orientation]:
    """Write it, and what it makes of the need. What `_end` gives back."""
    values: dict[str, Any] = {"answered_at": at, "answer_words": reply.words.strip()[:120]}
    if reply.answer != OrientationState.SEEN:
        return _end(orientation, reply.answer, at, **values)
    _check_day(reply.day, orientation, at)
    values |= {"first_contact_on": reply.day, "confirmed_by": ConfirmedBy.PROFESSIONAL, "confirmed_at": at}
    _move(orientation, reply.answer, **values)
    touch_orientation_state(needs=[orientation.need_id], state=NeedState.FOLLOWED, at=at)
    return []


def _end(orientation: Orientation, state: str, at: datetime, **values: Any) -> list[Orientation]:
    """Bring it to an end without a contact: where nothing that left may be answered any more, the need is open again.

    Gives back those that the team has now to decide again: this one, or an earlier one that waited for this one.
    """
    again = Orientation.objects.to_decide_again().filter(need=orientation.need_id)
    before = list(again.values_list("pk", flat=True))
    _move(orientation, state, **values)
    freed = list(again.exclude(pk__in=before).select_related("pathway__carrier").order_by("pk"))
    if freed:
        touch_orientation_state(needs=[orientation.need_id], state=NeedState.OPEN, at=at)
    elif not Orientation.objects.unanswered().filter(need=orientation.need_id).exists():
        Need.objects.filter(pk=orientation.need_id, state=NeedState.ORIENTED).update(state=NeedState.OPEN, state_at=at)
    return freed


def _tell(freed: list[Orientation], at: datetime) -> None:
    for one in freed:
        notices.orientation_turned_down(orientation=one, at=at)


@transaction.atomic
def note_answer(*, orientation: Orientation, reply: Reply, at: datetime) -> None:
    """The answer that came by voice or on paper, noted by the team for the professional."""
    _answer(orientation, reply, at)
    answer_links.kill_links(orientation_id=orientation.pk, at=at)


@transaction.atomic
def confirm_contact(*, orientation: Orientation, day: date, confirmed_by: str, at: datetime) -> None:
    """The first contact took place, and who says so (I9): the parents' word counts, flagged."""
    _check_day(day, orientation, at)
    values = {"first_contact_on": day, "confirmed_by": confirmed_by, "confirmed_at": at}
    _move(orientation, OrientationState.SEEN, **values)
    answer_links.kill_links(orientation_id=orientation.pk, at=at)
    Need.objects.filter(pk=orientation.need_id, state__in=[NeedState.INFO]).update(
        state=NeedState.FOLLOWED, state_at=at
    )
    touch_orientation_state(needs=[orientation.need_id], state=NeedState.FOLLOWED, at=at)


def land_contact(*, need: Need, day: date, at: datetime) -> None:
    """What the parents said at a visit of the first contact, in the transaction that signs its report.

    Nothing it says can refuse the signature: a contact already known, or a day the orientation cannot have, stays in
    the report.
    """
    orientation = awaited_orientations([need.pk]).get(need.pk)
    if orientation is None:
        return
    with suppress(BusinessError):
        confirm_contact(orientation=orientation, day=day, confirmed_by=ConfirmedBy.PARENT, at=at)


def _check_day(day: date, orientation: Orientation, at: datetime) -> None:
    if day > local_day(at):
        message = "Ce jour n’est pas encore venu\u00a0: notez le premier contact une fois qu’il a eu lieu."
        raise BusinessError("day_ahead", message, field="day")
    if day < local_day(orientation.sent_at or orientation.proposed_at):
        raise BusinessError("day_before", "Ce jour précède l’orientation\u00a0: vérifiez la date.", field="day")


@transaction.atomic
def close_orientation(*, orientation: Orientation, words: str, at: datetime) -> None:
    """Nothing more is expected of it. Raises `orientation_moved` for one that has come to its end."""
    words = words.strip() or orientation.decision_words
    _tell(_end(orientation, OrientationState.CLOSED, at, closed_at=at, decision_words=words), at)
    answer_links.kill_links(orientation_id=orientation.pk, at=at)


def _locked(orientation: Orientation) -> Orientation:
    rows = Orientation.objects.select_for_update(of=("self",)).select_related("need", "entry", "pathway__carrier")
    locked: Orientation = rows.get(pk=orientation.pk)
    return locked


def _move(orientation: Orientation, state: str, **values: Any) -> None:
    """Change the state once: the old one stands in the WHERE, so that two people do not both answer."""
    allowed = [old for old, targets in ORIENTATION_MOVES.items() if state in targets]
    with refusals_of(Orientation):
        moved = Orientation.objects.filter(pk=orientation.pk, state__in=allowed).update(state=state, **values)
    if not moved:
        raise _moved()


def _moved() -> BusinessError:
    message = "Quelqu’un a déjà répondu à cette orientation\u00a0: relisez-la ci-dessous."
    return BusinessError("orientation_moved", message)


# ---- Reminders -----------------------------------------------------------------------------------------------
def waiting(*, at: datetime, limit: int = 500) -> list[int]:
    """Keys of the orientations somebody must be reminded of now, the oldest first: candidates, `remind` decides."""
    rows = Orientation.objects.unanswered().running()
    due = rows.filter(sent_at__lte=at - REMINDERS[0], reminders__lt=len(REMINDERS))
    found = due.order_by("sent_at", "pk").values_list("pk", "sent_at", "reminders")[:limit]
    return [pk for pk, sent_at, made in found if reminder_due(sent_at, made, at)]


@transaction.atomic
def remind(*, pk: int, at: datetime) -> bool:
    """Remind once: the professional after a week by the same link, the team after two. False when nothing is due.

    Run twice or by two workers, the second finds the number of reminders changed and does nothing.
    """
    rows = Orientation.objects.select_related("need", "entry", "pathway__carrier")
    found = rows.unanswered().running().filter(pk=pk).first()
    if found is None or not reminder_due(found.sent_at, found.reminders, at):
        return False
    mine = Orientation.objects.unanswered().filter(pk=pk, reminders=found.reminders)
    if not mine.update(reminders=found.reminders + 1):
        return False
    link = answer_links.alive_link(orientation_id=pk, at=at)
    if found.reminders == 0 and link is not None and found.entry and not orientation_blocked(found):
        message = notices.orientation_still_waits(link=link, to=found.entry.email, number=1, at=at)
        _track(found, SendingWay.LINK, message, None, at)
    else:
        notices.orientation_unanswered(orientation=found, number=found.reminders + 1, at=at)
    return True

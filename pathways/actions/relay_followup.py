"""A relay handed over in person, what the PMI notes once it is accepted, what is asked of it, and the overlap."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways import relay_notices as notices
from pathways import rules
from pathways.actions.shared import end_of_day, local_day
from pathways.enums import ContactKind, PathwayState, RelayOutcome, RelayState, RelayStepKind
from pathways.models import Pathway, PmiRelay, RelayContact, RelayStep, RelayTask
from pathways.reads.routing import relay_routing
from territories.models import Member


@transaction.atomic
def note_contact(
    *, relay: PmiRelay, on: date, kind: str, has_met: bool, next_contact_on: date | None, by: Member, at: datetime
) -> RelayContact:
    """The PMI notes a contact after the relay: the day, how, whether the family was there, and the next one.

    `next_contact_on` None sets no other date: one that is still to come stands. Raises `not_accepted`,
    `contact_in_future`, `contact_before_relay`, `unknown_kind`, and what `check_contact` raises.
    """
    held = _accepted(relay)
    if kind not in ContactKind.values:
        raise BusinessError("unknown_kind", "Choisissez comment le contact a eu lieu.", field="kind")
    if on > local_day(at):
        raise BusinessError("contact_in_future", "Ce jour n’est pas encore venu.", field="on")
    if on < held.due_on and (held.answered_at is None or on < local_day(held.answered_at)):
        raise BusinessError("contact_before_relay", "Ce contact précède le relais : vérifiez la date.", field="on")
    if next_contact_on is not None:
        check_contact(next_contact_on, at)
    contact: RelayContact = RelayContact.objects.create(
        family_id=held.family_id,
        relay=held,
        on=on,
        kind=kind,
        has_met=has_met,
        next_contact_on=next_contact_on,
        by=by,
        at=at,
    )
    former = held.next_contact_on
    stands = former if former is not None and former > on else None
    PmiRelay.objects.filter(pk=held.pk).update(next_contact_on=next_contact_on or stands)
    return contact


@transaction.atomic
def set_outcome(*, relay: PmiRelay, outcome: str, on: date, by: Member, at: datetime, words: str = "") -> None:
    """What became of an accepted relay, and since which local day; the last word counts, history keeps the others.

    One of RELAY_ENDS takes the next contact away and ends the access of the PMI after the overlap, counted from the day
    it was first written. The referring team is told, without the words. The same said again changes nothing, and tells
    nobody. Raises `not_accepted`, `relay_hidden`, `unknown_outcome`, `outcome_in_future`, `outcome_before_birth`.
    """
    held, words = _accepted(relay), words.strip()
    if outcome not in RelayOutcome.values:
        raise BusinessError("unknown_outcome", "Choisissez ce qu’est devenu le relais.", field="outcome")
    if on > local_day(at):
        raise BusinessError("outcome_in_future", "Ce jour n’est pas encore venu.", field="on")
    pathway = Pathway.objects.select_related("birth", "rules").get(pk=held.pathway_id)
    if on < pathway.birth.day:
        raise BusinessError("outcome_before_birth", "Ce jour précède la naissance : vérifiez la date.", field="on")
    if (outcome, on, words) == (held.outcome, held.outcome_on, held.outcome_words):
        return
    values: dict[str, Any] = {
        "outcome": outcome,
        "outcome_on": on,
        "outcome_words": words,
        "outcome_at": at,
        "outcome_by": by,
    }
    if (outcome in rules.RELAY_ENDS) != (held.outcome in rules.RELAY_ENDS):
        ended_on = local_day(at) if outcome in rules.RELAY_ENDS else None
        last = rules.pmi_last_day(pathway.birth.day, ended_on, pathway.rules.relay_overlap_days)
        values["ends_at"] = end_of_day(last)
    if outcome in rules.RELAY_ENDS:
        # It follows no more: a contact that stays announced would pass for a follow-up.
        values["next_contact_on"] = None
    PmiRelay.objects.filter(pk=held.pk).update(**values)
    notices.relay_outcome(relay=held, at=at)


@transaction.atomic
def set_tasks(*, relay: PmiRelay, tasks: Sequence[tuple[str, date]], at: datetime) -> None:
    """What the team asks of the PMI instead of before: RELAY_TASKS things at most, each for a local day to come.

    Raises `relay_accepted`: what was accepted does not change behind the PMI's back.
    """
    held: PmiRelay = PmiRelay.objects.select_for_update(of=("self",)).get(pk=relay.pk)
    if held.state == RelayState.ACCEPTED:
        raise BusinessError("relay_accepted", "La PMI a accepté ce relais : ses demandes ne changent plus.")
    if len(tasks) > rules.RELAY_TASKS:
        raise BusinessError("too_many_tasks", "Trois demandes à la PMI au plus.")
    if any(day < local_day(at) for _, day in tasks):
        raise BusinessError("task_past", "Une de ces dates est passée.")
    RelayTask.objects.filter(relay=held).delete()
    for rank, (text, day) in enumerate(tasks, start=1):
        RelayTask.objects.create(family_id=held.family_id, relay=held, rank=rank, text=text, due_on=day)


def hand_over(*, pathway_id: int, by: Member | None, met_at: datetime, at: datetime) -> bool:
    """A third visit made with the PMI hands the relay over in person (R046): it is offered for acceptance at once.

    They met at `met_at`; it is known since `at`, when the report says so.

    Its PMI service is told, unless it has taken the family already. Inside the caller's transaction, once per relay;
    False without the mother's agreement, or when it was handed over.
    """
    relay = PmiRelay.objects.select_for_update(of=("self",)).filter(pathway=pathway_id).order_by("pk").first()
    if relay is None or not relay.is_agreed or relay.handed_at is not None or not relay_routing(relay).allowed:
        return False
    relay.handed_at, relay.due_on = met_at, min(relay.due_on, local_day(at))
    if relay.state == RelayState.DECLINED:
        relay.state = RelayState.WAITING
    relay.save(update_fields=["handed_at", "due_on", "state"])
    step = RelayStep.objects.create(
        family_id=relay.family_id, relay=relay, kind=RelayStepKind.HANDED_OVER, reason="", by=by, at=met_at
    )
    if relay.sector and relay.state != RelayState.ACCEPTED:
        notices.relay_handed(step=step, pmi=relay.sector.structure, at=at)
    return True


def settle_overlap(*, pathway_id: int) -> None:
    """Write until when the team keeps a family the PMI has taken; inside the caller’s transaction.

    Called by what accepts a relay and by what closes a pathway, which refuses while a visit or a report is owed.
    """
    pathway = Pathway.objects.select_for_update(of=("self",)).select_related("rules").get(pk=pathway_id)
    relay = PmiRelay.objects.filter(pathway=pathway, state=RelayState.ACCEPTED).first()
    if pathway.state != PathwayState.CLOSED or pathway.closed_at is None or relay is None or relay.answered_at is None:
        return
    accepted_on, closed_on = local_day(relay.answered_at), local_day(pathway.closed_at)
    last = rules.overlap_last_day(accepted_on, closed_on, pathway.rules.relay_overlap_days)
    Pathway.objects.filter(pk=pathway.pk).update(team_ends_at=end_of_day(last))


def check_contact(day: date, at: datetime) -> None:
    """Raises `contact_past` and `contact_too_far` for the day of a contact to come."""
    today = local_day(at)
    if day < today:
        raise BusinessError("contact_past", "Cette date est passée.", field="next_contact_on")
    if day > today + rules.CONTACT_AHEAD:
        message = "Ce contact serait dans plus de trois mois : vérifiez la date."
        raise BusinessError("contact_too_far", message, field="next_contact_on")


def hidden() -> BusinessError:
    """What the PMI is told of a relay that closed to it meanwhile."""
    message = "Ce relais n’est plus ouvert à la PMI : l’accord de la mère ou son parcours a changé."
    return BusinessError("relay_hidden", message)


def _accepted(relay: PmiRelay) -> PmiRelay:
    """The relay until the transaction ends, accepted and still open to the PMI."""
    held: PmiRelay = PmiRelay.objects.select_for_update(of=("self",)).get(pk=relay.pk)
    if held.state != RelayState.ACCEPTED:
        raise BusinessError("not_accepted", "Ce relais n’est pas encore accepté.")
    if not PmiRelay.objects.shown().filter(pk=held.pk).exists():
        raise hidden()
    return held

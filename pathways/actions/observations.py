"""The observations log: a fact is added, and may be withdrawn by whoever wrote it (R222)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import hold_family, id_of_submission, local_day
from pathways.enums import MidwifeTopic, ObservationReader
from pathways.models import Birth, Family, Observation
from pathways.perms.observations import WRITE_MIDWIFE_NOTE
from pathways.reads.observations import closed_readers
from territories.models import Member

# From the first visit of a pregnancy to its term, generously.
PREGNANCY = timedelta(days=300)
# R112: three weeks, counted like the window of the visits.
NEWBORN_DAYS = timedelta(days=21)


@transaction.atomic
def note_observation(
    *,
    family: Family,
    domain: str,
    fact: str,
    recipients: Collection[str],
    source: str,
    author: Member,
    at: datetime,
    recorded_at: datetime,
    source_id: UUID | None = None,
    submission_id: UUID | None = None,
    midwife_topic: str = "",
) -> Observation | None:
    """A dated fact for the kinds of professionals named; None when this visit has already landed.

    `submission_id` is the mark of the page: sent again, the fact stored first answers. `midwife_topic` is the liberal
    midwife's alone (R112). Raises `fact_missing`, `future`, `long_past`, `not_midwife`, `too_old`, `may_not_send`.
    """
    _check_fact(family, fact, at, recorded_at)
    if source_id and Observation.objects.filter(source_id=source_id).exists():
        return None
    _check_topic(family, midwife_topic, author, at)
    _check_agreed(family, recipients)
    public_id = id_of_submission(family.public_id, author, submission_id)
    known: Observation | None = Observation.objects.filter(public_id=public_id).first()
    if known is not None:
        return known
    values = {"source": source, "source_id": source_id, "author": author, "at": at, "recorded_at": recorded_at}
    with refusals_of(Observation):
        row: Observation = Observation.objects.create(
            public_id=public_id,
            family=family,
            domain=domain,
            fact=fact.strip()[:400],
            recipients=sorted(set(recipients)),
            midwife_topic=midwife_topic,
            **values,
        )
    return row


def _check_fact(family: Family, fact: str, at: datetime, recorded_at: datetime) -> None:
    if not fact.strip():
        raise BusinessError("fact_missing", "Écrivez ce que vous avez vu ou entendu.", field="fact")
    if at > recorded_at:
        raise BusinessError("future", "Un fait observé est passé : vérifiez le jour et l’heure.", field="at")
    _check_not_long_past(family, at, recorded_at)


def _check_topic(family: Family, topic: str, author: Member, at: datetime) -> None:
    """R112: her competence for a newborn is that of the first three weeks; a fact seen later has no such topic."""
    if not topic:
        return
    if not WRITE_MIDWIFE_NOTE.is_held_by(author):
        raise BusinessError("not_midwife", "Ce sujet est celui de la sage-femme libérale.", field="midwife_topic")
    if topic == MidwifeTopic.NEWBORN and not _has_newborn(family, at):
        message = "Les trois premières semaines sont passées : laissez le sujet vide, le fait reste noté."
        raise BusinessError("too_old", message, field="midwife_topic")


def _has_newborn(family: Family, at: datetime) -> bool:
    day = local_day(at)
    return bool(Birth.objects.filter(family=family, day__gte=day - NEWBORN_DAYS, day__lte=day).exists())


def _check_not_long_past(family: Family, at: datetime, recorded_at: datetime) -> None:
    """A fact of the pregnancy may be told, nothing before it."""
    born_at = Birth.objects.filter(family=family).order_by("at").values_list("at", flat=True).first()
    if at < (born_at or recorded_at) - PREGNANCY:
        message = "Cette date précède la grossesse : vérifiez le jour et l’année."
        raise BusinessError("long_past", message, field="at")


def _check_agreed(family: Family, recipients: Collection[str]) -> None:
    """Asked with the family held: an answer that changes at this second is found, or comes after."""
    hold_family(family_id=family.pk)
    for kind, reason in closed_readers(family).items():
        if kind in recipients:
            raise BusinessError("may_not_send", f"{ObservationReader(kind).label} : {reason}", field="recipients")


@transaction.atomic
def withdraw_observation(*, observation: Observation, reason: str, at: datetime) -> None:
    """Its author takes it back, with a reason; it stays in the history. Raises `reason_missing`, `withdrawn`."""
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi vous la retirez.", field="reason")
    standing = Observation.objects.filter(pk=observation.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=at, withdrawn_reason=reason.strip()[:200]):
        raise BusinessError("withdrawn", "Cette observation est déjà retirée.")

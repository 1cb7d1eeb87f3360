"""The observations log: a fact is added, and may be withdrawn by whoever wrote it (R222)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from copa.kernel.errors import BusinessError, as_business_error
from pathways.actions.shared import hold_family, id_of_submission
from pathways.enums import ObservationReader
from pathways.models import Birth, Family, Observation
from pathways.reads.observations import closed_readers
from territories.models import Member

# From the first visit of a pregnancy to its term, generously.
PREGNANCY = timedelta(days=300)


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
) -> Observation | None:
    """A dated fact for the kinds of professionals named; None when this visit has already landed.

    `submission_id` is the mark of the page: sent again, the fact stored first answers.
    Raises `fact_missing`, `future`, `long_past`, `may_not_send` (a kind the mother did not agree to, A16), and the
    sentence of the violated constraint (a sealed domain, nobody named).
    """
    if not fact.strip():
        raise BusinessError("fact_missing", "Écrivez ce que vous avez vu ou entendu.", field="fact")
    if at > recorded_at:
        raise BusinessError("future", "Un fait observé est passé : vérifiez le jour et l’heure.", field="at")
    _check_not_long_past(family, at, recorded_at)
    if source_id and Observation.objects.filter(source_id=source_id).exists():
        return None
    _check_agreed(family, recipients)
    public_id = id_of_submission(family.public_id, author, submission_id)
    known: Observation | None = Observation.objects.filter(public_id=public_id).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row: Observation = Observation.objects.create(
                public_id=public_id,
                family=family,
                domain=domain,
                fact=fact.strip()[:400],
                recipients=sorted(set(recipients)),
                source=source,
                source_id=source_id,
                author=author,
                at=at,
                recorded_at=recorded_at,
            )
    except IntegrityError as error:
        raise as_business_error(error, Observation) from error
    return row


def _check_not_long_past(family: Family, at: datetime, recorded_at: datetime) -> None:
    """A fact of the pregnancy may be told, nothing before it."""
    born_at = Birth.objects.filter(family=family).order_by("at").values_list("at", flat=True).first()
    if at < (born_at or recorded_at) - PREGNANCY:
        message = "Cette date précède la grossesse : vérifiez le jour et l’année."
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

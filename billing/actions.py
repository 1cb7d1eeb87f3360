"""Making chargeable lines. Billing pulls: it looks for closed pathways without a line and never asks to be called."""

from datetime import datetime

from django.db import transaction

from billing import reads, rules
from billing.models import ChargeableLine, Tariff
from copa.kernel import clock
from pathways.models import Pathway


@transaction.atomic
def make_line(*, pathway_id: int, at: datetime) -> ChargeableLine | None:
    """The line of a closed pathway, made now or by whoever came first; None when it has no price (A24).

    The tariff is the one valid on the local day of closing; its amount is copied. Raises Pathway.DoesNotExist for a
    pathway that is not closed.
    """
    pathway = Pathway.objects.closed().select_related("territory", "rules").get(pk=pathway_id)
    closed_on = clock.local_date(pathway.closed_at, pathway.territory.time_zone)
    visits_done = reads.visits_done(pathway.pk)
    kind = rules.line_kind(visits_done)
    tariff = rules.tariff_on(Tariff.objects.order_by("pk"), kind, closed_on, pathway.rules) if kind else None
    if tariff is None:
        return None
    values = {
        "family_id": pathway.family_id,
        "tariff": tariff,
        "kind": kind,
        "amount": rules.rounded(tariff.amount),
        "visits_done": visits_done,
        "closed_on": closed_on,
        "created_at": at,
    }
    # Unique on the pathway: of two workers one inserts, the other reads what the first wrote.
    line: ChargeableLine = ChargeableLine.objects.get_or_create(pathway=pathway, defaults=values)[0]
    return line


@transaction.atomic
def make_due_lines(*, at: datetime, most: int) -> tuple[int, bool]:
    """Make the due lines of the territory, `most` of them: how many were made, and whether these are all."""
    due = reads.due_pathway_ids(limit=most + 1)
    made = [make_line(pathway_id=pk, at=at) for pk in due[:most]]
    return sum(line is not None for line in made), len(due) <= most

"""The page of the coordinator: what waits for a decision, and the 21 days of every family under way.

Every number is served by a partial index or by recent births; none depends on how many families the territory has
ever followed (see `under_way`).
"""

from datetime import datetime, timedelta
from typing import Any

from copa.kernel import clock
from pathways.enums import SIGN_KINDS
from pathways.models import Family
from pathways.reads.births import PERIOD_DAYS
from pathways.rules import PROPOSAL_HORIZON_DAYS
from pathways.rules.ladder import danger_rank
from territories.models import Member
from visits.reads.under_way import under_way
from visits.reads.worklist import cards, table, waiting
from visits.reads.worklist.names import shown_names
from visits.reads.worklist.shapes import TOP, Card, Filters, SignAlert, Worklist


def _by_danger(alert: Any) -> tuple[Any, ...]:
    """The order of the page of alerts: the first one here is the first one there."""
    rank = danger_rank(alert.kind, alert.code.partition(":")[0])
    return rank, alert.answer_due_at is None, alert.answer_due_at or alert.raised_at, alert.raised_at


def worklist(member: Member, *, filters: Filters, at: datetime, zone: str) -> Worklist:
    """Everything the page shows to this member, in a number of queries that depends on nothing."""
    today = clock.local_date(at, zone)
    births, proposals, reports, open_alerts = waiting.held_by(
        member,
        waiting.births(since=today - timedelta(days=PROPOSAL_HORIZON_DAYS)),
        waiting.proposals(since=today - timedelta(days=PERIOD_DAYS)),
        waiting.reports(),
        waiting.alerts(),
    )
    alerts = sorted(open_alerts, key=_by_danger)
    signs = {alert.pathway_id for alert in alerts if alert.kind in SIGN_KINDS}
    everyone = under_way(with_alert=signs, at=at, zone=zone)
    lacking = [pathway for pathway in everyone if pathway.missing and not pathway.is_over]
    kept = everyone if filters.is_whole else table.kept(everyone, filters)
    page = table.page_of(kept, filters)
    everything = (births, proposals, reports, alerts, lacking)
    shown = shown_names(
        [*page.object_list, *lacking[:TOP]], [row for rows in everything[:4] for row in rows[: TOP + 1]], alerts[:1]
    )
    return Worklist(
        waiting=len({row.family_id for rows in everything for row in rows}),
        births=cards.births_card(births, shown.homes, today),
        proposals=Card(len(proposals), tuple(cards.proposal_task(row, shown.homes, today) for row in proposals[:TOP])),
        unplanned=Card(len(lacking), tuple(cards.unplanned_task(row, shown, today) for row in lacking[:TOP])),
        reports=cards.report_card(reports, shown.homes, at),
        alerts=cards.alerts_card(alerts, shown.homes, at),
        sign_alert=cards.sign_alert(alerts, shown, at, today),
        counts=table.counts_of(kept),
        last_birth_at=Family.objects.order_by("-pk").values_list("created_at", flat=True).first(),
        page=page,
        rows=[table.row_of(pathway, shown, today, zone) for pathway in page.object_list],
    )


def first_alert(member: Member, *, at: datetime, zone: str) -> SignAlert | None:
    """The band of that page alone, asked for again while it is open; None without any danger sign."""
    (found,) = waiting.held_by(member, list(waiting.alerts()))
    alerts = sorted(found, key=_by_danger)
    return cards.sign_alert(alerts, shown_names([], alerts[:1], alerts[:1]), at, clock.local_date(at, zone))

"""Every row the file of a family is made of, read once: a fixed number of queries, nothing the reader may not know."""

from dataclasses import dataclass
from datetime import date, datetime

from copa.kernel import clock
from pathways.enums import PathwayState
from pathways.models import Alert, Family
from pathways.perms import SEE_ALERTS
from pathways.reads.facts import FamilyFacts, family_facts
from territories.models import Member
from visits import perms
from visits.enums import ReportState
from visits.models import Addendum, Delivery, Report, Visit


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows. `readable` and `sealed` hold keys of reports: those she reads, those whose protected part she reads."""

    facts: FamilyFacts
    visits: list[Visit]
    reports: list[Report]
    readable: frozenset[int]
    deliveries: list[Delivery]
    addenda: list[Addendum]
    alerts: list[Alert]
    sealed: frozenset[int]
    zone: str
    today: date


def is_quiet(facts: FamilyFacts) -> bool:
    """Mourning: no congratulation, no age, nothing to plan (A38)."""
    return bool(
        (facts.birth and facts.birth.is_silent) or (facts.pathway and facts.pathway.state == PathwayState.BEREAVED)
    )


def material_of(family: Family, member: Member, at: datetime, zone: str) -> Material:
    mine = {"family": family.pk}
    visits = Visit.objects.filter(**mine).select_related("ap__user").order_by("planned_at", "pk")
    reports = Report.objects.filter(**mine).signed().select_related("visit", "author__user")
    readable = perms.READ_REPORT.rows(member).filter(**mine).values_list("pk", flat=True)
    deliveries = Delivery.objects.filter(**mine).select_related("structure", "opened_by__user")
    addenda = Addendum.objects.filter(**mine).select_related("author__user", "report__visit")
    alerts = SEE_ALERTS.rows(member).filter(**mine).select_related("raised_by__user", "acknowledged_by__user")
    sealed = perms.READ_SEALED.rows(member).filter(**mine, report__state=ReportState.SIGNED).exclude(answers={})
    return Material(
        facts=family_facts(family, at),
        visits=list(visits),
        reports=list(reports.defer("context", "typed").order_by("signed_at", "pk")),
        readable=frozenset(readable.order_by("pk")),
        deliveries=list(deliveries.order_by("delivered_at", "pk")),
        addenda=list(addenda.order_by("at", "pk")),
        alerts=list(alerts.order_by("raised_at", "pk")),
        sealed=frozenset(sealed.order_by("pk").values_list("report", flat=True)),
        zone=zone,
        today=clock.local_date(at, zone),
    )

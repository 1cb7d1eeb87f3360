"""Visits to plan, pathways to close, reports to send, ultra-early discharges that nobody has confirmed."""

from collections.abc import Iterator
from datetime import timedelta

from copa.kernel import clock
from copa.kernel.french import listed
from pathways import perms as pathway_perms
from pathways.enums import SIGN_KINDS
from pathways.models import Alert
from territories.models import Member
from visits import perms, rules
from visits.enums import DeviationKind
from visits.reads.deviations import uncoded
from visits.reads.thread import short_kind
from visits.reads.todo.base import Now, Subject, Waiting
from visits.reads.under_way import UnderWay, under_way

# How long a call that nobody confirmed is still asked about, once its days are over.
_MISSED = timedelta(days=7)


def visits(member: Member, now: Now) -> Iterator[Waiting]:
    """Families under way without an auxiliary or without all their visits, and those that are to be closed."""
    if not perms.PLAN_VISIT.is_held_by(member):
        return
    hers = set(perms.PLAN_VISIT.rows(member).filter(family__moved_at=None).order_by().values_list("pk", flat=True))
    signs = Alert.objects.open().filter(kind__in=SIGN_KINDS).order_by().values_list("pathway", flat=True)
    may_close = perms.CLOSE_PATHWAY.is_held_by(member)
    for pathway in under_way(with_alert=set(signs), at=now.at, zone=now.zone):
        if pathway.pk in hers and (words := _words(pathway, may_close=may_close)):
            yield Waiting(
                subject=Subject.VISITS,
                family_id=pathway.family_id,
                words=words,
                due=pathway.window_to,
                page="visits:close_pathway" if pathway.is_over else "visits:plan",
                public_id=pathway.public_id,
            )


def _words(pathway: UnderWay, *, may_close: bool) -> str:
    """What is to be done about a pathway; "" when nothing is, or nothing of hers."""
    if pathway.is_over:
        return "Clore le parcours" if may_close else ""
    if pathway.ap_id is None:
        return "Désigner une auxiliaire"
    return f"Fixer {listed(pathway.missing)}" if pathway.missing else ""


def reports(member: Member, now: Now) -> Iterator[Waiting]:
    """Her own reports to send; for the team those of the others once they are late."""
    if perms.SEND_REPORT.is_held_by(member):
        owed = perms.SEND_REPORT.rows(member).report_missing().order_by("report_due_at", "pk")
        for visit in owed.values_list("public_id", "family_id", "kind", "report_due_at", named=True):
            yield Waiting(
                subject=Subject.REPORTS,
                family_id=visit.family_id,
                words="Remettre le compte rendu",
                detail=short_kind(visit.kind),
                due=visit.report_due_at,
                page="visits:report_edit",
                public_id=visit.public_id,
            )
    late = perms.SEE_OWED.rows(member).report_missing().filter(report_due_at__lt=now.at).exclude(ap=member)
    for family_id, kind, due_at in late.order_by("report_due_at", "pk").values_list(
        "family_id", "kind", "report_due_at"
    ):
        yield Waiting(
            subject=Subject.REPORTS,
            family_id=family_id,
            words="Réclamer le compte rendu",
            detail=short_kind(kind),
            due=due_at,
            page="visits:reports",
            public_id=None,
        )


def early_calls(member: Member, now: Now) -> Iterator[Waiting]:
    """Ultra-early discharges without an auxiliary: hers to confirm, or the team's to find somebody for (R054)."""
    waiting = pathway_perms.SEE_EARLY_CALLS.rows(member).waiting()
    rows = waiting.filter(last_day__gte=now.today - _MISSED, birth__is_silent=False, family__moved_at=None).order_by(
        "called_at", "pk"
    )
    confirms = pathway_perms.CONFIRM_EARLY_CALL.is_held_by(member)
    for public_id, family_id, last_day in rows.values_list("public_id", "family_id", "last_day"):
        yield Waiting(
            subject=Subject.EARLY,
            family_id=family_id,
            words="Confirmer la visite ultra-précoce" if confirms else "Trouver une auxiliaire",
            detail="sortie ultra-précoce",
            due=last_day,
            page="visits:early_call",
            public_id=public_id,
            is_pressing=last_day >= now.today,
        )


def deviations(member: Member, now: Now) -> Iterator[Waiting]:
    """Deviations from the protocol nobody has explained: hers, or all of them for the binôme."""
    rows = uncoded(member).filter(on__gte=now.today - rules.TODO_PERIOD)
    for one in rows.order_by("on", "pk").values_list("public_id", "family_id", "kind", "detected_at", named=True):
        yield Waiting(
            subject=Subject.DEVIATIONS,
            family_id=one.family_id,
            words="Dire pourquoi le protocole n’a pas été suivi",
            detail=DeviationKind(one.kind).label,
            due=clock.local_date(one.detected_at, now.zone) + timedelta(days=rules.ANSWER_DAYS),
            page="visits:deviation",
            public_id=one.public_id,
        )

"""Closing a pathway: what was promised is done or said why not. From then on billing and figures count it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from copa.kernel.french import listed
from pathways.actions.relay_followup import settle_overlap
from pathways.enums import SIGN_KINDS, ClosingReason, PathwayState
from pathways.models import Alert, Pathway
from pathways.notices.stops import pathway_closed
from territories.models import Member
from visits import rules
from visits.actions.planning import cancel_planned
from visits.enums import VISIT_RUNNING, NotDoneReason, VisitState
from visits.models import Visit


@transaction.atomic
def close_pathway(
    *,
    pathway: Pathway,
    reason: str,
    at: datetime,
    by: Member | None = None,
    cancels_planned: bool = False,
    leaves_third: bool = False,
) -> Pathway:
    """Close a pathway under way, or without news, with a ClosingReason.

    COMPLETE needs the visits its version promises (V1 and V2) done and is the only reason then; fewer need another
    one (P23). Those around the family whom the mother agreed to are told (R044). Refuses while a visit is planned
    (unless `cancels_planned`) or under way, a report is owed, a danger sign waits for an answer or for its outcome, or
    the third visit that the team decided has no date (unless `leaves_third`: said by whoever closes).
    """
    pathway = Pathway.objects.select_for_update(of=("self",)).select_related("rules").get(pk=pathway.pk)
    if pathway.state not in rules.CLOSABLE:
        raise BusinessError("pathway_not_active", "Ce parcours n’est pas en cours.")
    visits = list(Visit.objects.filter(pathway=pathway).order_by("pk"))
    _check_reason(reason, visits, rules.promised_kinds(pathway.rules.planned_visits, pathway.kinds_elsewhere))
    _check_visits(visits, cancels_planned=cancels_planned)
    if not leaves_third:
        _check_third(pathway, visits)
    _check_alerts(pathway)
    cancel_planned(pathway_id=pathway.pk, reason=NotDoneReason.SERVICE_CANCELLED, at=at)
    pathway.state, pathway.closing_reason, pathway.closed_at = PathwayState.CLOSED, reason, at
    pathway.save(update_fields=["state", "closing_reason", "closed_at"])
    settle_overlap(pathway_id=pathway.pk)
    pathway_closed(pathway=pathway, by=by, at=at)
    return pathway


def _check_third(pathway: Pathway, visits: list[Visit]) -> None:
    kinds = {visit.kind for visit in visits if visit.state in VISIT_RUNNING}
    if rules.is_third_left(kinds, pathway.kinds_elsewhere, is_third_decided=pathway.is_third_decided):
        message = "L’équipe a décidé une troisième visite, qui n’a pas de date : fixez-la, ou cochez la case."
        raise BusinessError("third_left", message, field="leaves_third")


def _check_alerts(pathway: Pathway) -> None:
    """An answer and its outcome close a sign, not the answer alone."""
    alerts = Alert.objects.filter(pathway=pathway)
    if alerts.open().filter(kind__in=SIGN_KINDS).exists():
        raise BusinessError("alert_open", "Une alerte attend encore une réponse : prenez-la avant de clore.")
    if alerts.to_close().exists():
        message = "Une alerte est prise mais pas close : écrivez ce qui a été fait, puis terminez le parcours."
        raise BusinessError("alert_to_close", message)


def is_complete(visits: list[Visit], promised: Collection[str]) -> bool:
    """Whether the promised visits are done."""
    done = {visit.kind for visit in visits if visit.state == VisitState.ENDED}
    return done.issuperset(promised)


def _check_reason(reason: str, visits: list[Visit], promised: Sequence[str]) -> None:
    if reason not in ClosingReason.values:
        raise BusinessError("unknown_reason", "Choisissez pourquoi le parcours se termine.", field="reason")
    if reason == ClosingReason.COMPLETE and not is_complete(visits, promised):
        message = f"{_the(promised)} ne sont pas toutes faites : choisissez un autre motif."
        raise BusinessError("not_complete", message, field="reason")
    if reason != ClosingReason.COMPLETE and is_complete(visits, promised):
        message = f"{_the(promised)} sont faites : le motif est « Visites faites »."
        raise BusinessError("is_complete", message, field="reason")


def _the(promised: Sequence[str]) -> str:
    """As "La V1 et la V2"."""
    sentence = listed([f"la {kind}" for kind in promised])
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _check_visits(visits: list[Visit], *, cancels_planned: bool) -> None:
    if any(visit.state == VisitState.STARTED for visit in visits):
        raise BusinessError("visit_under_way", "Une visite est en cours : attendez sa fin.")
    if not cancels_planned and any(visit.state == VisitState.PLANNED for visit in visits):
        message = "Une visite est encore prévue : annulez-la, ou cochez la case pour l’annuler avec le parcours."
        raise BusinessError("visit_planned", message, field="cancels_planned")
    owed = [visit.kind for visit in visits if visit.state == VisitState.ENDED and visit.report_delivered_at is None]
    if owed:
        message = f"Le compte rendu de la {', '.join(sorted(owed))} n’est pas encore remis à l’équipe de référence."
        raise BusinessError("report_owed", message)

"""Who records and reads screening. Column E of documents.md: pilots, referring team and AP of the family."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from copa.kernel.access import Moment, Perm, everything
from pathways.models import EpdsThresholds, Pathway
from pathways.perms.base import MIDWIVES_AND_AP, TEAM, followed, has_lost_mother, of_followed, of_team
from pathways.rules import RUNNING
from territories.enums import BINOME, EMR, PILOTS, Role
from territories.models import Member

READERS = PILOTS | {Role.REFERRING_TEAM, Role.AP}
UNDECIDED = Moment(Q(decided_at=None), lambda row: "La décision est déjà prise.")


def _of_her_families(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """A pathway's people, not the whole ward: an AP records about the families that were given to her."""
    if member.role == Role.AP:
        return of_followed(rows, member).filter(family__in=Pathway.objects.filter(ap=member).values("family"))
    return of_followed(rows, member)


def _followed_families(families: QuerySet[Any], member: Member) -> Any:
    if member.role == Role.AP:
        return followed(families, member).filter(pk__in=Pathway.objects.filter(ap=member).values("family"))
    return followed(families, member)


def _still_visited(families: QuerySet[Any], member: Member) -> Any:
    """Those whose pathway runs: once it is closed or has stopped no visit can follow."""
    running = Pathway.objects.filter(family=OuterRef("pk"), state__in=RUNNING)
    return _followed_families(families, member).filter(Exists(running))


def screened(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Grid, conclusions, suggestions and scales of the families she reads the screening of; sealed rows are not."""
    return _of_her_families(rows, member) if member.role in READERS else rows.none()


def reads_sealed_screening(member: Member) -> bool:
    """Whether her role is one of the named readers of the sealed compartment."""
    return member.role in EMR


def known_suggestions(rows: Any, member: Member) -> Any:
    """Suggestions, those that a sealed answer made for its named readers alone (G6)."""
    return rows if reads_sealed_screening(member) else rows.unsealed()


def _suggested(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    known: QuerySet[Any] = known_suggestions(of_team(rows, member), member)
    return known


def _recorded(screenings: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those of the families she follows; outside the team, the ones she recorded herself."""
    if member.role in READERS:
        return _of_her_families(screenings, member)
    return of_followed(screenings.filter(author=member), member)


SEE_SCREENING = Perm(
    code="pathways.see_screening",
    label="Voir le repérage d’une famille",
    model="pathways.Family",
    roles=READERS,
    # An AP of the ward finds an empty page: the rows below are those of the families given to her.
    where=followed,
)
RECORD_GRID = Perm(
    code="pathways.record_grid",
    label="Noter le repérage d’une famille",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP | {Role.PMI_DOCTOR},
    where=_followed_families,
)
SIGNAL_TO_TEAM = Perm(
    code="pathways.signal_to_team",
    label="Signaler une situation protégée à l’équipe",
    model="pathways.Family",
    roles=frozenset({Role.AP}),
    where=_followed_families,
)
READ_SEALED_SCREENING = Perm(
    code="pathways.read_sealed_screening",
    label="Lire le repérage protégé d’une famille",
    model="pathways.Family",
    roles=EMR,
    where=_followed_families,
)
CONCLUDE_GRID = Perm(
    code="pathways.conclude_grid",
    label="Conclure le repérage d’une famille",
    model="pathways.Family",
    roles=EMR,
    where=_followed_families,
)


def _with_somebody_to_ask(families: QuerySet[Any], member: Member) -> Any:
    """The mother while she lives (A38); the co-parent after her death, where the territory offers him the scale."""
    hers = _followed_families(families, member)
    # As `reads.thresholds.offers_coparent` says it, in the same query.
    newest = EpdsThresholds.objects.order_by("-valid_from", "-pk").values("pk")[:1]
    offered = EpdsThresholds.objects.filter(pk=Subquery(newest), offers_coparent=True)
    return hers.filter(Q(~has_lost_mother()) | Q(Exists(offered)))


RECORD_EPDS = Perm(
    code="pathways.record_epds",
    label="Noter un questionnaire EPDS hors visite",
    model="pathways.Family",
    roles=TEAM | {Role.LIBERAL_MIDWIFE},
    where=_with_somebody_to_ask,
)
SEE_EPDS = Perm(
    code="pathways.see_epds",
    label="Voir un questionnaire EPDS",
    model="pathways.EpdsScreening",
    roles=READERS | {Role.LIBERAL_MIDWIFE},
    where=_recorded,
)
CORRECT_EPDS = Perm(
    code="pathways.correct_epds",
    label="Demander une correction de l’EPDS",
    model="pathways.EpdsScreening",
    roles=MIDWIVES_AND_AP | {Role.LIBERAL_MIDWIFE},
    where=lambda screenings, member: _recorded(
        screenings if member.role in TEAM else screenings.filter(author=member), member
    ),
)
READ_EPDS_VALUES = Perm(
    code="pathways.read_epds_values",
    label="Lire les dix réponses d’un EPDS",
    model="pathways.EpdsScreening",
    roles=EMR,
    where=of_followed,
)
DECIDE_CORRECTION = Perm(
    code="pathways.decide_correction",
    label="Accepter une correction de l’EPDS",
    model="pathways.EpdsCorrection",
    roles=TEAM,
    where=of_followed,
    moment=UNDECIDED,
)
SET_THRESHOLDS = Perm(
    code="pathways.set_thresholds",
    label="Valider les seuils de l’EPDS",
    model="pathways.EpdsThresholds",
    roles=BINOME,
    where=everything,
)
ASK_THIRD_VISIT = Perm(
    code="pathways.ask_third_visit",
    label="Noter la demande d’une troisième visite",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=_still_visited,
)
SEE_SUGGESTIONS = Perm(
    code="pathways.see_suggestions",
    label="Voir les suggestions du repérage",
    model="pathways.Suggestion",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=_suggested,
)
DECIDE_SUGGESTION = Perm(
    code="pathways.decide_suggestion",
    label="Décider d’une suggestion du repérage",
    model="pathways.Suggestion",
    roles=EMR,
    where=of_team,
    moment=UNDECIDED,
)

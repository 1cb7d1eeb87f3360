"""The grid, the questionnaire on mood, what the team is asked to decide, observations, one sealed answer."""

from datetime import datetime, timedelta

from copa.demo.care.base import Office
from pathways.enums import (
    ConclusionLevel,
    GridStatus,
    GridValue,
    ObservationReader,
    Presence,
    ScreeningSource,
    SuggestionCause,
    SuggestionKind,
)
from pathways.models import (
    EpdsScreening,
    GridAnswer,
    GridConclusion,
    GridFactor,
    GridReview,
    Observation,
    Pathway,
    SealedGridAnswer,
    Suggestion,
)
from territories.enums import Role
from visits.enums import VisitKind, VisitState
from visits.models import Visit

PRESENT, ABSENT, ASIDE = GridValue.PRESENT, GridValue.ABSENT, GridValue.NOT_EXPLORED
# By script: what was gone through, factor and value. None of them is sealed.
GRIDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "low_mood": (
        ("V1_ISOLATED", PRESENT, "Sa famille vit loin, peu de visites."),
        ("V9_EXHAUSTED", PRESENT, "Dort par tranches de deux heures."),
        ("V1_HOUSING", ABSENT, ""),
        ("V8_FEEDING_HARD", PRESENT, ""),
        ("R_SUPPORT", PRESENT, "Une voisine passe le soir."),
        ("R_ASKS_HELP", PRESENT, ""),
    ),
    "relay_waits": (
        ("V1_FOOD_MONEY", PRESENT, "Attend l’ouverture de ses droits."),
        ("V1_TRANSPORT", PRESENT, ""),
        ("V9_SINGLE", ABSENT, ""),
        ("V5_TOBACCO", GridValue.REFUSES, ""),
        ("R_PMI_KNOWN", PRESENT, ""),
    ),
    "third_with_pmi": (
        ("V8_SEPARATED", PRESENT, "Trois jours en néonatologie."),
        ("V9_BOND_WORRY", ASIDE, ""),
        ("R_FOLLOWED", PRESENT, ""),
    ),
}


def write_screening(office: Office) -> None:
    """In the order in which a team would have noted it."""
    factors = {factor.code: factor for factor in GridFactor.objects.order_by("template__valid_from", "position")}
    for script, told in GRIDS.items():
        _grid(office, script, told, factors)
    _mood(office)
    _sealed(office, factors)
    _observations(office)


def _grid(office: Office, script: str, told: tuple[tuple[str, str, str], ...], factors: dict[str, GridFactor]) -> None:
    pathway, at, author = office.pathway(script), office.moment(-2, 17), office.member(Role.AP)
    seen = {"at": at, "author_id": author.pk, "source": ScreeningSource.CALL}
    template = next(iter(factors.values())).template_id
    office.put(GridReview, **office.of(script), template_id=template, status=GridStatus.TO_NOTE, **seen)
    for code, value, comment in told:
        office.put(
            GridAnswer,
            family_id=pathway.family_id,
            factor=factors[code],
            person=factors[code].about,
            value=value,
            comment=comment,
            recorded_at=at,
            **seen,
        )
    if script == "relay_waits":
        office.put(
            GridConclusion,
            family_id=pathway.family_id,
            level=ConclusionLevel.WATCH,
            proposals="Revoir les droits avec le service social, en parler à la PMI au moment du relais.",
            by_id=office.member(Role.REFERRING_TEAM).pk,
            at=office.moment(-1, 10),
        )
    else:
        _suggest(office, script, SuggestionKind.THIRD_VISIT, SuggestionCause.GRID, at)


def _suggest(office: Office, script: str, kind: str, cause: str, at: datetime, source: object = None) -> None:
    values = {"kind": kind, "cause": cause, "source_id": source, "suggested_at": at}
    planned = Visit.objects.filter(pathway=office.pathway(script), kind=VisitKind.V3, state=VisitState.PLANNED)
    if kind == SuggestionKind.THIRD_VISIT and planned.exists():
        # As planning it answers (`answer_by_planning`): nothing is left to decide.
        by = office.member(Role.REFERRING_TEAM).pk
        values |= {"is_accepted": True, "decided_by_id": by, "decided_at": at + timedelta(hours=1)}
        Pathway.objects.filter(pk=office.pathway(script).pk).update(is_third_decided=True)
    office.put(Suggestion, **office.of(script), **values)


def _mood(office: Office) -> None:
    """What the platform suggests from the scale of the second visit."""
    visit = Visit.objects.get(pathway=office.pathway("low_mood"), kind="V2")
    screening = EpdsScreening.objects.get(source_id=visit.public_id)
    for kind in (SuggestionKind.THIRD_VISIT, SuggestionKind.TEAM_REVIEW):
        _suggest(office, "low_mood", kind, SuggestionCause.EPDS, screening.recorded_at, screening.public_id)


def _sealed(office: Office, factors: dict[str, GridFactor]) -> None:
    """After the protected alert the team has heard the mother alone."""
    at, factor = office.at - timedelta(hours=3), factors["V3_PARTNER_VIOLENCE"]
    office.put(
        SealedGridAnswer,
        family_id=office.family("protected_alert"),
        factor=factor,
        person=factor.about,
        value=PRESENT,
        comment="En a parlé au téléphone, seule. Ne veut pas de message chez elle.",
        presence=Presence.ALONE,
        at=at,
        recorded_at=at,
        author_id=office.member(Role.REFERRING_TEAM).pk,
        source=ScreeningSource.CALL,
    )
    _suggest(office, "protected_alert", SuggestionKind.TEAM_REVIEW, SuggestionCause.GRID, at)


def _observations(office: Office) -> None:
    told = (
        ("relay_waits", "V1", "Plus de bouteille de gaz depuis lundi, chauffage d’appoint électrique.", -6, ""),
        ("low_mood", "V9", "Le père a repris le travail, elle est seule de 6 h à 19 h.", -2, ""),
        ("low_mood", "V1", "Voisine présente en soirée, numéro donné à la mère.", -2, "Noté deux fois"),
    )
    readers = [ObservationReader.TEAM, ObservationReader.AP, ObservationReader.PMI]
    for script, domain, fact, days, why in told:
        at = office.moment(days, 17, 30)
        office.put(
            Observation,
            family_id=office.family(script),
            domain=domain,
            fact=fact,
            at=at,
            recorded_at=at,
            author_id=office.member(Role.AP).pk,
            source=ScreeningSource.CALL,
            recipients=readers,
            withdrawn_at=at + timedelta(minutes=20) if why else None,
            withdrawn_reason=why,
        )

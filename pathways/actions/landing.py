"""What a signed visit report says of screening becomes rows of the file, once (visit-report.md 9, 10 and 18)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery

from pathways.actions import grid
from pathways.actions.epds import EpdsSheet, ask_correction, record_epds
from pathways.actions.observations import note_observation
from pathways.actions.shared import local_day
from pathways.actions.suggestions import suggest_third_visit
from pathways.enums import (
    EpdsReason,
    EpdsStatus,
    GridDomain,
    GridStatus,
    GridValue,
    ObservationReader,
    Presence,
    SafeCall,
    ScreeningSource,
    Sensitivity,
    SuggestionCause,
)
from pathways.models import Birth, Child, GridAnswer, GridFactor, Mother, Pathway
from pathways.rules.people import MAJORITY, age_on
from pathways.rules.screening import EPDS_ITEMS
from territories.models import Member

ITEM_10 = EPDS_ITEMS[-1]
ITEM_10_LINK = f"epds.{ITEM_10}"
UNDER_18, PREMATURE, LOW_WEIGHT = "V2_UNDER_18", "V8_PREMATURE", "V8_LOW_WEIGHT"
# TR03 and TR04: before 37 completed weeks, under 2 500 g.
TERM_WEEKS, USUAL_WEIGHT_G = 37, 2_500
LOWERED = "Modifiée dans le compte rendu avant sa remise."

# What « seule avec la mère » of the report (list alone) says of who stood near (G3).
_ALONE = {"YES": Presence.ALONE}
# Which answer of the report suggests a third visit, and from where (R056, R057).
_BASIS = {"GRID": SuggestionCause.GRID, "EPDS": SuggestionCause.EPDS}


@dataclass(frozen=True, kw_only=True)
class SignedVisit:
    """A signed report as screening reads it: `opened` and `sealed` answers by linkId; `at` is when the visit ended.

    `first` keeps the values that raised an alert as they were first entered, by linkId.
    """

    pathway: Pathway
    visit_id: UUID
    author: Member
    opened: Mapping[str, Any]
    sealed: Mapping[str, Any]
    first: Mapping[str, Any]
    at: datetime
    zone: str


@transaction.atomic
def land_screening(*, visit: SignedVisit, at: datetime) -> None:
    """Grid, signal, observation, EPDS and suggestion of a report; a second time changes nothing."""
    source = grid.Source(
        kind=ScreeningSource.VISIT, author=visit.author, at=visit.at, recorded_at=at, id=visit.visit_id
    )
    _land_grid(visit, source)
    _land_file(visit, source)
    _land_signal(visit, source)
    _land_facts(visit, at)
    _land_epds(visit, at)
    _land_third_visit(visit, at)


# ---- The grid ---------------------------------------------------------------------------------------------
def _land_grid(visit: SignedVisit, source: grid.Source) -> None:
    status = visit.opened.get("grid.status")
    if status not in GridStatus.values:
        return
    told = [] if status == GridStatus.SKIPPED else _told(visit, status)
    grid.review_grid(
        pathway=visit.pathway,
        status=status,
        skip_reason=visit.opened.get("grid.skip_reason", ""),
        answers=told,
        source=source,
    )


def _told(visit: SignedVisit, status: str) -> list[grid.Told]:
    """Within an explored domain a factor not ticked is absent; declined, she refuses; outside it nothing is said."""
    factors = GridFactor.objects.filter(template=grid.current_template()).exclude(sensitivity=Sensitivity.S3)
    asked = list(factors.exclude(link_id="").order_by("position"))
    if status == GridStatus.REVIEWED_NOTHING:
        # At a first visit every domain counts as explored; later « rien de nouveau » leaves what is known as it is, and
        # what was known around a former birth says nothing of this one.
        since = Pathway.objects.filter(birth=visit.pathway.birth_id).order_by("included_at").values("included_at")[:1]
        known = GridAnswer.objects.filter(family=visit.pathway.family_id, recorded_at__gte=Subquery(since))
        is_first = not known.exists()
        return [grid.Told(factor=factor, value=GridValue.ABSENT) for factor in asked] if is_first else []
    explored = set(visit.opened.get("grid.explored", ()))
    declined = set(visit.opened.get("grid.declined", ()))
    told = []
    for factor in asked:
        if factor.form_domain in declined:
            told.append(grid.Told(factor=factor, value=GridValue.REFUSES))
        elif factor.form_domain in explored:
            is_ticked = factor.option in visit.opened.get(factor.link_id, ())
            told.append(grid.Told(factor=factor, value=GridValue.PRESENT if is_ticked else GridValue.ABSENT))
    return told


def _land_file(visit: SignedVisit, source: grid.Source) -> None:
    """What the file says and no question of the report asks (visit-report.md 9): said once, under the grid in use."""
    factors = GridFactor.objects.filter(template=grid.current_template(), code__in=[UNDER_18, PREMATURE, LOW_WEIGHT])
    by_code = {factor.code: factor for factor in factors.order_by("position")}
    present = GridAnswer.objects.filter(family=visit.pathway.family_id, value=GridValue.PRESENT)
    said = set(present.order_by("pk").values_list("factor__code", "child"))
    told = [
        grid.Told(factor=by_code[code], value=GridValue.PRESENT, child=child)
        for code, child in _known_facts(visit)
        if code in by_code and (code, child.pk if child else None) not in said
    ]
    if told:
        grid.add_answers(pathway=visit.pathway, answers=told, source=source)


def _known_facts(visit: SignedVisit) -> Iterator[tuple[str, Child | None]]:
    """Her age (V2), the term and the weights of the birth (V8; thresholds of TR03 and TR04)."""
    born = Mother.objects.filter(family=visit.pathway.family_id).values_list("birth_on", flat=True).first()
    if born is not None and age_on(born, local_day(visit.at)) < MAJORITY:
        yield UNDER_18, None
    birth = Birth.objects.get(pk=visit.pathway.birth_id)
    if birth.term_weeks is not None and birth.term_weeks < TERM_WEEKS:
        yield PREMATURE, None
    light = Child.objects.filter(birth=birth, closed_at=None, birth_weight_g__lt=USUAL_WEIGHT_G)
    for child in light.order_by("rank", "pk"):
        yield LOW_WEIGHT, child


def _land_signal(visit: SignedVisit, source: grid.Source) -> None:
    """The words of a protected signal; its alert was raised when it was tapped."""
    facts = str(visit.sealed.get("grid.s3_facts", ""))
    if visit.sealed.get("grid.s3_signal") is not True or not facts.strip():
        return
    grid.signal_to_team(
        pathway=visit.pathway,
        domains=visit.sealed.get("grid.s3_domain", ()),
        facts=facts,
        presence=_ALONE.get(visit.opened.get("who.alone", ""), Presence.UNKNOWN),
        safe_call=visit.sealed.get("grid.s3_safe", SafeCall.NO),
        source=source,
        is_alerted=True,
    )


def _land_facts(visit: SignedVisit, at: datetime) -> None:
    """What was seen or heard during the grid: for the team and the AP, as in the report (column PDF: E)."""
    fact = str(visit.opened.get("grid.facts", ""))
    if not fact.strip():
        return
    note_observation(
        family=visit.pathway.family,
        domain=_domain(visit),
        fact=fact,
        recipients=[ObservationReader.TEAM, ObservationReader.AP],
        source=ScreeningSource.VISIT,
        source_id=visit.visit_id,
        author=visit.author,
        at=visit.at,
        recorded_at=at,
    )


def _domain(visit: SignedVisit) -> str:
    """The one domain gone through; family and bond when there were several, for the form asks once for all."""
    explored = visit.opened.get("grid.explored", ())
    found = GridFactor.objects.filter(form_domain=explored[0]).order_by("pk").first() if len(explored) == 1 else None
    return found.domain if found else GridDomain.V9


# ---- The EPDS ---------------------------------------------------------------------------------------------
def _land_epds(visit: SignedVisit, at: datetime) -> None:
    status = visit.opened.get("epds.status")
    if status not in EpdsStatus.values:
        return
    is_done = status == EpdsStatus.DONE
    reason = visit.opened.get("dev.epds", "")
    values = {key: visit.sealed.get(f"epds.{key}") for key in EPDS_ITEMS} if is_done else {}
    # Lowered in the draft after it raised the alert: the first value stands until the team accepts the correction.
    lowered = values.get(ITEM_10) if is_done and ITEM_10_LINK in visit.first else None
    first = visit.first.get(ITEM_10_LINK)
    if lowered is not None and first is not None and lowered < first:
        values[ITEM_10] = first
    else:
        lowered = None
    screening = record_epds(
        pathway=visit.pathway,
        sheet=EpdsSheet(
            status=status,
            values=values,
            reason="" if is_done else reason or _default_reason(status),
            presence=visit.opened.get("epds.alone", Presence.UNKNOWN) if is_done else "",
            language=visit.opened.get("epds.language", "") if is_done else "",
            source=ScreeningSource.VISIT,
            source_id=visit.visit_id,
        ),
        author=visit.author,
        at=visit.at,
        recorded_at=at,
        zone=visit.zone,
    )
    if screening and lowered is not None:
        ask_correction(screening=screening, item=ITEM_10, value=lowered, reason=LOWERED, by=visit.author, at=at)


def _default_reason(status: str) -> str:
    """A form without the question of the deviation: her refusal speaks for itself, the rest was forgotten."""
    return EpdsReason.REFUSED if status == EpdsStatus.REFUSED else EpdsReason.FORGOTTEN


# ---- A third visit ----------------------------------------------------------------------------------------
def _land_third_visit(visit: SignedVisit, at: datetime) -> None:
    asked = visit.opened.get("v3.ask") or visit.opened.get("v3.early_ask")
    if asked not in {"PARENTS", "VULNERABILITY"}:
        return
    bases = visit.opened.get("v3.basis", ())
    known = [_BASIS[basis] for basis in bases if basis in _BASIS]
    cause = SuggestionCause.PARENTS_REQUEST if asked == "PARENTS" else (known or [SuggestionCause.TEAM])[0]
    suggest_third_visit(
        pathway=visit.pathway,
        cause=cause,
        source_id=visit.visit_id,
        by=visit.author,
        at=at,
        note=str(visit.opened.get("v3.facts", "")),
    )

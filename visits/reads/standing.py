"""What is told once a pathway has stopped: in mourning, or because the mother wished it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from copa.kernel import french
from copa.kernel.french import NBSP
from pathways.enums import PathwayState
from pathways.models import Child
from pathways.reads.deaths import DeathFacts, deaths_of
from pathways.reads.team_lines import numbers_now
from visits.enums import VisitState
from visits.models import Report, Visit
from visits.questionnaire import Block, printable
from visits.reads.context import facts_of, standing_words
from visits.reads.drafts import Draft
from visits.reads.households import household_of
from visits.reads.thread import short_kind

NOTE = "note.free"
IN_MOURNING = "Cette famille est en deuil. Rien n’est à remplir, aucun compte rendu n’est attendu."


def stop_words(
    *, is_quiet: bool, state: str, closed_at: datetime | None, is_owed: bool, is_cancelled: bool = False
) -> str:
    """What the auxiliary of a visit must know, "" while the pathway runs."""
    if is_quiet:
        return IN_MOURNING
    if state != PathwayState.WITHDRAWN:
        return ""
    when = f" {french.moment(timezone.localtime(closed_at))}" if closed_at else ""
    said = f"La mère a arrêté CoPa{when}."
    if is_cancelled:
        return f"{said} Cette visite est annulée, n’y allez pas."
    if is_owed:
        return f"{said} La visite a eu lieu avant{NBSP}: son compte rendu reste à remettre."
    return f"{said} Ce que vous avez écrit est gardé et peut être complété ; aucun compte rendu n’est attendu."


def stop_words_of(draft: Draft) -> str:
    """The same for a report being written."""
    visit = draft.facts.visit
    return stop_words(
        is_quiet=draft.facts.is_in_mourning,
        state=visit.pathway.state,
        closed_at=visit.pathway.closed_at,
        is_owed=visit.report_due_at is not None,
    )


@dataclass(frozen=True)
class MourningPage:
    """Instead of the form, after a death: no first name, no age, no question, no clock.

    `may_write` False before the arrival; `is_inside` while she has not left; `note` is what she wrote, "" if nothing.
    """

    visit_id: UUID
    short_kind: str
    name: str
    team: str
    phone: str
    may_write: bool
    is_inside: bool
    note: str


def mourning_page(draft: Draft, at: datetime) -> MourningPage:
    """The page of a visit whose family is in mourning."""
    visit = draft.facts.visit
    carrier = visit.pathway.carrier
    number = numbers_now([carrier], at, visit.territory)[carrier.pk]
    return MourningPage(
        visit_id=visit.public_id,
        short_kind=short_kind(visit.kind),
        name=household_of(visit.pathway.birth_id, visit.family_id).name,
        team=number.name,
        phone=number.phone,
        may_write=visit.state in {VisitState.STARTED, VisitState.ENDED},
        is_inside=visit.state == VisitState.STARTED,
        note=str(draft.document.get(NOTE, "")),
    )


def standing_of(visit_id: int) -> str:
    """State of the pathway of a visit and who around it is silent, in a word that a page compares with its own."""
    found = Visit.objects.select_related("pathway__birth").get(pk=visit_id)
    children = tuple(Child.objects.filter(birth=found.pathway.birth_id).order_by("rank"))
    return standing_words(found.pathway, children)


@dataclass(frozen=True)
class KeptPage:
    """What was written for a visit when its pathway stopped, as the referring team's copy would print it."""

    family_id: UUID
    name: str
    short_kind: str
    author: str
    saved_at: datetime
    deaths: tuple[DeathFacts, ...]
    blocks: tuple[Block, ...]


def kept_page(report: Report, at: datetime) -> KeptPage:
    """A draft that nobody has to finish; sealed answers are left out, as in every copy."""
    facts = facts_of(report.visit_id, report.form_id, at)
    visit = facts.visit
    blocks = printable(facts.questionnaire, report.answers, facts.context, "E")
    return KeptPage(
        family_id=visit.family.public_id,
        name=household_of(visit.pathway.birth_id, visit.family_id).name,
        short_kind=short_kind(visit.kind),
        author=report.author.user.get_full_name(),
        saved_at=report.saved_at,
        deaths=tuple(death for death in deaths_of(visit.pathway.birth) if death.is_standing),
        blocks=tuple(block for block in blocks if block.code not in {"head", "foot"}),
    )

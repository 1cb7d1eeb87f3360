"""What this member may do on a family now: the permissions' own rows, asked in one query per kind of object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from copa.kernel.access import Perm
from pathways import perms as pathway_perms
from pathways.enums import PathwayState
from pathways.models import Birth, Pathway
from pathways.reads.facts import BirthFacts, PathwayFacts
from territories.models import Member
from visits import perms
from visits.enums import STANDARD_KINDS, VisitState
from visits.models import Visit
from visits.reads.family_material import Material, is_quiet
from visits.reads.thread import RUNNING, short_kind


@dataclass(frozen=True, slots=True)
class Action:
    """A button or a link: its words, its icon, the page and the object it leads to."""

    words: str
    icon: str
    page: str
    public_id: UUID


@dataclass(frozen=True, slots=True)
class Actions:
    """The one main action, None when nothing is to be done, and the others."""

    main: Action | None
    others: tuple[Action, ...]


_ON_PATHWAY = {
    "plan": perms.PLAN_VISIT,
    "close": perms.CLOSE_PATHWAY,
    "assign": pathway_perms.ASSIGN_AP,
    "withdraw": pathway_perms.WITHDRAW,
    "stop": pathway_perms.STOP_PATHWAY,
}
_ON_BIRTH = {
    "propose": pathway_perms.PROPOSE,
    "include": pathway_perms.INCLUDE,
    "discharge": pathway_perms.RECORD_DISCHARGE,
}


def actions(material: Material, member: Member) -> Actions:
    """Three queries at most, whatever the roles."""
    birth, pathway = material.facts.birth, material.facts.pathway
    if birth is None:
        return Actions(None, ())
    on_birth = _held(Birth, _ON_BIRTH, birth.pk, member)
    on_pathway = _held(Pathway, _ON_PATHWAY, pathway.pk, member) if pathway else {}
    main = None if is_quiet(material.facts) else _main(material, on_birth, on_pathway)
    others = [*_of_visits(material, member), *_of_birth(birth, on_birth)]
    if pathway is not None:
        others += _of_pathway(pathway, on_pathway)
    return Actions(main, tuple(action for action in others if main is None or action.page != main.page))


def _held(model: Any, asked: Mapping[str, Perm], key: int, member: Member) -> dict[str, bool]:
    """Which of these permissions the member holds on this one row."""
    marks = {name: Exists(perm.rows(member).filter(pk=OuterRef("pk"))) for name, perm in asked.items()}
    found: dict[str, bool] = model.objects.filter(pk=key).annotate(**marks).values(*marks).get()
    return found


def _main(material: Material, on_birth: Mapping[str, bool], on_pathway: Mapping[str, bool]) -> Action | None:
    birth, pathway = material.facts.birth, material.facts.pathway
    assert birth is not None
    if pathway is None:
        return _before_inclusion(birth, on_birth)
    if pathway.state != PathwayState.ACTIVE:
        return None
    visits = [visit for visit in material.visits if visit.pathway_id == pathway.pk]
    kinds = {visit.kind for visit in visits if visit.state in RUNNING}
    if not kinds.issuperset(STANDARD_KINDS) and on_pathway["plan"]:
        return Action("Fixer les visites", "calendar", "visits:plan", pathway.public_id)
    if _is_over(visits) and on_pathway["close"]:
        return Action("Clore le parcours", "done", "visits:close_pathway", pathway.public_id)
    return None


def _is_over(visits: list[Visit]) -> bool:
    running = [visit for visit in visits if visit.state in RUNNING]
    done = {visit.kind for visit in running if visit.report_delivered_at is not None}
    return done.issuperset(STANDARD_KINDS) and all(visit.report_delivered_at for visit in running)


def _before_inclusion(birth: BirthFacts, held: Mapping[str, bool]) -> Action | None:
    answer = birth.proposal.answer if birth.proposal else ""
    if answer in {"", "PENDING"} and held["propose"]:
        words = "Noter la réponse" if answer else "Proposer CoPa"
        return Action(words, "hand", "pathways:proposal", birth.public_id)
    if answer == "YES" and held["include"]:
        return Action("Inclure la famille", "check", "pathways:inclusion", birth.public_id)
    return None


def _of_visits(material: Material, member: Member) -> list[Action]:
    planned = [visit for visit in material.visits if visit.state == VisitState.PLANNED]
    if not planned:
        return []
    allowed = perms.CHANGE_VISIT.rows(member).filter(pk__in=[visit.pk for visit in planned])
    keys = set(allowed.order_by("pk").values_list("pk", flat=True))
    return [
        Action(f"Déplacer ou annuler la {short_kind(visit.kind)}", "calendar", "visits:change", visit.public_id)
        for visit in planned
        if visit.pk in keys
    ]


def _of_birth(birth: BirthFacts, held: Mapping[str, bool]) -> list[Action]:
    if birth.discharge is None and held["discharge"]:
        return [Action("Noter la sortie de maternité", "door", "pathways:discharge", birth.public_id)]
    return []


def _of_pathway(pathway: PathwayFacts, held: Mapping[str, bool]) -> list[Action]:
    words = "Changer d’auxiliaire" if pathway.ap else "Désigner l’auxiliaire"
    offered = {
        "plan": Action("Fixer une visite", "plus", "visits:plan", pathway.public_id),
        "assign": Action(words, "user", "pathways:assign", pathway.public_id),
        "stop": Action("Suspendre ou arrêter le parcours", "flag", "pathways:stop", pathway.public_id),
        "withdraw": Action("La famille arrête", "x", "pathways:withdraw", pathway.public_id),
        "close": Action("Clore le parcours", "done", "visits:close_pathway", pathway.public_id),
    }
    return [action for name, action in offered.items() if held[name]]

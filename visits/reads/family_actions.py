"""What this member may do on a family now: the permissions' own rows, asked together."""

from collections.abc import Container
from dataclasses import dataclass
from uuid import UUID

from copa.kernel.access import Perm, held
from pathways import perms as pathway_perms
from pathways.enums import DischargeKind, PathwayState, ProposalAnswer
from pathways.models import Family
from pathways.reads.deaths import waits_for_team
from pathways.reads.facts import BirthFacts, PathwayFacts
from territories.models import Member
from visits import perms, rules
from visits.enums import COUNTED_KINDS, VISIT_RUNNING, VisitKind, VisitState
from visits.reads.family_material import Material, is_quiet, to_make
from visits.reads.thread import named_kind
from visits.reads.under_way import only_closing_left


@dataclass(frozen=True, slots=True)
class Action:
    """A button or a link: its words, its icon, the page and the object it leads to."""

    words: str
    icon: str
    page: str
    public_id: UUID


@dataclass(frozen=True, slots=True)
class Actions:
    """The one main action, None when nothing is to be done, and the others; what may be done on the family itself.

    `may_print_card`: the card « qui appeler » of its pathway. `to_confirm`: the birth around which a death waits for
    her to confirm it or to take it back, None otherwise.
    """

    main: Action | None
    others: tuple[Action, ...]
    may_edit: bool
    may_open: bool
    may_see_reads: bool
    may_print_card: bool
    to_confirm: UUID | None


_ON_FAMILY = (pathway_perms.EDIT_FAMILY, pathway_perms.OPEN_FAMILY_TO, pathway_perms.SEE_READS)
_ON_PATHWAY = (
    perms.PLAN_VISIT,
    perms.CLOSE_PATHWAY,
    pathway_perms.ASSIGN_AP,
    pathway_perms.WITHDRAW,
    pathway_perms.STOP_PATHWAY,
    pathway_perms.NOTE_STAY,
    pathway_perms.NOTE_CONTACT,
    perms.PRINT_CALL_CARD,
)
_ON_BIRTH = (pathway_perms.PROPOSE, pathway_perms.INCLUDE, pathway_perms.RECORD_DISCHARGE)
# Codes of the permissions a member holds on the rows of one family.
Held = Container[str]


def actions(material: Material, member: Member) -> Actions:
    """Two queries at most, whatever the roles; one more after a death."""
    birth, pathway = material.facts.birth, material.facts.pathway
    held_here = _held(material, member)
    main = None if is_quiet(material.facts) or birth is None else _main(material, held_here)
    others = _of_visits(material, member)
    if birth is not None:
        others += _of_birth(birth, held_here)
        if _may_come_back(birth, pathway) and pathway_perms.INCLUDE.code in held_here:
            others.append(Action("Elle revient : nouvelle adhésion", "check", "pathways:inclusion", birth.public_id))
    if pathway_perms.RECORD_EPDS.code in held_here:
        others.append(Action("Noter un EPDS", "edit", "pathways:epds_new", material.facts.public_id))
    if pathway is not None:
        others += _of_pathway(pathway, held_here, is_full=_is_full(material, pathway))
        if pathway_perms.TAKE_IN_HAND.code in held_here:
            others.append(Action("J’interviens moi-même", "hand", "pathways:family_in_hand", material.facts.public_id))
        others += _papers(material, member, pathway)
    return Actions(
        main=main,
        others=tuple(action for action in others if main is None or action.page != main.page),
        may_edit=pathway_perms.EDIT_FAMILY.code in held_here,
        may_open=pathway_perms.OPEN_FAMILY_TO.code in held_here,
        may_see_reads=pathway_perms.SEE_READS.code in held_here,
        may_print_card=perms.PRINT_CALL_CARD.code in held_here,
        to_confirm=_to_confirm(birth, held_here),
    )


def _to_confirm(birth: BirthFacts | None, held_here: Held) -> UUID | None:
    """Nothing is asked where nobody died."""
    if birth is None or not (birth.is_silent or any(child.is_closed for child in birth.children)):
        return None
    if pathway_perms.RECORD_SILENCE.code not in held_here or not waits_for_team(birth.pk):
        return None
    return birth.public_id


def _held(material: Material, member: Member) -> Held:
    """Asked for what may still be offered: a birth that is included and gone home, or a pathway that is over, has
    nothing left to do."""
    facts = material.facts
    asked = [(perm, facts.pk) for perm in _ON_FAMILY]
    if facts.birth:
        asked.append((pathway_perms.RECORD_SILENCE, facts.birth.pk))
        asked += [(perm, facts.birth.pk) for perm in (pathway_perms.TRANSMIT_TO_PMI, pathway_perms.WRITE_CONCERN)]
    if facts.birth and (facts.pathway is None or facts.birth.discharge is None):
        asked += [(perm, facts.birth.pk) for perm in _ON_BIRTH]
    asked += [(perm, facts.pathway.pk) for perm in _ON_PATHWAY if facts.pathway and facts.pathway.is_running]
    if facts.pathway and facts.pathway.is_running:
        asked.append((pathway_perms.TAKE_IN_HAND, facts.pk))
    if _fills_from_here(member) and not is_quiet(facts):
        asked.append((pathway_perms.RECORD_EPDS, facts.pk))
    known = (pathway_perms.SEE_FAMILY, facts.pk)
    if facts.birth and _may_come_back(facts.birth, facts.pathway):
        asked.append((pathway_perms.INCLUDE, facts.birth.pk))
    if facts.pathway and facts.pathway.state == PathwayState.WITHDRAWN:
        asked += [(perm, facts.pathway.pk) for perm in (pathway_perms.UNDO_WITHDRAWAL, pathway_perms.CLOSE_SPACE)]
    return held(asked, member, known=known, beside=Family.objects.filter(pk=facts.pk))


def _fills_from_here(member: Member) -> bool:
    """Whether she may note a questionnaire and has no page « Repérage » that leads to it: the liberal midwife."""
    return pathway_perms.RECORD_EPDS.is_held_by(member) and not pathway_perms.SEE_SCREENING.is_held_by(member)


def _may_come_back(birth: BirthFacts, pathway: PathwayFacts | None) -> bool:
    """Whether she stopped and may ask to begin anew: hers to say, with an adhesion of her own (inclusion.md 8)."""
    return pathway is not None and pathway.state == PathwayState.WITHDRAWN and not birth.is_silent


def _main(material: Material, held_here: Held) -> Action | None:
    birth, pathway = material.facts.birth, material.facts.pathway
    assert birth is not None
    if pathway is None:
        return _before_inclusion(birth, held_here)
    if pathway.state != PathwayState.ACTIVE:
        return None
    visits = [visit for visit in material.visits if visit.pathway_id == pathway.pk]
    kinds = {visit.kind for visit in visits if visit.state in VISIT_RUNNING}
    promised = to_make(pathway)
    if material.early_days and perms.PLAN_VISIT.code in held_here:
        return Action("Fixer la visite ultra-précoce", "calendar", "visits:plan", pathway.public_id)
    running = [visit for visit in visits if visit.state in VISIT_RUNNING]
    is_over = only_closing_left(running, promised, pathway.window.last, material.today)
    if is_over and perms.CLOSE_PATHWAY.code in held_here:
        return Action("Clore le parcours", "done", "visits:close_pathway", pathway.public_id)
    if not is_over and not kinds.issuperset(promised) and perms.PLAN_VISIT.code in held_here:
        is_third = kinds.issuperset(rules.promised_kinds(pathway.planned_visits, pathway.kinds_elsewhere))
        words = "Fixer la troisième visite" if is_third else "Fixer les visites"
        return Action(words, "calendar", "visits:plan", pathway.public_id)
    return None


def _before_inclusion(birth: BirthFacts, held_here: Held) -> Action | None:
    answer = birth.proposal.answer if birth.proposal else ""
    if answer in {"", ProposalAnswer.PENDING} and pathway_perms.PROPOSE.code in held_here:
        words = "Noter la réponse" if answer else "Proposer CoPa"
        return Action(words, "hand", "pathways:proposal", birth.public_id)
    if answer == ProposalAnswer.YES and pathway_perms.INCLUDE.code in held_here:
        return Action("Inclure la famille", "check", "pathways:inclusion", birth.public_id)
    return None


def _papers(material: Material, member: Member, pathway: PathwayFacts) -> list[Action]:
    """The sheet of her inclusion: an emergency opens the file alone, not its papers."""
    if material.is_emergency or not perms.SEE_SHEET.is_held_by(member):
        return []
    return [Action("Fiche d’entrée", "file", "visits:inclusion_sheet", pathway.public_id)]


def _of_visits(material: Material, member: Member) -> list[Action]:
    planned = [visit for visit in material.visits if visit.state == VisitState.PLANNED]
    if not planned:
        return []
    allowed = perms.CHANGE_VISIT.rows(member).filter(pk__in=[visit.pk for visit in planned])
    keys = set(allowed.order_by("pk").values_list("pk", flat=True))
    return [
        Action(f"Déplacer ou annuler la {named_kind(visit.kind)}", "calendar", "visits:change", visit.public_id)
        for visit in planned
        if visit.pk in keys
    ]


def _of_birth(birth: BirthFacts, held_here: Held) -> list[Action]:
    offered = []
    if birth.discharge is None and not birth.is_silent and pathway_perms.RECORD_DISCHARGE.code in held_here:
        offered.append(Action("Noter la sortie de maternité", "door", "pathways:discharge", birth.public_id))
    if pathway_perms.RECORD_SILENCE.code in held_here:
        offered.append(Action("Deuil", "heart", "pathways:silence", birth.public_id))
    if (
        pathway_perms.TRANSMIT_TO_PMI.code in held_here
        and birth.proposal
        and birth.proposal.answer == ProposalAnswer.NO
    ):
        offered.append(
            Action("Transmettre à la PMI malgré le refus", "send", "pathways:pmi_transmission", birth.public_id)
        )
    if pathway_perms.WRITE_CONCERN.code in held_here:
        offered.append(Action("Information préoccupante", "lock", "pathways:concern", birth.public_id))
    return offered


def _is_full(material: Material, pathway: PathwayFacts) -> bool:
    """Whether every visit has its place: V1, V2 and V3, and the one after an ultra-early discharge."""
    birth = material.facts.birth
    is_early = birth is not None and birth.discharge is not None and birth.discharge.kind == DischargeKind.ULTRA_EARLY
    wanted = {*COUNTED_KINDS, VisitKind.ULTRA_EARLY} if is_early else set(COUNTED_KINDS)
    running = (visit for visit in material.visits if visit.pathway_id == pathway.pk and visit.state in VISIT_RUNNING)
    return wanted.issubset({visit.kind for visit in running})


def _of_pathway(pathway: PathwayFacts, held_here: Held, *, is_full: bool) -> list[Action]:
    words = "Changer d’auxiliaire" if pathway.ap else "Désigner l’auxiliaire"
    offered: tuple[tuple[Perm, str, str, str], ...] = (
        (perms.PLAN_VISIT, "Fixer une visite", "plus", "visits:plan"),
        (pathway_perms.ASSIGN_AP, words, "user", "pathways:assign"),
        (pathway_perms.NOTE_STAY, "Hospitalisation", "building", "pathways:hospital"),
        (pathway_perms.NOTE_CONTACT, "Elle ne répond pas", "phone", "pathways:contact"),
        (pathway_perms.STOP_PATHWAY, "Arrêter ou suspendre", "flag", "pathways:stop"),
        (pathway_perms.WITHDRAW, "La famille arrête", "x", "pathways:withdraw"),
        (perms.CLOSE_PATHWAY, "Clore le parcours", "done", "visits:close_pathway"),
        (pathway_perms.UNDO_WITHDRAWAL, "Annuler l’arrêt noté par erreur", "refresh", "pathways:undo_withdrawal"),
        (pathway_perms.CLOSE_SPACE, "Elle arrête aussi son espace", "x", "pathways:close_space"),
    )
    return [
        Action(said, icon, page, pathway.public_id)
        for perm, said, icon, page in offered
        if perm.code in held_here and not (is_full and perm is perms.PLAN_VISIT)
    ]

"""The inclusion sheet (« fiche d’entrée »), one copy per recipient: the column PDF of inclusion.md, line by line.

The page and the paper draw the same blocks. Nothing of the protected compartment, of a vulnerability, of the six
sentences nor of how a minor was accompanied: the form prints them for nobody.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from copa.kernel import clock
from copa.kernel.digest import digest_of
from copa.kernel.french import capitalised, full_day, full_moment, inner, number, series
from copa.kernel.french import phone as phone_words
from pathways.enums import (
    BirthPlace,
    CircleRole,
    CoveredPoint,
    Document,
    FeedingWish,
    Found,
    GoalKind,
    ProposalSupport,
    Recipient,
    YesNoUnknown,
)
from pathways.models import (
    Birth,
    CareCircleMember,
    Consent,
    InclusionAnswers,
    InformationNotice,
    MidwifeVisit,
    Pathway,
    Proposal,
)
from pathways.reads.facts import BirthFacts, ChildFacts, FamilyFacts, family_facts
from pathways.reads.facts.homes import tongue_and_needs
from pathways.reads.facts.words import words
from pathways.reads.given_texts import collector_of
from pathways.reads.inclusion_answers import programme_words
from pathways.reads.routing import may_send
from pathways.rules import RUNNING
from territories.models import Member
from visits.enums import VISIT_RUNNING, VisitKind, VisitState
from visits.models import Visit
from visits.perms import reader_letter
from visits.questionnaire import Block, Line

TEAM, MIDWIFE, PMI, FAMILY = "E", "L", "M", "F"
# In the order of the tabs of the page.
COPIES: dict[str, str] = {TEAM: "Équipe", MIDWIFE: "Sage-femme libérale", PMI: "PMI", FAMILY: "Famille"}
_RECIPIENTS = {MIDWIFE: Recipient.LIBERAL_MIDWIFE, PMI: Recipient.PMI}
_STOPPED = "L’accompagnement est arrêté\u00a0: ce papier ne se donne plus à la famille."
# What stands beside a line: the columns of the form that print it.
Marked = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionSheet:
    """One copy. `is_open` False: nothing but the `reason`, a French sentence. `letters`: the copies she may ask for."""

    public_id: UUID
    family_id: UUID
    letter: str
    letters: tuple[tuple[str, str], ...]
    reference: str
    family: str
    children: str
    recipient: str
    is_open: bool
    reason: str
    is_discreet: bool
    blocks: tuple[Block, ...]
    digest: str
    written_at: datetime


def letters_of(member: Member, family_id: int) -> tuple[str, ...]:
    """The copies this member may ask for: the team makes all of them, the others read their own."""
    own = reader_letter(member, family_id)
    return tuple(COPIES) if own == TEAM else (own,)


def inclusion_sheet(pathway: Pathway, member: Member, asked: str, at: datetime) -> InclusionSheet:
    """The copy `asked` for, or this member's own; a fixed number of queries.

    Printing a copy is handing it over: her answer for that recipient is asked each time (R076, A16).
    """
    letters = letters_of(member, pathway.family_id)
    letter = asked if asked in letters else letters[0]
    family = family_facts(pathway.family_id, at)
    birth = next(one for one in family.births if one.pk == pathway.birth_id)
    reason = _refusal(pathway, member, letter)
    blocks = () if reason else tuple(_blocks(pathway, family, birth, letter, at))
    return InclusionSheet(
        public_id=pathway.public_id,
        family_id=family.public_id,
        letter=letter,
        letters=tuple((one, COPIES[one]) for one in letters),
        reference=family.reference,
        family=family.name,
        children="" if reason else birth.children_names,
        recipient=_recipient(letter, family, birth),
        is_open=not reason,
        reason=reason,
        is_discreet=letter == FAMILY and family.contact.is_discreet,
        blocks=blocks,
        digest=digest_of({"pathway": str(pathway.public_id), "for": letter, "blocks": [asdict(one) for one in blocks]}),
        written_at=at,
    )


def _refusal(pathway: Pathway, member: Member, letter: str) -> str:
    """Why this copy is not made, "" when it is."""
    if letter == TEAM:
        return ""
    if letter == FAMILY:
        is_followed = pathway.state in RUNNING and not pathway.birth.is_silent
        return "" if is_followed else _STOPPED
    own = member.structure_id if letter == PMI and reader_letter(member, pathway.family_id) == PMI else None
    answer = may_send(
        family_id=pathway.family_id,
        recipient=_RECIPIENTS[letter],
        document=Document.INCLUSION_SHEET,
        pathway_id=pathway.pk,
        structure_id=own,
    )
    return "" if answer.allowed else answer.reason


def _recipient(letter: str, family: FamilyFacts, birth: BirthFacts) -> str:
    """Whose copy it is, in the first lines of the document."""
    team = birth.pathway.carrier if birth.pathway else ""
    return {
        MIDWIFE: "la sage-femme libérale",
        PMI: family.pmi or "la PMI de secteur",
        FAMILY: family.mother.full_name,
    }.get(letter, f"l’équipe de référence, {team}")


def _blocks(pathway: Pathway, family: FamilyFacts, birth: BirthFacts, letter: str, at: datetime) -> Iterator[Block]:
    """In the order of the form; a block with nothing to say is left out."""
    zone = pathway.territory.time_zone
    answers = InclusionAnswers.objects.filter(pathway=pathway).first()
    row: Birth = Birth.objects.get(pk=birth.pk)
    parts: tuple[tuple[str, str, Marked], ...] = (
        ("proposal", "Présentation de CoPa", _proposal(birth)),
        ("adhesion", "Adhésion", _adhesion(pathway, family)),
        ("agreements", "Qui peut recevoir les comptes rendus", _agreements(family)),
        ("contact", "La joindre sans la gêner", _contact(family)),
        ("mother", "La mère", _mother(family, birth)),
        ("children", "L’enfant" if len(birth.children) < 2 else "Les enfants", _children(birth)),
        ("birth", "Naissance et retour", _birth(row, birth, answers)),
        ("people", "Autour d’elle", _people(pathway, family, answers, clock.local_date(at, zone))),
        ("goal", "Allaitement", _goal(answers)),
        ("visits", "Les visites", _visits(pathway)),
    )
    for place, (code, title, lines) in enumerate(parts, start=1):
        kept = tuple(Line(label=label, text=text) for letters, label, text in lines if letter in letters and text)
        if kept:
            yield Block(number=place, code=code, title=title, lines=kept)


# None while nobody has asked.
_YES_NO = {None: "", True: "oui", False: "non"}


# ---- 1 and 3: proposal, adhesion, agreements ------------------------------------------------------------------
def _proposal(birth: BirthFacts) -> Marked:
    said = birth.proposal
    if said is None:
        return
    row: Proposal = Proposal.objects.get(birth=birth.pk)
    yield "E", "Présenté le", f"{full_day(said.proposed_on)}, {inner(said.context_label)}, par {said.by}"
    yield "E", "Ce qui a été expliqué", capitalised(series([inner(words(CoveredPoint, code)) for code in row.covered]))
    yield "E", "Document remis", words(ProposalSupport, row.support) if row.support else ""
    yield "E", "Sa réponse", said.answer_label


def _adhesion(pathway: Pathway, family: FamilyFacts) -> Marked:
    row: Consent = Consent.objects.select_related("collected_by__user").get(pk=pathway.consent_id)
    given = InformationNotice.objects.filter(
        family=pathway.family_id, coparent=None, version=row.notice_version, given_at__lte=row.at
    )
    notice = given.order_by("-given_at", "-pk").first()
    form = f", {inner(str(notice.get_form_display()))}" if notice else ""
    yield "EF", "Information sur ses données", f"{row.notice_version}{form}"
    yield "EF", "Souhaite être accompagnée par CoPa", f"oui, {full_moment(row.at)}"
    yield "EF", "Texte d’adhésion", row.text_version
    yield "E", "Recueillie par", collector_of(row)
    yield "E", "Où, comment", f"{row.get_place_display()}, {inner(str(row.get_mode_display()))}"
    yield "E", "Arrêtée", full_moment(row.withdrawn_at) if row.withdrawn_at else ""
    yield "EF", "Évaluation de CoPa, sans son nom", "s’oppose" if row.is_evaluation_opposed else "pas d’opposition"
    yield "E", "Co-parent", series([one.full_name for one in family.coparents])


def _agreements(family: FamilyFacts) -> Marked:
    for one in family.recipients:
        yield ("EF" if one.answer else ""), one.label, one.answer_label
    yield ("E" if family.mood.answer else ""), family.mood.label, family.mood.answer_label


def _contact(family: FamilyFacts) -> Marked:
    yield "E", "Comment la prévenir", family.contact.ways_words
    yield "E", "Pour appeler", family.contact.line
    yield "E", "Messages discrets", _YES_NO[family.contact.is_discreet]
    yield "E", "Adresse e-mail", family.mother.email


# ---- 4: inclusion ---------------------------------------------------------------------------------------------
def _mother(family: FamilyFacts, birth: BirthFacts) -> Marked:
    mother = family.mother
    yield "ELM", "Nom de naissance", mother.birth_name
    yield "ELMF", "Nom utilisé", mother.name if mother.name != mother.birth_name else ""
    yield "ELMF", "Prénoms", mother.first_names
    yield "ELM", "Née", mother.born
    yield "ELM", "Téléphone", phone_words(mother.phone) if mother.phone else ""
    yield "ELM", "Adresse des trois premières semaines", family.place
    yield "E", "Pour vous trouver", family.access_hint
    tongue, needs = tongue_and_needs(mother.language, mother.access_needs)
    yield "ELM", "Langue", tongue or ("Français" if mother.language else "")
    yield "ELM", "Ce qui l’aide", series([inner(one) for one in needs])
    yield "ELM", "Un premier enfant", birth.parity_label


def _children(birth: BirthFacts) -> Marked:
    for child in birth.children:
        if not child.is_closed:
            yield from _child(child)


def _child(child: ChildFacts) -> Marked:
    """A child who lives elsewhere stands on no paper of the family (inclusion.md 8)."""
    yield ("ELM" if child.situation else "ELMF"), "Prénom", child.name
    yield "ELM", "Sexe", child.sex_label
    yield "ELM", "Poids de naissance", f"{number(child.birth_weight_g)}\u00a0g" if child.birth_weight_g else ""
    yield "ELM", "Encore à l’hôpital", "oui" if child.is_hospitalised else ""
    yield "E", "Situation", child.situation_label


def _birth(row: Birth, birth: BirthFacts, answers: InclusionAnswers | None) -> Marked:
    yield "ELM", "Naissance", full_moment(birth.at)
    yield "ELM", "Suivie par", birth.maternity
    yield "EM", "Lieu", words(BirthPlace, row.place) if row.place else ""
    yield "E", "Mode de naissance", birth.mode_label
    yield "ELM", "Terme", f"{birth.term_weeks}\u00a0semaines d’aménorrhée" if birth.term_weeks else ""
    if birth.discharge:
        yield "ELM", "Sortie de maternité", f"{full_moment(birth.discharge.at)}, {inner(birth.discharge.kind_label)}"
        yield "EL", "Accord médical de sortie", "oui" if birth.discharge.has_medical_agreement else ""
    yield "EL", "Prado", _YES_NO[row.is_prado]
    yield "ELM", "Autre programme à domicile", programme_words(answers) if answers else ""


def _people(pathway: Pathway, family: FamilyFacts, answers: InclusionAnswers | None, today: date) -> Marked:
    marks = {
        CircleRole.PMI_MIDWIFE: ("EMF", "Sage-femme de PMI"),
        CircleRole.LIBERAL_MIDWIFE: ("EMF", "Sage-femme libérale"),
        CircleRole.GENERAL_PRACTITIONER: ("E", "Médecin traitant"),
        CircleRole.PAEDIATRICIAN: ("ELM", "Médecin de l’enfant"),
    }
    rows = CareCircleMember.objects.running(today).filter(family=pathway.family_id, role__in=marks)
    for person in rows.select_related("member__user", "entry").order_by("role", "since", "pk"):
        letters, label = marks[CircleRole(person.role)]
        yield letters, label, ", ".join(one for one in (person.full_name, phone_words(person.number)) if one != "–")
    if answers and answers.child_doctor_found == Found.NONE:
        yield "ELM", "Médecin de l’enfant, à l’inclusion", inner(str(Found.NONE.label))
    expected = MidwifeVisit.objects.filter(birth=pathway.birth_id).order_by("on", "half", "pk")
    days = [f"{full_day(one.on)}, {inner(str(one.get_half_display()))}" for one in expected]
    yield "ELF", "Visites prévues de la sage-femme", " · ".join(days)
    yield "ELMF", "PMI de secteur", family.pmi or "non attribué"
    yield "EM", "PMI présentée", "oui" if pathway.is_pmi_presented else "non, à la première visite"
    presented = answers.professionals_presented_at if answers else None
    yield "E", "Professionnels présentés", full_moment(presented) if presented else ""


def _goal(answers: InclusionAnswers | None) -> Marked:
    if answers is None:
        return
    yield "ELMF", "Souhaite allaiter", words(FeedingWish, answers.wish)
    yield "ELMF", "Son objectif", words(GoalKind, answers.goal_kind) if answers.goal_kind else ""
    yield "ELMF", "Jusqu’à", f"{answers.goal_weeks}\u00a0semaines" if answers.goal_weeks else ""
    yield "ELMF", "Avec seulement du lait maternel", _YES_NO[answers.goal_is_exclusive]
    yield "EL", "Déjà reçu du lait maternel", words(YesNoUnknown, answers.fed_once) if answers.fed_once else ""


def _visits(pathway: Pathway) -> Marked:
    rows = Visit.objects.filter(pathway=pathway, state__in=VISIT_RUNNING).exclude(kind=VisitKind.V3)
    for visit in rows.order_by("planned_at", "pk"):
        is_made = visit.state == VisitState.ENDED and visit.started_at
        told = f"faite {full_moment(visit.started_at)}" if is_made else full_moment(visit.planned_at)
        yield "ELF", str(VisitKind(visit.kind).label), told

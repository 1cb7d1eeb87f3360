"""The care circle on the file of a family: who stands there by name, and what really reaches her."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copa.kernel.french import NBSP, full_day, inner
from pathways.enums import NO_COPY_WORDS, Agreement, Recipient, RelayLack
from pathways.models import RECIPIENT_OF_ROLE
from pathways.reads.circle import receives_reports
from pathways.reads.facts import FamilyFacts
from pathways.reads.facts.agreements import RecipientFacts
from pathways.reads.standing import Standing, standing_for
from pathways.reads.team_lines import team_words
from territories.models import Member
from visits.reads.family_material import Material
from visits.reads.whom_to_call import Call


@dataclass(frozen=True, slots=True)
class CirclePerson:
    """Somebody around the family. `agreement` is "" for the team itself, else "yes", "no", "later", "unknown",
    "stopped" (a yes of before the family stopped), or "unreached" (a yes that sends nothing to anybody)."""

    name: str
    line: str
    phone: str = ""
    agreement: str = ""


def circle_of(material: Material, member: Member, called: Sequence[Call]) -> list[CirclePerson]:
    """The team first, then each recipient with the mother's answer (R076, A16); outside the team, her own alone."""
    facts = material.facts
    mine = None if material.is_inside else reads_as(member, facts)
    people = list(_team(facts, called))
    standing = standing_for(material.circle, facts) if mine is None else {}
    for row in facts.recipients:
        if mine is not None and (row.recipient, row.named) not in mine:
            continue
        if row.recipient == Recipient.PSYCHOLOGIST and not row.answer:
            continue
        people += _recipient(row, standing.get((row.recipient, row.named), []), material, is_named=mine is None)
    if mine is None or mine & _TOLD_OF_PROGRAMMES:
        # R025, columns E, L and M: two programmes at one home must know of each other.
        programme = facts.other_programme
        people += [CirclePerson(programme, "Autre programme à domicile")] if programme else []
    said = {one.user_id for lines in standing.values() for one in lines if one.user_id is not None}
    people += [
        CirclePerson(grant.name, f"{grant.reason_label}, jusqu’au {full_day(grant.until)}")
        for grant in facts.grants
        if (material.is_inside or grant.user_id == member.user_id) and grant.user_id not in said
    ]
    return people


def _team(facts: FamilyFacts, called: Sequence[Call]) -> Iterator[CirclePerson]:
    pathway = facts.pathway
    if pathway is None:
        return
    if pathway.ap:
        yield CirclePerson(pathway.ap, f"Auxiliaire, {pathway.carrier}")
    yield _team_person(pathway.carrier, called[0])


def _team_person(carrier: str, answers: Call) -> CirclePerson:
    """The team by the number that answers at this hour (rule A0), under whose name it does."""
    return CirclePerson(carrier, team_words(carrier, answers.name), answers.phone)


def _recipient(
    row: RecipientFacts, people: Sequence[Standing], material: Material, *, is_named: bool
) -> Iterator[CirclePerson]:
    """One line by person who stands for this recipient; one for the recipient while nobody is known."""
    facts = material.facts
    agreement = _ANSWERED.get(row.answer, "unknown")
    # She had said yes; after a stop nothing leaves any more, and her yes is not shown as standing.
    if agreement == "yes" and facts.takes_nothing_new and not receives_reports(facts, row.recipient, row.named):
        agreement = "stopped"
    if row.recipient == Recipient.PMI:
        yield _pmi(facts, agreement, people if is_named else None)
        return
    label = row.named or _RECIPIENTS[Recipient(row.recipient)]
    reads = _READS if row.recipient in NO_COPY_WORDS else _RECEIVES
    if not people:
        is_lost = is_named and agreement == "yes"
        yield CirclePerson(label, _NOBODY if is_lost else reads[agreement], "", "unreached" if is_lost else agreement)
    for one in people:
        is_lost = agreement == "yes" and bool(one.lacks)
        words = f"ne reçoit rien{NBSP}: {one.lacks}" if is_lost else inner(reads[agreement])
        until = f", dossier ouvert jusqu’au {full_day(one.until)}" if one.until else ""
        yield CirclePerson(one.name, f"{label}, {words}{until}", "", "unreached" if is_lost else agreement)


def _pmi(facts: FamilyFacts, agreement: str, people: Sequence[Standing] | None) -> CirclePerson:
    """`people` None for a reader who is not told whom a yes reaches."""
    relay = facts.birth.relay if facts.birth else None
    name = (relay.pmi if relay else "") or facts.pmi or "PMI, secteur non attribué"
    phone = relay.pmi_phone if relay else ""
    if agreement != "yes" or people is None or any(not one.lacks for one in people):
        return CirclePerson(name, _RECEIVES[agreement], phone, agreement)
    lacks = people[0].lacks if people else RelayLack.NO_SECTOR.label
    return CirclePerson(name, f"Ne reçoit rien{NBSP}: {lacks}", phone, "unreached")


def reads_as(member: Member, facts: FamilyFacts) -> frozenset[tuple[str, str]]:
    """The recipients as whom somebody outside the team reads this family: by her grants, and by her role."""
    granted = {(grant.recipient, grant.named) for grant in facts.grants if grant.user_id == member.user_id}
    return frozenset({*granted, (RECIPIENT_OF_ROLE.get(member.role, ""), "")})


_TOLD_OF_PROGRAMMES = frozenset({(Recipient.LIBERAL_MIDWIFE, ""), (Recipient.PMI, "")})
_ANSWERED: dict[str, str] = {Agreement.YES: "yes", Agreement.NO: "no", Agreement.LATER: "later"}
_NOBODY = "Accord donné, mais personne à qui l’envoyer"
_RECEIVES = {
    "yes": "Reçoit les comptes rendus",
    "no": "Ne les reçoit pas",
    "stopped": "Ne les reçoit plus",
    # Read as a no (A16), and asked again.
    "later": "Ne les reçoit pas encore",
    "unknown": "Accord à demander",
}
# Those to whom no copy leaves by itself.
_READS = _RECEIVES | {"yes": "Lit le dossier que l’équipe lui a ouvert"}
# As professionals say it; the form speaks with the mother's words.
_RECIPIENTS = {
    Recipient.LIBERAL_MIDWIFE: "Sage-femme libérale",
    Recipient.GENERAL_PRACTITIONER: "Médecin traitant",
    Recipient.PAEDIATRICIAN: "Médecin de l’enfant",
    Recipient.PSYCHOLOGIST: "Psychologue",
}

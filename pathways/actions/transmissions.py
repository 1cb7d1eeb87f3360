"""After a refusal nothing reaches the PMI but on one of three bases (A17); what worries goes to the CRIP (L226-2-1)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import NBSP
from pathways import rules
from pathways.actions.shared import hold_family, local_day, lock_birth
from pathways.enums import PmiBasis, ProposalAnswer
from pathways.models import Birth, CareCircleMember, Child, Concern, Pathway, PmiTransmission, Proposal
from pathways.notices.transmissions import transmission_made
from territories.catalogue import CRIP
from territories.models import DirectoryEntry, Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Whether the parents are informed; `reason` only when they are not, because the child's interest asks for it."""

    are_parents_told: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """What an information préoccupante says. `child` None for all the children of the birth.

    `entry` is the CRIP it goes to, None for the prosecutor or a service that is not in the directory.
    """

    child: Child | None
    noticed_on: date
    source: str
    level: str
    facts: str
    sent_to: str
    sent_on: date
    entry: DirectoryEntry | None = None


@transaction.atomic
def transmit_to_pmi(
    *,
    birth: Birth,
    basis: str,
    facts: str,
    told: Told,
    by: Member,
    at: datetime,
    concern: Concern | None = None,
) -> PmiTransmission:
    """Hand what is needed to the PMI of her sector, after her refusal, and tell its mailbox that something waits.

    The same words on the same basis, sent twice, are one transmission: the birth is held, the first one is given back.
    Raises `no_basis`, `not_refused` (before a refusal her agreements decide), `facts_missing`, `reason_missing`,
    `concern_missing`, `no_pmi`, `not_care_team` (this PMI has no part in the care of the family).
    """
    birth = Birth.objects.select_for_update(of=("self",), no_key=True).get(pk=birth.pk)
    _check_refused(birth)
    _check_basis(basis, facts, concern)
    _check_told(told)
    pmi = _pmi_of(birth)
    if basis == PmiBasis.CARE_TEAM:
        _check_care_team(birth, pmi, local_day(at))
    if (same := _same(birth, pmi, basis, facts, told, concern)) is not None:
        return same
    with refusals_of(PmiTransmission):
        made: PmiTransmission = PmiTransmission.objects.create(
            family_id=birth.family_id,
            birth=birth,
            structure=pmi,
            basis=basis,
            facts=facts.strip(),
            are_parents_told=told.are_parents_told,
            not_told_reason="" if told.are_parents_told else told.reason.strip(),
            concern=concern,
            sent_by=by,
            sent_at=at,
        )
    transmission_made(transmission=made, at=at)
    return made


def _same(
    birth: Birth, pmi: Structure, basis: str, facts: str, told: Told, concern: Concern | None
) -> PmiTransmission | None:
    """What was handed already with the same words; not what her later no has ended."""
    handed = PmiTransmission.objects.standing().filter(birth=birth, structure=pmi, basis=basis, concern=concern)
    handed = handed.filter(facts=facts.strip(), are_parents_told=told.are_parents_told)
    same: PmiTransmission | None = handed.order_by("pk").first()
    return same


@transaction.atomic
def write_concern(*, birth: Birth, worry: Worry, told: Told, by: Member, at: datetime) -> Concern:
    """Keep an information préoccupante; for a mother who refused CoPa it is handed to the PMI too, on that basis.

    Sent twice by the same person it is one: the birth is held, the first one is given back.
    """
    lock_birth(birth.pk)
    today = local_day(at)
    for field, day in (("noticed_on", worry.noticed_on), ("sent_on", worry.sent_on)):
        if day > today:
            raise BusinessError("in_future", "Cette date n’est pas encore arrivée.", field=field)
    if worry.child is not None and worry.child.birth_id != birth.pk:
        raise BusinessError("other_child", "Cet enfant n’est pas de cette naissance.", field="child")
    if not worry.facts.strip():
        raise BusinessError("facts_missing", "Écrivez les faits.", field="facts")
    _check_addressee(worry, today)
    _check_told(told)
    if (same := _same_concern(birth, worry, told, by)) is not None:
        return same
    with refusals_of(Concern):
        concern: Concern = Concern.objects.create(
            family_id=birth.family_id,
            birth=birth,
            child=worry.child,
            noticed_on=worry.noticed_on,
            source=worry.source,
            level=worry.level,
            facts=worry.facts.strip(),
            are_parents_told=told.are_parents_told,
            not_told_reason="" if told.are_parents_told else told.reason.strip(),
            sent_to=worry.entry.name if worry.entry else worry.sent_to.strip(),
            entry=worry.entry,
            sent_on=worry.sent_on,
            written_by=by,
            written_at=at,
        )
    if has_refused(birth) and birth_has_pmi(birth):
        transmit_to_pmi(
            birth=birth, basis=PmiBasis.CONCERN, facts=worry.facts, told=told, by=by, at=at, concern=concern
        )
    return concern


def _same_concern(birth: Birth, worry: Worry, told: Told, by: Member) -> Concern | None:
    """What the same person wrote already with the same words, about the same child, to the same service."""
    written = Concern.objects.filter(birth=birth, child=worry.child, written_by=by, facts=worry.facts.strip())
    written = written.filter(noticed_on=worry.noticed_on, source=worry.source, level=worry.level)
    written = written.filter(are_parents_told=told.are_parents_told)
    name = worry.entry.name if worry.entry else worry.sent_to.strip()
    same: Concern | None = written.filter(sent_to=name, sent_on=worry.sent_on).order_by("pk").first()
    return same


@transaction.atomic
def take_transmission(*, transmission: PmiTransmission, by: Member, at: datetime) -> None:
    """The PMI takes it, by name; the first one stays. Raises `agreement_ended`, `taken`."""
    # Held: her no to the PMI comes before this, or after.
    hold_family(family_id=transmission.family_id)
    if not PmiTransmission.objects.standing().filter(pk=transmission.pk).exists():
        raise BusinessError("agreement_ended", f"Cette transmission a pris fin{NBSP}: il n’y a rien à prendre.")
    waiting = PmiTransmission.objects.filter(pk=transmission.pk, taken_at=None)
    if not waiting.update(taken_by=by, taken_at=at):
        raise BusinessError("taken", "Cette transmission est déjà prise.")


def has_refused(birth: Birth) -> bool:
    """Whether she answered no to CoPa for this birth."""
    return bool(Proposal.objects.filter(birth=birth, answer=ProposalAnswer.NO).exists())


def birth_has_pmi(birth: Birth) -> bool:
    """Whether the commune of the family has a PMI."""
    commune = birth.family.commune
    return commune is not None and commune.sector_id is not None


def _check_addressee(worry: Worry, today: date) -> None:
    """A CRIP of the directory that is open today, or a name: never another service (alerts.md 6.2)."""
    if worry.entry is None and not worry.sent_to.strip():
        raise BusinessError("addressee_missing", "Dites à qui elle est transmise.", field="sent_to")
    if worry.entry is not None:
        open_ones = DirectoryEntry.objects.valid_on(today).filter(pk=worry.entry.pk, type=CRIP)
        if not open_ones.exists():
            message = "Ce service n’est pas une CRIP en service : choisissez-en une de la liste."
            raise BusinessError("not_crip", message, field="sent_to")


def _check_refused(birth: Birth) -> None:
    if not has_refused(birth):
        message = "Elle n’a pas refusé CoPa : ce qui va à la PMI passe par ses accords et par le relais."
        raise BusinessError("not_refused", message)


def _check_basis(basis: str, facts: str, concern: Concern | None) -> None:
    if basis not in PmiBasis.values:
        raise BusinessError("no_basis", "Sans fondement, rien n’est transmis à la PMI.", field="basis")
    if basis != PmiBasis.MOTHER_AGREES and not facts.strip():
        raise BusinessError("facts_missing", "Écrivez les faits qui fondent cette transmission.", field="facts")
    if basis == PmiBasis.CONCERN and concern is None:
        raise BusinessError("concern_missing", "Écrivez d’abord l’information préoccupante.", field="basis")


def _check_care_team(birth: Birth, pmi: Structure, day: date) -> None:
    """A16, A17: the PMI is of the care team when it carries a pathway that runs, or one of its people stands in the
    circle today; said of any other, it would be a way round her refusal."""
    carried = Pathway.objects.filter(family=birth.family_id, carrier=pmi, state__in=rules.RUNNING)
    circle = CareCircleMember.objects.running(day).filter(family=birth.family_id)
    if not carried.exists() and not circle.filter(member__structure=pmi).exists():
        message = (
            f"{pmi.name} ne fait pas partie de l’équipe de soins de cette famille : elle ne porte pas son "
            "accompagnement, et aucune de ses professionnelles n’est dans le cercle de soins. Demandez l’accord de la "
            "mère, ou écrivez une information préoccupante."
        )
        raise BusinessError("not_care_team", message, field="basis")


def _check_told(told: Told) -> None:
    if not told.are_parents_told and not told.reason.strip():
        message = "Dites pourquoi les parents n’en sont pas informés."
        raise BusinessError("reason_missing", message, field="not_told_reason")


def _pmi_of(birth: Birth) -> Structure:
    commune = birth.family.commune
    if commune is None or commune.sector is None:
        message = "Aucune PMI n’est attribuée à sa commune : appelez la coordinatrice."
        raise BusinessError("no_pmi", message)
    pmi: Structure = commune.sector.structure
    return pmi

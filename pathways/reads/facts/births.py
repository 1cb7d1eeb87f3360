"""One delivery: the children, the way home, and CoPa presented to the mother."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from copa.kernel.french import inner, listed
from copa.kernel.prepared import Prepared, among
from pathways import rules
from pathways.enums import (
    BirthMode,
    BirthPlace,
    ChildSituation,
    DischargeKind,
    Parity,
    Presenter,
    ProposalAnswer,
    ProposalContext,
    RefusalReason,
    Sex,
)
from pathways.models import Birth, Child, Discharge, Proposal, ReceivedFile, hours_in_force
from pathways.reads.facts.names import Directory
from pathways.reads.facts.pathways import PATHWAY_READS, ConsentFacts, PathwayFacts, Pathways, RelayFacts
from pathways.reads.facts.words import all_words, by, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """`name` is the first name or « bébé »; `birth_weight_g` None when unknown; `is_closed`: follow-up stopped."""

    public_id: UUID
    name: str
    first_name: str
    sex: str
    sex_label: str
    birth_weight_g: int | None
    is_hospitalised: bool
    is_closed: bool
    # Code of ChildSituation, "" when the child lives with the mother.
    situation: str

    @property
    def situation_label(self) -> str:
        """As "Confié"; "" when the child lives with the mother."""
        return words(ChildSituation, self.situation) if self.situation else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeFacts:
    """The doctor's `kind` beside what the elapsed hours (`stay`) suggest (`computed`)."""

    at: datetime
    kind: str
    kind_label: str
    computed: str
    computed_label: str
    stay: timedelta
    has_medical_agreement: bool
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """`ask_again_on` None unless she wants to think; `refusal_label` "" unless she said why.

    `presenter_label` "" where nobody was asked who spoke to her; `proposed_by` is who noted it.
    """

    proposed_on: date
    context_label: str
    presenter_label: str
    proposed_by: str
    answer: str
    answer_label: str
    answered_at: datetime | None
    ask_again_on: date | None
    refusal_label: str

    @property
    def by(self) -> str:
        """Who presented it, in words that follow « par »."""
        if not self.presenter_label:
            return self.proposed_by
        return f"une {inner(self.presenter_label)}, noté par {self.proposed_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthFacts:
    """One delivery with its children and what followed; `pathway` is the last one.

    `maternity` follows it and answers for it; `born_at` says where it took place, "" where that is the maternity.
    """

    pk: int
    public_id: UUID
    at: datetime
    day: date
    mode: str
    mode_label: str
    term_weeks: int | None
    parity_label: str
    maternity: str
    maternity_id: UUID | None
    maternity_phone: str
    born_at: str
    is_silent: bool
    children: tuple[ChildFacts, ...]
    discharge: DischargeFacts | None
    proposal: ProposalFacts | None
    consent: ConsentFacts | None
    pathway: PathwayFacts | None
    relay: RelayFacts | None

    @property
    def place(self) -> str:
        """As "Maternité de Ligny", or "à domicile, suivie par Maternité de Ligny"; for the team and the PMI alone."""
        return f"{self.born_at}, suivie par {self.maternity}" if self.born_at else self.maternity

    @property
    def keeps_space(self) -> bool:
        """Whether she stopped the visits alone: her space stays."""
        return self.consent is not None and self.consent.keeps_space

    def day_number(self, today: date) -> int:
        """D+n of a local day."""
        return rules.day_of(self.day, today)

    @property
    def is_apart(self) -> bool:
        """Whether a child who is followed does not live with the mother (inclusion.md 8)."""
        return any(child.situation for child in self.children if not child.is_closed)

    @property
    def children_names(self) -> str:
        """As "Inès" or "Adam et Bilal": those who are followed (A38), "" when none is."""
        return listed([child.name for child in self.children if not child.is_closed])


# A38: the place of birth stays in the other territory; the maternity is the one that follows the family here.
_ELSEWHERE = "dans un autre territoire"
_BORN_AT = {BirthPlace.HOME_PLANNED: "à domicile", BirthPlace.OUTSIDE_UNPLANNED: "hors maternité"}


class Births:
    """The births of some families with all that followed, from the rows of BIRTH_READS; names come later."""

    def __init__(self, found: Sequence[list[Any]], directory: Directory) -> None:
        births, proposals, children, discharges, *pathways = found
        self._births = by("family_id", births)
        self._children = by("birth_id", children)
        self._discharges = {row.birth_id: row for row in discharges}
        self._proposals = {row.birth_id: row for row in proposals}
        self._pathways = Pathways(pathways, directory)
        directory.expect(people=(row.proposed_by_id for row in proposals), places=(row.maternity_id for row in births))
        self._directory = directory

    def of_family(self, family_id: int) -> tuple[BirthFacts, ...]:
        """The newest first."""
        return tuple(self._birth(row) for row in self._births.get(family_id, []))

    def _birth(self, row: Any) -> BirthFacts:
        discharge, proposal = self._discharges.get(row.pk), self._proposals.get(row.pk)
        maternity = self._directory.place(row.maternity_id)
        return BirthFacts(
            pk=row.pk,
            public_id=row.public_id,
            at=row.at,
            day=row.day,
            mode=row.mode,
            mode_label=words(BirthMode, row.mode),
            term_weeks=row.term_weeks,
            parity_label=words(Parity, row.parity),
            maternity=maternity.name,
            maternity_id=maternity.public_id,
            maternity_phone=maternity.phone,
            born_at=_ELSEWHERE if row.is_received else _BORN_AT.get(row.place, ""),
            is_silent=row.is_silent,
            children=tuple(_child(child) for child in self._children.get(row.pk, [])),
            discharge=_discharge(discharge, row) if discharge else None,
            proposal=self._proposal(proposal) if proposal else None,
            consent=self._pathways.consent(row.pk),
            pathway=self._pathways.pathway(row.pk),
            relay=self._pathways.relay(row.pk),
        )

    def _proposal(self, row: Any) -> ProposalFacts:
        return ProposalFacts(
            proposed_on=row.proposed_on,
            context_label=words(ProposalContext, row.context),
            presenter_label=words(Presenter, row.presenter),
            proposed_by=self._directory.name(row.proposed_by_id),
            answer=row.answer,
            answer_label=words(ProposalAnswer, row.answer),
            answered_at=row.answered_at,
            ask_again_on=row.ask_again_on,
            refusal_label=all_words(RefusalReason, row.refusal_reasons),
        )


@Prepared
def _births(keys: Any) -> Any:
    births = Birth.objects.filter(among("family", keys)).order_by("family_id", "-at", "-pk")
    births = births.annotate(is_received=Exists(ReceivedFile.objects.filter(birth=OuterRef("pk"))))
    return births.values_list(*_BIRTH)


@Prepared
def _children(keys: Any) -> Any:
    return Child.objects.filter(among("family", keys)).order_by("birth_id", "rank").values_list(*_CHILD)


@Prepared
def _newest_children(keys: Any) -> Any:
    children = Child.objects.filter(among("family", keys)).order_by("family_id", "-birth__at", "-birth_id", "rank")
    return children.values_list("family_id", "birth__is_silent", *_CHILD)


@Prepared
def _discharges(keys: Any) -> Any:
    rows = Discharge.objects.filter(among("family", keys)).annotate(up_max_hours=hours_in_force("birth__day"))
    return rows.order_by("pk").values_list(*_DISCHARGE)


@Prepared
def _proposals(keys: Any) -> Any:
    return Proposal.objects.filter(among("family", keys)).order_by("pk").values_list(*_PROPOSAL)


BIRTH_READS = (_births, _proposals, _children, _discharges, *PATHWAY_READS)

_BIRTH = (
    "pk",
    "family_id",
    "public_id",
    "at",
    "day",
    "mode",
    "term_weeks",
    "parity",
    "maternity_id",
    "place",
    "is_silent",
    "is_received",
)
_CHILD = ("birth_id", "public_id", "first_name", "sex", "birth_weight_g", "is_hospitalised", "closed_at", "situation")
_DISCHARGE = ("birth_id", "at", "kind", "has_medical_agreement", "decided_by", "up_max_hours")
_PROPOSAL = (
    "birth_id",
    "proposed_on",
    "context",
    "presenter",
    "proposed_by_id",
    "answer",
    "answered_at",
    "ask_again_on",
    "refusal_reasons",
)


@dataclass(frozen=True, slots=True)
class LastBirth:
    """The children of the last birth of a family, for a list."""

    children: tuple[ChildFacts, ...] = ()
    is_silent: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether a child is followed after the death of another one, or of their mother: whoever calls speaks to the
        team first."""
        is_followed = any(not child.is_closed for child in self.children)
        return is_followed and (self.is_silent or one_died(self.children))


def last_births(keys: Iterable[int]) -> dict[int, LastBirth]:
    """The last birth of each family; one query."""
    keys = set(keys)
    found: dict[int, list[Any]] = {key: [] for key in keys}
    for row in _newest_children(keys=list(keys)):
        of_family = found[row.family_id]
        if not of_family or of_family[0].birth_id == row.birth_id:
            of_family.append(row)
    return {
        key: LastBirth(tuple(_child(row) for row in group), any(row.birth__is_silent for row in group))
        for key, group in found.items()
    }


def one_died(children: Sequence[ChildFacts]) -> bool:
    """Whether a child of this birth died and another one is followed: whoever calls speaks to the team first."""
    return 0 < sum(child.is_closed for child in children) < len(children)


def _child(row: Any) -> ChildFacts:
    return ChildFacts(
        public_id=row.public_id,
        name=rules.shown_name(row.first_name),
        first_name=row.first_name,
        sex=row.sex,
        sex_label=words(Sex, row.sex),
        birth_weight_g=row.birth_weight_g,
        is_hospitalised=row.is_hospitalised,
        is_closed=row.closed_at is not None,
        situation=row.situation,
    )


def _discharge(row: Any, birth: Any) -> DischargeFacts:
    computed = rules.discharge_category(birth.at, row.at, birth.mode, up_max_hours=row.up_max_hours)
    return DischargeFacts(
        at=row.at,
        kind=row.kind,
        kind_label=words(DischargeKind, row.kind),
        computed=computed,
        computed_label=str(computed.label),
        stay=rules.elapsed(birth.at, row.at),
        has_medical_agreement=row.has_medical_agreement,
        decided_by=row.decided_by,
    )

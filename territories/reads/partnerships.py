"""The register of conventions and partnerships, and which structures are eligible (R035, R040, R042, R071)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Subquery

from territories import perms
from territories.enums import PartnershipKind, Role, StructureKind
from territories.models import ConventionGap, Member, Partnership, PartnershipParty, Structure
from territories.rules import NEEDS_CONVENTION, CarrierFacts, Eligibility, eligibility, ends_soon

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipLine:
    """One line of the register. `ends_on` None without an end; `parties` by name, the structures first."""

    public_id: UUID
    kind: str
    title: str
    parties: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A stored document by its name; `digest` is the SHA-256 of its bytes."""

    public_id: UUID
    name: str
    size: int
    digest: str
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipPage:
    """A convention in full; `document` None while nobody has sent it."""

    line: PartnershipLine
    scope: str
    inclusion_procedure: str
    has_ars_support: bool
    signed_on: date
    signed_by: str
    written_by: str
    written_at: datetime
    document: DocumentFacts | None
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureLine:
    """A structure and its conditions; `asks` when an answer is its own to give.

    `gaps` is how many inclusions no convention covered, `last_gap_on` the day of the last.
    """

    public_id: UUID
    name: str
    kind: str
    eligibility: Eligibility
    asks: bool
    gaps: int
    last_gap_on: date | None


def register(member: Member, page: str, today: date) -> "Page[PartnershipLine]":
    """What the territory has agreed on, what ends first first; three queries for a page, however long."""
    rows = perms.SEE_PARTNERSHIPS.rows(member).order_by("ends_on", "-starts_on", "pk")
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    shown = list(found.object_list)
    parties = _parties([one.pk for one in shown])
    found.object_list = [_line(one, parties.get(one.pk, []), today) for one in shown]
    return found


def soon_ended(member: Member, today: date) -> list[PartnershipLine]:
    """Those in force that end within sixty days, the nearest first."""
    visible: Any = perms.SEE_PARTNERSHIPS.rows(member)
    soon = list(visible.running(today).ending_soon(today).order_by("ends_on", "pk"))
    parties = _parties([one.pk for one in soon])
    return [_line(one, parties.get(one.pk, []), today) for one in soon]


def _parties(keys: list[int]) -> dict[int, list[str]]:
    rows = PartnershipParty.objects.filter(partnership__in=keys).order_by("structure__name", "pk")
    names: dict[int, list[str]] = {}
    for key, name in rows.values_list("partnership", "structure__name"):
        names.setdefault(key, []).append(name)
    return names


def _line(row: Any, structures: list[str], today: date) -> PartnershipLine:
    others = [row.other_parties] if row.other_parties else []
    return PartnershipLine(
        public_id=row.public_id,
        kind=PartnershipKind(row.kind).label,
        title=row.title,
        parties=(*structures, *others),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state=_state(row, today),
    )


def _state(row: Any, today: date) -> str:
    """ "ahead", "soon", "ended" or "running"."""
    if row.starts_on > today:
        return "ahead"
    if row.ends_on is not None and row.ends_on < today:
        return "ended"
    return "soon" if ends_soon(row.ends_on, today) else "running"


def partnership_page(partnership: Partnership, member: Member, today: date) -> PartnershipPage:
    """One convention in full; two queries, and one for who may correct it."""
    row = Partnership.objects.select_related("written_by__user", "document").defer("document__content")
    found = row.get(pk=partnership.pk)
    return PartnershipPage(
        line=_line(found, _parties([found.pk]).get(found.pk, []), today),
        scope=found.scope,
        inclusion_procedure=found.inclusion_procedure,
        has_ars_support=found.has_ars_support,
        signed_on=found.signed_on,
        signed_by=found.signed_by,
        written_by=found.written_by.user.get_full_name(),
        written_at=found.written_at,
        document=document_facts(found.document),
        may_keep=perms.KEEP_PARTNERSHIPS.is_held_by(member),
    )


def document_facts(row: Any) -> DocumentFacts | None:
    """A stored document without its bytes; None for None."""
    if row is None:
        return None
    return DocumentFacts(
        public_id=row.public_id, name=row.name, size=row.size, digest=row.digest, stored_at=row.stored_at
    )


def typed(partnership: Partnership) -> dict[str, Any]:
    """A convention as its form takes it."""
    parties = PartnershipParty.objects.filter(partnership=partnership).order_by("pk")
    chosen = [str(key) for key in parties.values_list("structure__public_id", flat=True)]
    return {name: getattr(partnership, name) for name in Partnership.TYPED} | {"structures": chosen}


def structures_of(keys: list[str]) -> list[Structure]:
    """The structures of these choices."""
    return list(Structure.objects.filter(public_id__in=keys).order_by("pk"))


def structure_lines(today: date) -> list[StructureLine]:
    """Every structure with its conditions on this day; one query."""
    auxiliaries = Member.objects.current(today).with_role(Role.AP).filter(structure=OuterRef("pk")).order_by()
    running = Partnership.objects.running(today).with_a_maternity().order_by()
    conventions = PartnershipParty.objects.filter(structure=OuterRef("pk"), partnership__in=running).order_by()
    gaps = ConventionGap.objects.filter(structure=OuterRef("pk")).order_by().values("structure")
    rows = Structure.objects.annotate(
        auxiliaries=_number(auxiliaries),
        conventions=_number(conventions),
        gaps=Subquery(gaps.annotate(number=Count("pk")).values("number")),
        last_gap_on=Subquery(gaps.annotate(last=Max("included_on")).values("last")),
    )
    return [_structure(row) for row in rows.order_by("kind", "name", "pk")]


def _number(rows: Any) -> Subquery:
    return Subquery(rows.values("structure").annotate(number=Count("pk")).values("number"))


def _structure(row: Any) -> StructureLine:
    facts = CarrierFacts(
        kind=row.kind,
        is_authorised=row.is_authorised,
        plans_auxiliaries=row.plans_auxiliaries,
        auxiliaries=row.auxiliaries or 0,
        # A maternity has none to sign with itself.
        conventions=(row.conventions or 0) if row.kind in NEEDS_CONVENTION else 0,
    )
    return StructureLine(
        public_id=row.public_id,
        name=row.name,
        kind=StructureKind(row.kind).label,
        eligibility=eligibility(facts),
        # A CPP is judged by its auxiliaries and its convention alone.
        asks=row.kind != StructureKind.CPP,
        gaps=row.gaps or 0,
        last_gap_on=row.last_gap_on,
    )


def has_gap(structure: Structure, family_id: int, at: datetime) -> bool:
    """Whether the inclusion of this instant was noted as lying outside every convention."""
    noted: bool = ConventionGap.objects.filter(structure=structure, family_id=family_id, noted_at=at).exists()
    return noted

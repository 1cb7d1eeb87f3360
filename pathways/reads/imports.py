"""A maternity's list before anything of it is written: new, known, probable duplicates, refused, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from copa.kernel import french, trace
from copa.kernel.french import inner, number
from pathways import perms
from pathways.enums import BirthMode, Parity, Sex
from pathways.models import Child, ImportedBirth, ImportFile, ImportProfile, ImportRun
from pathways.reads.births import BirthRow, birth_rows
from pathways.reads.facts import FamilyFacts, families_facts
from pathways.reads.facts.words import words
from pathways.reads.import_matches import Match, matches
from pathways.rules import born_words
from pathways.rules.import_columns import KNOWN_HEADINGS, unread_columns
from pathways.rules.import_file import Table, read_table
from pathways.rules.import_kept import from_kept, is_kept
from pathways.rules.import_lines import (
    Around,
    Listed,
    ListedBirth,
    ListedChild,
    Place,
    Refused,
    Warned,
    may_be_same_child,
    read_list,
)
from pathways.rules.import_losses import death_columns
from pathways.rules.import_secrecy import secrecy_columns
from territories.models import Commune, Member, Structure, Territory

# What somebody may decide of a probable duplicate; ADD is followed by the public id of the family.
OTHER, NOTHING, ADD = "other", "nothing", "add:"
# What somebody may say of a commune outside the territory: checked, or left for the adhesion to choose.
CONFIRMED, WITHOUT = "confirmed", "without"
# Lines shown of each kind: a list of thousands is counted, not read. Of what needs a decision, so many at a time.
SHOWN = 50
DECIDED_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a list: every birth stands in one of the first three.

    `doubts`: what a known birth has that its file lacks, by line; said in `warned` too.
    """

    new: tuple[ListedBirth, ...]
    known: tuple[tuple[ListedBirth, Match], ...]
    probable: tuple[tuple[ListedBirth, tuple[Match, ...]], ...]
    refused: tuple[Refused, ...]
    warned: tuple[Warned, ...]
    doubts: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A birth of the list as a page shows it."""

    line: int
    mother: str
    born: str
    phone: str
    born_at: datetime
    children: int
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """A known family beside a line; `may_add`: another birth of it may be written. `phone`: the number they share."""

    facts: FamilyFacts
    reasons: tuple[str, ...]
    phone: str
    may_add: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One decision of a probable duplicate."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbableFacts:
    """A line to decide. `hidden` families are of other services; `lines` of the same list look the same."""

    line: LineFacts
    candidates: tuple[CandidateFacts, ...]
    hidden: int
    lines: tuple[int, ...]
    choice: str

    @property
    def options(self) -> list[Option]:
        """What may be decided: a family already there needs nothing, another birth of it is added, or it is new."""
        added = [
            Option(f"{ADD}{one.facts.public_id}", f"Ajouter cette naissance au dossier {one.facts.reference}")
            for one in self.candidates
            if one.may_add
        ]
        return [Option(NOTHING, "C’est la même naissance : rien à ajouter"), *added, Option(OTHER, "Une autre famille")]


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """A line whose `commune` is outside the territory, and what was said of it, "" for nothing yet."""

    line: LineFacts
    commune: str
    answer: str

    @property
    def options(self) -> list[Option]:
        """What may be said of it."""
        return [
            Option(CONFIRMED, "Elle habite hors du territoire, c’est vérifié"),
            Option(WITHOUT, "Inscrire sans commune : à choisir à l’adhésion"),
        ]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """A line that is already there; `reference` "" for a family of another service."""

    line: LineFacts
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the page of a run shows before it is confirmed; counts are of the whole list, rows are the first ones.

    `outside` are the new births that wait for a word about their commune: they do not stand in `new`.
    """

    new: tuple[LineFacts, ...]
    new_count: int
    known: tuple[KnownFacts, ...]
    known_count: int
    probable: tuple[ProbableFacts, ...]
    probable_count: int
    outside: tuple[OutsideFacts, ...]
    outside_count: int
    refused: tuple[Refused, ...]
    refused_count: int
    warned: tuple[Warned, ...]
    warned_count: int

    @property
    def new_words(self) -> str:
        return french.plural(self.new_count, "naissance nouvelle,naissances nouvelles")

    @property
    def known_words(self) -> str:
        return french.plural(self.known_count, "déjà connue,déjà connues")

    @property
    def probable_words(self) -> str:
        return french.plural(self.probable_count, "à décider,à décider")

    @property
    def outside_words(self) -> str:
        return french.plural(self.outside_count, "hors du territoire,hors du territoire")

    @property
    def refused_words(self) -> str:
        return french.plural(self.refused_count, "ligne refusée,lignes refusées")

    @property
    def warned_words(self) -> str:
        return french.plural(self.warned_count, "à savoir,à savoir")


def around(structure: Structure, at: datetime) -> Around:
    """What a list of this maternity is read with."""
    territory: Territory = structure.territory
    rows = Commune.objects.filter(is_outside=False).order_by("code").values_list("pk", "name", "postal_code")
    return Around(
        zone=ZoneInfo(territory.time_zone),
        region=territory.phone_region,
        at=at,
        finess=structure.finess,
        places=tuple(Place(*row) for row in rows),
    )


def remembered(structure: Structure) -> dict[str, str]:
    """What the columns of this maternity's lists meant, by heading as compared; empty the first time."""
    found: dict[str, str] | None = (
        ImportProfile.objects.filter(structure=structure).values_list("columns", flat=True).first()
    )
    return found or {}


def table_of(content: bytes, structure: Structure) -> Table:
    """The table in a file; raises the BusinessErrors of `read_table`."""
    return read_table(content, KNOWN_HEADINGS | frozenset(remembered(structure)))


def kept_table(run: ImportRun) -> Table | None:
    """The table of a run; None once it is gone."""
    content = ImportFile.objects.filter(run=run).values_list("content", flat=True).first()
    if content is None:
        return None
    return from_kept(bytes(content)) if is_kept(bytes(content)) else table_of(bytes(content), run.structure)


def listed(table: Table, columns: Sequence[str], structure: Structure, at: datetime) -> Listed:
    """The births of a table under these columns."""
    return read_list(table.rows, _with_stops(table, columns), around(structure, at))


def unread(table: Table, columns: Sequence[str]) -> list[str]:
    """The headings of a table of which nothing is read, as the preview names them."""
    return unread_columns(table.headings, _with_stops(table, columns))


def _with_stops(table: Table, columns: Sequence[str]) -> list[str]:
    """The columns, with those that stop a line whoever set them aside: a secret, a death (A38)."""
    return death_columns(table.headings, secrecy_columns(table.headings, columns))


def look(found: Listed) -> Look:
    """Sort the births of a list by what the territory knows; as many queries for five thousand as for one."""
    near = matches(found.births)
    new: list[ListedBirth] = []
    known: list[tuple[ListedBirth, Match]] = []
    probable: list[tuple[ListedBirth, tuple[Match, ...]]] = []
    for birth in found.births:
        rows = near.get(birth.line, [])
        there = next((row for row in rows if row.is_known), None)
        if there:
            known.append((birth, there))
        elif rows:
            probable.append((birth, tuple(rows)))
        else:
            new.append(birth)
    doubts = _doubts(known)
    warned = (*found.warned, *(Warned(line, reason) for line, reason in doubts.items()))
    return Look(tuple(new), tuple(known), tuple(probable), found.refused, warned, doubts)


def _doubts(known: Sequence[tuple[ListedBirth, Match]]) -> dict[int, str]:
    """By line, the children of a known birth that its file does not have: a twin left out would never be followed."""
    families = {match.family for _, match in known}
    columns = ("birth__at", "first_name", "sex", "birth_weight_g")
    rows = Child.objects.filter(family__in=families).order_by("pk").values_list("family", *columns, named=True)
    children: dict[int, list[Any]] = {}
    for row in rows if families else ():
        children.setdefault(row.family, []).append(row)
    said = {birth.line: _lacking(birth, _of_delivery(birth, children.get(match.family, []))) for birth, match in known}
    return {line: words for line, words in said.items() if words}


def _of_delivery(birth: ListedBirth, children: list[Any]) -> list[Any]:
    """Those of the delivery nearest to this one."""
    nearest = min((row.birth__at for row in children), key=lambda at: abs(at - birth.born_at), default=None)
    return [row for row in children if row.birth__at == nearest]


def _lacking(birth: ListedBirth, there: list[Any]) -> str:
    """What is said of a birth with more, or other, children than its file; "" when they may be the same."""
    if len(birth.children) > len(there):
        return f"La liste a {len(birth.children)} enfants, le dossier {len(there)} : vérifiez-le."
    other = next((one for one in birth.children if not any(_may_be(one, row) for row in there)), None)
    if other is None:
        return ""
    words = ", ".join(part for part in (other.first_name, inner(str(Sex(other.sex).label)), _weight(other)) if part)
    return f"Cet enfant ({words}) n’est pas celui du dossier : un jumeau à y ajouter, ou une erreur à corriger ?"


def _may_be(listed: ListedChild, row: Any) -> bool:
    return may_be_same_child(listed, first_name=row.first_name, sex=row.sex, weight_g=row.birth_weight_g)


def _weight(child: ListedChild) -> str:
    return f"{number(child.weight_g)} g" if child.weight_g else ""


def preview(seen: Look, choices: dict[str, str], member: Member, at: datetime) -> Preview:
    """The page of a run for this member; each family shown beside a line is a reading of it."""
    undecided = [one for one in seen.probable if str(one[0].line) not in choices]
    shown = (undecided or list(seen.probable))[:DECIDED_AT_ONCE]
    # A known birth whose file lacks a child comes first: the others have nothing to be done.
    known = sorted(seen.known, key=lambda one: one[0].line not in seen.doubts)[:SHOWN]
    beside = _Beside(shown, known, member, at)
    outside = _outside(seen, choices)
    new = [birth for birth in seen.new if not birth.outside]
    return Preview(
        new=tuple(_line(birth) for birth in new[:SHOWN]),
        new_count=len(new),
        known=tuple(beside.known(birth, match, seen.doubts.get(birth.line, "")) for birth, match in known),
        known_count=len(seen.known),
        probable=tuple(beside.probable(birth, rows, choices) for birth, rows in shown),
        probable_count=len(seen.probable),
        outside=outside[:DECIDED_AT_ONCE],
        outside_count=len(outside),
        refused=seen.refused[: 4 * SHOWN],
        refused_count=len(seen.refused),
        warned=seen.warned[: 4 * SHOWN],
        warned_count=len(seen.warned),
    )


def outside_key(line: int) -> str:
    """Where a run keeps what was said of the commune of this line, among its choices."""
    return f"outside{line}"


def waits_for_commune(birth: ListedBirth, choice: str, answer: str) -> bool:
    """Whether a line is not written yet: its commune is outside, of which nobody has said anything (incl.address).

    Another birth of a known family (`choice` ADD) writes no commune: the family keeps its own.
    """
    return bool(birth.outside) and answer not in {CONFIRMED, WITHOUT} and not choice.startswith(ADD)


def _outside(seen: Look, choices: dict[str, str]) -> tuple[OutsideFacts, ...]:
    """The lines to ask about: the new ones, and those said to be another family; unanswered ones first."""
    others = [birth for birth, _ in seen.probable if choices.get(str(birth.line)) == OTHER]
    found = [
        OutsideFacts(_line(birth), birth.outside, choices.get(outside_key(birth.line), ""))
        for birth in (*seen.new, *others)
        if birth.outside
    ]
    return tuple(sorted(found, key=lambda one: (bool(one.answer), one.line.line)))


class _Beside:
    """The families beside the lines that are shown, in the queries of one."""

    def __init__(self, shown: Any, known: Any, member: Member, at: datetime) -> None:
        keys = {match.family for _, rows in shown for match in rows} | {match.family for _, match in known}
        seen = perms.SEE_FAMILY.rows(member).filter(pk__in=keys).order_by("pk").values_list("pk", "reference")
        self.references = dict(seen)
        wanted = {match.family for _, rows in shown for match in rows} & set(self.references)
        self.facts = families_facts(wanted, at) if wanted else {}
        for key in self.facts:
            trace.note(trace.Note(what=perms.IMPORT_BIRTHS.code, family_id=key))

    def known(self, birth: ListedBirth, match: Match, note: str) -> KnownFacts:
        return KnownFacts(_line(birth), self.references.get(match.family, ""), note)

    def probable(self, birth: ListedBirth, rows: Sequence[Match], choices: dict[str, str]) -> ProbableFacts:
        candidates = [
            CandidateFacts(
                facts=self.facts[row.family],
                reasons=row.reasons,
                phone=_shared_phone(row),
                may_add=not row.has_delivery,
            )
            for row in rows
            if row.family in self.facts
        ]
        return ProbableFacts(
            line=_line(birth),
            candidates=tuple(candidates),
            hidden=sum(1 for row in rows if row.family and row.family not in self.facts),
            lines=tuple(row.line for row in rows if row.line),
            choice=choices.get(str(birth.line), ""),
        )


def _shared_phone(match: Match) -> str:
    """The number that is the same, and whose it is on each side; "" when none is."""
    if not match.phone:
        return ""
    where = "des deux côtés" if match.in_list == match.in_file else f"dans la liste, {match.in_file} dans le dossier"
    return f"Le {french.phone(match.phone)} est celui {match.in_list} {where}."


def _line(birth: ListedBirth) -> LineFacts:
    name = birth.used_name or birth.birth_name
    return LineFacts(
        line=birth.line,
        mother=f"{birth.first_names} {name}",
        born=born_words(birth.birth_on, birth.birth_precision),
        phone=birth.phone,
        born_at=birth.born_at,
        children=len(birth.children),
        about=f"{words(BirthMode, birth.mode)}, {words(Parity, birth.parity).lower()}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run has written so far."""

    added: int
    rows: tuple[BirthRow, ...]
    summary: dict[str, Any] = field(default_factory=dict)


def added(run: ImportRun) -> int:
    """How many births a run has written so far."""
    return int(ImportedBirth.objects.filter(run=run).count())


def result(run: ImportRun, today: Any) -> Result:
    """The births that came by a run, the first ones as lines."""
    keys = list(ImportedBirth.objects.filter(run=run).order_by("line").values_list("birth", flat=True)[:SHOWN])
    return Result(added=added(run), rows=birth_rows(keys, today), summary=run.summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A line of the list of sendings."""

    public_id: UUID
    structure: str
    requested_at: datetime
    requested_by: str
    state: str
    label: str
    added: int


def recent_runs(member: Member) -> list[RunRow]:
    """The last sendings this member may see, newest first."""
    rows: Any = perms.IMPORT_BIRTHS.rows(member)
    runs = rows.with_added().select_related("structure", "requested_by__user")
    return [
        RunRow(
            public_id=run.public_id,
            structure=run.structure.name,
            requested_at=run.requested_at,
            requested_by=run.requested_by.user.get_full_name() if run.requested_by else "commande",
            state=run.state,
            label=run.get_state_display(),
            added=run.added,
        )
        for run in runs.order_by("-requested_at", "-pk")[:10]
    ]

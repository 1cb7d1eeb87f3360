"""A maternity's list before anything of it is written: new, known, probable duplicates, refused, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copa.kernel import french, trace
from copa.kernel.french import inner, number
from pathways import perms
from pathways.enums import BirthMode, Parity, Sex
from pathways.models import Child, ImportedBirth, ImportFile, ImportProfile, ImportRun
from pathways.reads.births import BirthRow, birth_rows
from pathways.reads.facts import FamilyFacts, families_facts
from pathways.reads.facts.words import words
from pathways.reads.import_choices import (
    ADD,
    CONFIRMED,
    NO_CHOICES,
    NOTHING,
    OTHER,
    WITHOUT,
    Choices,
    is_undecided,
    outside_key,
    twin_key,
    waits_for_commune,
)
from pathways.reads.import_matches import Match, matches
from pathways.rules import born_words
from pathways.rules.import_columns import KNOWN_HEADINGS, unread_columns
from pathways.rules.import_file import Table, read_table
from pathways.rules.import_kept import from_kept, is_kept
from pathways.rules.import_lines import Around, Listed, Place, read_list
from pathways.rules.import_listed import Doubt, ListedBirth, ListedChild, Refused, Warned
from pathways.rules.import_losses import death_columns
from pathways.rules.import_secrecy import secrecy_columns
from pathways.rules.import_twins import SAME_CHILD, TWIN, answered, may_be_same_child
from territories.models import Commune, Member, Structure, Territory

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
class TwinFacts:
    """A line that says again the child of the line `like`, or its twin; `said` and `like_said` are what each says."""

    birth: LineFacts
    line: int
    like: int
    said: str
    like_said: str

    @property
    def options(self) -> list[Option]:
        """What may be said of it."""
        return [
            Option(SAME_CHILD, "Le même enfant, écrit deux fois"),
            Option(TWIN, "Un autre enfant de cette naissance (jumeau)"),
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

    `outside` and `twins` are what the births wait for that do not stand in `new`: a word about their commune, or
    about a line that may say a twin. `probable` are the lines nobody has decided yet.
    """

    new: tuple[LineFacts, ...]
    new_count: int
    known: tuple[KnownFacts, ...]
    known_count: int
    probable: tuple[ProbableFacts, ...]
    probable_count: int
    outside: tuple[OutsideFacts, ...]
    outside_count: int
    twins: tuple[TwinFacts, ...]
    twins_count: int
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
    def twins_words(self) -> str:
        return french.plural(self.twins_count, "jumeau à confirmer,jumeaux à confirmer")

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


def listed(
    table: Table, columns: Sequence[str], structure: Structure, at: datetime, choices: Choices = NO_CHOICES
) -> Listed:
    """The births of a table under these columns, with what was said of the lines that may say a twin."""
    found = read_list(table.rows, _with_stops(table, columns), around(structure, at))
    said = {doubt.line: choices.get(twin_key(doubt.line), "") for birth in found.births for doubt in birth.doubts}
    return replace(found, births=tuple(answered(birth, said) for birth in found.births)) if said else found


def unread(table: Table, columns: Sequence[str]) -> list[str]:
    """The headings of a table of which nothing is read, as the preview names them."""
    return unread_columns(table.headings, _with_stops(table, columns))


def _with_stops(table: Table, columns: Sequence[str]) -> list[str]:
    """The columns, with those that stop a line whoever set them aside: a secret, a death (A38)."""
    return death_columns(table.headings, secrecy_columns(table.headings, columns))


def look(found: Listed, choices: Choices = NO_CHOICES) -> Look:
    """Sort the births of a list by what the territory knows; as many queries for five thousand as for one.

    What `choices` have answered, or the territory knows by now, is no longer said to wait for an answer.
    """
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
    asking = _asking([*new, *(birth for birth, _ in probable)], choices)
    told = (one for one in found.warned if not one.is_asked or one.line in asking)
    warned = (*told, *(Warned(line, reason) for line, reason in doubts.items()))
    return Look(tuple(new), tuple(known), tuple(probable), found.refused, warned, doubts)


def _asking(births: Sequence[ListedBirth], choices: Choices) -> set[int]:
    """The lines about which somebody still has something to say: a commune outside, a twin or not."""
    found: set[int] = set()
    for birth in births:
        if (choice := choices.get(str(birth.line), "")) == NOTHING:
            continue
        found |= {doubt.line for doubt in birth.doubts}
        if waits_for_commune(birth, choice, choices.get(outside_key(birth.line), "")):
            found |= set(birth.lines)
    return found


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
    if len(birth.children) <= len(there) < len(birth.children) + len(birth.doubts):
        return f"La ligne {birth.doubts[0].line} dit peut-être un jumeau, que le dossier n’a pas : vérifiez-le."
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
    undecided = [one for one in seen.probable if is_undecided(one[0], choices)]
    shown = undecided[:DECIDED_AT_ONCE]
    # A known birth whose file lacks a child comes first: the others have nothing to be done.
    known = sorted(seen.known, key=lambda one: one[0].line not in seen.doubts)[:SHOWN]
    beside = _Beside(shown, known, member, at)
    outside = _outside(seen, choices)
    twins = [_twin(birth, doubt) for birth in _written(seen, choices) for doubt in birth.doubts]
    new = [birth for birth in seen.new if not birth.outside and not birth.doubts]
    return Preview(
        new=tuple(_line(birth) for birth in new[:SHOWN]),
        new_count=len(new),
        known=tuple(beside.known(birth, match, seen.doubts.get(birth.line, "")) for birth, match in known),
        known_count=len(seen.known),
        probable=tuple(beside.probable(birth, rows, choices) for birth, rows in shown),
        probable_count=len(undecided),
        outside=outside[:DECIDED_AT_ONCE],
        outside_count=len(outside),
        twins=tuple(twins[:DECIDED_AT_ONCE]),
        twins_count=len(twins),
        refused=seen.refused[: 4 * SHOWN],
        refused_count=len(seen.refused),
        warned=seen.warned[: 4 * SHOWN],
        warned_count=len(seen.warned),
    )


def _written(seen: Look, choices: Choices) -> list[ListedBirth]:
    """The lines that are written once nothing is missing: the new ones, and those said to be another birth."""
    said = [birth for birth, _ in seen.probable if choices.get(str(birth.line), NOTHING) != NOTHING]
    return [*seen.new, *said]


def _outside(seen: Look, choices: Choices) -> tuple[OutsideFacts, ...]:
    """The lines to ask about; another birth of a known family needs no commune. Unanswered ones first."""
    found = [
        OutsideFacts(_line(birth), birth.outside, choices.get(outside_key(birth.line), ""))
        for birth in _written(seen, choices)
        if birth.outside and not choices.get(str(birth.line), "").startswith(ADD)
    ]
    return tuple(sorted(found, key=lambda one: (bool(one.answer), one.line.line)))


def _twin(birth: ListedBirth, doubt: Doubt) -> TwinFacts:
    like = next(child for child in birth.children if child.line == doubt.like)
    return TwinFacts(_line(birth), doubt.line, doubt.like, _child_words(doubt.said.children[0]), _child_words(like))


def _child_words(child: ListedChild) -> str:
    """What a line says of its child, with the first name: two people compare them."""
    said = (
        child.first_name,
        words(Sex, child.sex),
        _weight(child),
        french.hour(child.born_at) if child.born_at else "",
    )
    return ", ".join(part for part in said if part)


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

"""From the birth to the first visit: how many mothers stand at each step, and the births behind each number.

Counts and lists ask the same conditions, so that a number is always the length of its list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, TruncMonth, TruncWeek
from django.utils.formats import date_format

from copa.kernel.asked import as_day, as_uuid
from copa.kernel.charts import Bar, BarChart
from copa.kernel.paging import counted_page
from pathways.enums import Parity, ProposalAnswer
from pathways.models import Birth, NotProposed, Pathway, Proposal, UnnamedBirths
from pathways.reads.births import birth_rows
from territories.models import Member, Structure
from visits import perms
from visits.enums import VisitState
from visits.models import Visit

# R038: at least 70 % of the women to whom CoPa is proposed say yes.
ADHESION_TARGET = 0.70
PERIODS = (30, 90, 365)
DEFAULT_DAYS = 90
PAGE = 25
# Bars of the chart: the last weeks or months are drawn, all of them stand in the table.
_BARS = 12
_NO_ANSWER = "none"


class Stage(StrEnum):
    """A step of the funnel; the value is what stands in the address."""

    BORN = "nees"
    PROPOSED = "proposees"
    ACCEPTED = "oui"
    REFUSED = "non"
    THINKING = "reflexion"
    NOT_PROPOSED = "pas-proposees"
    INCLUDED = "incluses"
    VISITED = "visitees"


class By(StrEnum):
    """What the lines of the table are."""

    MATERNITY = "maternite"
    PARITY = "parite"
    WEEK = "semaine"
    MONTH = "mois"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: births of these local days, both included, of one maternity or of all; and by what."""

    first: date
    last: date
    maternity: UUID | None = None
    by: By = By.MATERNITY


@dataclass(slots=True)
class Line:
    """One line of the table. `unnamed` births have no file and no parity; they are born, and nothing else is asked."""

    key: str
    label: str
    counts: Counter[Stage] = field(default_factory=Counter)
    unnamed: int = 0

    @property
    def named(self) -> int:
        """Those that have a file: the length of the list."""
        return self.counts[Stage.BORN]

    @property
    def born(self) -> int:
        return self.counts[Stage.BORN] + self.unnamed

    def __getattr__(self, name: str) -> int:
        """The count of a step by its name in lower case, for the template."""
        try:
            return self.counts[Stage[name.upper()]]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def proposed_rate(self) -> float | None:
        return _rate(self.counts[Stage.PROPOSED], self.born)

    @property
    def accepted_rate(self) -> float | None:
        return _rate(self.counts[Stage.ACCEPTED], self.counts[Stage.PROPOSED])

    @property
    def included_rate(self) -> float | None:
        return _rate(self.counts[Stage.INCLUDED], self.born)

    @property
    def visited_rate(self) -> float | None:
        return _rate(self.counts[Stage.VISITED], self.counts[Stage.INCLUDED])


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole table, its last line of everything, and its drawing."""

    lines: tuple[Line, ...]
    total: Line
    chart: BarChart


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def funnel(member: Member, asked: Asked) -> Funnel:
    """The table and its chart; three queries whatever the number of births."""
    names = _names() if asked.by == By.MATERNITY else {}
    lines: dict[str, Line] = {}
    total = Line("", "Ensemble")
    for group in _groups(member, asked):
        key = _key(group["group"])
        line = lines.setdefault(key, Line(key, _label(asked.by, group["group"], names)))
        for stage in _stages(group):
            line.counts[stage] += group["n"]
            total.counts[stage] += group["n"]
    for group_key, number in _unnamed(asked).items():
        total.unnamed += number
        if asked.by != By.PARITY:
            key = _key(group_key)
            lines.setdefault(key, Line(key, _label(asked.by, group_key, names))).unnamed += number
    ordered = tuple(sorted(lines.values(), key=lambda line: line.label if asked.by == By.MATERNITY else line.key))
    return Funnel(ordered, total, _chart(asked.by, ordered))


def births_asked(member: Member, asked: Asked) -> QuerySet[Birth]:
    """The births asked for, with their step (`answer`, `is_included`, `is_visited`)."""
    rows: QuerySet[Birth] = perms.SEE_FUNNEL.rows(member).filter(day__gte=asked.first, day__lte=asked.last)
    if asked.maternity:
        rows = rows.filter(maternity__public_id=asked.maternity)
    pathway = Pathway.objects.filter(birth=OuterRef("pk"))
    answer = Proposal.objects.filter(birth=OuterRef("pk")).values("answer")[:1]
    seen = Visit.objects.filter(pathway__birth=OuterRef("pk"), state=VisitState.ENDED)
    # Whoever is included has said yes: her answer of before is not asked.
    return rows.annotate(
        is_included=Exists(pathway),
        answer=Case(
            When(is_included=True, then=Value(ProposalAnswer.YES)),
            default=Coalesce(Subquery(answer), Value(_NO_ANSWER)),
            output_field=CharField(),
        ),
        is_visited=Exists(seen),
    )


_GROUPS: Mapping[By, Any] = {
    By.MATERNITY: Cast("maternity__public_id", CharField()),
    By.PARITY: Cast("parity", CharField()),
    By.WEEK: TruncWeek("day"),
    By.MONTH: TruncMonth("day"),
}


def _groups(member: Member, asked: Asked) -> Iterable[Mapping[str, Any]]:
    births = births_asked(member, asked).annotate(group=_GROUPS[asked.by])
    return births.values("group", "answer", "is_included", "is_visited").annotate(n=Count("pk")).order_by("group")


def _stages(group: Mapping[str, Any]) -> list[Stage]:
    """Every step that a birth of this group has reached."""
    answers = {
        ProposalAnswer.YES: [Stage.PROPOSED, Stage.ACCEPTED],
        ProposalAnswer.NO: [Stage.PROPOSED, Stage.REFUSED],
        ProposalAnswer.PENDING: [Stage.PROPOSED, Stage.THINKING],
    }
    stages = [Stage.BORN, *answers.get(group["answer"], [Stage.NOT_PROPOSED])]
    if group["is_included"]:
        stages.append(Stage.INCLUDED)
    if group["is_visited"]:
        stages.append(Stage.VISITED)
    return stages


def _condition(stage: Stage) -> Q:
    """The births of a step, as `_stages` counts them."""
    return {
        Stage.BORN: Q(),
        Stage.PROPOSED: ~Q(answer=_NO_ANSWER),
        Stage.ACCEPTED: Q(answer=ProposalAnswer.YES),
        Stage.REFUSED: Q(answer=ProposalAnswer.NO),
        Stage.THINKING: Q(answer=ProposalAnswer.PENDING),
        Stage.NOT_PROPOSED: Q(answer=_NO_ANSWER),
        Stage.INCLUDED: Q(is_included=True),
        Stage.VISITED: Q(is_visited=True),
    }[stage]


def funnel_births(member: Member, asked: Asked, *, stage: Stage, group: str, page: str, today: date) -> Page[Any]:
    """The births behind one number, newest first; `group` is the key of a line, "" for all of them."""
    births = births_asked(member, asked).filter(_condition(stage))
    if group:
        births = births.filter(_of_group(asked.by, group))
    keys = births.order_by("-at", "-pk").values_list("pk", flat=True)
    found = counted_page(keys, per_page=PAGE, total=births.count(), asked=page)
    found.object_list = birth_rows(list(found.object_list), today)
    return found


def _of_group(by: By, key: str) -> Q:
    """The births of one line, by its key; a forged one is of no line."""
    if by == By.MATERNITY:
        return Q(maternity__public_id=as_uuid(key))
    if by == By.PARITY:
        return Q(parity=key)
    first = as_day(key)
    if first is None:
        return Q(pk=None)
    if by == By.MONTH:
        return Q(day__year=first.year, day__month=first.month)
    return Q(day__gte=first, day__lt=first + timedelta(weeks=1))


def _unnamed(asked: Asked) -> dict[Any, int]:
    """Births without a file, by the group of their maternity or day."""
    rows = UnnamedBirths.objects.filter(day__gte=asked.first, day__lte=asked.last, number__gt=0)
    if asked.maternity:
        rows = rows.filter(maternity__public_id=asked.maternity)
    expression = Value("") if asked.by == By.PARITY else _GROUPS[asked.by]
    groups = rows.annotate(group=expression).values("group").annotate(n=Sum("number")).order_by("group")
    return dict(groups.values_list("group", "n"))


def _names() -> dict[str, str]:
    found = Structure.objects.order_by("pk").values_list("public_id", "name")
    return {str(key): name for key, name in found}


def _key(group: Any) -> str:
    return group.isoformat() if isinstance(group, date) else str(group)


def _label(by: By, group: Any, names: Mapping[str, str]) -> str:
    if by == By.MATERNITY:
        return names.get(str(group), "")
    if by == By.PARITY:
        return str(Parity(group).label)
    if by == By.MONTH:
        return date_format(group, "F Y").capitalize()
    year, week, _ = group.isocalendar()
    return f"S{week:02d} {year}"


def _chart(by: By, lines: tuple[Line, ...]) -> BarChart:
    """Each line cut in four: where its mothers stand now. What has no file is not drawn."""
    shown = lines[-_BARS:]
    bars = [Bar(line.label, _parts(line.counts)) for line in shown]
    series = ("1re visite", "Incluse", "Proposé", "Pas proposé")
    title = "Où en sont les mères"
    head = {By.MATERNITY: "Maternité", By.PARITY: "Parité", By.WEEK: "Semaine", By.MONTH: "Mois"}[by]
    return BarChart(title, series, bars, period=head, is_tight=len(bars) > 4)


def _parts(counts: Mapping[Stage, int]) -> list[int]:
    visited, included, proposed = counts[Stage.VISITED], counts[Stage.INCLUDED], counts[Stage.PROPOSED]
    return [visited, included - visited, proposed - included, counts[Stage.NOT_PROPOSED]]


def reasons(member: Member, asked: Asked) -> list[tuple[str, int]]:
    """Why CoPa was not proposed, the most frequent first; births whose reason nobody noted stand last."""
    births = births_asked(member, asked).filter(_condition(Stage.NOT_PROPOSED))
    told = NotProposed.objects.filter(birth=OuterRef("pk")).values("reason")[:1]
    groups = births.annotate(reason=Coalesce(Subquery(told), Value(""))).values("reason", "is_silent")
    counts: dict[str, int] = defaultdict(int)
    for group in groups.annotate(n=Count("pk")).order_by():
        counts[_why(group)] += group["n"]
    return sorted(counts.items(), key=lambda item: (item[0] == _NOT_TOLD, -item[1], item[0]))


_NOT_TOLD = "Raison pas notée"


def _why(group: Mapping[str, Any]) -> str:
    if group["is_silent"]:
        return "Deuil"
    found = dict(NotProposed._meta.get_field("reason").flatchoices)
    return str(found.get(group["reason"], _NOT_TOLD))


def period(today: date, days: int) -> tuple[date, date]:
    """The last days, today included."""
    return today - timedelta(days=days - 1), today

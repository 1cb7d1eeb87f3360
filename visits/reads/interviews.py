"""How many included women had the early prenatal interview, with whom, and whether it was transmitted (R223, RS15)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from pathways.enums import CalendarStatus, InterviewProfessional, PathwayState
from pathways.models import CalendarItem, Pathway
from pathways.rules import EARLY_INTERVIEW
from territories.models import Member
from visits.reads.funnel import Asked, births_asked

_NOT_TOLD = "On ne sait pas avec qui"


@dataclass(frozen=True, slots=True)
class Interviews:
    """Women who had it, who did not, and whose answer nobody knows; `by` and `sent` cut those who had it in parts."""

    done: int
    missed: int
    unknown: int
    by: tuple[tuple[str, int], ...]
    sent: tuple[tuple[str, int], ...]

    @property
    def known(self) -> int:
        """Women whose answer is known: what the rate is of."""
        return self.done + self.missed


def interviews(member: Member, asked: Asked) -> Interviews:
    """Over the included births that are asked for; one query. A family in mourning is counted nowhere (A38)."""
    said = CalendarItem.objects.filter(birth=OuterRef("pk"), child=None, code=EARLY_INTERVIEW)
    stopped = Pathway.objects.filter(state=PathwayState.BEREAVED).values("birth")
    births: QuerySet[Any] = births_asked(member, asked)
    births = births.filter(is_included=True, is_silent=False).exclude(pk__in=stopped)
    columns = ("status", "professional_kind", "is_transmitted")
    parts = {f"interview_{name}": Subquery(said.values(name)[:1]) for name in columns}
    rows = births.annotate(**parts).values_list(*parts).annotate(n=Count("pk")).order_by()
    return _counted(list(rows))


def _counted(rows: list[Any]) -> Interviews:
    status: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    sent: Counter[bool | None] = Counter()
    for said, kind, is_sent, number in rows:
        status[said] += number
        if said == CalendarStatus.DONE:
            kinds[kind] += number
            sent[is_sent] += number
    done, missed = status[CalendarStatus.DONE], status[CalendarStatus.MISSED]
    told = [(str(one.label), kinds[one]) for one in InterviewProfessional]
    return Interviews(
        done=done,
        missed=missed,
        unknown=status.total() - done - missed,
        by=tuple(one for one in [*told, (_NOT_TOLD, kinds[""])] if one[1]),
        sent=(("Transmis à la maternité", sent[True]), ("Pas transmis", sent[False]), ("On ne sait pas", sent[None])),
    )

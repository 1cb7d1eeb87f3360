"""Reports that go along with a family to another territory, with her agreement, and those that came from one.

Words leave, never answers: for each reader, what the printed report already leaves to her, less what stays here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.digest import digest_of
from copa.kernel.french import capitalised, inner
from pathways.enums import NeedAbout, StepKind
from pathways.models import CarriedReport, Need, Pathway, ReceivedFile
from pathways.reads.facts.words import words
from territories.enums import Role
from territories.models import Member
from visits import perms
from visits.enums import VisitState
from visits.models import Addendum, Report
from visits.questionnaire import Block, Line, Questionnaire, ReportContext, printable
from visits.questionnaire.document import FOOT
from visits.reads.context import HELPERS, form_name, questionnaire_of
from visits.reads.households import Household, household_of
from visits.reads.needs_decided import decision_lines
from visits.reads.of_the_living import told_of_living
from visits.reads.report import READER_WORDS, AddendumView, context_of

# Whoever may read a report in the other territory too; the parents have their own copies.
READERS = ("E", "L", "M", "G", "P")
# Needs that tell how somebody feels, as the EPDS would.
MOOD_NEEDS = ("MOOD", "COPARENT_MOOD")
# Every code that is about the co-parent, in whatever list of the form, begins so.
COPARENT = "COPARENT"
# The page says its own; the foot is the same sentence under each.
_LEFT_OUT = frozenset({"foot"})


# ---- Leaving ---------------------------------------------------------------------------------------------
def reports_to_carry(pathway: Pathway) -> Any:
    """The signed reports of the visits that were made, in the order of the visits."""
    made = Report.objects.filter(visit__pathway=pathway, visit__state=VisitState.ENDED).signed()
    return made.order_by("visit__ended_at", "pk")


def carried_reports(pathway: Pathway, *, with_coparent: bool) -> list[dict[str, Any]]:
    """What leaves of each of them, as `CarriedReport` keeps it; what concerns the co-parent on his own yes alone."""
    rows = reports_to_carry(pathway).select_related("visit", "author__user", "territory")
    return [_carried(report, with_coparent=with_coparent) for report in rows]


def _carried(report: Report, *, with_coparent: bool) -> dict[str, Any]:
    questionnaire = questionnaire_of(report.form_id)
    answers, context = _told(report)
    blocks = _written(report, questionnaire, *_without_coparent(answers, context), left_out=_COPARENTS | _MOODS)
    theirs = _written(report, questionnaire, answers, context, left_out=_MOODS) if with_coparent else []
    ended_at = report.visit.ended_at
    assert ended_at is not None, "the report of a visit that was made"
    return {
        "written_in": report.territory.name,
        "kind": report.visit.kind,
        "on": clock.local_date(ended_at, report.territory.time_zone).isoformat(),
        "author": report.author.user.get_full_name(),
        "author_role": report.author.role,
        "form": form_name(report.form_id),
        "blocks": blocks,
        "with_coparent": theirs if theirs != blocks else [],
        "addenda": list(_addenda(report)),
    }


_COPARENTS = Q(need__about=NeedAbout.COPARENT)
_MOODS = Q(need__code__in=MOOD_NEEDS)


def _told(report: Report) -> tuple[Mapping[str, Any], ReportContext]:
    """The answers and the context, without a child who has died and without the needs that tell a mood."""
    answers, context = told_of_living(report, report.answers, context_of(report))
    noted = Need.objects.filter(public_id__in=[need.ref for need in context.needs], code__in=MOOD_NEEDS)
    moods = {str(key) for key in noted.order_by().values_list("public_id", flat=True)}
    rows = [row for row in answers.get("need.item", ()) if row.get("need.item.code") not in MOOD_NEEDS]
    needs = tuple(need for need in context.needs if need.ref not in moods)
    return _as_asked({**answers, "need.item": rows}), replace(context, needs=needs, epds_recipients=())


def _without_coparent(answers: Mapping[str, Any], context: ReportContext) -> tuple[dict[str, Any], ReportContext]:
    """The same without the codes, the rows and the needs that are about the co-parent."""
    kept = {link_id: left for link_id, value in answers.items() if (left := _less_coparent(value)) is not None}
    needs = tuple(one for one in context.needs if one.about != NeedAbout.COPARENT)
    around = ", ".join(one for one in context.circle_text.split(", ") if one != HELPERS[COPARENT])
    if not around:
        kept.pop("res.same", None)
    return _as_asked(kept), replace(context, needs=needs, circle_text=around)


def _as_asked(answers: Mapping[str, Any]) -> dict[str, Any]:
    """That there is a need is not told where none is."""
    is_told = answers.get("need.any") != "SOME" or answers.get("need.item")
    return {link_id: value for link_id, value in answers.items() if is_told or link_id != "need.any"}


def _less_coparent(value: Any) -> Any:
    """An answer less what is about the co-parent; None when nothing is left of it."""
    if isinstance(value, list):
        return [one for one in value if not _is_of_coparent(one)] or None
    return None if _is_of_coparent(value) else value


def _is_of_coparent(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_is_of_coparent(one) for one in value.values())
    return isinstance(value, str) and value.startswith(COPARENT)


def _written(
    report: Report, questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext, left_out: Q
) -> list[dict[str, Any]]:
    """The blocks of every reader as one document, each line with the letters of those who find it in their copy."""
    blocks: dict[str, dict[str, Any]] = {}
    for letter in READERS:
        for block in printable(questionnaire, answers, context, letter, is_carried=True):
            if block.code in _LEFT_OUT:
                continue
            decided = decision_lines(report, letter, left_out) if block.code == "needs" else ()
            head = {"code": block.code, "number": block.number, "title": block.title, "lines": []}
            _merge(blocks.setdefault(block.code, head)["lines"], [*block.lines, *decided], letter)
    return sorted(blocks.values(), key=lambda block: int(block["number"]))


def _merge(lines: list[dict[str, str]], found: Iterable[Line], letter: str) -> None:
    """Add the lines of one more reader, each copy in its own order."""
    place = 0
    for line in found:
        said = (line.label, line.text)
        same = (at for at in range(place, len(lines)) if (lines[at]["label"], lines[at]["text"]) == said)
        at = next(same, None)
        if at is None:
            at = place
            lines.insert(at, {"label": line.label, "text": line.text, "for": ""})
        lines[at]["for"] += letter
        place = at + 1


def _addenda(report: Report) -> Iterator[dict[str, str]]:
    rows = Addendum.objects.filter(report=report).select_related("author__user").order_by("at", "pk")
    for row in rows:
        author = row.author.user.get_full_name()
        yield {"at": row.at.isoformat(), "author": author, "reason": row.reason, "text": row.text}


# ---- Received --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedView:
    """One report as this reader's copy shows it; `author` with her function, `form` with its version."""

    kind: str
    on: date
    written_in: str
    author: str
    form: str
    blocks: tuple[Block, ...]
    addenda: tuple[AddendumView, ...]

    @property
    def has_alert(self) -> bool:
        """Whether this copy tells of a danger sign."""
        return any(block.code == "alerts" for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedPage:
    """The reports that came with a family; `origin` is the territory that sent them, `digest` that of what is shown."""

    public_id: UUID
    origin: str
    received_at: datetime
    household: Household
    reference: str
    recipient: str
    reports: tuple[CarriedView, ...]
    foot: str
    digest: str


def carried_page(received: ReceivedFile, member: Member) -> CarriedPage:
    """What this member reads of them; a fixed number of queries."""
    letter = perms.reader_letter(member, received.family_id)
    rows = CarriedReport.objects.filter(received=received).order_by("on", "pk")
    reports = tuple(_view(row, letter) for row in rows)
    return CarriedPage(
        public_id=received.public_id,
        origin=received.from_territory.name,
        received_at=received.received_at,
        household=household_of(received.birth_id, received.family_id),
        reference=received.family.reference,
        recipient=READER_WORDS.get(letter, "l’équipe qui suit la famille"),
        reports=reports,
        foot=FOOT,
        digest=digest_of({"received": str(received.public_id), "reports": [_shown(one) for one in reports]}),
    )


def _view(row: CarriedReport, letter: str) -> CarriedView:
    return CarriedView(
        kind=capitalised(words(StepKind, row.kind)),
        on=row.on,
        written_in=row.written_in,
        author=f"{row.author}, {inner(words(Role, row.author_role))}",
        form=row.form,
        blocks=tuple(_blocks(row.with_coparent or row.blocks, letter)),
        addenda=tuple(AddendumView(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in row.addenda),
    )


def _blocks(blocks: Iterable[Mapping[str, Any]], letter: str) -> Iterator[Block]:
    for block in blocks:
        lines = tuple(Line(label=line["label"], text=line["text"]) for line in block["lines"] if letter in line["for"])
        if lines:
            yield Block(number=block["number"], code=block["code"], title=block["title"], lines=lines)


def _shown(view: CarriedView) -> dict[str, Any]:
    addenda = [{**asdict(one), "at": one.at.isoformat()} for one in view.addenda]
    blocks = [asdict(block) for block in view.blocks]
    return {"kind": view.kind, "on": view.on.isoformat(), "form": view.form, "blocks": blocks, "addenda": addenda}

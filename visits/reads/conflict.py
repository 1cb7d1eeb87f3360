"""Two screens, one report: what differs, in words, so that the person who writes can choose."""

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from copa.kernel import french
from visits.questionnaire import Answers, CleanResult, Questionnaire, ReportContext
from visits.questionnaire.context import EPDS_LANGUAGE
from visits.questionnaire.merging import Merge, field_values
from visits.questionnaire.sheet import Row, Sheet, path_of
from visits.questionnaire.wording import answer_text, label_of
from visits.reads.context import VisitFacts
from visits.reads.drafts import Draft, put


@dataclass(frozen=True)
class Difference:
    """One question answered otherwise on the two screens; "–" where one of them has no answer."""

    path: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Conflict:
    """What the other screen saved, where the two differ. History keeps both.

    `base` and `values` are for the page's script: saved again from `base`, what stands here replaces it; `values` are
    the fields as the other screen would have them, and `paths` the answers in conflict. Empty without a common start.
    """

    revision: int
    saved_at: datetime | None
    differences: tuple[Difference, ...]
    base: Answers = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    paths: tuple[str, ...] = ()

    @property
    def saved_words(self) -> str:
        """When the other screen saved, as people say it."""
        return french.moment(self.saved_at)

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        return {
            "revision": self.revision,
            "saved_words": self.saved_words,
            "differences": [asdict(one) for one in self.differences],
            "base": self.base,
            "values": self.values,
            "paths": self.paths,
        }


def conflict(theirs: Draft, mine: CleanResult, merged: Merge | None = None) -> Conflict:
    """The two versions beside each other, question by question; with a common start, only where both changed."""
    read = theirs.read()
    left = _texts(theirs.questionnaire, mine.answers, theirs.context) | mine.rejected
    right = _texts(theirs.questionnaire, read.answers, theirs.context) | read.rejected
    labels = _labels(theirs.questionnaire, mine.answers, theirs.context)
    labels |= _labels(theirs.questionnaire, read.answers, theirs.context)
    paths = [path for path in labels if left.get(path, "") != right.get(path, "")]
    if merged is not None:
        paths = [path for path in paths if _is_in(path, merged.conflicts)]
    return Conflict(
        revision=theirs.revision,
        saved_at=theirs.report.saved_at if theirs.report else None,
        differences=tuple(
            Difference(path, labels[path], left.get(path) or french.NOTHING, right.get(path) or french.NOTHING)
            for path in paths
        ),
        **({} if merged is None else _for_script(theirs, merged)),
    )


def _is_in(path: str, units: tuple[str, ...]) -> bool:
    return path in units or path.rpartition("/")[0] in units


def _for_script(theirs: Draft, merged: Merge) -> dict[str, Any]:
    values = field_values(theirs.questionnaire, merged.answers, theirs.context)
    return {"base": merged.base, "values": values, "paths": merged.conflicts}


def whole_page(facts: VisitFacts, result: CleanResult) -> dict[str, Any]:
    """What the page must show once another screen's answers have joined its own."""
    answers = deepcopy(result.answers)
    for path, text in result.rejected.items():
        put(answers, path, text)
    return {"base": answers, "values": field_values(facts.questionnaire, answers, facts.context)}


def _texts(questionnaire: Questionnaire, answers: Answers, context: ReportContext) -> dict[str, str]:
    sheet = Sheet(questionnaire, answers, context)
    return {
        path_of(item, row): text
        for item, row in sheet.every()
        if _is_answered(item, context) and (text := answer_text(item, sheet.answer(item, row), context))
    }


def _labels(questionnaire: Questionnaire, answers: Answers, context: ReportContext) -> dict[str, str]:
    sheet = Sheet(questionnaire, answers, context)
    return {
        path_of(item, row): _label(item, row, context) for item, row in sheet.every() if _is_answered(item, context)
    }


def _is_answered(item: Any, context: ReportContext) -> bool:
    """Whether somebody writes the answer: the language of a sheet is, where there is one to choose."""
    return not item.source or (item.link_id == EPDS_LANGUAGE and bool(context.epds_languages))


def _label(item: Any, row: Row | None, context: ReportContext) -> str:
    return label_of(item, row, context, alone=True)

"""Two screens, one report: what differs, in words, so that the person who writes can choose."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from copa.kernel import french
from visits.questionnaire import Answers, CleanResult, Questionnaire, ReportContext
from visits.questionnaire.sheet import Row, Sheet, path_of
from visits.questionnaire.wording import answer_text, label_of
from visits.reads.drafts import Draft


@dataclass(frozen=True)
class Difference:
    """One question answered otherwise on the two screens; "–" where one of them has no answer."""

    path: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Conflict:
    """What the other screen saved. Saving again from `revision` replaces it; history keeps both."""

    revision: int
    saved_at: datetime | None
    differences: tuple[Difference, ...]

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
        }


def conflict(theirs: Draft, mine: CleanResult) -> Conflict:
    """The two versions beside each other, question by question."""
    read = theirs.read()
    left = _texts(theirs.questionnaire, mine.answers, theirs.context) | mine.rejected
    right = _texts(theirs.questionnaire, read.answers, theirs.context) | read.rejected
    labels = _labels(theirs.questionnaire, mine.answers, theirs.context)
    labels |= _labels(theirs.questionnaire, read.answers, theirs.context)
    paths = [path for path in labels if left.get(path, "") != right.get(path, "")]
    return Conflict(
        revision=theirs.revision,
        saved_at=theirs.report.saved_at if theirs.report else None,
        differences=tuple(
            Difference(path, labels[path], left.get(path) or french.NOTHING, right.get(path) or french.NOTHING)
            for path in paths
        ),
    )


def _texts(questionnaire: Questionnaire, answers: Answers, context: ReportContext) -> dict[str, str]:
    sheet = Sheet(questionnaire, answers, context)
    return {
        path_of(item, row): text
        for item, row in sheet.every()
        if not item.source and (text := answer_text(item, sheet.answer(item, row), context))
    }


def _labels(questionnaire: Questionnaire, answers: Answers, context: ReportContext) -> dict[str, str]:
    sheet = Sheet(questionnaire, answers, context)
    return {path_of(item, row): _label(item, row, context) for item, row in sheet.every() if not item.source}


def _label(item: Any, row: Row | None, context: ReportContext) -> str:
    return label_of(item, row, context, alone=True)

"""What the page draws: plain frozen data, no decision left to the template."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from visits.questionnaire.alerts import Family
from visits.questionnaire.context import TeamCall
from visits.questionnaire.engine import Missing

TEMPLATE_KEY = "__row__"


def anchor_of(path: str) -> str:
    """The id of a question on the page, from its path."""
    return "q-" + re.sub(r"[^A-Za-z0-9_-]", "-", path)


@dataclass(frozen=True, kw_only=True)
class WordsView:
    """A text of the scale in one language; `is_shown` in the language of the sheet."""

    language: str
    text: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class OptionView:
    """One answer. `is_offered` False: not now (the page may show it later); `family`: ticking it raises an alert.

    `said` is what the AP says of it on the phone, "" for its own label; `words` what the scale says of it.
    """

    code: str
    label: str
    help: str = ""
    family: str = ""
    said: str = ""
    is_selected: bool = False
    is_offered: bool = True
    is_exclusive: bool = False
    serves: str = ""
    words: tuple[WordsView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OptionGroupView:
    """Options of a long list under a heading ("" when there is none)."""

    title: str
    options: tuple[OptionView, ...]


@dataclass(frozen=True, kw_only=True)
class CallButton:
    """One button of a procedure. `href` is a `tel:` or `sms:` address; `is_samu`: it calls the 15."""

    label: str
    href: str
    is_urgent: bool
    is_samu: bool = False


@dataclass(frozen=True, kw_only=True)
class ProcedureView:
    """What to do for one family of alert, shown where the sign was ticked."""

    family: Family
    is_visible: bool
    buttons: tuple[CallButton, ...]
    opening: str
    block_anchor: str


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """One question. `widget`: tiles, tiles-many, select, yesno, check, scale, weeks, number, date, time, string,
    text, given, total, procedure. `value` is the text of an input, or of a fact that is only shown. `family` and
    `said` as those of an option, for a tick that raises an alert; `words` as those of an option."""

    path: str
    anchor: str
    link_id: str
    widget: str
    label: str
    help: str = ""
    options: tuple[OptionView, ...] = ()
    option_groups: tuple[OptionGroupView, ...] = ()
    value: str = ""
    is_visible: bool = True
    is_optional: bool = False
    is_missing: bool = False
    missing_text: str = ""
    error: str = ""
    warning: str = ""
    max_length: int | None = None
    low: str = ""
    high: str = ""
    step: str = ""
    tiles: tuple[tuple[str, int], ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    procedures: tuple[ProcedureView, ...] = ()
    family: str = ""
    said: str = ""
    words: tuple[WordsView, ...] = ()
    kind: str = "question"

    @property
    def described_by(self) -> str:
        """Ids of the help, the error and the warning, in reading order."""
        parts = [
            f"{self.anchor}-aide" if self.help else "",
            f"{self.anchor}-erreur" if self.error else "",
            f"{self.anchor}-attention" if self.warning else "",
        ]
        return " ".join(filter(None, parts))

    @property
    def short_label(self) -> str:
        """« Réponse n° 7 » → « N° 7 », for the narrow rows of a scale."""
        match = re.search(r"n° ?\d+", self.label)
        return match[0].capitalize() if match else self.label


@dataclass(frozen=True, kw_only=True)
class ScaleView:
    """Neighbouring questions of the same four values, drawn as one grid."""

    questions: tuple[QuestionView, ...]
    is_visible: bool
    kind: str = "scale"


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """Questions of a group that appears once. `title` is "" when the section already says it."""

    anchor: str
    link_id: str
    title: str
    help: str
    is_visible: bool
    blocks: tuple[Any, ...]
    kind: str = "group"


@dataclass(frozen=True, kw_only=True)
class RowView:
    """One repetition: a child, an alert, a need. `note` says why nothing is asked of it, "" otherwise."""

    key: str
    anchor: str
    title: str
    note: str
    blocks: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class RowsView:
    """A repeating group. `template` is the empty row the page copies; `add_label` "" when nobody may add one.

    `spare` is one more empty row for a page without script, None where there is one already.
    """

    anchor: str
    link_id: str
    title: str
    help: str
    is_visible: bool
    rows: tuple[RowView, ...]
    template: RowView | None = None
    spare: RowView | None = None
    add_label: str = ""
    is_missing: bool = False
    missing_text: str = ""
    kind: str = "rows"


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """One card. `state`: todo, half, ok (nothing missing), bad (an alert is open or something is refused).

    `waits_for`: it is due at this visit and opens with an answer of another card, `waits_section`; else "".
    """

    id: str
    title: str
    blocks: tuple[Any, ...]
    is_visible: bool
    state: str = "todo"
    summary: str = ""
    is_folded: bool = False
    waits_for: str = ""
    waits_section: str = ""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Neighbouring sections drawn alike: the finished ones folded in one list, the others as cards."""

    is_folded: bool
    sections: tuple[SectionView, ...]


@dataclass(frozen=True, kw_only=True)
class FormView:
    """Everything templates/visits/report/_form.html draws.

    `missing` lists what is left before signing; the box is open when `shows_missing`. `problems` are errors that
    have no field on the page. `danger` is the question behind the red button. `definition` and `client_context` go
    to the page as JSON.
    """

    questionnaire_id: str
    version: str
    title: str
    sections: tuple[SectionView, ...]
    runs: tuple[Run, ...]
    missing: tuple[Missing, ...]
    shows_missing: bool
    answered: int
    required: int
    danger: QuestionView | None
    call: TeamCall
    definition: dict[str, Any]
    client_context: dict[str, Any]
    problems: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def missing_anchors(self) -> list[tuple[str, str]]:
        """(anchor, text) of each missing answer."""
        return [(anchor_of(gap.path), gap.text) for gap in self.missing]

    @property
    def parts_total(self) -> int:
        return sum(1 for section in self.sections if section.is_visible)

    @property
    def parts_done(self) -> int:
        return sum(1 for section in self.sections if section.is_visible and section.state == "ok")

    @property
    def has_errors(self) -> bool:
        return bool(self.errors)

"""Clean, complete, refuse: the three questions asked of an answer document.

The answer document is a dict `linkId -> value`. Groups that appear once are flat; a repeating group (`child`,
`alert`, `need.prev`, `need.item`, `res.entry`) is a list of such dicts.
Values are JSON: code, list of codes, bool, int, decimal as text
("12.4"), ISO date or datetime. A *path* is the linkId, or `group/key/linkId` inside a repeating group;
the key is the ref of the child or of the need, the family of the alert, else the place of the row
("need.item/0/need.item.code").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from visits.questionnaire.context import EPDS_LANGUAGE, FOR_NEED, ReportContext
from visits.questionnaire.model import Item, Questionnaire, Rule
from visits.questionnaire.rules import broken, is_of_another_type
from visits.questionnaire.sheet import ALERT, CHILD, NEED, OUTCOME, ROW_KEYS, Row, Sheet, path_of
from visits.questionnaire.typography import NBSP
from visits.questionnaire.values import Refused, typed
from visits.questionnaire.wording import label_of

Answers = dict[str, Any]
EPDS_ITEMS = tuple(f"epds.i{number:02d}" for number in range(1, 11))
EPDS_TOTAL = "epds.total"
MAX_ROWS = 20

UNKNOWN = "Cette question n’existe pas dans cette version du formulaire."
COMPUTED = "Cette valeur est calculée par la plateforme."
ANOTHER_TYPE = f"Ce service n’est pas du type choisi{NBSP}: changez l’un ou l’autre."
BAD_ROWS = "Ces réponses ne sont pas lisibles."
FOREIGN_CHILD = "Cet enfant n’est pas dans le dossier."
FOREIGN_FAMILY = "Cette alerte n’existe pas."


@dataclass(frozen=True, kw_only=True)
class CleanResult:
    """`answers` hold only typed values of visible questions; `errors` refuse, `warnings` ask to look again.

    Both map a path to a French sentence. An answer that is not of its type is left out of `answers` and kept as
    typed in `rejected`; an answer that breaks a rule stays, with its error. Signing needs `errors` empty. `foreign`
    are the paths of `errors` that no page of this form ever sends.
    """

    answers: Answers
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One question that still needs an answer. `section` is the section id (anchor of the card)."""

    path: str
    section: str
    text: str


def clean(questionnaire: Questionnaire, raw: Mapping[str, Any], context: ReportContext) -> CleanResult:
    """Turn the page's document into typed answers. What is said of a need no longer in hand is left out.

    Refuses, with a sentence at the path: a linkId that is not in this version, a computed one (`ctx.*`), a wrong
    type, an unknown code, a value outside its limits, a child of another file. Drops answers of hidden questions.
    Adds what the platform computes (`child.ref`, `alert.family`, `epds.language`, `epds.total`).
    """
    reading = _Reading(questionnaire, context)
    reading.read(raw)
    answers = _visible_only(Sheet(questionnaire, reading.answers, context))
    _compute(answers, Sheet(questionnaire, answers, context))
    # Alert blocks depend on the signs that are left once hidden answers are gone: look again.
    answers = _visible_only(Sheet(questionnaire, answers, context))
    sheet = Sheet(questionnaire, answers, context)
    errors, warnings = rule_sentences(sheet)
    shown = _visible_paths(sheet) | reading.always
    refused = {path: text for path, text in reading.errors.items() if path in shown or _is_in_emptied_row(path, sheet)}
    rejected = {path: text for path, text in reading.rejected.items() if path in refused}
    return CleanResult(
        answers=answers,
        errors={**errors, **refused},
        warnings=warnings,
        rejected=rejected,
        foreign=frozenset(reading.always),
    )


class _Reading:
    """First pass: types and codes, whatever is visible. `always` are errors that no condition can hide."""

    def __init__(self, questionnaire: Questionnaire, context: ReportContext) -> None:
        self.questionnaire = questionnaire
        self.context = context
        self.answers: Answers = {}
        self.errors: dict[str, str] = {}
        self.rejected: dict[str, str] = {}
        self.always: set[str] = set()

    def read(self, raw: Mapping[str, Any]) -> None:
        for key, value in raw.items():
            item = self.questionnaire.by_id.get(key)
            if item is not None and item.is_row_group:
                self._read_rows(item, value)
            else:
                self._read_one(key, value, "", "", self.answers)

    def _refuse(self, path: str, text: str) -> None:
        self.errors[path] = text
        self.always.add(path)

    def _read_one(self, key: str, value: Any, rows: str, prefix: str, into: Answers) -> None:
        item = self.questionnaire.by_id.get(key)
        path = prefix + key
        if item is None or item.is_group or item.rows != rows:
            self._refuse(path, UNKNOWN)
        elif item.is_hidden or item.source == "visit" or item.type == "display":
            self._refuse(path, COMPUTED)
        elif key == EPDS_LANGUAGE:
            into |= self._language(value)
        elif not item.source:
            try:
                answer = typed(item, value, self.context)
            except Refused as error:
                self.errors[path] = str(error)
                # The database keeps no NUL.
                self.rejected[path] = value.replace("\x00", "") if isinstance(value, str) else ""
            else:
                if answer is not None:
                    into[key] = answer

    def _language(self, value: Any) -> Answers:
        """The language of the sheet, when it is one the team has; else the platform says it."""
        is_known = isinstance(value, str) and value in dict(self.context.epds_languages)
        return {EPDS_LANGUAGE: value} if is_known else {}

    def _read_rows(self, group: Item, value: Any) -> None:
        if not isinstance(value, list) or len(value) > MAX_ROWS:
            self._refuse(group.link_id, BAD_ROWS)
            return
        rows = []
        seen: set[Any] = set()
        for place, raw in enumerate(value):
            row = self._read_row(group, raw, place, seen)
            if row or group.link_id not in ROW_KEYS:
                rows.append(row)
        self.answers[group.link_id] = rows

    def _read_row(self, group: Item, raw: Any, place: int, seen: set[Any]) -> Answers:
        """One row, named in paths by its key (child, family of alert) or by its place."""
        if not isinstance(raw, Mapping):
            self._refuse(f"{group.link_id}/{place}", BAD_ROWS)
            return {}
        key = ROW_KEYS.get(group.link_id, "")
        given = raw.get(key) if key else str(place)
        if not isinstance(given, str):
            self._refuse(f"{group.link_id}/{place}", BAD_ROWS)
            return {}
        if key and given not in self._known_keys(group.link_id):
            return self._foreign_row(group, given, place)
        if given in seen:
            self._refuse(f"{group.link_id}/{place}", BAD_ROWS)
            return {}
        seen.add(given)
        row: Answers = {key: given} if key else {}
        for link_id, value in raw.items():
            if link_id != key:
                self._read_one(link_id, value, group.link_id, f"{group.link_id}/{given}/", row)
        return row

    def _known_keys(self, group: str) -> list[str]:
        if group == CHILD:
            return [child.ref for child in self.context.children]
        if group == ALERT:
            return [option.code for option in self.questionnaire.by_id[ROW_KEYS[ALERT]].options]
        if group == NEED:
            return [need.ref for need in self.context.needs]
        return []

    def _foreign_row(self, group: Item, given: Any, place: int) -> Answers:
        # A need that ended since the page was drawn is asked no more; whose it is, the action looks at again.
        if group.link_id != NEED and given not in self.context.closed_child_refs:
            text = FOREIGN_CHILD if group.link_id == CHILD else FOREIGN_FAMILY
            self._refuse(f"{group.link_id}/{place}", text)
        return {}


def _visible_only(sheet: Sheet) -> Answers:
    """The document without the answers of hidden questions, in the order of the form."""
    kept: Answers = {}
    for item in sheet.questionnaire.by_id.values():
        if item.rows or not sheet.is_visible(item, None):
            continue
        if item.is_row_group:
            kept[item.link_id] = _visible_rows(sheet, item)
        elif not item.is_group and (value := sheet.answer(item, None)) is not None:
            kept[item.link_id] = value
    return {key: value for key, value in kept.items() if value != []}


def _visible_rows(sheet: Sheet, group: Item) -> list[Answers]:
    rows = {row.key: _visible_row(sheet, group, row) for row in sheet.rows(group.link_id)}
    if group.link_id in ROW_KEYS:
        return list(rows.values())
    placed = [rows.get(str(place), {}) for place in range(len(sheet.answers.get(group.link_id, ())))]
    while placed and not placed[-1]:
        placed.pop()
    return placed


def _visible_row(sheet: Sheet, group: Item, row: Row) -> Answers:
    kept: Answers = {}
    if row.child is not None:
        kept[ROW_KEYS[CHILD]] = row.child.ref
    for nested in group.items:
        for item in nested.walk():
            if item.is_group or item.is_hidden or not sheet.is_visible(item, row):
                continue
            if (value := sheet.answer(item, row)) is not None:
                kept[item.link_id] = value
    return kept


def _compute(answers: Answers, sheet: Sheet) -> None:
    """Values nobody types. No total unless the ten values are there (E2)."""
    answers.pop(EPDS_TOTAL, None)
    by_id = sheet.questionnaire.by_id
    if OUTCOME in by_id:
        answers[OUTCOME] = sheet.outcome
    language = by_id.get(EPDS_LANGUAGE)
    if language is not None and sheet.is_visible(language, None):
        answers.setdefault(EPDS_LANGUAGE, language.options[0].code)
    total = epds_total(answers)
    if total is not None and sheet.is_visible(by_id[EPDS_TOTAL], None):
        answers[EPDS_TOTAL] = total


def epds_total(answers: Mapping[str, Any]) -> int | None:
    """Sum of the ten values; None when one is missing or the mother left one empty (rules E1, E2)."""
    values = [answers.get(link_id) for link_id in EPDS_ITEMS]
    if answers.get("epds.missing") is True:
        return None
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    return sum(numbers) if len(numbers) == len(EPDS_ITEMS) else None


def rule_sentences(sheet: Sheet) -> tuple[dict[str, str], dict[str, str]]:
    """(errors, warnings) by path, from the rules of every visible question."""
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    for item, row in sheet.every():
        if not (item.rules or item.link_id == FOR_NEED) or not sheet.is_visible(item, row):
            continue
        if is_of_another_type(item, row, sheet):
            errors[path_of(item, row)] = ANOTHER_TYPE
        for rule in broken(item, row, sheet):
            found = errors if rule.severity == "error" else warnings
            found.setdefault(path_of(item, row), _sentence(item, rule))
    return errors, warnings


def _sentence(item: Item, rule: Rule) -> str:
    if rule.kind != "exclusive":
        return rule.text
    labels = " ou ".join(f"«{NBSP}{option.label}{NBSP}»" for option in item.options if option.code in rule.codes)
    return f"{labels} ne va pas avec une autre réponse."


def _is_in_emptied_row(path: str, sheet: Sheet) -> bool:
    """A row whose only answer was refused is no longer a row: its error must be read all the same."""
    group, _, rest = path.partition("/")
    item = sheet.questionnaire.by_id[group]
    if not rest or group in ROW_KEYS or not sheet.is_visible(item, None):
        return False
    return rest.partition("/")[0] not in {row.key for row in sheet.rows(group)}


def _visible_paths(sheet: Sheet) -> set[str]:
    return {path_of(item, row) for item, row in sheet.every() if sheet.is_visible(item, row)}


def missing(questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext) -> list[Missing]:
    """What must still be answered before signing, in the order of the page. Empty: nothing is missing.

    Takes the answers of `clean`; signing also needs its errors to be empty.
    """
    sheet = Sheet(questionnaire, answers, context)
    titles = dict(questionnaire.sections)
    found = []
    for top in questionnaire.items:
        for path, text in _missing_under(top, sheet):
            found.append(Missing(path=path, section=top.section, text=f"{titles[top.section]} – {text}"))
    order = {code: place for place, (code, _) in enumerate(questionnaire.sections)}
    return sorted(found, key=lambda gap: order[gap.section])


def _missing_under(top: Item, sheet: Sheet) -> list[tuple[str, str]]:
    found = []
    if top.is_row_group and _lacks_a_row(top, sheet):
        found.append((top.link_id, f"{top.text}, au moins un"))
    for item, row in sheet.under(top):
        if is_missing(item, row, sheet):
            found.append((path_of(item, row), label_of(item, row, sheet.context, alone=True)))
    return found


def _lacks_a_row(group: Item, sheet: Sheet) -> bool:
    return sheet.is_required(group, None) and len(sheet.rows(group.link_id)) < group.min_occurs


def is_missing(item: Item, row: Row | None, sheet: Sheet) -> bool:
    """Whether this very question still needs an answer. Hours come from the visit's own buttons."""
    if item.source not in ("", "visit") or item.type == "display" or not sheet.is_required(item, row):
        return False
    if item.source == "visit":
        known = {
            "visit.started_at": sheet.context.started_at,
            "visit.ended_at": sheet.context.ended_at,
        }
        return known.get(item.link_id) is None
    value = sheet.answer(item, row)
    if item.rule("must-be-true"):
        return value is not True
    return value is None or value == []


# Section 13: what the AP is asked about, by the last word of its question and of the fact that opens it.
DEVIATIONS = ("duration", "window", "epds", "joint", "late")


def told_deviations(
    questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext
) -> dict[str, str | None]:
    """What a document says of each deviation its form knows: None where there is none, else the reason given.

    "" where the form found one and the answer is missing. A deviation this version does not know is left out.
    """
    sheet = Sheet(questionnaire, answers, context)
    told: dict[str, str | None] = {}
    for name in DEVIATIONS:
        fact = questionnaire.by_id.get(f"ctx.dev.{name}")
        if fact is not None:
            told[name] = str(answers.get(f"dev.{name}") or "") if sheet.values(fact, None) == [True] else None
    return told

"""View model of the form: section → group or row → question → option, with the state of each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from copa.kernel.french import inner
from visits.questionnaire.alerts import alert_book
from visits.questionnaire.client import client_context, client_definition
from visits.questionnaire.context import ReportContext
from visits.questionnaire.engine import is_missing, missing, rule_sentences
from visits.questionnaire.model import Item, Questionnaire
from visits.questionnaire.questions import Page, has_nothing_to_choose, is_tenth_open, question_view, widget_of
from visits.questionnaire.screen import (
    TEMPLATE_KEY,
    FormView,
    GroupView,
    QuestionView,
    RowsView,
    RowView,
    Run,
    ScaleView,
    SectionView,
    anchor_of,
)
from visits.questionnaire.sealing import split_value
from visits.questionnaire.sheet import ALERT, ROW_KEYS, Row, Sheet, is_possible, path_of
from visits.questionnaire.typography import NBSP
from visits.questionnaire.wording import answer_text, help_of, label_of

DANGER = "home.flags"
# A list of 26 gaps on an empty form would only be in the way; the bar below always says how many there are.
BOX_FROM = 8
SUMMARY_WORDS = 90
EPDS, WHO = "epds", "who"
WAITS = f"après «{NBSP}Qui était là{NBSP}»"
IN_HOSPITAL = "Rien n’est demandé. Si vous l’avez vu, vous pouvez l’écrire."
# What one row is called, where the group is named after its button.
ROW_TITLES = {"res.entry": "Appui"}
ADD_LABELS = {"need.item": "Ajouter un besoin", "res.entry": "Ajouter une personne ou un service"}

Block = QuestionView | ScaleView | GroupView | RowsView


def view_model(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    context: ReportContext,
    errors: Mapping[str, str] | None = None,
    *,
    rejected: Mapping[str, str] | None = None,
    shows_missing: bool = False,
) -> FormView:
    """Sections, questions and options with what is selected, visible, required, missing and wrong.

    `answers`, `errors` and `rejected` are those of `clean`. `shows_missing` after a refused signature: every gap is
    marked at its field.
    """
    sheet = Sheet(questionnaire, answers, context)
    page = Page(sheet, errors or {}, rule_sentences(sheet)[1], rejected or {}, shows_missing)
    gaps = missing(questionnaire, answers, context)
    sections = tuple(_sections(page, {gap.section for gap in gaps}))
    required = [place for place in sheet.every() if sheet.is_required(*place)]
    return FormView(
        questionnaire_id=questionnaire.id,
        version=questionnaire.version,
        title=questionnaire.title,
        sections=sections,
        runs=_runs(sections),
        missing=tuple(gaps),
        shows_missing=shows_missing or 0 < len(gaps) <= BOX_FROM,
        answered=sum(1 for place in required if not is_missing(*place, sheet)),
        required=len(required),
        danger=_danger(page),
        call=context.call,
        definition=client_definition(questionnaire),
        client_context=client_context(questionnaire, context),
        problems=_problems(page),
        errors=dict(page.errors),
    )


def _danger(page: Page) -> QuestionView | None:
    item = page.sheet.questionnaire.by_id.get(DANGER)
    if item is None or not is_possible(item, page.sheet.context.visit_kind):
        return None
    return question_view(item, None, page)


def _problems(page: Page) -> tuple[str, ...]:
    """Errors whose question is not on the page: they must be read all the same."""
    drawn = {path_of(item, row) for item, row in page.sheet.every() if widget_of(item)}
    return tuple(dict.fromkeys(text for path, text in page.errors.items() if path not in drawn))


def _sections(page: Page, with_gaps: set[str]) -> list[SectionView]:
    found = []
    for code, title in page.sheet.questionnaire.sections:
        items = [
            item
            for item in page.sheet.questionnaire.items
            if item.section == code and not item.is_hidden and item.link_id != DANGER
        ]
        blocks = _blocks(items, None, page, is_alone=len(items) == 1)
        if blocks:
            found.append(_section(code, title, items, blocks, page, has_gap=code in with_gaps))
    return found


def _section(
    code: str, title: str, items: list[Item], blocks: tuple[Block, ...], page: Page, *, has_gap: bool
) -> SectionView:
    sheet = page.sheet
    places = [place for item in items for place in sheet.under(item) if sheet.is_visible(*place)]
    has_answer = any(sheet.answer(item, row) is not None for item, row in places if not item.source)
    has_error = any(path_of(item, row) in page.errors for item, row in places)
    has_alert = any(item.rows == ALERT or is_tenth_open(item, sheet) for item, _ in places)
    state = "ok" if not has_gap else "half" if has_answer else "todo"
    return SectionView(
        id=code,
        title=title,
        blocks=blocks,
        is_visible=bool(places),
        state="bad" if has_error or has_alert else state,
        summary=_summary(places, sheet),
        is_folded=state == "ok" and has_answer and not has_error and not has_alert,
        **_waits(items, sheet),
    )


def _waits(items: list[Item], sheet: Sheet) -> dict[str, str]:
    """The mood questionnaire of this visit opens once « Mère » is ticked: the list says so meanwhile."""
    known = sheet.questionnaire.by_id
    if not any(item.link_id == EPDS for item in items) or WHO not in known or not sheet.context.epds_due:
        return {}
    if not sheet.is_visible(known[WHO], None):
        return {}
    return {"waits_for": WAITS, "waits_section": known[WHO].section}


def _summary(places: list[tuple[Item, Row | None]], sheet: Sheet) -> str:
    """The first answers of a finished part, in a few words; nothing sealed, nothing long."""
    words: list[str] = []
    for item, row in places:
        if item.type != "choice":
            continue
        # The family reads this line over her shoulder: a sealed sign stays inside its question.
        opened, _ = split_value(item, sheet.answer(item, row))
        text = answer_text(item, opened, sheet.context)
        if text and len(" · ".join([*words, text])) <= SUMMARY_WORDS:
            words.append(text)
    return " · ".join(words)


def _runs(sections: tuple[SectionView, ...]) -> tuple[Run, ...]:
    return tuple(
        Run(is_folded=is_folded, sections=tuple(members))
        for is_folded, members in groupby(sections, key=lambda section: section.is_folded)
    )


def _blocks(items: list[Item], row: Row | None, page: Page, *, is_alone: bool = False) -> tuple[Block, ...]:
    drawn: list[Block] = []
    for item in items:
        if item.is_hidden or not page.sheet.may_appear(item):
            continue
        if item.is_row_group:
            drawn.append(_rows(item, page, is_alone=is_alone))
        elif item.is_group:
            drawn.append(_group(item, row, page, is_alone=is_alone))
        elif widget_of(item) and not has_nothing_to_choose(item, page.sheet.context):
            drawn.append(question_view(item, row, page))
    return tuple(_with_scales(drawn))


def _with_scales(drawn: list[Block]) -> list[Block]:
    """Item 10 comes first and alone; the other nine make one grid."""
    result: list[Block] = []
    for is_grid, members in groupby(drawn, key=_belongs_to_grid):
        found = list(members)
        if is_grid:
            questions = tuple(question for question in found if isinstance(question, QuestionView))
            is_visible = any(question.is_visible for question in questions)
            result.append(ScaleView(questions=questions, is_visible=is_visible))
        else:
            result += found
    return result


def _belongs_to_grid(block: Block) -> bool:
    return isinstance(block, QuestionView) and block.widget == "scale" and not block.procedures


def _group(item: Item, row: Row | None, page: Page, *, is_alone: bool) -> GroupView:
    return GroupView(
        anchor=anchor_of(item.link_id),
        link_id=item.link_id,
        title="" if is_alone else item.text,
        help=help_of(item, row),
        is_visible=page.sheet.is_visible(item, row),
        blocks=_blocks(list(item.items), row, page),
    )


def _rows(group: Item, page: Page, *, is_alone: bool) -> RowsView:
    sheet = page.sheet
    rows = sheet.rows(group.link_id)
    # Opened by « Oui » before any sign is ticked, the blocks of what was done would be a title alone.
    is_visible = sheet.is_visible(group, None) and (bool(rows) or group.link_id != ALERT)
    add_label = ADD_LABELS.get(group.link_id, "")
    has_template = bool(add_label) or group.link_id == ALERT
    template = Row(group=group.link_id, key=TEMPLATE_KEY) if has_template else None
    # What must have a row begins with one; what may have none shows it only where no button can add it.
    if add_label and not rows and group.min_occurs:
        rows = [Row(group=group.link_id, key="0")]
        spare = None
    else:
        spare = Row(group=group.link_id, key=str(len(sheet.answers.get(group.link_id, ())))) if add_label else None
    is_short = sheet.is_required(group, None) and len(sheet.rows(group.link_id)) < group.min_occurs
    return RowsView(
        anchor=anchor_of(group.link_id),
        link_id=group.link_id,
        title="" if is_alone or add_label or group.link_id == "child" else label_of(group, None, sheet.context),
        help=group.help,
        is_visible=is_visible,
        rows=tuple(_row(group, row, page) for row in rows),
        template=_row(group, template, page) if template else None,
        spare=_row(group, spare, page) if spare else None,
        add_label=add_label,
        is_missing=page.shows_missing and is_short,
        missing_text=f"{group.text}, au moins un",
    )


def _row(group: Item, row: Row, page: Page) -> RowView:
    return RowView(
        key=row.key,
        anchor=anchor_of(f"{row.prefix}{ROW_KEYS.get(group.link_id, 'row')}"),
        title=_row_title(group, row, page.sheet),
        note=IN_HOSPITAL if row.child is not None and row.child.is_in_hospital else "",
        blocks=_blocks(list(group.items), row, page),
    )


def _row_title(group: Item, row: Row, sheet: Sheet) -> str:
    if row.child is not None:
        return row.child.first_name
    if row.need is not None:
        return f"{row.need.label}, vers {inner(row.need.target)}" if row.need.target else row.need.label
    if group.link_id == ALERT:
        family = alert_book().families.get(row.key)
        return family.name if family else ""
    name = ROW_TITLES.get(group.link_id, group.text)
    return f"{name}{NBSP}{int(row.key) + 1}" if row.key.isdigit() else name

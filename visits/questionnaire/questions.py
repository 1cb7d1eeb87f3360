"""One question of the form as the page draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from copa.kernel.french import normalised
from visits.questionnaire.alerts import (
    ITEM_10,
    ITEM_10_CODE,
    ITEM_10_FAMILY,
    ITEM_10_SAID,
    SIGNAL,
    SIGNAL_CODE,
    SIGNAL_FAMILY,
    SIGNAL_SAID,
    alert_book,
    alerts_open,
)
from visits.questionnaire.context import (
    EPDS_LANGUAGE,
    FOR_NEED,
    SERVICES,
    EntryRef,
    ReportContext,
    ScaleWords,
    TeamCall,
)
from visits.questionnaire.engine import EPDS_TOTAL, is_missing
from visits.questionnaire.merging import field_text
from visits.questionnaire.model import Item, Option
from visits.questionnaire.rules import exclusive_codes, hidden_codes
from visits.questionnaire.screen import (
    CallButton,
    OptionGroupView,
    OptionView,
    ProcedureView,
    QuestionView,
    WordsView,
    anchor_of,
)
from visits.questionnaire.sheet import ALERT, ROW_KEYS, WHY, Row, Sheet, path_of
from visits.questionnaire.typography import NBSP
from visits.questionnaire.wording import (
    days_text,
    help_of,
    hour_text,
    is_early_for_epds,
    label_of,
    threshold_text,
)

KM = "visit.km"
UNTICKED = f"Un signe a été retiré{NBSP}: dites pourquoi. L’alerte reste ouverte, c’est l’équipe qui la clôt."
LONG_LIST = 14
FREE_TEXT_HELP = "Écrivez ce que vous avez vu ou entendu. Pas de diagnostic, pas de nom d’une personne extérieure."
CATEGORIES = {"HEALTH": "Santé", "SOCIAL": "Vie quotidienne et droits"}
# Questions that raise an alert by their value, with its family and the code of the sign.
_WITHOUT_CODES = {ITEM_10: (ITEM_10_FAMILY, ITEM_10_CODE), SIGNAL: (SIGNAL_FAMILY, SIGNAL_CODE)}
_WIDGETS = {
    "decimal": "number", "date": "date", "dateTime": "time", "string": "string", "text": "text",
    "display": "procedure",
}  # fmt: skip

# What the platform computes and the page draws all the same.
_COMPUTED_WIDGETS = {EPDS_TOTAL: "total", EPDS_LANGUAGE: "tiles"}


@dataclass(frozen=True)
class Page:
    """What every question of one page shares. `errors`, `warnings` and `rejected` are those of `clean`."""

    sheet: Sheet
    errors: Mapping[str, str]
    warnings: Mapping[str, str]
    rejected: Mapping[str, str]
    shows_missing: bool


def widget_of(item: Item) -> str:
    """Which control draws the question; "" when nothing is drawn (computed, kept by the platform)."""
    if item.source == "visit":
        return "given"
    if item.link_id in _COMPUTED_WIDGETS:
        return _COMPUTED_WIDGETS[item.link_id]
    if item.source or item.is_hidden or (item.type == "reference" and item.link_id not in SERVICES):
        return ""
    if item.type == "reference":
        return "select"
    if item.type == "choice":
        return _choice_widget(item)
    if item.type == "boolean":
        is_tick = item.required.mode == "never" or item.rule("must-be-true") is not None
        return "check" if is_tick else "yesno"
    if item.type == "integer":
        return "scale" if item.options else "weeks" if item.tiles else "number"
    return _WIDGETS[item.type]


def _choice_widget(item: Item) -> str:
    if item.is_repeated:
        return "tiles-many"
    return "select" if len(item.options) > LONG_LIST else "tiles"


def question_view(item: Item, row: Row | None, page: Page) -> QuestionView:
    """One question in one place, with its answer, its state and its help."""
    sheet = page.sheet
    path = path_of(item, row)
    widget = widget_of(item)
    options = (
        _languages(sheet) if item.link_id == EPDS_LANGUAGE else _options(item, row, sheet, page.rejected.get(path, ""))
    )
    services = _services(item, sheet.answer(item, row), sheet.context) if item.type == "reference" else ()
    return QuestionView(
        path=path,
        anchor=anchor_of(path),
        link_id=item.link_id,
        widget=widget,
        label=label_of(item, row, sheet.context),
        help=scale_note(sheet) if widget == "total" else _help(item, row, widget, sheet),
        options=options,
        option_groups=services or (_grouped(item, options) if widget == "select" else ()),
        value=_value(item, row, page, path),
        is_visible=sheet.is_visible(item, row),
        is_optional=item.required.mode == "never" and item.rule("must-be-true") is None and not _why(item, row, sheet),
        is_missing=page.shows_missing and is_missing(item, row, sheet),
        missing_text=label_of(item, row, sheet.context, alone=True),
        error=page.errors.get(path, ""),
        warning=page.warnings.get(path, "") or _why(item, row, sheet),
        max_length=item.max_length,
        low=_plain(item.min_value),
        high=_plain(item.max_value),
        step="any" if item.type == "decimal" else "1",
        tiles=item.tiles,
        presets=item.presets,
        procedures=_procedures(item, row, sheet),
        family=SIGNAL_FAMILY if item.link_id == SIGNAL else "",
        said=SIGNAL_SAID if item.link_id == SIGNAL else "",
        words=_words(sheet, lambda scale: scale.texts.get(item.link_id, "")),
    )


def _languages(sheet: Sheet) -> tuple[OptionView, ...]:
    """The languages of the sheets the team has; none where it has no wording: the paper is in French."""
    chosen = sheet.answers.get(EPDS_LANGUAGE)
    notices = {scale.language: scale.notice for scale in sheet.context.epds_words}
    return tuple(
        OptionView(code=code, label=name, help=notices.get(code, ""), is_selected=code == chosen)
        for code, name in sheet.context.epds_languages
    )


def _words(sheet: Sheet, text_of: Callable[[ScaleWords], str]) -> tuple[WordsView, ...]:
    """What the scale says here in each language that is loaded; nothing outside it."""
    chosen = sheet.answers.get(EPDS_LANGUAGE)
    found = ((scale.language, text_of(scale)) for scale in sheet.context.epds_words)
    return tuple(WordsView(language=code, text=text, is_shown=code == chosen) for code, text in found if text)


def _why(item: Item, row: Row | None, sheet: Sheet) -> str:
    """What is asked once a recorded sign is no longer ticked; "" otherwise."""
    is_asked = item.link_id == WHY and row is not None and sheet.has_unticked(row.key)
    return UNTICKED if is_asked else ""


def _help(item: Item, row: Row | None, widget: str, sheet: Sheet) -> str:
    text = help_of(item, row)
    is_known = item.source == "visit" and not is_missing(item, row, sheet)
    if is_known or (item.link_id == KM and sheet.context.km is None):
        # Nothing left to do, or nothing was computed: the help would say something untrue.
        return ""
    if widget == "weeks":
        return "En semaines."
    if widget == "text":
        return f"{text} {FREE_TEXT_HELP}".strip()
    return text


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


def _value(item: Item, row: Row | None, page: Page, path: str) -> str:
    """Text of the input: what was refused stays as it was typed."""
    if path in page.rejected:
        return page.rejected[path]
    context = page.sheet.context
    if item.source == "visit":
        known = {"visit.started_at": context.started_at, "visit.ended_at": context.ended_at}
        moment = known.get(item.link_id)
        return "" if moment is None else hour_text(moment, context)
    value = page.sheet.answer(item, row)
    if item.link_id == KM and value is None and context.km is not None:
        value = f"{context.km.normalize():f}"
    return "" if value is None or isinstance(value, list) else field_text(item, value, context)


def _options(item: Item, row: Row | None, sheet: Sheet, rejected: str) -> tuple[OptionView, ...]:
    value = sheet.answer(item, row)
    chosen = {str(code) for code in (value if isinstance(value, list) else [value, rejected])}
    closed, alone = hidden_codes(item, row, sheet), exclusive_codes(item)
    return tuple(
        OptionView(
            code=option.code,
            label=option.label,
            help=option.help,
            family=option.family or _family_of_value(item, option),
            said=ITEM_10_SAID if item.link_id == ITEM_10 else "",
            is_selected=option.code in chosen,
            is_offered=option.code not in closed,
            is_exclusive=option.code in alone,
            serves=" ".join(option.serves),
            words=_words(sheet, partial(_said_by_points, item.link_id, option.code)),
        )
        for option in item.options
        if not option.team_only
    )


def _said_by_points(link_id: str, code: str, scale: ScaleWords) -> str:
    return scale.labels.get(link_id, {}).get(code, "")


def offered_entries(item: Item, context: ReportContext) -> list[EntryRef]:
    """The services this question may name; for a need those that come to her commune (need.item.entry)."""
    return [one for one in context.entries if item.link_id != FOR_NEED or one.comes_here]


def has_nothing_to_choose(item: Item, context: ReportContext) -> bool:
    """A directory that is empty; the language of a sheet that exists on paper alone, in French."""
    if item.link_id == EPDS_LANGUAGE:
        return not context.epds_languages
    return item.type == "reference" and not offered_entries(item, context)


def _services(item: Item, chosen: object, context: ReportContext) -> tuple[OptionGroupView, ...]:
    """By type, as the directory says it; for a need each serves its own type, the page offers the one asked."""
    found = sorted(
        offered_entries(item, context),
        key=lambda one: (normalised(one.type_label), one.type_label, normalised(one.name)),
    )
    return tuple(
        OptionGroupView(
            title=label,
            options=tuple(
                OptionView(
                    code=one.ref,
                    label=one.name,
                    is_selected=one.ref == chosen,
                    serves=one.type if item.link_id == FOR_NEED else "",
                )
                for one in members
            ),
        )
        for label, members in groupby(found, key=lambda one: one.type_label)
    )


def _family_of_value(item: Item, option: Option) -> str:
    return ITEM_10_FAMILY if item.link_id == ITEM_10 and option.code != "0" else ""


def _grouped(item: Item, options: tuple[OptionView, ...]) -> tuple[OptionGroupView, ...]:
    by_code = {option.code: option.category for option in item.options}
    groups = groupby(options, key=lambda option: by_code[option.code])
    return tuple(
        OptionGroupView(title=CATEGORIES.get(category, ""), options=tuple(members)) for category, members in groups
    )


def _procedures(item: Item, row: Row | None, sheet: Sheet) -> tuple[ProcedureView, ...]:
    """The procedures this question can open, the open ones visible."""
    families = dict.fromkeys(option.family for option in item.options if option.family)
    if item.link_id in _WITHOUT_CODES:
        families = {_WITHOUT_CODES[item.link_id][0]: None}
    opened = _open_families(item, row, sheet)
    return tuple(procedure_view(code, sheet, is_visible=code in opened) for code in families)


def _open_families(item: Item, row: Row | None, sheet: Sheet) -> set[str]:
    value = sheet.answer(item, row)
    if item.link_id in _WITHOUT_CODES:
        family, code = _WITHOUT_CODES[item.link_id]
        recorded = alerts_open(sheet.questionnaire, {}, sheet.context.recorded_alerts)
        # A value of 1 or more, or a tick: True counts as 1.
        is_open = isinstance(value, int) and value >= 1
        return {family} if is_open or any(code in alert.codes for alert in recorded) else set()
    chosen = value if isinstance(value, list) else []
    return {option.family for code in chosen if (option := item.option(code)) and option.family}


def is_tenth_open(item: Item, sheet: Sheet) -> bool:
    """Whether this is the tenth answer of the scale, with its procedure open: nothing folds it away (alerts.md 5.5)."""
    return item.link_id == ITEM_10 and bool(_open_families(item, None, sheet))


def procedure_view(code: str, sheet: Sheet, *, is_visible: bool) -> ProcedureView:
    """The procedure of one family, with the numbers and the address of this visit."""
    family = alert_book().families[code]
    call = sheet.context.call
    buttons = [button for word in family.lines for button in _buttons(word, call)]
    return ProcedureView(
        family=family,
        is_visible=is_visible,
        buttons=tuple(buttons),
        opening=_opening(sheet),
        block_anchor=anchor_of(f"{ALERT}/{code}/{ROW_KEYS[ALERT]}"),
    )


def _buttons(word: str, call: TeamCall) -> list[CallButton]:
    """The line of a word of the procedure; the team has two."""
    if word != "TEAM":
        return [_emergency(word, call.numbers.get(word, word))]
    seconds = [CallButton(label=label, href=href, is_urgent=False) for label, href in call.seconds]
    if not call.phone_href:
        return seconds
    name = call.team_name or "l’équipe"
    first = CallButton(label=f"Appeler {name}, {call.phone_label}", href=f"tel:{call.phone_href}", is_urgent=False)
    return [first, *seconds]


def _emergency(word: str, number: str) -> CallButton:
    """An emergency line under the number of this territory; the 114 is written to."""
    digits = "".join(number.split())
    if word == "114":
        return CallButton(label=f"Écrire au {number} (SMS)", href=f"sms:{digits}", is_urgent=True)
    return CallButton(label=f"Appeler le {number}", href=f"tel:{digits}", is_urgent=True, is_samu=word == "15")


def _opening(sheet: Sheet) -> str:
    """« Je suis …, auxiliaire CoPa, chez une famille, à …. » up to the signs, which the page adds."""
    context = sheet.context
    sentence = alert_book().opening.partition("{libellés}")[0]
    for word, value in (
        ("{prénom AP}", context.call.ap_first_name or "…"),
        ("{adresse}", context.call.address or "…"),
        ("{n}", str(context.day)),
    ):
        sentence = sentence.replace(word, value)
    return sentence


def scale_note(sheet: Sheet) -> str:
    """The line under the ten values: when it was asked, which threshold, and that it decides nothing (A10)."""
    context = sheet.context
    early = " Très tôt, à refaire." if is_early_for_epds(context) else ""
    return (
        f"À {days_text(context.day)}.{early} {threshold_text(context)} "
        f"Somme simple{NBSP}: l’équipe de référence lit le résultat, la tablette ne pose aucun diagnostic."
    )

"""A form field as the components show it: its shape, its name for screen readers, the sentences beside it."""

from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from copa.kernel.look import Tile

# The device's own pickers; they read and write ISO whatever the language.
_PICKERS: tuple[tuple[type[forms.DateTimeInput | forms.DateInput | forms.TimeInput], str, str], ...] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


Asked = TypeVar("Asked", bound=forms.Field)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: None when the page is only opened.

    Not `request.POST or None`: an empty sending is a sending too, and is told what is missing.
    """
    return request.POST if request.method == "POST" else None


def asked_at_times(field: Asked) -> Asked:
    """The same field, which another answer makes necessary: it is not shown as one that may be left out."""
    field.is_asked_at_times = True  # type: ignore[attr-defined]
    return field


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile: its input, its words, a second line, and whether choosing it raises an alarm."""

    id: str
    tag: SafeString
    label: str
    hint: str
    flag: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """All that components/field.html needs. shape: hidden, tiles, check, plain."""

    shape: str
    id: str
    label: str
    hint: str
    errors: list[str]
    is_optional: bool
    described_by: str
    widget: SafeString | str
    choices: list[Choice]


def field_view(bound: BoundField, hint: str | None = "", flags: str = "", label: str = "") -> FieldView:
    """The field ready to draw.

    `hint` replaces the help text, None drops it; `label` replaces the form's; `flags` are the values that alarm.
    """
    shape = _shape(bound)
    help_text = "" if hint is None else hint or str(bound.help_text)
    errors = [typeset(error) for error in bound.errors]
    described_by = " ".join(
        f"{bound.auto_id}_{part}" for part, is_there in (("hint", help_text), ("error", errors)) if is_there
    )
    is_tiles = shape == "tiles"
    return FieldView(
        shape=shape,
        id=bound.auto_id,
        label=label or typeset(bound.label),
        hint=help_text,
        errors=errors,
        is_optional=not bound.field.required and shape != "check" and not hasattr(bound.field, "is_asked_at_times"),
        described_by=described_by,
        widget="" if is_tiles else bound.as_widget(attrs=_attrs(bound, shape, described_by)),
        choices=_choices(bound, set(flags.split())) if is_tiles else [],
    )


def typeset(words: object) -> str:
    """A sentence with the apostrophe of the screens: Django and its libraries write the straight one."""
    return str(words).replace("'", "’")


def first_id(bound: BoundField) -> str:
    """Where a link to this field leads: its input, or the first of its tiles; "" when it is hidden."""
    shape = _shape(bound)
    if shape == "hidden":
        return ""
    return f"{bound.auto_id}_0" if shape == "tiles" else bound.auto_id


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "tiles"
    return "check" if isinstance(widget, forms.CheckboxInput) else "plain"


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "area"
    return "select" if isinstance(widget, forms.Select) else "input"


def _attrs(bound: BoundField, shape: str, described_by: str) -> dict[str, str | bool]:
    widget = bound.field.widget
    for kind, input_type, iso in _PICKERS:
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, iso
            break
    attrs: dict[str, str | bool] = {}
    if shape == "plain":
        attrs["class"] = f"{_css_class(widget)} {widget.attrs.get('class', '')}".strip()
    if widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = False  # says the label again
    if described_by:
        attrs["aria-describedby"] = f"{described_by} {widget.attrs.get('aria-describedby', '')}".strip()
    return attrs


def _choices(bound: BoundField, flags: set[str]) -> list[Choice]:
    return [_choice(bound, index, flags) for index in range(len(bound.subwidgets))]


def _choice(bound: BoundField, index: int, flags: set[str]) -> Choice:
    option = bound.subwidgets[index]
    label = option.data["label"]
    is_tile = isinstance(label, Tile)
    return Choice(
        id=option.id_for_label,
        tag=option.tag(),
        label=str(label),
        hint=label.hint if is_tile else "",
        flag=(is_tile and label.flag) or str(option.data["value"]) in flags,
    )

"""The tags and filters of the design layer (docs/design-layer.md). They format what they are given; no query."""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from copa.kernel import drawings, french
from copa.kernel.charts import BarChart, LineChart
from copa.kernel.forms import field_view, first_id, typeset
from copa.kernel.look import DAY, ICONS, NEAR, Chip, Figure, PageLinks, ProofStep, RunProgress, Thread, clock_face

register = template.Library()

for _name in (
    "day", "full_day", "long_day", "moment", "hour", "delay", "left", "phone", "tel",
    "percent", "number", "euros", "initials", "plural", "agree", "file_size", "device",
    "of", "inner", "full_stop",
):  # fmt: skip
    register.filter(_name, getattr(french, _name))

# Keys that say where one stands in a list; changing a filter or an order starts again at the beginning.
_PLACE_KEYS = ("page", "apres", "avant")
_SORT_KEY = "tri"


# ---- Small pieces --------------------------------------------------------------------------------------
@register.simple_tag(name="icon")
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; hidden from screen readers unless it has a `label`."""
    return _icon(str(name), str(label), str(size))


@lru_cache(maxsize=512)
def _icon(name: str, label: str, size: str) -> SafeString:
    attrs: dict[str, object] = {"class": "icon"}
    attrs |= {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    attrs |= {"data-size": size} if size else {}
    return SafeString(lucide(ICONS.get(name, name), size=24, **attrs))


@register.simple_tag
def badge(state: str, icon_name: str, text: str) -> SafeString:
    """A pill that states a fact once."""
    return format_html('<span class="badge" data-state="{}">{} {}</span>', state, icon(icon_name), text)


@register.simple_tag(name="state")
def state_line(state: str, icon_name: str, text: str) -> SafeString:
    """A state inside a list: icon and words, no pill."""
    return format_html('<span class="state" data-state="{}">{} {}</span>', state, icon(icon_name), text)


@register.simple_tag
def person(name: str, kind: str = "staff", size: str = "m") -> SafeString:
    """Initials in a round; the name itself always stands beside it."""
    return format_html(
        '<span class="person" data-kind="{}" data-size="{}" aria-hidden="true">{}</span>',
        kind,
        size,
        french.initials(name),
    )


# ---- Time ----------------------------------------------------------------------------------------------
@register.simple_tag
def clock(
    due: datetime | None,
    ended: datetime | None,
    delivered: datetime | None,
    now: datetime,
    size: str = "s",
) -> SafeString:
    """The 24 hours of a report as a ring with its words; nothing before the visit has ended."""
    if due is None:
        return SafeString("")
    face = clock_face(due, ended, delivered, now)
    live = SafeString("")
    if face.is_running:
        whole = due - ended if ended else DAY
        live = format_html(
            ' data-copa-clock="{}" data-copa-whole="{}" data-copa-near="{}" data-copa-now="{}"',
            due.isoformat(),
            int(whole.total_seconds()),
            int(NEAR.total_seconds()),
            now.isoformat(),
        )
    if size == "l":
        words = format_html(
            "<b><span data-copa-big>{}</span><small data-copa-small>{}</small></b>", face.big, face.small
        )
        ring = drawings.ring(face.arc, 10.5)
        return format_html('<div class="face" data-state="{}"{}>{}{}</div>', face.state, live, ring, words)
    return format_html(
        '<span class="clock" data-state="{}"{}>{}<span data-copa-text>{}</span></span>',
        face.state,
        live,
        drawings.ring(face.arc),
        face.text,
    )


@register.simple_tag(name="thread")
def thread_tag(thread: Thread, size: str = "file") -> SafeString:
    """The 21 days: "file" for the head of a family, "mini" for a row, "parents" for their phone."""
    if size == "mini":
        return drawings.mini_thread(thread)
    if size == "parents":
        return drawings.parents_thread(thread)
    return render_to_string("components/thread.html", {"thread": thread})


@register.simple_tag
def thread_axis() -> SafeString:
    """J0 … J21, for the head of a column of small threads."""
    return drawings.thread_axis()


@register.inclusion_tag("components/thread_key.html")
def thread_key() -> dict[str, Any]:
    """What the beads mean."""
    return {}


@register.inclusion_tag("components/proof.html")
def proof(steps: list[ProofStep]) -> dict[str, Any]:
    """The delivery step by step, each with its hour."""
    return {"steps": steps}


# ---- Figures -------------------------------------------------------------------------------------------
@register.inclusion_tag("components/figure.html")
def figure(
    label: str,
    numerator: int | None,
    denominator: int | None,
    missing: int | None = 0,
    target: Decimal | None = None,
    yes: str = "Oui",
    no: str = "Non",
    note: str = "",
    definition: str = "",
    definition_url: str = "",
) -> dict[str, Any]:
    """An indicator with all its parts: never a lone percentage. A masked count is None."""
    value = Figure(label, numerator, denominator, missing, target)
    return {
        "figure": value,
        "bar": drawings.parts_bar(value),
        "note": note or value.verdict,
        "yes": yes,
        "no": no,
        "definition": definition,
        "definition_url": definition_url,
    }


@register.inclusion_tag("components/chart.html")
def bar_chart(chart: BarChart) -> dict[str, Any]:
    """Stacked bars and their table of figures."""
    return {"chart": chart, "summary": "Les chiffres du graphique"}


@register.inclusion_tag("components/chart.html")
def line_chart(chart: LineChart) -> dict[str, Any]:
    """A curve and its table of figures."""
    return {"chart": chart, "summary": "Les chiffres de la courbe"}


# ---- Forms ---------------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(
    bound_field: BoundField,
    hint: str | None = "",
    label: str = "",
    flags: str = "",
    short: bool = False,  # noqa: FBT001, FBT002 - a template passes it by name
    wide: bool = False,  # noqa: FBT001, FBT002
) -> dict[str, Any]:
    """A field with its label, its help and, beside it, what is wrong."""
    return {"field": field_view(bound_field, hint, flags, label), "short": short, "wide": wide}


@register.inclusion_tag("components/form_errors.html")
def form_errors(
    form: BaseForm,
    focus: bool = True,  # noqa: FBT001, FBT002 - a template passes it by name
) -> dict[str, Any]:
    """What is to be corrected, with a link to each field; nothing when all is well."""
    problems = [{"url": "", "label": "", "text": typeset(error)} for error in form.non_field_errors()]
    for bound in form:
        anchor = first_id(bound)
        url = f"#{anchor}" if anchor else ""
        problems.extend({"url": url, "label": typeset(bound.label), "text": typeset(error)} for error in bound.errors)
    return {"problems": problems, "focus": focus}


# ---- Lists ---------------------------------------------------------------------------------------------
def _query(context: Context) -> QueryDict:
    request: HttpRequest | None = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)


def _address(query: QueryDict, changes: dict[str, str | None]) -> str:
    """The present query with these keys set or taken away; "?" alone when nothing is left."""
    changed = query.copy()
    for key in _PLACE_KEYS:
        changed.pop(key, None)
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = value
    return f"?{changed.urlencode()}"


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: Context, chips: list[Chip], label: str = "Filtres de la liste") -> dict[str, Any]:
    """Filters as links: the state of the list is its address."""
    query = _query(context)
    shown = [
        {
            "chip": chip,
            "url": _address(query, dict(chip.params)),
            "is_current": all(query.get(key) in {value, value or chip.default} for key, value in chip.params.items()),
        }
        for chip in chips
    ]
    return {"chips": shown, "label": label}


@register.inclusion_tag("components/sort_th.html", takes_context=True)
def sort_th(
    context: Context,
    label: str,
    key: str,
    numeric: bool = False,  # noqa: FBT001, FBT002 - a template passes it by name
) -> dict[str, Any]:
    """A column head that sorts: once up, once more down."""
    query = _query(context)
    now = query.get(_SORT_KEY, "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    following = f"-{key}" if order == "ascending" else key
    icon_name = {"ascending": "up", "descending": "down"}.get(order, "updown")
    url = _address(query, {_SORT_KEY: following})
    return {"label": label, "url": url, "order": order, "icon": icon_name, "numeric": numeric}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: Context, page: "Page[Any] | PageLinks", noun: str = "ligne", note: str = "", label: str = "Pages"
) -> dict[str, Any]:
    """How much is shown of how much, and the way to the rest. Two on a page need two labels."""
    links = page if isinstance(page, PageLinks) else _links(page, _query(context))
    return {"links": links, "noun": noun, "note": note, "label": label}


def _links(page: "Page[Any]", query: QueryDict) -> PageLinks:
    before = _address(query, {"page": str(page.number - 1)}) if page.has_previous() else ""
    after = _address(query, {"page": str(page.number + 1)}) if page.has_next() else ""
    return PageLinks(len(page.object_list), page.paginator.count, before, after)


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str, action_url: str = "", action_label: str = "", icon: str = "plus"
) -> dict[str, Any]:
    """An empty list says what will appear here and how."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "icon": icon,
    }


@register.inclusion_tag("components/progress_run.html")
def progress_run(run: RunProgress) -> dict[str, Any]:
    """Long work: how far it is, then its file or what went wrong."""
    return {"run": run}


# ---- Alert band ----------------------------------------------------------------------------------------
class AlertBand(template.Node):
    """`{% alert_band state icon title %}` text `{% alert_actions %}` buttons `{% endalert_band %}`."""

    child_nodelists = ("text", "actions")

    def __init__(self, args: list[FilterExpression], text: NodeList, actions: NodeList) -> None:
        self.args, self.text, self.actions = args, text, actions

    def render(self, context: Context) -> SafeString:
        """The band, with its buttons at the right when there are any."""
        state, icon_name, title = (arg.resolve(context) for arg in self.args)
        values = {
            "state": state,
            "icon": icon_name,
            "title": title,
            "text": self.text.render(context),
            "actions": self.actions.render(context) if self.actions else "",
        }
        return render_to_string("components/alert_band.html", values)


@register.tag
def alert_band(parser: Parser, token: Token) -> AlertBand:
    """Parse the band and its optional buttons."""
    _, *words = token.split_contents()
    if len(words) != 3:
        raise template.TemplateSyntaxError("alert_band takes a state, an icon and a title")
    args = [parser.compile_filter(word) for word in words]
    text = parser.parse(("alert_actions", "endalert_band"))
    actions = NodeList()
    if parser.next_token().contents == "alert_actions":
        actions = parser.parse(("endalert_band",))
        parser.delete_first_token()
    return AlertBand(args, text, actions)


@register.filter
def mail(address: str) -> SafeString:
    """An e-mail address that breaks after its "@" and its dots, and nowhere else while there is room for its parts."""
    parts = re.sub(r"([@.])(?=.)", r"\1<wbr>", conditional_escape(address))
    return format_html('<span class="mail">{}</span>', SafeString(parts))

"""The printed report, block by block, for one recipient (docs/forms/documents.md, section 1).

Two filters, the stricter wins: the letters of each question (column PDF of the form) and those of each block. S3 is
never printed, for anybody, and says no more than « Une alerte a été transmise à l'équipe ». A copy that goes
along with the family to another territory is narrower still (`is_carried`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from copa.kernel.french import inner, phone
from visits.questionnaire.alerts import HOME, MOTHER, RaisedAlert, alert_book, alerts_open
from visits.questionnaire.context import AROUND, FOR_NEED, ReportContext, with_late_children
from visits.questionnaire.model import Item, Questionnaire
from visits.questionnaire.sheet import ALERT, NEED, ROW_KEYS, Row, Sheet
from visits.questionnaire.typography import NBSP
from visits.questionnaire.wording import (
    answer_text,
    day_and_hour_text,
    days_text,
    hour_text,
    is_early_for_epds,
    label_of,
    threshold_text,
)

# E referring team, L liberal midwife, G general practitioner, P paediatrician, M PMI, F mother's copy,
# C co-parent's copy.
RECIPIENTS = ("E", "L", "G", "P", "M", "F", "C")
TEAM = "E"

NOTHING_TO_REPORT = "Rien de particulier à signaler ce jour."
SEALED_ALERT = "Une alerte a été transmise à l’équipe."
FOOT = "Compte rendu d’une auxiliaire de puériculture : observations, pas de diagnostic.".replace(" :", f"{NBSP}:")
EPDS_TOTAL = "EPDS, total"
EPDS_SOURCE = (
    f"EPDS{NBSP}: Cox, Holden, Sagovsky, 1987{NBSP}; traduction française Guedeney et Fermanian, 1998. "
    "Un score n’est pas un diagnostic."
)
KIND_NAMES = {
    "V1": "Visite 1",
    "V2": "Visite 2",
    "V3": "Visite 3",
    "ULTRA_EARLY": "Visite de sortie ultra-précoce",
}
HIGHLIGHTS = 3
# What never leaves the territory: how the mother feels, with the EPDS, and the alerts that tell of it.
MOOD_BLOCK = "mother"
MOOD_FAMILIES = frozenset({"MIND_VITAL", "MIND_SOON"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: what was asked, what was answered."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block of the report, in printing order. `code` is stable ("child", "themes"…), `title` French."""

    number: int
    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class _Copy:
    """One reading of the report by one recipient."""

    sheet: Sheet
    recipient: str
    alerts: tuple[RaisedAlert, ...]
    is_quiet: bool = True
    is_carried: bool = False

    @property
    def letter(self) -> str:
        """The co-parent's copy reads the family column."""
        return "F" if self.recipient == "C" else self.recipient

    @property
    def reads_epds(self) -> bool:
        """Whether the result of the EPDS is this recipient's to read."""
        told = self.recipient == TEAM or self.recipient in self.sheet.context.epds_recipients
        return told and not self.is_carried

    @property
    def sealed_families(self) -> frozenset[str]:
        """Alert families of which no more than their existence may be told."""
        return frozenset(alert.family for alert in self.alerts if alert.sensitivity == "S3")

    @property
    def untold_families(self) -> frozenset[str]:
        """Alert families that are not named; elsewhere neither those of her mood, nor what the home was asked apart."""
        if not self.is_carried:
            return self.sealed_families
        return self.sealed_families | MOOD_FAMILIES | {one.family for one in self.alerts if one.subject == HOME}

    def reads(self, item: Item) -> bool:
        """Whether the letters of the question, its level and its keeper leave it to this recipient."""
        hidden_keeper = {"F": "c", "C": "m"}.get(self.recipient, "-")
        is_printed = self.letter in item.prints_for and item.level != "S3" and item.keeper != hidden_keeper
        return is_printed and not (self.is_carried and item.prints_for == {TEAM})

    def holds(self, code: str, letters: str) -> bool:
        """Whether a block with these readers stands in this copy."""
        is_kept_here = self.is_carried and (letters == TEAM or code == MOOD_BLOCK)
        return self.recipient in letters and not is_kept_here

    def lines(self, link_ids: tuple[str, ...]) -> Iterator[Line]:
        """The answered ones of these questions; an older form may lack some of them."""
        for link_id in link_ids:
            item = self.sheet.questionnaire.by_id.get(link_id)
            if item is None or not self.reads(item):
                continue
            for row in self.sheet.places(item):
                yield from self.line(item, row)

    def line(self, item: Item, row: Row | None) -> Iterator[Line]:
        if text := self.text(item, row):
            yield Line(label=label_of(item, row, self.sheet.context, alone=True), text=text)

    def text(self, item: Item, row: Row | None) -> str:
        """The answer in words; "" for none, and for a question that was not asked."""
        is_asked = self.sheet.is_visible(item, row)
        return answer_text(item, self.sheet.answer(item, row), self.sheet.context) if is_asked else ""


Writer = Callable[[_Copy], Iterator[Line]]


def printable(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    context: ReportContext,
    recipient: str = "E",
    *,
    is_quiet: bool = True,
    is_carried: bool = False,
) -> list[Block]:
    """Blocks this recipient may read, in the order of the document; an empty one is left out.

    `is_quiet` False: the family had an alert around the visit, whoever raised it and wherever, and no copy says that
    there is nothing to report.

    `is_carried`: what this recipient would read in another territory. Nothing sealed, not even that it exists; nothing
    that was written for the team alone; nothing of her mood, and no EPDS.

    Raises ValueError for an unknown letter. The consent that lets L, G, P or M receive a report at all is the
    caller's; `context.epds_recipients` says who may read the EPDS total besides E.
    """
    if recipient not in RECIPIENTS:
        raise ValueError(f"unknown recipient {recipient}")
    sheet = Sheet(questionnaire, answers, context)
    alerts = tuple(alerts_open(questionnaire, answers, context.recorded_alerts))
    copy = _Copy(sheet=sheet, recipient=recipient, alerts=alerts, is_quiet=is_quiet, is_carried=is_carried)
    blocks = []
    for number, (code, title, letters, writer) in enumerate(_BLOCKS, start=1):
        lines = tuple(writer(copy)) if copy.holds(code, letters) else ()
        if lines:
            blocks.append(Block(number=number, code=code, title=title, lines=lines))
    return blocks


def _of(*link_ids: str, only: Mapping[str, tuple[str, ...]] | None = None) -> Writer:
    """Lines of these questions; `only` narrows them for some recipients."""

    def write(copy: _Copy) -> Iterator[Line]:
        yield from copy.lines((only or {}).get(copy.recipient, link_ids))

    return write


def _head(copy: _Copy) -> Iterator[Line]:
    context = copy.sheet.context
    kind = f"{KIND_NAMES[context.visit_kind]}, {days_text(context.day)}"
    yield Line(label="Visite", text=kind)
    names = ", ".join(child.first_name for child in context.children)
    if names:
        yield Line(label="Enfants" if len(context.children) > 1 else "Enfant", text=names)
    if context.started_at is not None and context.ended_at is not None:
        end = hour_text(context.ended_at, context)
        text = f"{day_and_hour_text(context.started_at, context)} – {end}"
        yield Line(label="Début – fin", text=text)
    if copy.sheet.outcome != "DONE":
        yield from copy.lines(("visit.outcome", "visit.not_done_reason"))


def _to_remember(copy: _Copy) -> Iterator[Line]:
    """Up to three lines: a death first, an alert and its instruction, a request, what the next visit must do.

    That there is nothing is said to the team alone, on a quiet day. Outside, part of a report is always withheld: said
    only when nothing is, the sentence would tell by its absence that something is sealed; said always, it would lie on
    the day of a vital alert. So a reader outside never reads it, and learns nothing from that.
    """
    found = [*_deaths(copy), *_alert_lines(copy), *_requests(copy), *copy.lines(("next.tell",))]
    is_told = copy.recipient == TEAM and copy.is_quiet and not copy.is_carried
    nothing = [Line(label="", text=NOTHING_TO_REPORT)] if is_told else []
    yield from found[:HIGHLIGHTS] or nothing


def _deaths(copy: _Copy) -> Iterator[Line]:
    for child in copy.sheet.context.late_children:
        yield Line(label="Décès", text=child.first_name)


def _children(copy: _Copy) -> Iterator[Line]:
    """Each child's lines; one in hospital on the day of the visit is said to be, whatever was seen of it."""
    for child in copy.sheet.context.children:
        if child.is_in_hospital:
            yield Line(label=child.first_name, text="À l’hôpital le jour de la visite")
    yield from copy.lines(_CHILD_FAMILY if copy.recipient in "FC" else _CHILD)


def _before_death(copy: _Copy) -> Iterator[Line]:
    """What was written about a child before its death: it is asked no more, and stays readable."""
    before = with_late_children(copy.sheet.context)
    late = tuple(child for child in before.children if child in copy.sheet.context.late_children)
    sheet = Sheet(copy.sheet.questionnaire, copy.sheet.answers, replace(before, children=late))
    yield from replace(copy, sheet=sheet).lines(_CHILD)


def _requests(copy: _Copy) -> Iterator[Line]:
    for row in copy.sheet.rows("need.item"):
        if row.answers.get("need.item.action") == "REQUEST" and _may_read_need(copy, row):
            yield Line(label="Demande", text=_need_text(copy, row))


# ---- Alerts ------------------------------------------------------------------------------------------------
def _alert_lines(copy: _Copy) -> Iterator[Line]:
    """One line per alert family this recipient may know of; sealed ones say only that they exist."""
    opened = [alert for alert in copy.alerts if _may_read_alert(copy, alert)]
    untold = copy.untold_families
    for family in dict.fromkeys(alert.family for alert in opened if alert.family not in untold):
        yield Line(label=alert_book().families[family].name, text=_alert_text(copy, family, opened))
    if copy.sealed_families and copy.recipient in "EL" and not copy.is_carried:
        yield Line(label="Alerte", text=SEALED_ALERT)


def _may_read_alert(copy: _Copy, alert: RaisedAlert) -> bool:
    if copy.recipient in "EL":
        return True
    return copy.recipient in "GPM" and alert.subject not in (MOTHER, HOME)


def _alert_text(copy: _Copy, family: str, alerts: list[RaisedAlert]) -> str:
    codes = [code for alert in alerts if alert.family == family for code in alert.codes]
    parts = [", ".join(filter(None, (_sign_label(copy, code) for code in codes)))]
    row = next((row for row in copy.sheet.rows(ALERT) if row.answers.get(ROW_KEYS[ALERT]) == family), None)
    if row is not None:
        is_child = family.startswith("CHILD")
        for link_id in ("alert.spoke_to", "alert.spoke_at", "alert.instruction"):
            item = copy.sheet.questionnaire.by_id[link_id]
            letters = item.prints_for | (item.prints_child_for if is_child else frozenset())
            if copy.recipient in letters:
                parts.append(copy.text(item, row))
    return " · ".join(filter(None, parts))


def _sign_label(copy: _Copy, code: str) -> str:
    for link_id in ("child.flags", "mother.flags", "home.flags"):
        option = copy.sheet.questionnaire.by_id[link_id].option(code)
        if option is not None:
            return "" if option.is_sealed else option.label
    return ""


def _alerts(copy: _Copy) -> Iterator[Line]:
    yield from _alert_lines(copy)
    yield from copy.lines(("child.temp",))
    item = copy.sheet.questionnaire.by_id["alert.facts"]
    for row in copy.sheet.rows(ALERT):
        if copy.reads(item) and row.key not in copy.untold_families:
            yield from copy.line(item, row)


# ---- The mother ------------------------------------------------------------------------------------------------
def _mother(copy: _Copy) -> Iterator[Line]:
    yield from copy.lines(("mother.says", "who.alone", "coparent.says", "epds.status"))
    if copy.sheet.answers.get("epds.missing") is True:
        yield from copy.lines(("epds.missing",))
    total = copy.sheet.answers.get("epds.total")
    if total is None or not copy.reads_epds:
        return
    context = copy.sheet.context
    early = ", très tôt, à refaire" if is_early_for_epds(context) else ""
    text = f"{total} sur 30, à {days_text(context.day)}{early}. {threshold_text(context)}"
    yield Line(label=EPDS_TOTAL, text=text)
    yield Line(label="", text=EPDS_SOURCE)


# ---- Needs -----------------------------------------------------------------------------------------------------
def _needs(copy: _Copy) -> Iterator[Line]:
    for row in copy.sheet.rows(NEED):
        if row.need is not None and _may_read_about(copy, row.need.about) and (text := _noted_text(copy, row)):
            yield Line(label=f"Déjà noté{NBSP}: {row.need.label}", text=text)
    if copy.recipient == "F":
        yield from _contacts(copy)
        return
    yield from copy.lines(("need.any",)) if not copy.sheet.rows("need.item") else ()
    for row in copy.sheet.rows("need.item"):
        if _may_read_need(copy, row):
            yield Line(label="Besoin", text=_need_text(copy, row))


def _may_read_need(copy: _Copy, row: Row) -> bool:
    return _may_read_about(copy, row.answers.get("need.item.about"))


def _may_read_about(copy: _Copy, about: str | None) -> bool:
    """P reads the child's needs, G those of child and mother, the co-parent's own go to E only."""
    if copy.recipient == "E":
        return True
    if about == "COPARENT":
        return False
    allowed = {"P": {"CHILD"}, "G": {"CHILD", "MOTHER"}}.get(copy.recipient)
    return allowed is None or about in allowed


def _contacts(copy: _Copy) -> Iterator[Line]:
    """What a parent reads of the requests: the service to call, and nothing of why (documents.md 1, block 11).

    Only where it was agreed to; what is about the co-parent alone is not in her copy, and his has none of these.
    """
    for row in copy.sheet.rows("need.item"):
        entry = copy.sheet.context.entry(row.answers.get(FOR_NEED))
        is_agreed = row.answers.get("need.item.agreed") == "YES" and row.answers.get("need.item.about") != "COPARENT"
        if entry is not None and is_agreed and (name := _joined(copy, row, (FOR_NEED,))):
            yield Line(label="Service à contacter", text=f"{name}, {phone(entry.phone)}" if entry.phone else name)


def _need_text(copy: _Copy, row: Row) -> str:
    """A need on one line: each answer says by itself what was asked, for whom, towards whom, agreed by whom, when."""
    names = ("code", "about", "action", "target", "entry", "agreed", "urgency", "facts")
    return _joined(copy, row, tuple(f"need.item.{name}" for name in names), _NEED_WORDS)


def _agreed_words(text: str, row: Row) -> str:
    yes, no = _AGREED_BY.get(row.answers.get("need.item.about"), ("La personne est", "La personne n’est pas"))
    said = {"YES": f"{yes} d’accord", "NO": f"{no} d’accord"}
    return said.get(row.answers.get("need.item.agreed"), f"Accord{NBSP}: {inner(text)}")


def _urgency_words(text: str, row: Row) -> str:
    return text if row.answers.get("need.item.urgency") == "ROUTINE" else f"Pour {inner(text)}"


# Whose agreement it is, by whom the need is about; for a child it is the parents who say it.
_PARENTS = ("Les parents sont", "Les parents ne sont pas")
_AGREED_BY = {
    "MOTHER": ("La mère est", "La mère n’est pas"),
    "COPARENT": ("Le coparent est", "Le coparent n’est pas"),
    "FAMILY": ("La famille est", "La famille n’est pas"),
    "CHILD": _PARENTS,
    "SIBLING": _PARENTS,
}
_NEED_WORDS: dict[str, Callable[[str, Row], str]] = {
    "need.item.about": lambda text, _: f"Pour {inner(text)}",
    "need.item.target": lambda text, _: f"Vers{NBSP}: {inner(text)}",
    "need.item.agreed": _agreed_words,
    "need.item.urgency": _urgency_words,
}


def _joined(
    copy: _Copy, row: Row, link_ids: tuple[str, ...], words: Mapping[str, Callable[[str, Row], str]] | None = None
) -> str:
    """What this recipient may read of a row, on one line; `words` are for answers that say nothing alone."""
    found = (copy.sheet.questionnaire.by_id.get(link_id) for link_id in link_ids)
    read = [(item.link_id, copy.text(item, row)) for item in found if item is not None and copy.reads(item)]
    said = words or {}
    return " · ".join(said[name](text, row) if name in said else text for name, text in read if text)


def _noted_text(copy: _Copy, row: Row) -> str:
    """How a need already noted stands, and what is known of the first appointment."""
    state = _joined(copy, row, ("need.prev.state",))
    contact = _joined(copy, row, ("need.prev.contact", "need.prev.contact_on"))
    return f"{state} · Premier rendez-vous{NBSP}: {contact}" if state and contact else state or contact


# ---- The people around -----------------------------------------------------------------------------------------
def _circle(copy: _Copy) -> Iterator[Line]:
    """Whom they can count on; how to reach somebody goes to the team alone (column PDF)."""
    yield from copy.lines(("res.same", "res.helpers"))
    for row in copy.sheet.rows("res.entry"):
        text = _joined(copy, row, (AROUND, "res.entry.role", "res.entry.contact"))
        is_gone = row.answers.get("res.entry.active") is False
        if label := _joined(copy, row, ("res.entry.kind",)):
            yield Line(label=label, text=f"{text}, plus en ce moment" if is_gone else text)


# ---- What comes next -------------------------------------------------------------------------------------------
def _next(copy: _Copy) -> Iterator[Line]:
    """What follows. On what a third visit rests would tell the result of the EPDS in other words.

    A reader it was not opened to reads nothing of it, whatever it rests on: the form always asks for it, so that a
    missing line would mean the EPDS. Why parents ask for one stays.
    """
    sheet = copy.sheet
    is_asked_by_author = VULNERABILITY in {sheet.answers.get(one) for one in THIRD_VISIT}
    hidden = BASIS_OF_THIRD if is_asked_by_author and not copy.reads_epds else frozenset()
    asked = {"F": ("doc.given",), "C": ("doc.given",)}.get(copy.recipient, _NEXT)
    yield from copy.lines(tuple(one for one in asked if one not in hidden))


def _foot(_copy: _Copy) -> Iterator[Line]:
    yield Line(label="", text=FOOT)


_CHILD = (
    "child.flag_any", "child.absent", "child.feed.now", "child.weight_g", "child.sleep.place", "child.sleep.in_bed",
    "child.exam.k01", "child.exam.k01_on", "child.exam.k02", "child.exam.k02_on", "child.cert.cs8",
    "child.ue.nappies", "child.ue.screening",
)  # fmt: skip
_CHILD_FAMILY = (
    "child.feed.now", "child.exam.k01", "child.exam.k01_on", "child.exam.k02", "child.exam.k02_on",
)  # fmt: skip
_GOAL = ("feed.goal.same", "feed.goal.wish", "feed.goal.kind", "feed.goal.weeks", "feed.goal.exclusive")
_NEXT = (
    "v3.ask", "v3.early_ask", "v3.basis", "v3.joint_wish", "v3.facts", "v3.result", "ue.who_to_call",
    "next.tell", "doc.given",
)  # fmt: skip
THIRD_VISIT = ("v3.ask", "v3.early_ask")
VULNERABILITY = "VULNERABILITY"
BASIS_OF_THIRD = frozenset({"v3.basis", "v3.facts"})
_GRID = (
    "grid.status", "grid.skip_reason", "grid.explored", "grid.declined", "grid.social", "grid.addiction",
    "grid.disability", "grid.neonatal", "grid.family", "grid.strengths", "grid.facts",
)  # fmt: skip

# Order, title and readers of documents.md 1; C reads what that page gives to the co-parent's own copy.
_BLOCKS: tuple[tuple[str, str, str, Writer], ...] = (
    ("head", "Visite", "ELGPMFC", _head),
    ("remember", "À retenir", "ELGPM", _to_remember),
    ("alerts", "Alertes", "ELGPM", _alerts),
    ("present", "Présents", "ELM", _of("who.present", "who.other", "who.interpreter", "visit.joint")),
    ("child", "L’enfant", "ELGPMFC", _children),
    ("before", "Noté avant le décès", "E", _before_death),
    (
        "feeding",
        "Alimentation",
        "ELGPMF",
        _of(
            "feed.going", "feed.trouble", "feed.stopped_on", *_GOAL,
            only={"G": ("feed.going",), "P": ("feed.going",), "M": _GOAL, "F": _GOAL},
        ),
    ),
    ("themes", "Thèmes abordés", "ELGPMFC", _of("theme.bond", "theme.prevention", "theme.network")),
    ("mother", "Comment va la mère", "ELGM", _mother),
    ("grid", "Repérage", "ELMF", _of(*_GRID, only={"F": ("grid.strengths",)})),
    ("circle", "Entourage", "ELMF", _circle),
    ("needs", "Besoins et demandes", "ELGPMF", _needs),
    (
        "links",
        "Liens",
        "ELMF",
        _of(
            "sfl.link", "sfl.none", "sfl.next_on", "ue.sf_plan", "pmi.presented", "pmi.link", "pmi.relay_consent",
            only={"F": ("sfl.next_on", "ue.sf_plan")},
        ),
    ),
    (
        "next",
        "Suite",
        "ELMFC",
        _next,
    ),
    (
        "notes",
        "Écarts et note",
        "E",
        _of("dev.duration", "dev.window", "dev.epds", "dev.joint", "dev.late", "note.free"),
    ),
    ("foot", "", "ELGPMFC", _foot),
)  # fmt: skip

"""Answers beside their context: what is visible, what is required. One Sheet serves one reading of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from visits.questionnaire.alerts import RaisedAlert, alerts_open, alerts_raised
from visits.questionnaire.context import ChildRef, NeedRef, ReportContext
from visits.questionnaire.model import Condition, Item, Questionnaire, Value, When

# Rows with a higher stage are in the definition, but nothing receives their answers yet.
LIVE_STAGE = 1
OUTCOME = "visit.outcome"
NOT_DONE = "NOT_DONE"
CHILD, ALERT, NEED = "child", "alert", "need.prev"
NEED_ORIENTED = "need.prev.oriented"
# Where the AP writes why a sign is no longer ticked.
WHY = "alert.facts"
# The question that says which row of a repeating group this is; other groups are told apart by their place.
ROW_KEYS = {CHILD: "child.ref", ALERT: "alert.family", NEED: "need.prev.ref"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One repetition of a repeating group: its answers, its child or its need when the group is about one.

    `key` names the row in paths: the child's ref, the family of the alert, the need's ref, else its place.
    """

    group: str
    key: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    child: ChildRef | None = None
    need: NeedRef | None = None

    @property
    def prefix(self) -> str:
        return f"{self.group}/{self.key}/"


def path_of(item: Item, row: Row | None) -> str:
    """`linkId`, or `group/key/linkId` inside a repeating group."""
    return (row.prefix if row and item.rows else "") + item.link_id


def context_values(context: ReportContext) -> dict[str, Value]:
    """The `ctx.*` answers that do not depend on what is typed."""
    return {
        "ctx.visit_kind": context.visit_kind,
        "ctx.day": context.day,
        "ctx.rules": context.rules,
        "ctx.first_visit": context.first_visit,
        "ctx.epds_due": context.epds_due,
        "ctx.goal_known": context.goal_known,
        "ctx.was_breast": context.was_breast,
        "ctx.sleep_quiz_due": context.sleep_quiz_due,
        "ctx.language_help": context.language_help,
        "ctx.pmi_consent": context.pmi_consent,
        "ctx.pmi_presented": context.pmi_presented,
        "ctx.sfl_known": context.sfl_known,
        "ctx.open_needs": context.open_needs,
        "ctx.v3_planned": context.v3_planned,
        "ctx.joint_planned": context.joint_planned,
        "ctx.weighing": context.weighing,
        "ctx.dev.duration": context.dev_duration,
        "ctx.dev.window": context.dev_window,
        "ctx.dev.late": context.report_late,
    }


def child_values(child: ChildRef) -> dict[str, Value]:
    """The `child.ctx.*` answers of one child."""
    return {
        "child.ctx.k01_open": child.k01_open,
        "child.ctx.k02_open": child.k02_open,
        "child.ctx.cs8_open": child.cs8_open,
    }


class Sheet:
    """Reads one answer document. Do not change the answers while a sheet is in use: it remembers what it found."""

    def __init__(self, questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext) -> None:
        self.questionnaire = questionnaire
        self.answers = answers
        self.context = context
        self._context_values = context_values(context)
        self._visible: dict[tuple[str, str], bool] = {}
        self._rows: dict[str, list[Row]] = {}

    @property
    def outcome(self) -> str:
        return str(self.answers.get(OUTCOME) or self.context.outcome)

    def rows(self, group: str) -> list[Row]:
        """Rows of a repeating group: one per child of the file, per alert family, per need noted, else as answered."""
        if group not in self._rows:
            self._rows[group] = list(self._read_rows(group))
        return self._rows[group]

    def _read_rows(self, group: str) -> Iterator[Row]:
        given = self.answers.get(group, ())
        if group not in ROW_KEYS:
            # A row left empty holds the place of the ones after it on the page, and nothing else.
            yield from (Row(group=group, key=str(place), answers=row) for place, row in enumerate(given) if row)
            return
        key = ROW_KEYS[group]
        by_key = {row.get(key): row for row in given}
        if group == CHILD:
            for child in self.context.children:
                yield Row(group=group, key=child.ref, answers=by_key.get(child.ref, {}), child=child)
        elif group == ALERT:
            for family in self.alert_families():
                yield Row(group=group, key=family, answers={**by_key.get(family, {}), key: family})
        else:
            for need in self.context.needs:
                known = {key: need.ref, NEED_ORIENTED: need.is_oriented}
                yield Row(group=group, key=need.ref, answers={**by_key.get(need.ref, {}), **known}, need=need)

    def alert_families(self) -> list[str]:
        """Families raised now or recorded before, each once, in the order of the form's list."""
        opened = alerts_open(self.questionnaire, self.answers, self.context.recorded_alerts)
        raised = {alert.family for alert in opened}
        options = self.questionnaire.by_id[ROW_KEYS[ALERT]].options
        return [option.code for option in options if option.code in raised]

    def places(self, item: Item) -> list[Row | None]:
        """Where the question stands: every row of its group, or the one place outside rows."""
        return [*self.rows(item.rows)] if item.rows else [None]

    def values(self, item: Item, row: Row | None) -> list[Value]:
        """Answers that count in a condition: none when the question is hidden."""
        if item.is_hidden:
            return self._computed(item, row)
        if not self.is_visible(item, row):
            return []
        value = self.answer(item, row)
        if value is None:
            return []
        return list(value) if isinstance(value, list | tuple) else [value]

    def answer(self, item: Item, row: Row | None) -> Any:
        """The answer as stored, hidden or not; None when there is none."""
        holder = row.answers if row is not None and item.rows else self.answers
        value = holder.get(item.link_id)
        if value is None and item.link_id == OUTCOME:
            return self.context.outcome
        return value

    def _computed(self, item: Item, row: Row | None) -> list[Value]:
        if row is not None and row.child is not None and item.rows == CHILD:
            return [child_values(row.child)[item.link_id]]
        if item.link_id == "ctx.dev.epds":
            return [self._is_epds_deviation()]
        if item.link_id == "ctx.dev.joint":
            return [self.context.joint_planned and self._given("visit.joint") == ["NONE"]]
        value = self._context_values.get(item.link_id)
        return [] if value is None else [value]

    def _is_epds_deviation(self) -> bool:
        """Due and known not to be done: an answer not given yet is missing, not a deviation."""
        if not self.context.epds_due or self.outcome == NOT_DONE:
            return False
        present = self._given("who.present")
        status = self._given("epds.status")
        return bool(present and "MOTHER" not in present) or bool(status and status != ["DONE"])

    def _given(self, link_id: str) -> list[Value]:
        item = self.questionnaire.by_id.get(link_id)
        return [] if item is None else self.values(item, None)

    def is_visible(self, item: Item, row: Row | None) -> bool:
        """Whether the question is asked: stage, kind of visit, its group, the outcome, its own conditions."""
        key = (item.link_id, row.key if row is not None else "")
        if key not in self._visible:
            self._visible[key] = self._is_asked(item, row)
        return self._visible[key]

    def _is_asked(self, item: Item, row: Row | None) -> bool:
        if not is_possible(item, self.context.visit_kind):
            return False
        parent = self.questionnaire.parents.get(item.link_id)
        if parent is not None and not self.is_visible(parent, None if parent.is_row_group else row):
            return False
        if item.link_id == ALERT and self.context.recorded_alerts:
            return True
        if parent is None and self.outcome == NOT_DONE and not item.stays_when_not_done:
            return False
        return self.meets(item.enable, row)

    def may_appear(self, item: Item) -> bool:
        """Whether some answer could show the question: false when the visit alone already rules it out."""
        if not is_possible(item, self.context.visit_kind):
            return False
        fixed = [condition.question in self._context_values for condition in item.enable.conditions]
        known = [
            self.holds(condition, None)
            for condition, is_fixed in zip(item.enable.conditions, fixed, strict=True)
            if is_fixed
        ]
        if item.enable.behaviour == "any":
            return not fixed or not all(fixed) or any(known)
        return all(known)

    def meets(self, when: When, row: Row | None) -> bool:
        """Whether the conditions hold; no condition always holds."""
        if not when.conditions:
            return True
        join = any if when.behaviour == "any" else all
        return join(self.holds(condition, row) for condition in when.conditions)

    def holds(self, condition: Condition, row: Row | None) -> bool:
        """One condition. In a row it reads that row; from outside, one row that fits is enough."""
        item = self.questionnaire.by_id[condition.question]
        if item.rows and row is not None and row.group == item.rows:
            return compare(self.values(item, row), condition)
        return any(compare(self.values(item, place), condition) for place in self.places(item))

    def is_required(self, item: Item, row: Row | None) -> bool:
        """Whether a visible question must be answered before signing (columns "oui", "oui+", condition)."""
        if not self.is_visible(item, row) or item.is_hidden:
            return False
        unless = item.rule("required-unless")
        if unless is not None and self.meets(unless.when, row):
            return False
        if item.link_id == WHY and row is not None and self.has_unticked(row.key):
            return True
        if row is not None and row.child is not None and row.child.is_in_hospital and not self._follows_answer(item):
            return False
        requirement = item.required
        if requirement.condition is not None:
            return self.holds(requirement.condition, row)
        return requirement.mode == "always" or (requirement.mode == "done" and self.outcome == "DONE")

    def _follows_answer(self, item: Item) -> bool:
        """Whether an answer of the same row opened the question: « un signe » without saying which is never enough."""
        for condition in item.enable.conditions:
            question = self.questionnaire.by_id[condition.question]
            if question.rows == item.rows and not question.is_hidden and condition.operator in {"=", "exists"}:
                return True
        return False

    def has_unticked(self, family: str) -> bool:
        """Whether a recorded sign of this family is no longer ticked: why is then to be written (W4)."""

        def signs(alerts: Iterable[RaisedAlert]) -> set[tuple[str, str]]:
            return {(alert.subject, code) for alert in alerts if alert.family == family for code in alert.codes}

        return not signs(self.context.recorded_alerts) <= signs(alerts_raised(self.questionnaire, self.answers))

    def every(self) -> Iterator[tuple[Item, Row | None]]:
        """Every question in every place it stands, in the order of the page; groups and context left out."""
        for item in self.questionnaire.items:
            yield from self.under(item)

    def under(self, item: Item, row: Row | None = None) -> Iterator[tuple[Item, Row | None]]:
        """The same, for one item and what stands under it."""
        if not item.is_group:
            if not item.is_hidden:
                yield item, row
            return
        rows: list[Row | None] = [*self.rows(item.link_id)] if item.is_row_group else [row]
        for place in rows:
            for child in item.items:
                yield from self.under(child, place)


def is_possible(item: Item, visit_kind: str) -> bool:
    """Whether this kind of visit, in this release, can ask the question at all."""
    return item.stage <= LIVE_STAGE and visit_kind in item.visits


def compare(values: list[Value], condition: Condition) -> bool:
    """`!=` is true while there is no answer; `=` is true when one answer of several fits."""
    if condition.operator == "exists":
        return bool(values)
    if condition.operator == "=":
        return condition.answer in values
    if condition.operator == "!=":
        return condition.answer not in values
    return any(_exceeds(value, condition.answer) for value in values)


def _exceeds(value: Value, limit: Value | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int) or not isinstance(limit, int):
        return False
    return value > limit

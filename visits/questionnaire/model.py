"""The form as frozen dataclasses, read from a FHIR R4 Questionnaire by `visits.questionnaire.reader.load`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Value = str | bool | int


class DefinitionError(ValueError):
    """The Questionnaire cannot drive a form; the message (English) is for the person who imports it."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One comparison of enableWhen. Operators: `=` `!=` `>` `exists` (answer None)."""

    question: str
    operator: str
    answer: Value | None = None


@dataclass(frozen=True, kw_only=True)
class When:
    """Conditions joined by "all" or "any". No condition: always true."""

    behaviour: str = "all"
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a list. `family` is set on signs that raise an alert; `team_only` codes are not for an AP."""

    code: str
    label: str
    help: str = ""
    family: str = ""
    sensitivity: str = ""
    category: str = ""
    serves: tuple[str, ...] = ()
    team_only: bool = False

    @property
    def is_sealed(self) -> bool:
        return self.sensitivity == "S3"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One constraint of a question, of a kind listed in `visits.questionnaire.rules`."""

    kind: str
    severity: str = "error"
    text: str = ""
    codes: tuple[str, ...] = ()
    question: str = ""
    bound: str = ""
    limit: int = 0
    when: When = When()


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """When an answer is needed: `never`, `done` (only if the visit took place in full), `always`, or `when`."""

    mode: str = "never"
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of the form.

    `level` is S1, S2 or S3; `keeper` "m" (hidden from the co-parent), "c" (hidden from the mother) or "".
    `source` says who fills a question that is not typed: "visit", "context", "computed" or "". `reference` is what a
    question of that type names: "Child", "Need", "DirectoryEntry".
    `rows` is the linkId of the repeating group the question stands in, "" outside.
    """

    link_id: str
    type: str
    text: str = ""
    help: str = ""
    is_repeated: bool = False
    is_read_only: bool = False
    is_hidden: bool = False
    max_length: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    min_occurs: int = 0
    value_set: str = ""
    options: tuple[Option, ...] = ()
    tiles: tuple[tuple[str, int], ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    enable: When = When()
    required: Requirement = Requirement()
    rules: tuple[Rule, ...] = ()
    visits: frozenset[str] = frozenset()
    level: str = "S1"
    keeper: str = ""
    is_sealed: bool = False
    prints_for: frozenset[str] = frozenset()
    prints_child_for: frozenset[str] = frozenset()
    moment: str = ""
    section: str = ""
    stage: int = 1
    source: str = ""
    reference: str = ""
    stays_when_not_done: bool = False
    rows: str = ""
    items: tuple[Item, ...] = ()

    @property
    def is_group(self) -> bool:
        return self.type == "group"

    @property
    def is_row_group(self) -> bool:
        return self.is_group and self.is_repeated

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def rule(self, kind: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.kind == kind), None)

    def walk(self) -> Iterator[Item]:
        """This item, then everything under it, in the order of the form."""
        yield self
        for child in self.items:
            yield from child.walk()


@dataclass(frozen=True, kw_only=True, eq=False)
class Questionnaire:
    """One version of one form. `document` is the FHIR JSON it was read from, kept to be served to the tablet."""

    id: str
    version: str
    url: str
    title: str
    sections: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    document: Mapping[str, Any]

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Every item by linkId, in the order of the form."""
        return {item.link_id: item for top in self.items for item in top.walk()}

    @cached_property
    def parents(self) -> Mapping[str, Item]:
        """The group each nested item stands in."""
        return {child.link_id: item for item in self.by_id.values() for child in item.items}

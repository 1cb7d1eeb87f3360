"""FHIR R4 Questionnaire → dataclasses. Refuses a definition the engine could not hold to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.context import KINDS
from visits.questionnaire.model import (
    Condition,
    DefinitionError,
    Item,
    Option,
    Questionnaire,
    Requirement,
    Rule,
    Value,
    When,
)
from visits.questionnaire.rules import RULE_KINDS

Json = Mapping[str, Any]
Options = Mapping[str, tuple[Option, ...]]

TYPES = {
    "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "string", "text", "choice",
    "reference",
}  # fmt: skip
OPERATORS = {"=", "!=", ">", "exists"}
REQUIRED_MODES = {"never", "done", "always"}
LEVELS = {"S1": ("S1", ""), "S2": ("S2", ""), "S2m": ("S2", "m"), "S2c": ("S2", "c"), "S3": ("S3", "")}
KNOWN = frozenset(value for name, value in vars(ext).items() if name.isupper() and value.startswith(ext.COPA + "copa-"))


def load(document: Json) -> Questionnaire:
    """Read a FHIR R4 Questionnaire. Raises DefinitionError when it cannot drive a form.

    Refused: another resource, an unknown type, extension, rule or operator, a linkId given twice, a condition on a
    question that does not exist, conditions that turn in a circle, a repeating group inside another one.
    """
    if document.get("resourceType") != "Questionnaire":
        raise DefinitionError("not a Questionnaire")
    options = _value_sets(document)
    questionnaire = Questionnaire(
        id=_text(document, "id"),
        version=_text(document, "version"),
        url=_text(document, "url"),
        title=_text(document, "title"),
        sections=tuple(_section(node) for node in _all(document, ext.SECTION)),
        items=tuple(_item(node, options, rows="") for node in document.get("item", ())),
        document=document,
    )
    _check(questionnaire, document)
    return questionnaire


def _text(node: Json, key: str) -> str:
    value = node.get(key)
    if not isinstance(value, str) or not value:
        raise DefinitionError(f"no {key}")
    return value


def _all(node: Json, url: str) -> list[Json]:
    return [extension for extension in node.get("extension", ()) if extension.get("url") == url]


def _values(node: Json, url: str) -> list[Any]:
    return [_value(extension) for extension in _all(node, url)]


def _first(node: Json, url: str, default: Any = None) -> Any:
    return next(iter(_values(node, url)), default)


def _value(extension: Json) -> Any:
    return next((value for key, value in extension.items() if key.startswith("value")), None)


def _section(node: Json) -> tuple[str, str]:
    return _first(node, "code"), _first(node, "title")


def _value_sets(document: Json) -> Options:
    return {
        f"#{resource['id']}": tuple(
            _option(concept) for part in resource["compose"]["include"] for concept in part["concept"]
        )
        for resource in document.get("contained", ())
        if resource.get("resourceType") == "ValueSet"
    }


def _option(concept: Json) -> Option:
    _refuse_unknown(concept, concept.get("code", "?"))
    level, _ = LEVELS[_first(concept, ext.SENSITIVITY, "S1")]
    return Option(
        code=_text(concept, "code"),
        label=_text(concept, "display"),
        help=_first(concept, ext.HELP, ""),
        family=_first(concept, ext.FAMILY, ""),
        sensitivity=level,
        category=_first(concept, ext.CATEGORY, ""),
        serves=tuple(_values(concept, ext.SERVES)),
        team_only=bool(_first(concept, ext.TEAM_ONLY, default=False)),
    )


def _refuse_unknown(node: Json, name: str) -> None:
    for extension in node.get("extension", ()):
        url = extension.get("url", "")
        if url.startswith(ext.COPA) and url not in KNOWN:
            raise DefinitionError(f"{name}: unknown extension {url}")


def _item(node: Json, options: Options, *, rows: str) -> Item:
    link_id = _text(node, "linkId")
    if node.get("type") not in TYPES:
        raise DefinitionError(f"{link_id}: type {node.get('type')} is not supported")
    _refuse_unknown(node, link_id)
    is_row_group = node["type"] == "group" and bool(node.get("repeats"))
    if is_row_group and rows:
        raise DefinitionError(f"{link_id}: a repeating group inside {rows}")
    inner = link_id if is_row_group else rows
    return Item(
        link_id=link_id,
        type=node["type"],
        text=node.get("text", ""),
        help=_first(node, ext.HELP, ""),
        section=_first(node, ext.SECTION, ""),
        is_repeated=bool(node.get("repeats")),
        rows=rows,
        items=tuple(_item(child, options, rows=inner) for child in node.get("item", ())),
        **_answers(node, options, link_id),
        **_asking(node, link_id),
        **_reading(node, link_id),
    )


def _answers(node: Json, options: Options, link_id: str) -> dict[str, Any]:
    """What may be answered: list, limits, ready-made numbers, rules."""
    return {
        "max_length": node.get("maxLength"),
        "min_value": _first(node, ext.MIN_VALUE),
        "max_value": _first(node, ext.MAX_VALUE),
        "min_occurs": _first(node, ext.MIN_OCCURS, 0),
        "value_set": node.get("answerValueSet", ""),
        "options": _options(node, options, link_id),
        "reference": _first(node, ext.REFERENCE, ""),
        "tiles": tuple((_first(tile, "label"), _first(tile, "value")) for tile in _all(node, ext.TILES)),
        "presets": tuple((_first(entry, "label"), _first(entry, "codes")) for entry in _all(node, ext.PRESET)),
        "rules": tuple(_rule(rule, link_id) for rule in _all(node, ext.RULE)),
    }


def _asking(node: Json, link_id: str) -> dict[str, Any]:
    """When it is asked, and who answers."""
    return {
        "enable": _enable(node),
        "required": _requirement(node, link_id),
        "visits": frozenset(_first(node, ext.VISITS, "").split()) or frozenset(KINDS),
        "stage": _first(node, ext.STAGE, 1),
        "moment": _first(node, ext.MOMENT, ""),
        "source": _first(node, ext.SOURCE, ""),
        "is_read_only": bool(node.get("readOnly")),
        "is_hidden": bool(_first(node, ext.HIDDEN, default=False)),
        "stays_when_not_done": bool(_first(node, ext.WHEN_NOT_DONE, default=False)),
    }


def _reading(node: Json, link_id: str) -> dict[str, Any]:
    """Who may read the answer. S3 is printed for nobody, whatever the definition says."""
    level, keeper = _level(node, link_id)
    return {
        "level": level,
        "keeper": keeper,
        "is_sealed": level == "S3" or bool(_first(node, ext.SEALED, default=False)),
        "prints_for": frozenset(_first(node, ext.PRINT, "").split()) if level != "S3" else frozenset(),
        "prints_child_for": frozenset(_first(node, ext.PRINT_CHILD, "").split()),
    }


def _level(node: Json, link_id: str) -> tuple[str, str]:
    word = _first(node, ext.SENSITIVITY, "S1")
    if word not in LEVELS:
        raise DefinitionError(f"{link_id}: unknown sensitivity {word}")
    return LEVELS[word]


def _options(node: Json, options: Options, link_id: str) -> tuple[Option, ...]:
    if "answerValueSet" in node:
        if node["answerValueSet"] not in options:
            raise DefinitionError(f"{link_id}: no list {node['answerValueSet']}")
        return options[node["answerValueSet"]]
    values = [_value(option) for option in node.get("answerOption", ())]
    if not all(isinstance(value, int) for value in values):
        raise DefinitionError(f"{link_id}: only whole numbers may be listed in place")
    return tuple(Option(code=str(value), label=str(value)) for value in values)


def _enable(node: Json) -> When:
    conditions = tuple(_condition(entry, "answer") for entry in node.get("enableWhen", ()))
    return When(behaviour=node.get("enableBehavior", "all"), conditions=conditions)


def _condition(entry: Json, prefix: str) -> Condition:
    answer = next((value for key, value in entry.items() if key.startswith(prefix)), None)
    return _checked(entry["question"], entry["operator"], answer)


def _written_condition(node: Json) -> Condition:
    return _checked(_first(node, "question"), _first(node, "operator"), _first(node, "answer"))


def _checked(question: str, operator: str, answer: Any) -> Condition:
    if operator not in OPERATORS:
        raise DefinitionError(f"condition on {question}: unknown operator {operator}")
    value: Value | None = answer["code"] if isinstance(answer, Mapping) else answer
    if operator == "exists" and value is not True:
        raise DefinitionError(f"condition on {question}: only « exists = true » is supported")
    return Condition(question=question, operator=operator, answer=None if operator == "exists" else value)


def _requirement(node: Json, link_id: str) -> Requirement:
    entry = next(iter(_all(node, ext.REQUIRED_WHEN)), None)
    if entry is None:
        return Requirement(mode="always" if node.get("required") else "never")
    conditions = _all(entry, "condition")
    if conditions:
        return Requirement(mode="when", condition=_written_condition(conditions[0]))
    if _value(entry) not in REQUIRED_MODES:
        raise DefinitionError(f"{link_id}: unknown obligation {_value(entry)}")
    return Requirement(mode=_value(entry))


def _rule(node: Json, link_id: str) -> Rule:
    kind = _first(node, "kind")
    if kind not in RULE_KINDS:
        raise DefinitionError(f"{link_id}: unknown rule {kind}")
    conditions = tuple(_written_condition(entry) for entry in _all(node, "condition"))
    return Rule(
        kind=kind,
        severity=_first(node, "severity", "error"),
        text=_first(node, "text", ""),
        codes=tuple(_values(node, "code")),
        question=_first(node, "question", ""),
        bound=_first(node, "bound", ""),
        limit=_first(node, "limit", 0),
        when=When(behaviour=_first(node, "behaviour", "all"), conditions=conditions),
    )


def _check(questionnaire: Questionnaire, document: Json) -> None:
    known = questionnaire.by_id
    if sum(1 for top in questionnaire.items for _ in top.walk()) != len(known):
        raise DefinitionError("a linkId stands twice")
    sections = {code for code, _ in questionnaire.sections}
    for item in questionnaire.items:
        if item.section not in sections:
            raise DefinitionError(f"{item.link_id}: no section {item.section}")
    for item in known.values():
        for question in _mentioned(item):
            if question not in known:
                raise DefinitionError(f"{item.link_id}: condition on unknown {question}")
    _refuse_circles(questionnaire)


def _mentioned(item: Item) -> list[str]:
    conditions = list(item.enable.conditions)
    if item.required.condition:
        conditions.append(item.required.condition)
    named = [rule.question for rule in item.rules if rule.question]
    for rule in item.rules:
        conditions += rule.when.conditions
    return named + [condition.question for condition in conditions]


def _refuse_circles(questionnaire: Questionnaire) -> None:
    """A question may not decide, even through others, whether it is itself shown."""
    done: set[str] = set()

    def visit(link_id: str, path: tuple[str, ...]) -> None:
        if link_id in path:
            raise DefinitionError(f"conditions in a circle: {' → '.join((*path, link_id))}")
        if link_id in done:
            return
        item = questionnaire.by_id[link_id]
        needs = [condition.question for condition in item.enable.conditions]
        if link_id in questionnaire.parents:
            needs.append(questionnaire.parents[link_id].link_id)
        for needed in needs:
            visit(needed, (*path, link_id))
        done.add(link_id)

    for link_id in questionnaire.by_id:
        visit(link_id, ())

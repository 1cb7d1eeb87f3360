"""From what the page posts to the nested answer document. No checking here: `engine.clean` does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from visits.questionnaire.model import Questionnaire
from visits.questionnaire.sheet import ROW_KEYS

IGNORED = "csrfmiddlewaretoken"


class FormData(Protocol):
    """The part of Django's QueryDict that is used."""

    def getlist(self, key: str, /) -> list[Any]: ...
    def __iter__(self) -> Iterator[str]: ...


def raw_from_form(questionnaire: Questionnaire, data: FormData) -> dict[str, Any]:
    """Nested document from posted fields named by path.

    Names that are no path of the form are kept, so that `clean` refuses them, except the CSRF token and names
    starting with `_`. A field posted twice becomes a list; rows keep the order in which they were posted.
    """
    raw: dict[str, Any] = {}
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for name in data:
        if name == IGNORED or name.startswith("_"):
            continue
        group, key, link_id = _split(questionnaire, name)
        value = _value(questionnaire, link_id, data.getlist(name))
        if not group:
            raw[name] = value
            continue
        row = rows.setdefault(group, {}).setdefault(key, _new_row(group, key))
        if link_id != ROW_KEYS.get(group):
            row[link_id] = value
    return raw | {group: list(by_key.values()) for group, by_key in rows.items()}


def _split(questionnaire: Questionnaire, name: str) -> tuple[str, str, str]:
    group, _, rest = name.partition("/")
    key, slash, link_id = rest.partition("/")
    item = questionnaire.by_id.get(group)
    is_row = item is not None and item.is_row_group and slash
    # Rows without a name of their own are told apart by their place: any other key is the page's own template.
    if not is_row or (group not in ROW_KEYS and not key.isdecimal()):
        return "", "", name
    return group, key, link_id


def _new_row(group: str, key: str) -> dict[str, Any]:
    return {ROW_KEYS[group]: key} if group in ROW_KEYS else {}


def _value(questionnaire: Questionnaire, link_id: str, values: list[Any]) -> Any:
    item = questionnaire.by_id.get(link_id)
    if item is not None and item.is_repeated:
        return values
    return values[0] if len(values) == 1 else values

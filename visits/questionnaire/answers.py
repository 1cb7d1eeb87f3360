"""From what the page posts to the nested answer document. No checking here: `engine.clean` does it."""

from __future__ import annotations

from typing import Any, Protocol

from visits.questionnaire.model import Questionnaire


class FormData(Protocol):
    """The part of Django's QueryDict that is used."""

    def getlist(self, key: str) -> list[str]: ...
    def keys(self) -> Any: ...


def raw_from_form(questionnaire: Questionnaire, data: FormData) -> dict[str, Any]:
    """Nested document from posted fields named by path. Names that are not a path of the form are kept (so that
    `clean` refuses them), except `csrfmiddlewaretoken` and names starting with `_`."""
    raise NotImplementedError

"""Small helpers of the facts: words of a choice, rows by key."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices

from copa.kernel.french import inner, listed


@lru_cache(maxsize=256)
def words(choices: type[TextChoices], value: str) -> str:
    """The French words of a stored choice; "" for none, the code itself when no version knows it any more."""
    return str(choices(value).label) if value in choices.values else value


def all_words(choices: type[TextChoices], values: Iterable[str]) -> str:
    """The French words of several stored choices, as in one sentence; "" for none."""
    labels = [words(choices, value) for value in values]
    return listed([*labels[:1], *(inner(label) for label in labels[1:])])


def by(name: str, rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    """Rows in order of this attribute, grouped by it."""
    return {key: list(group) for key, group in groupby(rows, attrgetter(name))}

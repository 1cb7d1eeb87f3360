"""Small helpers of the facts: words of a choice, names in a row, rows by key."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices


@lru_cache(maxsize=256)
def words(choices: type[TextChoices], value: str) -> str:
    """The French words of a stored choice; "" for none, the code itself when no version knows it any more."""
    return str(choices(value).label) if value in choices.values else value


def shown_name(first_name: str) -> str:
    """The first name of a child, « bébé » until it is chosen."""
    return first_name or "bébé"


def join_names(names: list[str]) -> str:
    """As "Adam, Bilal et Inès"; "" for none."""
    return " et ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)


def by(name: str, rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    """Rows in order of this attribute, grouped by it."""
    return {key: list(group) for key, group in groupby(rows, attrgetter(name))}

"""Rows of people whose birth date may be the same as one that is known, wholly or in part."""

from datetime import date

from django.db.models import Q

from pathways.enums import DayPrecision
from pathways.rules import birth_span


def born_like(birth_on: date, precision: str = DayPrecision.DAY) -> Q:
    """Mothers or presentations born on one of these days, or known by a month or a year that holds them."""
    first, last = birth_span(birth_on, precision)
    return (
        Q(birth_on__range=(first, last))
        | Q(birth_precision=DayPrecision.MONTH, birth_on=first.replace(day=1))
        | Q(birth_precision=DayPrecision.YEAR, birth_on=date(first.year, 1, 1))
    )

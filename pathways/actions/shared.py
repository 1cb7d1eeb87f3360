"""What several actions need: the local day, and the database's refusals in French."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from copa.kernel import clock, scope
from copa.kernel.errors import as_business_error
from territories.models import Territory


def local_zone() -> str:
    """The time zone of the territory in scope."""
    zone: str = Territory.objects.values_list("time_zone", flat=True).get(pk=scope.current_territory_id())
    return zone


def local_day(at: datetime) -> date:
    """The calendar date of this instant where the territory in scope lives."""
    return clock.local_date(at, local_zone())


@contextmanager
def refusals_of(*models: type[Model]) -> Iterator[None]:
    """Run the block in a savepoint; a violated constraint of these models becomes its BusinessError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise as_business_error(error, *models) from error

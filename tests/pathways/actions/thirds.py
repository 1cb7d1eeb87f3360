"""A third territory, active like the two others, with its own coordinator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from copa.kernel import scope
from territories.enums import Role, TerritoryStatus, Typology
from territories.models import Member, Region, Territory, User
from tests.cast import SINCE, inside

LITTORAL = "littoral"


@contextmanager
def third() -> Iterator[Member]:
    """Its scope, and Théa who coordinates it."""
    if not Territory.objects.filter(slug=LITTORAL).exists():
        region = Region.objects.order_by("code").first()
        values = {"status": TerritoryStatus.ACTIVE, "starts_on": date(2025, 12, 1), "annual_births": 900}
        Territory.objects.create(slug=LITTORAL, name="Littoral", region=region, typology=Typology.URBAN, **values)
        user = User.objects.create_user("thea@copa.example", first_name="Théa", last_name="Martin")
        with scope.opened(inside(LITTORAL)):
            Member.objects.create(user=user, role=Role.COORDINATOR, starts_on=SINCE)
    with scope.opened(inside(LITTORAL)):
        yield Member.objects.get()

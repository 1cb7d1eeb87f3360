"""Which communes a service reaches by its radius: computed here, and written into the same list as communes by name.

Whoever asks for a commune (`DirectoryEntry.objects.covering`) then asks one column, however many services there are.
"""

from collections.abc import Mapping

from django.db import connection, transaction

from copa.kernel import scope
from territories.directory import centres
from territories.models import Commune, DirectoryEntry
from territories.rules import Point, within


def reached(centre: Point, radius_km: int) -> list[str]:
    """Codes of the communes of the territory whose centre lies within the radius; inside the caller's transaction."""
    _one_at_a_time()
    return within(centre, radius_km, centres())


def _one_at_a_time() -> None:
    """Whoever places communes and whoever writes a radius wait for one another: the list would be of the old places."""
    with connection.cursor() as cursor:
        key = f"sectors:{scope.current_territory_id()}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@transaction.atomic
def place_communes(*, points: Mapping[str, Point]) -> tuple[int, int]:
    """Write where communes are, by code, and what every radius then reaches: how many communes, how many services.

    A code that is no commune of the territory is left alone. Run twice, it changes nothing more.
    """
    _one_at_a_time()
    placed = 0
    for code, (latitude, longitude) in sorted(points.items()):
        rows = Commune.objects.filter(code=code).exclude(latitude=latitude, longitude=longitude)
        placed += rows.update(latitude=latitude, longitude=longitude)
    changed, places = 0, centres()
    entries = DirectoryEntry.objects.select_for_update(of=("self",)).exclude(radius_km=None)
    for entry in entries.order_by("pk"):
        found = within((entry.latitude, entry.longitude), entry.radius_km, places)
        if found != entry.communes:
            changed += DirectoryEntry.objects.filter(pk=entry.pk).update(communes=found)
    return placed, changed

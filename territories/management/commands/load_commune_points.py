"""`manage.py load_commune_points FILE --territory SLUG [--apply]`: where the communes of a territory are."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copa.kernel import scope
from territories.actions.sectors import place_communes
from territories.models import Commune, Territory
from territories.rules import Point

COLUMNS = {"code", "latitude", "longitude"}


class Command(BaseCommand):
    """Reads `code;latitude;longitude` (degrees, with a header) and counts; `--apply` writes, and may run again.

    Services with a radius then reach what the new places say.
    """

    help = "Loads the coordinates of the communes of a territory; --apply writes them"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="semicolon-separated, UTF-8: code;latitude;longitude")
        parser.add_argument("--territory", required=True, metavar="SLUG")
        parser.add_argument("--apply", action="store_true", help="write the coordinates")

    def handle(self, *args: Any, file: str, territory: str, apply: bool, **options: Any) -> None:
        points = _points(file)
        place = Territory.objects.filter(slug=territory).first()
        if place is None:
            raise CommandError(f"no territory '{territory}'")
        actor = scope.Scope(actor="command:load_commune_points", territory_id=place.pk, slug=place.slug)
        with scope.opened(actor):
            known = set(Commune.objects.filter(is_outside=False).order_by("code").values_list("code", flat=True))
            self.stdout.write(f"{len(known & set(points))} of {len(known)} communes are in the file")
            if apply:
                placed, changed = place_communes(points={code: points[code] for code in known & set(points)})
                self.stdout.write(f"{placed} communes placed, {changed} services reach others than before")


def _points(file: str) -> dict[str, Point]:
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {file}: {error}") from error
    rows = csv.DictReader(lines, delimiter=";")
    if not set(rows.fieldnames or ()) >= COLUMNS:
        raise CommandError("the first line must name the columns code;latitude;longitude")
    return {row["code"].strip(): _point(row, number) for number, row in enumerate(rows, start=2)}


def _point(row: dict[str, Any], number: int) -> Point:
    try:
        latitude, longitude = (float(str(row[name]).replace(",", ".")) for name in ("latitude", "longitude"))
    except ValueError as error:
        raise CommandError(f"line {number}: no coordinates in degrees") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CommandError(f"line {number}: no such place on Earth")
    return latitude, longitude

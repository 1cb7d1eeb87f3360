"""Give the reports signed before the grid and the EPDS had rows of their own the same rows; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Exists, OuterRef

from copa.kernel import scope
from pathways.models import EpdsScreening, GridReview
from territories.models import Territory
from visits.actions.report import land_report
from visits.models import Report


class Command(BaseCommand):
    help = "Reprend le repérage et l’EPDS des comptes rendus déjà signés ; sans --apply, compte seulement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="write the rows, one report per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        for territory in Territory.objects.order_by("slug"):
            place = scope.Scope(actor="land_reports", territory_id=territory.pk, slug=territory.slug)
            with scope.opened(place):
                keys = list(waiting().values_list("pk", flat=True))
            for key in keys if options["apply"] else ():
                with scope.opened(place):
                    land_report(report=Report.objects.select_related("visit__pathway__birth", "author").get(pk=key))
            self.stdout.write(f"{territory.slug}: {len(keys)}")


def waiting() -> Any:
    """Signed reports of the territory in scope without any row of screening, the oldest first."""
    grid = GridReview.objects.filter(source_id=OuterRef("visit__public_id"))
    scale = EpdsScreening.objects.filter(source_id=OuterRef("visit__public_id"))
    asked = Report.objects.signed().filter(answers__has_any_keys=["grid.status", "epds.status"])
    return asked.filter(~Exists(grid), ~Exists(scale)).order_by("signed_at", "pk")

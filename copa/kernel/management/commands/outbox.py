"""`manage.py outbox [--retry]`: what was to leave and was given up, in every territory."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import QuerySet

from copa.kernel import clock, outbox, scope
from copa.kernel.outbox import OutboxRow


class Command(BaseCommand):
    """Lists the rows that failed for good, without their content; `--retry` starts them anew."""

    help = "Lists what was to leave and was given up after its last attempt; --retry tries it again"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="once the cause is mended: queue them again")

    def handle(self, *args: Any, retry: bool, **options: Any) -> None:
        kinds = [model for model in apps.get_models() if issubclass(model, OutboxRow)]
        found = 0
        for key, slug in apps.get_model("territories.Territory").objects.order_by("slug").values_list("pk", "slug"):
            with scope.opened(scope.Scope(actor="command:outbox", territory_id=key, slug=slug)):
                for kind in kinds:
                    rows = kind._default_manager.all()
                    found += self._tell(rows, slug)
                    if retry:
                        outbox.retry(rows, clock.now())
        verb = "queued again" if retry else "given up"
        self.stdout.write(f"{found} {verb}")

    def _tell(self, rows: QuerySet[OutboxRow], slug: str) -> int:
        failed = list(outbox.failed(rows).order_by("pk"))
        for row in failed:
            self.stdout.write(f"{slug} {row._meta.label} {row.pk}: {row.attempts} attempts, {row.answer}")
        return len(failed)

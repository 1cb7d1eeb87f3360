"""`manage.py healthz [PART…]`: the state /healthz shows, as an exit code for containers and monitors."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from copa.kernel import clock, health


class Command(BaseCommand):
    """Fails unless every part named (all of them when none is) is ok."""

    help = "Prints the state of database, redis, worker and beat; fails when a part is not ok"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help="database, redis, worker or beat")

    def handle(self, *args: Any, parts: list[str], **options: Any) -> None:
        state = health.state(clock.now())
        self.stdout.write(json.dumps(state))
        failing = [part for part in parts or ["status"] if state.get(part) != "ok"]
        if failing:
            raise CommandError(f"not ok: {', '.join(failing)}")

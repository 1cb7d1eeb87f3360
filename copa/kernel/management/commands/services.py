"""`manage.py services start|stop|status`: the embedded PostgreSQL and Redis of this checkout."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from copa.kernel import services


class Command(BaseCommand):
    """Without database: settings leave the servers alone when this command is the one running."""

    help = "Starts, stops or describes the embedded servers under var/"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("order", choices=["start", "stop", "status"])

    def handle(self, *args: Any, order: str, **options: Any) -> None:
        if order == "stop":
            services.stop(settings.VAR_DIR)
        if order == "start":
            services.ensure(settings.VAR_DIR)
        if services.is_up(settings.VAR_DIR.resolve()):
            addresses = services.ensure(settings.VAR_DIR)
            self.stdout.write(f"up\n{addresses.database_url}\n{addresses.redis_url}")
        else:
            self.stdout.write("down")

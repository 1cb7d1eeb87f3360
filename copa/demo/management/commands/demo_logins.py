"""`manage.py demo_logins`: who signs in as what on the demonstration."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from copa.demo.logins import Login, logins
from territories.enums import MandateRole, Role

LABELS = {**dict(Role.choices), **dict(MandateRole.choices)}

# It is being migrated, or nothing answers there.
NOT_READY = "La base de données n’est pas prête. Lancez la plateforme, attendez qu’elle réponde, puis recommencez."


class Command(BaseCommand):
    """Prints the known accounts of the territories that are loaded."""

    help = "Lists the accounts of the demonstration, one a role and territory"

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of role, territory, email, password, name")
        parser.add_argument("--all", action="store_true", help="every territory, not only the first")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        if not settings.COPA_DEMO:
            raise CommandError("Demonstration accounts exist in demonstration settings only (COPA_DEMO).")
        try:
            found = logins()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(NOT_READY) from error
        if json:
            self.stdout.write(_as_json(found))
            return
        if not found:
            self.stdout.write("  No demonstration is loaded (manage.py load_demo).")
            return
        first = next((login.territory for login in found if login.territory), "")
        shown = found if options["all"] else [login for login in found if login.territory in {first, ""}]
        self.stdout.write(f"  Password of every account: {shown[0].password}\n")
        for login in shown:
            place = login.territory or "above the territories"
            self.stdout.write(f"  {login.email:<44} {LABELS[login.role]:<34} {login.name:<22} {place}")
        if len(shown) < len(found):
            self.stdout.write("  The other territories have the same accounts: manage.py demo_logins --all")


def _as_json(found: list[Login]) -> str:
    return json.dumps([login.as_dict() for login in found], ensure_ascii=False, indent=1)

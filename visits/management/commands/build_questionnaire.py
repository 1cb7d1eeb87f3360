"""Make the form definition from the written specification, or say that the two differ."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from visits.questionnaire.library import FOLDER
from visits.questionnaire.spec.alert_book import alert_book
from visits.questionnaire.spec.build import build
from visits.questionnaire.spec.lists import Pages
from visits.questionnaire.spec.tables import SpecError

SPEC = Path(__file__).resolve().parents[3] / "docs" / "forms"


class Command(BaseCommand):
    help = "Reads docs/forms/*.md and writes visits/questionnaires/*.json; with --check only compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = definitions(SPEC)
        except SpecError as error:
            raise CommandError(str(error)) from error
        for path, text in made.items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                self.stdout.write(f"{path.name}: unchanged")
            elif options["check"]:
                raise CommandError(f"{path.name} differs from the specification: run build_questionnaire")
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"{path.name}: written")


def definitions(folder: Path) -> dict[Path, str]:
    """File to write → its text, for the form and the alert book of this specification."""
    pages = Pages(
        report=(folder / "visit-report.md").read_text(encoding="utf-8"),
        alerts=(folder / "alerts.md").read_text(encoding="utf-8"),
        directory=(folder / "directory-types.md").read_text(encoding="utf-8"),
    )
    form = build(pages)
    book = alert_book(pages.alerts, form["version"])
    return {
        FOLDER / f"{form['id']}-{form['version']}.json": _text(form),
        FOLDER / "alerts.json": _text(book),
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

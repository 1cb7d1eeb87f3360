"""Load the wording of the EPDS that a territory holds permission for; the repository contains none (domain.md 3.5)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.epds import load_wording
from territories.models import Territory


class Command(BaseCommand):
    help = "Charge le texte de l’EPDS d’un territoire autorisé (fichier JSON : language, title, permission, items)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--territory", required=True, help="slug of the territory that holds the permission")

    def handle(self, *args: Any, **options: Any) -> None:
        territory = Territory.objects.filter(slug=options["territory"]).first()
        if territory is None:
            raise CommandError(f"no territory {options['territory']}")
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        place = scope.Scope(actor="load_epds_wording", territory_id=territory.pk, slug=territory.slug)
        with scope.opened(place):
            try:
                row = load_wording(document=document, at=clock.now())
            except BusinessError as error:
                raise CommandError(error.message) from error
        self.stdout.write(f"{territory.slug}: {row.language}, {row.title}")

"""Load the reference data of every app that has some: programme rules, tariffs, report forms. Idempotent."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Each app's `reference.load()` returns how many rows it added; what is there already is left as it is."""

    help = "Charge les données de référence (règles, tarifs, formulaires)."

    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            name = f"{config.name}.reference"
            if find_spec(name):
                with transaction.atomic():
                    added = import_module(name).load()
                if options["verbosity"]:
                    self.stdout.write(f"{config.name}: {added} added")

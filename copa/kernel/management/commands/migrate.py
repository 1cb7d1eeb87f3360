"""`migrate` as the owner of the tables: the runtime role may not, and must not, change them."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate

from copa.kernel import deployment


class Command(DjangoMigrate):
    """Django's command on the owner's connection, followed by the privileges of the runtime role."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        deployment.grant_runtime(using=options["database"])

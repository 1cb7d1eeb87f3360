"""`manage.py import_births FILE --territory SLUG --structure FINESS [--apply]`: the preview of a list, as JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import imports as actions
from pathways.enums import ImportState
from pathways.models import ImportedBirth, ImportRun
from pathways.reads.import_choices import CONFIRMED, twin_key, waits_for_commune
from pathways.reads.import_matches import Match
from pathways.reads.imports import Look, listed, look, remembered, table_of, unread
from pathways.rules.import_columns import missing_fields, proposed_columns
from pathways.rules.import_file import Table
from pathways.rules.import_listed import ListedBirth
from pathways.rules.import_twins import SAME_CHILD, TWIN
from territories.enums import StructureKind
from territories.models import Structure, Territory


class Command(BaseCommand):
    """Reads a maternity's list and prints what it would write; `--apply` writes what is new, and nothing else.

    Neither names nor dates are printed: lines, reasons, references of files. A birth whose commune is outside the
    territory waits, as on the pages, until its line is given to `--outside-confirmed`: run again, it is then added. So
    does a birth with a line that may say a twin or the same child again, until it is given to one of the two. A line
    given to both, or asked nothing, is refused before anything is written.
    """

    help = "Previews the births of a list (CSV or XLSX) as JSON; --apply writes the new ones, never a duplicate"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the list, CSV or XLSX")
        parser.add_argument("--territory", required=True, metavar="SLUG")
        parser.add_argument("--structure", required=True, metavar="FINESS", help="the maternity (or its exact name)")
        parser.add_argument("--apply", action="store_true", help="write the new births")
        parser.add_argument(
            "--outside-confirmed",
            nargs="+",
            type=int,
            default=[],
            metavar="LINE",
            help="lines whose commune, outside the territory, somebody has checked",
        )
        for name, what in (("--same-child", "the child of the line before it again"), ("--twin", "another child")):
            parser.add_argument(
                name, nargs="+", type=int, default=[], metavar="LINE", help=f"lines that, asked about, say {what}"
            )

    def handle(self, *args: Any, file: str, territory: str, structure: str, apply: bool, **options: Any) -> None:
        content = self._content(file)
        place = Territory.objects.filter(slug=territory).first()
        if place is None:
            raise CommandError(f"no territory '{territory}'")
        self.scope = scope.Scope(actor="command:import_births", territory_id=place.pk, slug=place.slug)
        with scope.opened(self.scope):
            maternity = self._maternity(structure)
            table, columns = self._table(content, maternity)
            at, choices = clock.now(), _choices(options)
            if choices:
                # Asked of the list alone: run again once it is written, the same command is still right.
                _check_answers(options, listed(table, columns, maternity, at).births)
            seen = look(listed(table, columns, maternity, at, choices), choices)
            told = _told(seen, unread(table, columns), table.line)
        if apply:
            checked = frozenset(options["outside_confirmed"])
            waiting = [(one.line, why) for one in seen.new if (why := _waits_for(one, checked))]
            told["waiting"] = [{"line": line, "reason": why} for line, why in waiting]
            told["added"] = self._apply(maternity, Path(file).name, columns, seen, checked)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    @staticmethod
    def _content(file: str) -> bytes:
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"cannot read {file}: {error.strerror}") from error

    @staticmethod
    def _maternity(structure: str) -> Structure:
        maternities = list(Structure.objects.filter(kind=StructureKind.MATERNITY).select_related("territory"))
        wanted = structure.strip()
        for one in maternities:
            if (wanted and wanted.zfill(9) == one.finess) or wanted == one.name:
                return one
        known = "; ".join(f"{one.name} ({one.finess or 'no FINESS recorded'})" for one in maternities)
        raise CommandError(f"no maternity '{structure}' in this territory. Known: {known or 'none'}")

    @staticmethod
    def _table(content: bytes, maternity: Structure) -> tuple[Table, list[str]]:
        try:
            table = table_of(content, maternity)
        except BusinessError as error:
            raise CommandError(error.message) from error
        columns = proposed_columns(table.headings, remembered(maternity))
        if missing := missing_fields(columns):
            raise CommandError(
                f"no column is recognised for: {', '.join(missing)}. Say it once on the page of imports."
            )
        return table, columns

    def _apply(
        self, maternity: Structure, name: str, columns: list[str], seen: Look, checked: frozenset[int]
    ) -> list[dict[str, Any]]:
        """Each birth in its own transaction: run again after a stop, it goes on where it was."""
        with scope.opened(self.scope):
            at = clock.now()
            run = ImportRun.objects.create(
                structure=maternity,
                file_name=name[-120:],
                requested_at=at,
                columns=columns,
                state=ImportState.DONE,
                settled_at=at,
                total=len(seen.new),
                summary={"known": len(seen.known), "refused_count": len(seen.refused)},
            )
        for birth in seen.new:
            with scope.opened(self.scope):
                said = _said(birth, checked)
                actions.write_listed(run=run, birth=birth, choice="", at=at, about_commune=said)
        with scope.opened(self.scope):
            rows = ImportedBirth.objects.filter(run=run).order_by("line")
            return [
                {"line": line, "reason": f"dossier {reference}"}
                for line, reference in rows.values_list("line", "family__reference")
            ]


def _choices(options: dict[str, Any]) -> dict[str, str]:
    """What the command line says of the lines that may say a twin, as a run keeps it."""
    said = {SAME_CHILD: options["same_child"], TWIN: options["twin"]}
    return {twin_key(line): answer for answer, lines in said.items() for line in lines}


def _check_answers(options: dict[str, Any], births: Iterable[ListedBirth]) -> None:
    """Refuse a line given two answers, or asked nothing: a slip of a key would make a child, or hide one."""
    same, twins = set(options["same_child"]), set(options["twin"])
    if both := same & twins:
        raise CommandError(f"{_lines(both)} : à la fois le même enfant (--same-child) et un jumeau (--twin)")
    asked = {doubt.line for birth in births for doubt in birth.doubts}
    if unasked := (same | twins) - asked:
        waiting = f"attendent une réponse : {', '.join(map(str, sorted(asked)))}" if asked else "aucune n’en attend"
        raise CommandError(f"{_lines(unasked)} : aucune réponse n’est demandée ({waiting})")


def _lines(lines: set[int]) -> str:
    return f"ligne{'s' if len(lines) > 1 else ''} {', '.join(map(str, sorted(lines)))}"


def _waits_for(birth: ListedBirth, checked: frozenset[int]) -> str:
    """What a new birth waits for, "" when it is written."""
    if birth.doubts:
        doubt = birth.doubts[0]
        return f"ligne {doubt.line} : le même enfant que la ligne {doubt.like}, ou son jumeau"
    return "commune hors du territoire" if waits_for_commune(birth, "", _said(birth, checked)) else ""


def _said(birth: ListedBirth, checked: frozenset[int]) -> str:
    """What the command line says of the commune of a birth: its first line was given, or any of its children's."""
    return CONFIRMED if checked & {birth.line, *birth.lines} else ""


def _told(seen: Look, headings: list[str], line: int) -> dict[str, list[dict[str, Any]]]:
    """What is printed; a column that is not read is a warning of the line of the headings."""
    columns = [{"line": line, "reason": f"colonne non lue : {heading}"} for heading in headings]
    return {
        "new": [{"line": one.line, "reason": _children(one)} for one in seen.new],
        "known": [{"line": one.line, "reason": "naissance déjà inscrite"} for one, _ in seen.known],
        "probable_duplicates": [{"line": one.line, "reason": _why(rows)} for one, rows in seen.probable],
        "warnings": columns + [{"line": one.line, "reason": one.reason} for one in seen.warned],
        "refused": [{"line": one.line, "reason": one.reason} for one in seen.refused],
    }


def _children(birth: ListedBirth) -> str:
    lines = ", ".join(str(child.line) for child in birth.children)
    return "1 enfant" if len(birth.children) == 1 else f"{len(birth.children)} enfants (lignes {lines})"


def _why(rows: tuple[Match, ...]) -> str:
    told = []
    for row in rows:
        what = f"que la ligne {row.line}" if row.line else "qu’une famille connue"
        told.append(f"{', '.join(row.reasons)} {what}")
    return "; ".join(dict.fromkeys(told))

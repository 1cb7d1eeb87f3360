"""The rows of a quarterly export: a column table anyone can compare with the file, copied straight by PostgreSQL.

One row is one visit. No name, no reference, no date, no free text, nothing of the sealed compartment: days are counted
from the birth (D+n), and a pathway is known by a pseudonym whose key lives in the memory of this run alone (N8).
Rows are spread over batches by a hash and sorted by pseudonym, so that their order does not tell dates either.
The file is written as a French spreadsheet reads it: UTF-8 with its mark, ";" between cells, "," before decimals.
"""

import csv
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection
from psycopg import sql
from rustpy_xlsxwriter import FastExcel

from copa.kernel.quarters import Quarter

# Each batch walks the visits of the territory once: many small ones cost four times the COPY of the same rows. One of
# this size takes seconds, far less than the lease of a run, and its rows stay in PostgreSQL.
BATCH_ROWS = 200_000
_BLOCK = 64


def _read_number(text: str) -> float:
    return float(text.replace(",", "."))


_KINDS: dict[str, Callable[[str], str | int | float]] = {"text": str, "int": int, "number": _read_number}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its name, the SQL of its cell, its type in the spreadsheet, and what it says."""

    name: str
    cell: str
    kind: str
    meaning: str


# `v` visit (with its local days), `p` pathway, `b` birth, `f` family, `s` pseudonym; {at}, {slug} and {quarter} are
# given by the run.
COLUMNS: tuple[Column, ...] = (
    Column("territoire", "{slug}", "text", "Code du territoire"),
    Column("trimestre", "{quarter}", "text", "Trimestre de la visite"),
    Column("parcours", "s.pseudonym", "text", "Pseudonyme du parcours, propre à cet export"),
    Column("visite", "v.kind", "text", "V1, V2, V3 ou ULTRA_EARLY (sortie ultra-précoce)"),
    Column("issue", "v.state", "text", "ended : faite ; not_done : pas faite ; cancelled ; planned ; started"),
    Column("jour_prevu", "v.planned_on - b.day", "int", "Jour prévu, compté depuis la naissance (J0)"),
    Column("jour_fait", "v.ended_on - b.day", "int", "Jour de la visite, compté depuis la naissance (J0)"),
    Column("minutes", "(date_part('epoch', v.ended_at - v.started_at)::int + 30) / 60", "int", "Durée de la visite"),
    Column(
        "dans_les_dates",
        "(v.ended_on between p.window_from and p.window_to)::int",
        "int",
        "1 : finie dans la fenêtre du parcours ; 0 : en dehors ; vide : pas faite",
    ),
    Column(
        "delai_compte_rendu_h",
        "round(extract(epoch from v.report_delivered_at - v.ended_at) / 3600, 2)",
        "number",
        "Heures entre la fin de la visite et la remise du compte rendu ; vide : pas remis",
    ),
    Column(
        "compte_rendu_a_temps",
        "case when v.report_due_at is null or v.report_due_at >= {at} then null"
        " when v.report_delivered_at <= v.report_due_at then 1 else 0 end",
        "int",
        "1 : remis en 24 h ; 0 : plus tard ou jamais ; vide : les 24 h courent encore, ou pas de visite",
    ),
    Column("parite", "b.parity", "text", "FIRST : premier enfant ; ALREADY : déjà parent"),
    Column("zone_isolee", "f.is_isolated::int", "int", "1 : zone isolée ; 0 : non ; vide : pas connue"),
)


@dataclass(frozen=True)
class Source:
    """What an export reads: a quarter of the territory in scope, under keys made for this run and never stored."""

    quarter: Quarter
    slug: str
    zone: str
    at: datetime
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    seed: int = field(default_factory=lambda: secrets.randbits(60), repr=False)


def count_rows(source: Source) -> int:
    """How many rows the file will have, by now."""
    query = sql.SQL("select count(*) from visits_visit v where {rows}").format(rows=_rows(source))
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def write_head(file: BinaryIO) -> None:
    """The mark by which spreadsheets know UTF-8, and the names of the columns."""
    names = ";".join(column.name for column in COLUMNS)
    file.write(f"\ufeff{names}\n".encode())


def copy_batch(source: Source, number: int, batches: int, file: BinaryIO) -> int:
    """Append one batch of rows to the file, as PostgreSQL writes them; how many there were."""
    inner, outer = (bytes(byte ^ pad for byte in source.key.ljust(_BLOCK, b"\0")) for pad in (0x36, 0x5C))
    with connection.cursor() as cursor:
        # Bound values of a setting, not literals of the COPY: the key must not reach a statement log.
        cursor.execute(
            "select set_config('copa.inner_key', %s, true), set_config('copa.outer_key', %s, true)",
            [inner.hex(), outer.hex()],
        )
        with cursor.copy(_copy(source, number, batches)) as copy:
            for block in copy:
                file.write(block)
        return int(cursor.rowcount)


def write_xlsx(csv_path: Path, xlsx_path: Path, on_row: Callable[[int], None]) -> None:
    """The same rows as a spreadsheet with real numbers, and a sheet that explains the columns; memory stays flat."""
    meanings = [{"colonne": column.name, "sens": column.meaning} for column in COLUMNS]
    book = FastExcel(str(xlsx_path)).format(bold_headers=True).freeze(row=1)
    book.sheet("visites", _records(csv_path, on_row), autofilter=True).sheet("colonnes", meanings).save()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _records(csv_path: Path, on_row: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    names = [column.name for column in COLUMNS]
    types = [_KINDS[column.kind] for column in COLUMNS]
    number = 0
    with csv_path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        for number, row in enumerate(rows, start=1):
            on_row(number)
            cells = [typed(text) if text else None for typed, text in zip(types, row, strict=True)]
            yield dict(zip(names, cells, strict=True))
    if number == 0:
        # The library takes the head of the sheet from its first row.
        yield dict.fromkeys(names)


def _rows(source: Source) -> sql.Composed:
    """Visits that ended in the quarter; those that did not end, by their planned hour.

    A mother opposed to the evaluation is in no row (N8); the figures of the territory count her all the same.
    """
    start, end = (sql.Literal(instant) for instant in source.quarter.bounds(source.zone))
    return sql.SQL(
        "v.territory_id = current_setting('copa.territory')::uuid and ((v.ended_at >= {start} and v.ended_at < {end})"
        " or (v.ended_at is null and v.planned_at >= {start} and v.planned_at < {end}))"
        " and not exists (select from pathways_pathway op join pathways_consent oc on oc.id = op.consent_id"
        " where op.id = v.pathway_id and oc.is_evaluation_opposed)"
    ).format(start=start, end=end)


def _copy(source: Source, number: int, batches: int) -> sql.Composed:
    return sql.SQL(
        "copy (with keys as materialized (select decode(current_setting('copa.inner_key'), 'hex') as inner_key,"
        " decode(current_setting('copa.outer_key'), 'hex') as outer_key),"
        " chosen as materialized (select v.id, v.pathway_id, v.family_id, v.kind, v.state, v.started_at, v.ended_at,"
        " v.report_due_at, v.report_delivered_at, (v.planned_at at time zone {zone})::date as planned_on,"
        " (v.ended_at at time zone {zone})::date as ended_on from visits_visit v where {rows}{share}),"
        " pseudonyms as materialized (select c.pathway_id, left(encode(sha256(k.outer_key || sha256(k.inner_key ||"
        " convert_to(c.pathway_id::text, 'UTF8'))), 'hex'), 32) as pseudonym"
        " from (select distinct pathway_id from chosen) c cross join keys k)"
        " select {cells} from chosen v join pseudonyms s on s.pathway_id = v.pathway_id"
        " join pathways_pathway p on p.id = v.pathway_id join pathways_birth b on b.id = p.birth_id"
        " join pathways_family f on f.id = v.family_id"
        # Byte order: the server's language would cost more than all the rest.
        ' order by s.pseudonym collate "C", v.kind collate "C", v.id) to stdout with (format csv, delimiter \';\')'
    ).format(
        cells=sql.SQL(", ").join(_cell(source, column) for column in COLUMNS),
        zone=sql.Literal(source.zone),
        rows=_rows(source),
        share=_share(source, number, batches),
    )


def _share(source: Source, number: int, batches: int) -> sql.Composable:
    """The rows of one batch, whole pathways at a time; all of them when there is one batch."""
    if batches == 1:
        return sql.SQL("")
    # As a bare comparison the planner would expect one row in two hundred and join them one by one.
    return sql.SQL(
        " and case when mod(hashint8extended(v.pathway_id, {seed}) & 2147483647, {batches}) = {number}"
        " then true else false end"
    ).format(seed=sql.Literal(source.seed), batches=sql.Literal(batches), number=sql.Literal(number))


def _cell(source: Source, column: Column) -> sql.Composable:
    cell = sql.SQL(column.cell).format(
        slug=sql.Literal(source.slug), quarter=sql.Literal(source.quarter.code), at=sql.Literal(source.at)
    )
    # A French spreadsheet that meets 9.36 reads the ninth of some month 36, or text.
    return sql.SQL("translate(({cell})::text, '.', ',')").format(cell=cell) if column.kind == "number" else cell

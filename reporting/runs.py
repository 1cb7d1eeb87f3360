"""Carrying out an export in short steps, so that its progress is seen and a killed worker costs nothing but time."""

import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.conf import settings

from copa.kernel import clock
from copa.kernel.french import NBSP
from reporting import actions, exports
from reporting.actions import Claim, Files
from reporting.exports import Source

logger = logging.getLogger("copa.exports")
Step = Callable[[], AbstractContextManager[Any]]
# The spreadsheet is written after the rows; its lease is renewed every so many rows.
_BEAT_ROWS = 20_000


class ClaimLost(RuntimeError):
    """The lease ran out and another worker has taken the run."""


def carry_out(run_id: int, step: Step) -> None:
    """Claim the run, write both files, close it; `step` opens a short transaction in the territory.

    A run of somebody else is left alone. What goes wrong closes the run as failed, with its reason; a killed worker
    leaves it claimed, and it is taken again, from the first row, when its lease has run out.
    """
    with step():
        claim = actions.claim_export(run_id=run_id, at=clock.now())
    if claim is None:
        return
    try:
        _Work(claim, step).do()
    except ClaimLost:
        logger.warning("export %s was taken over by another worker", claim.public_id)
    except Exception as error:
        logger.exception("export %s failed", claim.public_id)
        with step():
            actions.fail_export(claim=claim, why=_why(error), at=clock.now())


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"Le disque refuse le fichier{NBSP}: {error.strerror or 'erreur inconnue'}."
    return "Une erreur imprévue a arrêté l’export. Elle est notée dans le journal technique."


class _Work:
    """One attempt: its own temporary files, so that a worker thought dead cannot spoil those of the next one."""

    def __init__(self, claim: Claim, step: Step) -> None:
        self.claim, self.step = claim, step
        self.folder = Path("exports") / claim.slug
        root = Path(settings.MEDIA_ROOT) / self.folder
        root.mkdir(parents=True, exist_ok=True)
        self.csv, self.xlsx = (root / f"{claim.public_id}.{kind}" for kind in ("csv", "xlsx"))
        for left in root.glob(f"{claim.public_id}.*.*"):
            left.unlink()  # of a worker that was killed
        self.part = {path: path.with_name(f"{path.name}.{claim.attempt}") for path in (self.csv, self.xlsx)}

    def do(self) -> None:
        """Write, check, put in place; nothing of an attempt that stops is left."""
        try:
            rows = self._write_csv()
            exports.write_xlsx(self.part[self.csv], self.part[self.xlsx], lambda number: self._beat(number, rows))
            self._close(rows)
        finally:
            for path in self.part.values():
                path.unlink(missing_ok=True)

    def _write_csv(self) -> int:
        claim = self.claim
        source = Source(quarter=claim.quarter, slug=claim.slug, zone=claim.zone, at=claim.at)
        with self.step():
            total = exports.count_rows(source)
        self._note(0, total)
        batches = max(1, -(-total // exports.BATCH_ROWS))
        done = 0
        with self.part[self.csv].open("wb") as file:
            exports.write_head(file)
            for number in range(batches):
                with self.step():
                    done += exports.copy_batch(source, number, batches, file)
                self._note(done, max(done, total))
        return done

    def _beat(self, number: int, rows: int) -> None:
        if number % _BEAT_ROWS == 0:
            self._note(rows, rows)

    def _note(self, done: int, total: int) -> None:
        with self.step():
            if not actions.note_progress(claim=self.claim, rows_done=done, rows_total=total, at=clock.now()):
                raise ClaimLost

    def _close(self, rows: int) -> None:
        files = Files(
            csv_file=str(self.folder / self.csv.name),
            csv_sha256=exports.digest(self.part[self.csv]),
            xlsx_file=str(self.folder / self.xlsx.name),
            xlsx_sha256=exports.digest(self.part[self.xlsx]),
            rows=rows,
        )
        with self.step():
            if not actions.finish_export(claim=self.claim, files=files, at=clock.now()):
                raise ClaimLost
            # The row is locked until the commit: no other worker can put its files here meanwhile.
            for final, part in self.part.items():
                os.replace(part, final)

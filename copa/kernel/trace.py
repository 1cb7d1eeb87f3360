"""What a request read or was refused, noted while it runs and written by the middleware when it ends.

A GET may not write (`readonly`), yet every reading of a family file leaves a line: so the line waits here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One reading (`refused` False) or one refusal; `family_id` is None when the object was not to be known."""

    what: str
    family_id: int | None
    refused: bool = False


_notes: ContextVar[list[Note] | None] = ContextVar("notes", default=None)


@contextmanager
def collected() -> Iterator[list[Note]]:
    """Collect the notes of the block."""
    notes: list[Note] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note(entry: Note) -> None:
    """Add a note once; outside a request (tasks, commands) there is nobody to trace and nothing is kept."""
    notes = _notes.get()
    if notes is not None and entry not in notes:
        notes.append(entry)


_later: ContextVar[list[Callable[[], object]] | None] = ContextVar("later", default=None)


@contextmanager
def postponed() -> Iterator[list[Callable[[], object]]]:
    """Collect what the block asks to write once its read-only cursor is closed."""
    writes: list[Callable[[], object]] = []
    token = _later.set(writes)
    try:
        yield writes
    finally:
        _later.reset(token)


def later(write: Callable[[], object]) -> None:
    """Ask the gate to write after a GET, in its transaction; at once where no gate waits."""
    writes = _later.get()
    if writes is None:
        write()
    else:
        writes.append(write)

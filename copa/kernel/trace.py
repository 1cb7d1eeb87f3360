"""What a request read or was refused, noted while it runs and written by the middleware when it ends.

A GET may not write (`readonly`), yet every reading of a family file leaves a line: so the line waits here.
"""

from collections.abc import Iterator
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

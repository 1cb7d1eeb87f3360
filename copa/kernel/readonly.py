"""Reading cannot write: during a GET the database cursor refuses anything but reading."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection

# A union begins with a parenthesis.
_READS = re.compile(r"[\s(]*(select|with|savepoint|(release|rollback to) savepoint|declare|fetch|close)\b", re.I)
_WRITES = re.compile(r"\b(insert\s+into|update\s+\S+\s+set|delete\s+from|for\s+(no\s+key\s+)?update)\b", re.I)


class WriteOnRead(RuntimeError):
    """A page asked by GET tried to write."""


# A page asks the same statements each time, their values apart; looking through one takes as long as a small query.
@lru_cache(maxsize=1024)
def _is_reading(text: str) -> bool:
    # Several prepared reads are one text; values stand apart, so a semicolon ends a statement.
    statements = text.rstrip().removesuffix(";").split(";")
    return all(_READS.match(one) for one in statements) and _WRITES.search(text) is None


def _refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    # psycopg may hand over a composed statement (server-side cursors); its text is what counts.
    text = sql if isinstance(sql, str) else sql.as_string(None)
    if not _is_reading(text):
        raise WriteOnRead(f"a GET may not run: {text[:120]}")
    return execute(sql, params, many, context)


@contextmanager
def reading_only() -> Iterator[None]:
    """Refuse every statement of the block but reads and savepoints."""
    with connection.execute_wrapper(_refuse_writes):
        yield

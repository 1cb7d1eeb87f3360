"""Searching names under row-level security.

`search__prefix="dup"` is the operator `^@`, the only prefix search whose index a policy leaves usable: LIKE is not
leakproof (stack.md 2.1). `Plain("first_name")` is a column as the normalised names are written, for a few rows.
"""

from typing import Any

from django.db import models
from django.db.models import Func, Lookup, TextField


@models.CharField.register_lookup
class Prefix(Lookup):
    """Text that begins exactly with the value; compare normalised text with normalised text."""

    lookup_name = "prefix"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column ^@ 'value'`."""
        column, column_params = self.process_lhs(compiler, connection)
        value, value_params = self.process_rhs(compiler, connection)
        return f"{column} ^@ {value}", (*column_params, *value_params)


class Plain(Func):
    """A column without accents or case, words apart by one space and one before the first: " anne marie".

    Computed row by row, so only on rows that an index has already chosen.
    """

    arity = 1
    output_field = TextField()
    template = (
        r"' ' || regexp_replace(lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g')),"
        r" '[^[:alnum:]]+', ' ', 'g')"
    )

"""`search__prefix="dup"`: the operator `^@`, the only prefix search whose index row-level security leaves usable.

LIKE is not leakproof, so PostgreSQL may not use its index below a policy (stack.md 2.1); `^@` is.
"""

from typing import Any

from django.db import models
from django.db.models import Lookup


@models.CharField.register_lookup
class Prefix(Lookup[Any]):
    """Text that begins exactly with the value; compare normalised text with normalised text."""

    lookup_name = "prefix"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column ^@ 'value'`."""
        column, column_params = self.process_lhs(compiler, connection)
        value, value_params = self.process_rhs(compiler, connection)
        return f"{column} ^@ {value}", (*column_params, *value_params)

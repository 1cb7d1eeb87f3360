"""Searching names under row-level security."""

from typing import Any

from django.db.models import Lookup


class Prefix(Lookup):
    """`Prefix(F("word"), "dup")`: text that begins exactly with the value, as a condition of `filter`.

    Compare normalised text with normalised text. The operator `^@` is the only prefix search whose index a policy
    leaves usable: LIKE is not leakproof (stack.md 2.1).
    """

    lookup_name = "prefix"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column ^@ 'value'`."""
        column, column_params = self.process_lhs(compiler, connection)
        value, value_params = self.process_rhs(compiler, connection)
        return f"{column} ^@ {value}", (*column_params, *value_params)

"""Reads whose SQL the ORM writes once: for a small query, writing the SQL costs ten times what running it does.

A prepared read is a function of placeholders that returns a queryset of `values_list`. It is called once per process
and territory, on placeholders; every call after that only fills in the values. The queryset comes from the scoped
manager like any other, so the first wall stands in the SQL that is kept, and the scope decides which SQL that is.
"""

import inspect
from collections.abc import Callable
from functools import update_wrapper
from sys import intern
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Expression, F, Func, QuerySet
from django.db.models.utils import create_namedtuple_class

from copa.kernel import scope


class Given(Expression):
    """The place of a value that each call brings. Compare it with a column as is, or through `among`."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The value itself is not known yet: the placeholder stands among the parameters."""
        return "%s", (self,)


def among(column: str, keys: Any) -> Func:
    """`filter(among("family", keys))`: the column is one of the keys, however many a call brings (a list)."""
    return Func(F(column), keys, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


class Existing(Expression):
    """`filter(~Existing(read, family=F("family"), at=now))`: whether the prepared read has a row, for each row asked.

    What is given of an expression is that of the row; the read names it at its own level, not in a subquery.
    """

    def __init__(self, read: "Prepared", **given: Any) -> None:
        super().__init__(output_field=BooleanField())
        self._written = read.written(is_apart=True)
        self._values = {name: value for name, value in given.items() if not hasattr(value, "resolve_expression")}
        self._columns = {name: value for name, value in given.items() if name not in self._values}

    def get_source_expressions(self) -> list[Any]:
        """The columns of the row that asks: Django resolves and renames them with their query."""
        return list(self._columns.values())

    def set_source_expressions(self, exprs: Any) -> None:
        """The same columns, resolved or renamed."""
        self._columns = dict(zip(self._columns, exprs, strict=True))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`EXISTS(…)`, the columns written into the text that is kept."""
        columns = {name: compiler.compile(column) for name, column in self._columns.items()}
        return self._written.exists(columns, self._values)


class Prepared:
    """One read. Its rows are named tuples in the order the queryset says.

    Nothing but its parameters may decide what the function returns: whatever else it looked at, the member or the
    clock, would be that of the first call for ever. And they decide in the SQL alone: a parameter that does not stand
    in it is refused, for Python would have asked the placeholder.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._written: dict[tuple[UUID, bool], _Written] = {}
        update_wrapper(self, build)

    def __call__(self, **given: Any) -> list[Any]:
        """The rows for these values, by name of parameter; raises NoTerritory outside a territory, KeyError for a
        value that is missing."""
        return together(self, **given)[0]

    def written(self, *, is_apart: bool = False) -> "_Written":
        """The read as it is kept for the territory in scope; raises NoTerritory outside one.

        `is_apart`: under names of tables that no other query has, so that its text may stand inside any of them.
        """
        kept = scope.current_territory_id(), is_apart
        written = self._written.get(kept)
        if written is None:
            placeholders = {name: Given(name) for name in inspect.signature(self._build).parameters}
            queryset = self._build(**placeholders)
            if is_apart:
                query = queryset.query
                query.change_aliases({alias: f"own_{place}" for place, alias in enumerate(query.alias_map)})
            written = _Written(queryset)
            assert written.names == set(placeholders), f"{self._build.__name__}: a parameter is not in the SQL"
            self._written[kept] = written
        return written


def together(*reads: Prepared, **given: Any) -> list[list[Any]]:
    """The rows of each of these reads, in one exchange with the database; each takes the values it names.

    Several statements in one text need values put in by the client, which is Django's way with PostgreSQL.
    """
    written = [read.written() for read in reads]
    values = [value for one in written for value in one.values(given)]
    with connection.cursor() as cursor:
        cursor.execute(";".join(one.sql for one in written), values)
        found = [written[0].rows(cursor.fetchall())]
        for one in written[1:]:
            cursor.nextset()
            found.append(one.rows(cursor.fetchall()))
    return found


class _Written:
    """The SQL of a queryset, its parameters with the placeholders among them, and how to read its rows."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        # One text for all the territories: only its parameters differ.
        self.sql = intern(sql)
        self._params = tuple(params)
        self.names = {value.name for value in self._params if isinstance(value, Given)}
        expressions = [column for column, _, _ in compiler.select]
        self._converters = tuple(compiler.get_converters(expressions).items())
        self._row = create_namedtuple_class(*(queryset.query.selected or ()))

    def values(self, given: dict[str, Any]) -> list[Any]:
        """The parameters, those of this call in their places; raises KeyError for a missing one."""
        return [given[value.name] if isinstance(value, Given) else value for value in self._params]

    def exists(self, columns: dict[str, tuple[str, Any]], values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The read as a condition; `columns` are (SQL, parameters) by name of parameter, `values` the other ones."""
        pieces = self.sql.split("%s")
        sql, params = [pieces[0]], []
        for value, piece in zip(self._params, pieces[1:], strict=True):
            name = value.name if isinstance(value, Given) else None
            if name in columns:
                text, given = columns[name]
                sql.append(text)
                params.extend(given)
            else:
                sql.append("%s")
                params.append(values[name] if name else value)
            sql.append(piece)
        return f"EXISTS({''.join(sql)})", tuple(params)

    def rows(self, found: list[Any]) -> list[Any]:
        """What the database answered, as named tuples of the model's values."""
        if self._converters:
            found = [self._converted(list(row)) for row in found]
        return [self._row(*row) for row in found]

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, (functions, expression) in self._converters:
            for function in functions:
                row[place] = function(row[place], expression, connection)
        return row

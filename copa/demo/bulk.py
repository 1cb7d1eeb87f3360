"""Many rows at once, inside the territory in scope.

COPY is refused under row-level security, so rows go in as arrays: one `INSERT … SELECT … FROM unnest(…)` a table and
chunk. Keys are taken from the table's own sequence beforehand, which lets a whole family be written without asking
back. Triggers, policies and constraints all stay on.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Field, ForeignKey, JSONField, Model

KEYS_AT_ONCE = 2000


class Sheet:
    """The rows of one table that wait to be written; `names` are the model's attributes given for each row.

    Every other column takes the model's default, the same for all rows. Values must be what the driver understands:
    JSON as text, UUID as UUID or text, datetimes with a zone.
    """

    def __init__(self, model: type[Model], names: Sequence[str]) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        self.model = model
        self.table = model._meta.db_table
        self.names = tuple(names)
        self._given = [fields[name] for name in names]
        self._constant = [
            field
            for name, field in fields.items()
            # What has no default of its own is left out: the database writes null, or its own default.
            if name not in names
            and not field.primary_key
            and (field.has_default() or not (field.null or field.has_db_default()))
        ]
        self._rows: list[tuple[Any, ...]] = []
        self._keys: list[int] = []
        self.written = 0

    def key(self) -> int:
        """A primary key nobody else has or will have."""
        if not self._keys:
            with connection.cursor() as cursor:
                cursor.execute(
                    "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
                    [self.table, KEYS_AT_ONCE],
                )
                self._keys = [row[0] for row in reversed(cursor.fetchall())]
        return self._keys.pop()

    def add(self, *values: Any) -> int:
        """Remember one row, in the order of `names`; returns its key."""
        key = self.key()
        self._rows.append((key, *values))
        return key

    def write(self, territory_id: Any) -> None:
        """Send what waits."""
        if not self._rows:
            return
        columns = list(zip(*self._rows, strict=True))
        constants = [_constant(field, territory_id) for field in self._constant]
        # Django's cursor writes values into the statement; for arrays of thousands the server had to read them twice.
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(self._sql(), [*(list(column) for column in columns), *constants])
        self.written += len(self._rows)
        self._rows.clear()

    def _sql(self) -> str:
        types = ["bigint", *(_type(field) for field in self._given)]
        # Binary arrays: as text each value would be quoted one by one, which costs more than the rest of the loading.
        arrays = ", ".join(f"%b::{_array(kind)}" for kind in types)
        given = ["id", *(field.column for field in self._given)]
        constant = [field.column for field in self._constant]
        casts = [f"%s::{_type(field)}" for field in self._constant]
        taken = [f"u.c{rank}{_cast(kind)}" for rank, kind in enumerate(types)]
        aliases = ", ".join(f"c{rank}" for rank in range(len(types)))
        names = ", ".join(f'"{name}"' for name in [*given, *constant])
        chosen = ", ".join([*taken, *casts])
        # Names and types come from the models, values never stand in the text.
        rows = f"with u({aliases}) as (select * from unnest({arrays}))"  # noqa: S608
        return f"{rows} insert into {self.table} ({names}) select {chosen} from u"  # noqa: S608


def _type(field: "Field[Any, Any]") -> str:
    target = field.target_field if isinstance(field, ForeignKey) else field
    kind = target.rel_db_type(connection) if isinstance(field, ForeignKey) else field.db_type(connection)
    assert kind is not None, field
    return kind


def _array(kind: str) -> str:
    return "text[]" if kind == "jsonb" else f"{kind}[]"


def _cast(kind: str) -> str:
    return "::jsonb" if kind == "jsonb" else ""


def _constant(field: "Field[Any, Any]", territory_id: Any) -> Any:
    if field.attname == "territory_id":
        return territory_id
    # The database would give it itself, to an insert that does not name the column.
    value = field.get_default() if field.has_default() or not field.has_db_default() else field.db_default
    assert value is not None, f"{field}: no default"
    if isinstance(field, JSONField):
        return "[]" if value == [] else "{}"
    return field.get_db_prep_save(value, connection)

"""One hash over everything the demonstration wrote: two databases with the same hash hold the same people and facts.

Keys are left out, they depend on what the database held before: a row is named by its public id, and so is what it
points at. Passwords and history are left out too, they carry the hour of the loading.
"""

import hashlib
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from copa.demo.care import CARE_MODELS
from copa.demo.register import Register
from territories.models import Commune, Member, PmiSector, Structure

# How a row outside the territories is named; the others have a public id.
NATURAL = {
    "territories_territory": "slug",
    "territories_user": "email",
    "pathways_programmerules": "code",
    "billing_tariff": "kind",
    "visits_reportform": "version",
    "auth_permission": "codename",
    "pathways_gridtemplate": "version",
    "pathways_gridfactor": "code",
}
# Keys, or drawn over keys (`visits.reads.fingerprint`) or over the secret of the server: they differ with them.
LEFT_OUT = {"fingerprint", "family_id", "token_hash"}


def of_territory() -> str:
    """The hash of the territory in scope."""
    models: list[type[Model]] = [Structure, PmiSector, Commune, Member]
    models += [*(sheet.model for sheet in Register().sheets), *CARE_MODELS]
    parts = []
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(_sql(model))
            parts.append(f"{model._meta.db_table} {cursor.fetchone()[0]}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sql(model: type[Model]) -> str:
    columns, joins = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in LEFT_OUT:
            continue
        if isinstance(field, ForeignKey):
            joins.append(_join(field))
            columns.append(f"{_alias(field)}.{_name(field)}")
        else:
            columns.append(f't."{field.column}"')
    row = f"md5(row({', '.join(columns)})::text)"
    # Rows in the order of their own hash: no key is needed.
    every = f"count(*) || md5(coalesce(string_agg({row}, '' order by {row}), ''))"
    return f"select {every} from {model._meta.db_table} t {' '.join(joins)}"  # noqa: S608


def _alias(field: "Field[Any, Any]") -> str:
    return f"f_{field.column}"


def _name(field: "ForeignKey[Any, Any]") -> str:
    return NATURAL.get(field.related_model._meta.db_table, "public_id")


def _join(field: "ForeignKey[Any, Any]") -> str:
    target = field.related_model._meta
    alias = _alias(field)
    return f'left join {target.db_table} {alias} on {alias}."{target.pk.column}" = t."{field.column}"'

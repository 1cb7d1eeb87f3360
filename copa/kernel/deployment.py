"""What must be true of a database and a machine before the product runs on them."""

import ctypes.util
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connections

from copa.kernel import walls


class UnsafeRole(RuntimeError):
    """The runtime connection would pass through row-level security."""


def grant_runtime(*, using: str) -> None:
    """After each migrate, as the owner: privileges of the runtime role, append-only tables included.

    A model says `append_only = True` or `trigger_only = True`; its table follows.
    """
    models = apps.get_models(include_auto_created=True)
    existing = set(connections[using].introspection.table_names())
    append_only = [m._meta.db_table for m in models if getattr(m, "append_only", False)]
    trigger_only = [m._meta.db_table for m in models if getattr(m, "trigger_only", False)]
    with connections[using].cursor() as cursor:
        cursor.execute(walls.grants(existing & set(append_only), existing & set(trigger_only)))


def refuse_unsafe_role() -> None:
    """Raise UnsafeRole when pages would run as a superuser or as a role that bypasses row-level security."""
    with connections["default"].cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        name, is_superuser, is_bypassing = cursor.fetchone()
    if is_superuser or is_bypassing:
        raise UnsafeRole(f"role {name} ignores row-level security; see docs/operations.md")


def check_pdf_libraries(**kwargs: Any) -> list[checks.CheckMessage]:
    """PDF documents need Pango from the system; without it the site runs and says what to install."""
    if ctypes.util.find_library("pango-1.0") and ctypes.util.find_library("pangoft2-1.0"):
        return []
    hint = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation"
    return [checks.Warning("Pango is missing: no PDF can be made.", hint=hint, id="copa.W001")]

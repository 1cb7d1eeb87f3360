"""Who joined the circle of a family, who left it, and to whom the file was opened, as her story tells it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from copa.kernel import clock
from copa.kernel.french import full_day
from copa.kernel.prepared import Prepared
from pathways.enums import CircleEnd, CircleRole, GrantReason
from pathways.models import CareCircleMember, Family, FamilyGrant
from pathways.perms import SEE_CIRCLE
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from territories.models import Member, full_name

_COLUMNS = ("name", "role", "added_at", "ended_at", "end_reason", *name_columns("member"))


@Prepared
def _people(family: Any) -> Any:
    return CareCircleMember.objects.filter(family=family).order_by("added_at", "pk").values_list(*_COLUMNS)


@Prepared
def _grants(family: Any) -> Any:
    person = ("user__first_name", "user__last_name", "user__email")
    columns = (
        "reason",
        "granted_at",
        "expires_at",
        "revoked_at",
        "content_object__moved_at",
        *person,
        *name_columns("granted_by"),
    )
    return FamilyGrant.objects.filter(content_object=family).order_by("granted_at", "pk").values_list(*columns)


def _tell(family: Family, member: Member, people: list[Any], grants: list[Any]) -> Iterator[Told]:
    """Each arrival, and each departure with its reason; each opening, those that have ended too."""
    for row in people:
        name = row.name or name_of(row, "member")
        yield _event(family, row.added_at, f"{name} rejoint le cercle", words(CircleRole, row.role))
        if row.ended_at is not None:
            yield _event(family, row.ended_at, f"{name} quitte le cercle", words(CircleEnd, row.end_reason))
    for row in grants:
        name = full_name(row.user__first_name, row.user__last_name, row.user__email)
        until = f"jusqu’au {full_day(clock.last_instant(row.expires_at))}"
        text = f"{words(GrantReason, row.reason)}, par {name_of(row, 'granted_by')}, {until}"
        yield _event(family, row.granted_at, f"Dossier ouvert à {name}", text, icon="key")
        if (ended_at := _ended_at(row)) is not None:
            yield _event(family, ended_at, f"Dossier refermé pour {name}", "Avant son terme", icon="lock")


def _ended_at(grant: Any) -> datetime | None:
    """When it ended before its term, None when it did not: another territory's yes ends it before the job writes so."""
    if grant.revoked_at is not None:
        return grant.revoked_at  # type: ignore[no-any-return]
    moved_at: datetime | None = grant.content_object__moved_at
    return moved_at if moved_at is not None and grant.granted_at < moved_at < grant.expires_at else None


def _event(family: Family, at: datetime, title: str, text: str, *, icon: str = "family") -> Told:
    return Told(at=at, icon=icon, title=title, text=f"{text}.", page="pathways:circle", public_id=family.public_id)


CIRCLE = KeptSource(SEE_CIRCLE, (_people, _grants), _tell)

"""Who may be named around a family: people of the platform, and lines of the directory that come to her commune."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from copa.kernel.french import inner
from pathways.enums import PMI_ENTRY, CircleRole, Recipient
from pathways.models import RECIPIENT_OF_ROLE, Family
from pathways.reads.places import outsiders
from territories.models import DirectoryEntry, Member
from territories.perms import SEE_DIRECTORY

# The types of the directory that do each work, the likeliest first.
TYPES_OF_WORK: dict[CircleRole, tuple[str, ...]] = {
    CircleRole.LIBERAL_MIDWIFE: ("LIBERAL_MIDWIFE", PMI_ENTRY),
    CircleRole.GENERAL_PRACTITIONER: ("GP",),
    CircleRole.PAEDIATRICIAN: ("PAEDIATRICIAN", "GP"),
    CircleRole.PSYCHOLOGIST: ("PSYCHOLOGIST",),
}

Group = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Professionals:
    """Those a form offers, by the public id that stands in the choice."""

    members: dict[str, Member]
    entries: dict[str, DirectoryEntry]

    def choices(self, work: str = "") -> list[Group]:
        """Groups of choices, those of one work or all of them; empty groups left out."""
        members = [(f"member:{key}", professional_label(one)) for key, one in self.members.items() if _does(one, work)]
        types = TYPES_OF_WORK[CircleRole(work)] if work else _types(TYPES_OF_WORK)
        entries = [one for kind in types for one in self.entries.items() if one[1].type == kind]
        named = [(f"entry:{key}", f"{one.name} ({inner(one.kind.label)})") for key, one in entries]
        groups = [("Sur la plateforme", members), ("Dans l’annuaire", named)]
        return [(label, found) for label, found in groups if found]

    def chosen(self, value: str) -> tuple[Member | None, DirectoryEntry | None]:
        """What a choice means; nobody for ""."""
        kind, _, key = value.partition(":")
        return (self.members.get(key), None) if kind == "member" else (None, self.entries.get(key))


def professionals(member: Member, family: Family, today: date) -> Professionals:
    """Those this member may name for this family today; two queries."""
    people = outsiders(today)
    rows: Any = SEE_DIRECTORY.rows(member)
    rows = rows.filter(type__in=_types(TYPES_OF_WORK)).valid_on(today)
    if family.commune is not None:
        rows = rows.covering(family.commune.code)
    return Professionals(
        members={str(one.public_id): one for one in people},
        entries={str(one.public_id): one for one in rows.order_by("search", "pk")},
    )


def _types(works: Collection[CircleRole]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for work in works for kind in TYPES_OF_WORK[work]))


def _does(member: Member, work: str) -> bool:
    """Whether she may do this work by her role on the platform; "" for any work."""
    wanted = Recipient.LIBERAL_MIDWIFE if work == CircleRole.LIBERAL_MIDWIFE else ""
    return not work or RECIPIENT_OF_ROLE.get(member.role, "") == wanted


def professional_label(member: Member) -> str:
    """As "Inès Martin, sage-femme libérale"."""
    return f"{member.user.get_full_name()}, {inner(member.get_role_display())}"

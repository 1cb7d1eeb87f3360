"""Towards whom a need may be oriented: services of the directory first, then types."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pathways import perms
from pathways.models import Need, Orientation
from pathways.models.orientations import Target
from pathways.rules.orientations import may_concern
from territories import directory
from territories.catalogue import NEEDS, TYPES, DirectoryType, EntryMode, NeedCategory, types_for
from territories.models import DirectoryEntry, Member

Group = tuple[str, list[tuple[str, str]]]


def target_choices(member: Member, need: Need, today: date, asked: str = "") -> list[Group]:
    """Services that serve this need and come to the family's commune, then the types that serve it, then the others.

    Those of the type that was `asked`, whatever it serves, are among the services; "" while nothing is.
    A secret place is offered beside a sealed need alone; what the referring team alone opens, to the team alone. Two
    queries and the communes.
    """
    commune = need.family.commune
    entries = directory.choices_for(member, need.code, commune.code if commune else "", today, asked)
    serving = types_for(need.code)
    others = [one for one in TYPES.values() if one.receives_parents and one not in serving and not one.is_secret]
    of_team = perms.OPEN_TEAM_DOOR.is_held_by(member)
    offered = {one.code for one in TYPES.values() if _is_offered(one, need, of_team=of_team)}
    groups = [
        (
            "Services de l’annuaire",
            [(f"entry:{one.public_id}", _words(one)) for one in entries if one.type in offered],
        ),
        (
            "Un type de service, l’équipe choisit",
            [(f"type:{one.code}", one.label) for one in serving if one.code in offered],
        ),
        ("Autres types", [(f"type:{one.code}", one.label) for one in others if one.code in offered]),
    ]
    return [(label, found) for label, found in groups if found]


def service_choices(member: Member, orientation: Orientation, today: date) -> list[tuple[str, str]]:
    """The services of its type that an accepted orientation may be given before it leaves."""
    need, kind = orientation.need, orientation.target_type
    commune = need.family.commune
    entries = directory.choices_for(member, need.code, commune.code if commune else "", today, kind)
    is_offered = _is_offered(TYPES[kind], need, of_team=perms.OPEN_TEAM_DOOR.is_held_by(member))
    return [(f"entry:{one.public_id}", _words(one)) for one in entries if one.type == kind and is_offered]


def _is_offered(kind: DirectoryType, need: Need, *, of_team: bool) -> bool:
    if kind.is_secret and not need.is_sealed:
        return False
    return of_team or kind.entry_mode != EntryMode.TEAM


def _words(entry: Any) -> str:
    own = ", les parents y vont d’eux-mêmes" if entry.may_be_given else ""
    told = f", {entry.choice_words}" if entry.choice_words else ""
    return f"{entry.name} ({entry.type_label}){told}{own}"


def target_of(value: str) -> Target:
    """What a choice means; the form has checked that it was offered."""
    kind, _, key = value.partition(":")
    if kind == "type":
        return Target(type=key)
    entry = DirectoryEntry.objects.get(public_id=key)
    return Target(type=entry.type, entry=entry)


def value_of(target_type: str, entry: DirectoryEntry | None) -> str:
    """The choice that means this target."""
    return f"entry:{entry.public_id}" if entry else f"type:{target_type}"


def grouped_needs(*, with_sealed: bool, abouts: Iterable[str], is_left: bool) -> list[Group]:
    """Needs that one of these people may have, by category, as a list of choices; sealed ones for their readers alone.

    `is_left` as `rules.orientations.may_concern` takes it.
    """
    people = list(abouts)
    found = [one for one in NEEDS.values() if any(may_concern(one.code, about, is_left=is_left) for about in people)]
    groups = [
        (str(category.label), [(one.code, one.label) for one in found if one.category == category])
        for category in NeedCategory
        if with_sealed or category != NeedCategory.SEALED
    ]
    return [group for group in groups if group[1]]

"""Names and phones of the people and the places that the rows of a page point at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from copa.kernel.prepared import Prepared, among, together
from pathways.reads.facts.words import words
from territories.enums import Role
from territories.models import Member, Structure, full_name


@dataclass(frozen=True, slots=True)
class Place:
    """A structure as a page says it; `phone` is E.164 or "", `public_id` None for nowhere."""

    public_id: UUID | None
    name: str
    phone: str


NOWHERE = Place(None, "", "")


class Directory:
    """Asks once, both tables together, for every key announced before the first name is read.

    A row that joins its author, her account and her structure costs more to plan than to run; a page points ten times
    at the same few people.
    """

    def __init__(self) -> None:
        self._people: dict[int, tuple[str, str, str]] = {}
        self._places: dict[int, Place] = {}
        self._awaited_people: set[int] = set()
        self._awaited_places: set[int] = set()

    def expect(self, *, people: Iterable[int | None] = (), places: Iterable[int | None] = ()) -> None:
        """Announce keys of members and of structures; None stands for nobody and nowhere."""
        self._awaited_people.update(key for key in people if key is not None)
        self._awaited_places.update(key for key in places if key is not None)

    def name(self, member_id: int | None) -> str:
        """The full name of a member, "" for nobody."""
        return self._person(member_id)[0]

    def phone(self, member_id: int | None) -> str:
        """Her professional number (E.164), "" when there is none."""
        return self._person(member_id)[1]

    def function(self, member_id: int | None) -> str:
        """What she does in this territory, in French; "" for nobody."""
        return self._person(member_id)[2]

    def _person(self, member_id: int | None) -> tuple[str, str, str]:
        if member_id is None:
            return ("", "", "")
        if member_id not in self._people:
            self.expect(people=[member_id])
            self._ask()
        return self._people[member_id]

    def place(self, structure_id: int | None) -> Place:
        """A structure, NOWHERE for None."""
        if structure_id is None:
            return NOWHERE
        if structure_id not in self._places:
            self.expect(places=[structure_id])
            self._ask()
        return self._places[structure_id]

    def _ask(self) -> None:
        awaited = {"people": list(self._awaited_people), "places": list(self._awaited_places)}
        people, places = together(_members, _structures, **awaited)
        for key, phone, role, *account in people:
            self._people[key] = (full_name(*account), phone, words(Role, role))
        for key, *place in places:
            self._places[key] = Place(*place)
        self._awaited_people.clear()
        self._awaited_places.clear()


def name_columns(*members: str) -> tuple[str, ...]:
    """The columns that `full_name` takes, of the member at the end of each of these paths."""
    return tuple(f"{member}__user__{column}" for member in members for column in ("first_name", "last_name", "email"))


def name_of(row: Any, member: str) -> str:
    """The name of this member of a row read with her `name_columns`; "" for nobody."""
    first_name, last_name, email = (getattr(row, column) for column in name_columns(member))
    return full_name(first_name, last_name, email) if email else ""


@Prepared
def _members(people: Any) -> Any:
    members = Member.objects.filter(among("pk", people)).order_by("pk")
    return members.values_list("pk", "user__phone", "role", "user__first_name", "user__last_name", "user__email")


@Prepared
def _structures(places: Any) -> Any:
    return Structure.objects.filter(among("pk", places)).order_by("pk").values_list("pk", "public_id", "name", "phone")

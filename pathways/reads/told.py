"""One thing that happened to a family, as the story of her file tells it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from copa.kernel.access import Perm
from copa.kernel.prepared import Prepared
from pathways.models import Family
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event this reader may know of.

    `icon` is a name of `look.ICONS`, `state` one of "", ok, warn, bad, info, warm. `page` and `public_id` lead to it,
    "" and None when there is nothing to open. `is_off`: it will not happen any more. `is_all_day`: `at` is only the
    first instant of its day, which has no hour.
    """

    at: datetime
    icon: str
    title: str
    state: str = ""
    text: str = ""
    page: str = ""
    public_id: UUID | None = None
    is_off: bool = False
    is_all_day: bool = False


# A subject tells its events of one family to one reader, in a fixed number of queries, and only what she may know.
Source = Callable[[Family, Member], Iterable[Told]]


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A subject whose rows depend on the family alone once the permission is held: read with the others' at once.

    `reads` take `family`; `tell` gets the rows of each, in their order.
    """

    perm: Perm
    reads: tuple[Prepared, ...]
    tell: Callable[..., Iterable[Told]]

    def told(self, family: Family, member: Member, rows: list[list[Any]]) -> Iterable[Told]:
        """What these rows say to this reader."""
        return self.tell(family, member, *rows)

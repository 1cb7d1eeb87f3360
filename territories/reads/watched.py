"""What asks for somebody's attention in the registers: conventions that end, years with too few committees."""

from dataclasses import dataclass
from datetime import date

from territories import perms
from territories.models import Member
from territories.reads.committees import YearCount, year_counts
from territories.reads.partnerships import PartnershipLine, soon_ended


@dataclass(frozen=True, slots=True)
class Watched:
    """The alerts of the registers this member may open, the same as on their own pages (R071, R091, R092)."""

    conventions: tuple[PartnershipLine, ...]
    committees: tuple[YearCount, ...]


def watched(member: Member, today: date) -> Watched:
    """Five queries at most, however many conventions and regions."""
    sees_conventions = perms.SEE_PARTNERSHIPS.is_held_by(member)
    sees_committees = perms.SEE_COMMITTEES.is_held_by(member)
    counts = year_counts(member, today) if sees_committees else []
    return Watched(
        conventions=tuple(soon_ended(member, today)) if sees_conventions else (),
        committees=tuple(one for one in counts if one.alert),
    )

"""The deaths around a birth, and who of it is alive."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pathways.models import Birth, Child, Death, Mother

MOTHER = "mother"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFacts:
    """One death. `confirmed_by` "" while it waits, `undone_by` "" unless it was a mistake."""

    public_id: UUID
    is_of_mother: bool
    who: str
    noted_by: str
    noted_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    undone_by: str
    undone_at: datetime | None
    undone_reason: str

    @property
    def is_standing(self) -> bool:
        return self.undone_at is None

    @property
    def waits(self) -> bool:
        """Whether the team has still to confirm it, or to take it back."""
        return self.undone_at is None and self.confirmed_at is None


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody around a birth. `code` is what a form sends: MOTHER, or the public id of a child."""

    code: str
    name: str


def deaths_of(birth: Birth) -> list[DeathFacts]:
    """The oldest first, mistakes included."""
    people = ("noted_by__user", "confirmed_by__user", "undone_by__user")
    rows = Death.objects.filter(birth=birth).select_related("child", *people).order_by("noted_at", "pk")
    mother = mother_name(birth)
    return [_facts(row, mother) for row in rows]


def waits_for_team(birth_id: int) -> bool:
    """Whether a death around this birth has still to be confirmed, or taken back, by the referring team."""
    return bool(Death.objects.standing().filter(birth=birth_id, confirmed_at=None).exists())


def alive_around(birth: Birth) -> list[Somebody]:
    """The mother and the children of this birth of whom no death is noted."""
    dead = set(Death.objects.standing().filter(birth=birth).order_by("pk").values_list("child", flat=True))
    children = Child.objects.filter(birth=birth).exclude(pk__in=dead - {None}).order_by("rank")
    mother = [] if None in dead else [Somebody(MOTHER, mother_name(birth))]
    return [*mother, *(Somebody(str(child.public_id), _of_rank(child)) for child in children)]


def mother_name(birth: Birth) -> str:
    """As "La mère, Samira"."""
    names = Mother.objects.filter(family=birth.family_id).order_by("pk").values_list("first_names", flat=True)
    return ", ".join(["La mère", *names])


def child_of(birth: Birth, code: str) -> Child | None:
    """The child a form names; None for the mother."""
    found: Child | None = None if code == MOTHER else Child.objects.get(birth=birth, public_id=code)
    return found


def _of_rank(child: Child) -> str:
    """Two children without a first name are told apart by their rank."""
    return child.first_name or f"{child.shown_name} {child.rank}"


def _facts(row: Death, mother: str) -> DeathFacts:
    return DeathFacts(
        public_id=row.public_id,
        is_of_mother=row.child is None,
        who=_of_rank(row.child) if row.child else mother,
        noted_by=row.noted_by.user.get_full_name(),
        noted_at=row.noted_at,
        confirmed_by=row.confirmed_by.user.get_full_name() if row.confirmed_by else "",
        confirmed_at=row.confirmed_at,
        undone_by=row.undone_by.user.get_full_name() if row.undone_by else "",
        undone_at=row.undone_at,
        undone_reason=row.undone_reason,
    )

"""The known accounts that exist in this database."""

from dataclasses import asdict, dataclass

from copa.demo import people
from copa.demo.places import SHAPES, Place, places
from territories.models import Territory, User


@dataclass(frozen=True, kw_only=True)
class Login:
    """One account; `territory` is "" for a mandate above the territories."""

    role: str
    territory: str
    email: str
    password: str
    name: str

    def as_dict(self) -> dict[str, str]:
        """As printed by `demo_logins --json`."""
        return asdict(self)


def logins() -> list[Login]:
    """The known accounts of the territories that are loaded, in the order of the territories."""
    slugs = set(Territory.objects.values_list("slug", flat=True))
    shown: list[Place] = []
    turn = len(SHAPES)
    # Territories are loaded in order: the first one that is missing ends the list.
    while len(found := [place for place in places(turn) if place.slug in slugs]) > len(shown):
        shown, turn = found, turn + len(SHAPES)
    wanted = people.accounts(shown)
    users = {user.email: user for user in User.objects.filter(email__in=[one.email for one in wanted])}
    return [
        Login(
            role=one.role,
            territory=one.place,
            email=one.email,
            password=people.PASSWORD,
            name=users[one.email].get_full_name(),
        )
        for one in wanted
        if one.email in users
    ]

"""Who works in the territories of the demonstration: a known account per role, and colleagues for the volume."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from random import Random

from copa.demo import names
from copa.demo.places import CPP, MATERNITY, PMI, House, Place
from territories.enums import MandateRole, Role

# One password for every account of the demonstration; COPA_DEMO settings only, never production.
PASSWORD = "copa-demo-2026"  # noqa: S105
# R045: two visits of 75 minutes a family, about 450 a year for an AP with her roads and reports.
VISITS_PER_AP = 450
VISITS_PER_BIRTH = 1.45
# Each maternity has two at least, so that the nearest neighbour of a refusal exists.
FEWEST_AP = 2
BIRTHS_PER_MIDWIFE = 60


@dataclass(slots=True)
class Post:
    """Somebody in a territory; `pk` and `user_pk` are known once written."""

    email: str
    first_name: str
    last_name: str
    role: str
    house: str | None
    is_known: bool = False
    pk: int = 0
    user_pk: int = 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """A mandate above the territories, or a known post: what `demo_logins` prints."""

    role: str
    place: str
    email: str
    name: str


@dataclass(slots=True)
class Team:
    """The posts of one territory, by what the population needs of them."""

    posts: list[Post] = field(default_factory=list)

    def of(self, role: str, house: str | None = None) -> list[Post]:
        """Posts of a role, of one structure when it is named."""
        return [post for post in self.posts if role == post.role and (house is None or house == post.house)]

    def known(self, role: str) -> Post:
        """The known account of a role; StopIteration when the territory has none."""
        return next(post for post in self.posts if role == post.role and post.is_known)


@dataclass(frozen=True)
class _Known:
    mailbox: str
    role: str
    kind: str | None
    rank: int = 0


# The known accounts of every territory: mailbox, role, kind of structure and which one of that kind.
KNOWN = (
    _Known("coordination", Role.COORDINATOR, MATERNITY),
    _Known("medecin-pmi", Role.PMI_DOCTOR, PMI),
    _Known("cpp", Role.CPP_PILOT, CPP),
    _Known("ap", Role.AP, MATERNITY),
    _Known("ap2", Role.AP, MATERNITY),
    _Known("equipe", Role.REFERRING_TEAM, MATERNITY),
    _Known("equipe2", Role.REFERRING_TEAM, MATERNITY, 1),
    _Known("sage-femme", Role.LIBERAL_MIDWIFE, None),
    _Known("pmi", Role.PMI_STAFF, PMI),
    _Known("medecin", Role.OUTSIDE_PROFESSIONAL, None),
    _Known("admin", Role.ADMINISTRATOR, None),
)
# The people of the first territory are those of the reference pages.
FAMILIAR = {
    "coordination": ("Claire", "Vasseur"),
    "medecin-pmi": ("Anne", "Keller"),
    "cpp": ("Jeanne", "Aubertel"),
    "ap": ("Léa", "Moreau"),
    "ap2": ("Sofia", "Almeida"),
    "equipe": ("Paul", "Lefort"),
    "equipe2": ("Mathilde", "Renard"),
    "sage-femme": ("Hélène", "Roussel"),
    "pmi": ("Nadia", "Benali"),
    "medecin": ("Odile", "Marchand"),
    "admin": ("Karine", "Didier"),
}
MAIL_END = "copa.example"
MANDATES = (
    (MandateRole.ARS_OFFICER, "44", "ars@grandest", "Bruno", "Faure"),
    (MandateRole.ARS_OFFICER, "04", "ars@reunion", "Sylvie", "Payan"),
    (MandateRole.NATIONAL, None, "national@pilotage", "Irène", "Carpentier"),
    (MandateRole.EVALUATOR, None, "evaluation@pilotage", "Ludovic", "Serrano"),
)


def team(place: Place, rng: Random, births_per_year: float) -> Team:
    """Everybody of one territory: the known accounts, then as many colleagues as its births ask for."""
    made = Team()
    for known in KNOWN:
        houses = place.of_kind(known.kind) if known.kind else [None]
        if known.rank < len(houses):
            made.posts.append(_known(place, known, houses[known.rank], rng))
    for post in _colleagues(place, made, rng, births_per_year):
        made.posts.append(post)
    return made


def _known(place: Place, known: _Known, house: House | None, rng: Random) -> Post:
    drawn = (rng.choice(names.WOMEN), rng.choice(names.SURNAMES))
    first, last = FAMILIAR[known.mailbox] if place.key == "vallees" else drawn
    email = f"{known.mailbox}@{place.key}.{MAIL_END}"
    return Post(email, first, last, known.role, house.name if house else None, is_known=True)


def _colleagues(place: Place, made: Team, rng: Random, births_per_year: float) -> Iterator[Post]:
    number = 0
    for role, house, count in _wanted(place, births_per_year):
        there = len(made.of(role, house))
        for _ in range(max(0, count - there)):
            number += 1
            first = rng.choice(names.WOMEN)
            yield Post(f"agent{number}@{place.key}.{MAIL_END}", first, rng.choice(names.SURNAMES), role, house)


def _wanted(place: Place, births_per_year: float) -> Iterator[tuple[str, str | None, int]]:
    """(role, structure, how many)."""
    for house in place.houses:
        if house.pathways:
            visits = births_per_year * house.pathways * VISITS_PER_BIRTH
            yield Role.AP, house.name, max(FEWEST_AP, ceil(visits / VISITS_PER_AP))
            yield Role.REFERRING_TEAM, house.name, 2
        if house.kind == PMI:
            yield Role.PMI_STAFF, house.name, 2
    yield Role.LIBERAL_MIDWIFE, None, max(4, ceil(births_per_year / BIRTHS_PER_MIDWIFE))
    yield Role.OUTSIDE_PROFESSIONAL, None, 2


def accounts(shown: list[Place]) -> list[Account]:
    """The accounts worth printing, territory by territory, then the mandates. Names are filled in from the database."""
    found = []
    for place in shown:
        for known in KNOWN:
            if known.kind is None or known.rank < len(place.of_kind(known.kind)):
                email = f"{known.mailbox}@{place.key}.{MAIL_END}"
                found.append(Account(role=known.role, place=place.name, email=email, name=""))
    for role, _, mailbox, first, last in MANDATES:
        found.append(Account(role=role, place="", email=f"{mailbox}.{MAIL_END}", name=f"{first} {last}"))
    return found

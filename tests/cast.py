"""The cast, known by heart: who they are in the two territories, and nothing else. See `style.md` 53.

Amal follows the family. Bea has the same role in the same structure and follows another one: she is the nearest
neighbour of every refusal. Chloé works elsewhere in the territory, Dora in the other one. Élise coordinates.
"""

from dataclasses import dataclass
from datetime import date

from copa.kernel import scope
from territories.enums import MandateRole, Role, StructureKind, TerritoryStatus, Typology
from territories.models import Commune, Mandate, Member, PmiSector, Region, Structure, Territory, User

PASSWORD = "mot-de-passe-de-test"
SINCE = date(2025, 12, 1)

VALLEES, LAGON = "vallees", "lagon"

# (name, territory, role, structure): the first names are the keys of the `cast` fixture.
MEMBERS = [
    ("amal", VALLEES, Role.AP, "Maternité Saint-Rémi"),
    ("bea", VALLEES, Role.AP, "Maternité Saint-Rémi"),
    ("chloe", VALLEES, Role.AP, "Maternité Montreval"),
    ("dora", LAGON, Role.AP, "Maternité du Lagon"),
    ("elise", VALLEES, Role.COORDINATOR, "Maternité Saint-Rémi"),
    ("emma", LAGON, Role.COORDINATOR, "Maternité du Lagon"),
    ("farid", VALLEES, Role.REFERRING_TEAM, "Maternité Saint-Rémi"),
    ("fanny", VALLEES, Role.REFERRING_TEAM, "Maternité Montreval"),
    ("gaelle", VALLEES, Role.PMI_STAFF, "PMI de Ligny"),
    ("gina", VALLEES, Role.PMI_STAFF, "PMI de Brécourt"),
    ("ines", VALLEES, Role.LIBERAL_MIDWIFE, None),
    ("iris", VALLEES, Role.LIBERAL_MIDWIFE, None),
    ("jeanne", VALLEES, Role.ADMINISTRATOR, None),
    ("marc", VALLEES, Role.OUTSIDE_PROFESSIONAL, None),
    ("nora", VALLEES, Role.PMI_DOCTOR, "PMI de Ligny"),
    ("olga", VALLEES, Role.CPP_PILOT, "CPP de Brécourt"),
]
# (name, role, region code)
MANDATES = [
    ("hugo", MandateRole.ARS_OFFICER, "44"),
    ("hana", MandateRole.ARS_OFFICER, "04"),
    ("karim", MandateRole.NATIONAL, None),
    ("lina", MandateRole.EVALUATOR, None),
]
STRUCTURES = {
    VALLEES: [
        ("Maternité Saint-Rémi", StructureKind.MATERNITY),
        ("Maternité Montreval", StructureKind.MATERNITY),
        ("CPP de Brécourt", StructureKind.CPP),
        ("PMI de Ligny", StructureKind.PMI),
        ("PMI de Brécourt", StructureKind.PMI),
    ],
    LAGON: [("Maternité du Lagon", StructureKind.MATERNITY), ("PMI du Lagon", StructureKind.PMI)],
}
# (code, name, postal code, PMI or None, isolated)
COMMUNES = {
    VALLEES: [
        ("55001", "Ligny-le-Haut", "55190", "PMI de Ligny", True),
        ("55002", "Brécourt", "55200", "PMI de Brécourt", False),
        ("55003", "Valmont-les-Bois", "55210", None, False),
    ],
    LAGON: [("97401", "Saint-Éloi-du-Lagon", "97410", "PMI du Lagon", False)],
}


@dataclass(frozen=True)
class Person:
    """Somebody of the cast; `member` is None for mandates, `mandate` for members."""

    name: str
    user: User
    member: Member | None = None
    mandate: Mandate | None = None

    @property
    def slug(self) -> str:
        """The territory she works in."""
        return self.member.territory.slug if self.member else ""


def inside(slug: str) -> scope.Scope:
    """The scope of a territory, as the tests themselves."""
    territory = Territory.objects.get(slug=slug)
    return scope.Scope(actor="test", territory_id=territory.pk, slug=slug)


def build() -> None:
    """Write the cast into the template database."""
    regions = {
        "44": Region.objects.create(code="44", name="Grand Est"),
        "04": Region.objects.create(code="04", name="La Réunion"),
    }
    common = {"status": TerritoryStatus.ACTIVE, "starts_on": SINCE, "annual_births": 1800}
    Territory.objects.create(
        slug=VALLEES, name="Vallées de l’Est", region=regions["44"], typology=Typology.RURAL, **common
    )
    Territory.objects.create(
        slug=LAGON,
        name="Lagon",
        region=regions["04"],
        typology=Typology.MIXED,
        time_zone="Indian/Reunion",
        phone_region="RE",
        **common,
    )
    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            _build_places(slug)
            _build_members(slug)
    for name, role, region in MANDATES:
        Mandate.objects.create(user=_user(name), role=role, region_id=region, starts_on=SINCE)


def _user(name: str) -> User:
    return User.objects.create_user(f"{name}@copa.example", PASSWORD, first_name=name.capitalize(), last_name="Martin")


def _build_places(slug: str) -> None:
    for name, kind in STRUCTURES[slug]:
        mailbox = f"{kind}-{name.split()[-1].lower()}@copa.example".replace("é", "e")
        Structure.objects.create(name=name, kind=kind, mailbox=mailbox, phone="+33199001248")
    for code, name, postal_code, pmi, is_isolated in COMMUNES[slug]:
        sector = None
        if pmi:
            structure = Structure.objects.get(name=pmi)
            sector = PmiSector.objects.create(name=f"Secteur de {name}", structure=structure)
        Commune.objects.create(
            code=code,
            name=name,
            search=name.lower(),
            postal_code=postal_code,
            sector=sector,
            is_isolated=is_isolated,
        )


def _build_members(slug: str) -> None:
    for name, territory, role, structure_name in MEMBERS:
        if territory == slug:
            structure = Structure.objects.get(name=structure_name) if structure_name else None
            Member.objects.create(user=_user(name), structure=structure, role=role, starts_on=SINCE)


def load() -> dict[str, Person]:
    """The cast of the current database, by first name."""
    people = {}
    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            for member in Member.objects.select_related("user", "structure", "territory").order_by("pk"):
                name = member.user.email.partition("@")[0]
                people[name] = Person(name, member.user, member=member)
    for mandate in Mandate.objects.select_related("user", "region").order_by("pk"):
        name = mandate.user.email.partition("@")[0]
        people[name] = Person(name, mandate.user, mandate=mandate)
    return people

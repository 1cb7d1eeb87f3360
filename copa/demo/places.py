"""The territories of the demonstration: invented, with the shape of domain.md 8.1.

Communes carry codes outside the official list (55901, 97491…), so that none can be taken for a real one. Phones lie
in the range kept for fiction on the mainland (01 99 00 xx xx). Réunion has no such range: 0262 00 xx xx stands in, of
the right shape for the island and beginning as no number of a subscriber does. FINESS numbers have their
key and begin with 99, which is no department.
"""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from territories.enums import StructureKind, Typology


@dataclass(frozen=True, kw_only=True)
class House:
    """A structure; `share` is its part of the births (maternities) or of the pathways it carries (referring teams)."""

    name: str
    kind: str
    births: float = 0.0
    pathways: float = 0.0
    finess: str = ""


@dataclass(frozen=True)
class Village:
    """A commune; `share` is its part of the families, `pmi` the PMI of its sector (None: unassigned, R024)."""

    code: str
    name: str
    postal_code: str
    share: float
    pmi: str | None
    is_isolated: bool = False
    # Invented too: they lie in the region, no closer to a real place than to another. None: not loaded yet.
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One territory. `weight` is its part of the small demonstration, `annual_births` of any larger population."""

    slug: str
    key: str
    name: str
    region: tuple[str, str]
    typology: str
    annual_births: int
    weight: float
    houses: tuple[House, ...]
    villages: tuple[Village, ...]
    time_zone: str = "Europe/Paris"
    phone_region: str = "FR"
    phone_start: str = "+3319900"

    def phone(self, number: int) -> str:
        """The E.164 number with these last four digits."""
        return f"{self.phone_start}{number % 10_000:04d}"

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin and end."""
        return ZoneInfo(self.time_zone)

    def of_kind(self, kind: str) -> list[House]:
        """Its structures of one kind, in order."""
        return [house for house in self.houses if house.kind == kind]


MATERNITY, CPP, PMI = StructureKind.MATERNITY, StructureKind.CPP, StructureKind.PMI
GRAND_EST = ("44", "Grand Est")
REUNION = ("04", "La Réunion")

VALLEES = Place(
    slug="vallees-de-l-est",
    key="vallees",
    name="Vallées de l’Est",
    region=GRAND_EST,
    typology=Typology.RURAL,
    annual_births=1800,
    weight=0.4,
    houses=(
        House(name="Maternité Saint-Rémi", kind=MATERNITY, finess="990010019", births=0.62, pathways=0.55),
        House(name="Maternité de Montreval", kind=MATERNITY, finess="990010027", births=0.38, pathways=0.25),
        House(name="CPP de Brécourt", kind=CPP, pathways=0.12),
        House(name="CPP de Saint-Éloi", kind=CPP, pathways=0.08),
        House(name="PMI de Ligny", kind=PMI),
        House(name="PMI de Brécourt", kind=PMI),
        House(name="PMI de Valmont", kind=PMI),
    ),
    villages=(
        Village("55901", "Saint-Rémi-sur-Orle", "55910", 0.25, "PMI de Ligny", point=(48.77, 5.16)),
        Village("55902", "Montreval", "55920", 0.18, "PMI de Valmont", point=(48.85, 5.39)),
        Village("52903", "Brécourt", "52930", 0.12, "PMI de Brécourt", point=(48.56, 5.02)),
        Village("55904", "Ligny-le-Haut", "55940", 0.17, "PMI de Ligny", is_isolated=True, point=(48.69, 5.33)),
        Village("88905", "Valmont-les-Bois", "88950", 0.14, "PMI de Valmont", is_isolated=True, point=(48.39, 5.56)),
        Village("52906", "Saint-Éloi-des-Prés", "52960", 0.1, "PMI de Brécourt", is_isolated=True, point=(48.45, 5.11)),
        Village("52907", "Haute-Combe", "52970", 0.04, None, is_isolated=True),
    ),
)
PLAINE = Place(
    slug="plaine-et-coteaux",
    key="plaine",
    name="Plaine et Coteaux",
    region=GRAND_EST,
    typology=Typology.MIXED,
    annual_births=6100,
    weight=0.2,
    houses=(
        House(name="Maternité des Coteaux", kind=MATERNITY, finess="990020018", births=0.5, pathways=0.46),
        House(name="Maternité de Vauclair", kind=MATERNITY, finess="990020026", births=0.3, pathways=0.28),
        House(name="Maternité Sainte-Barbe", kind=MATERNITY, finess="990020034", births=0.2, pathways=0.18),
        House(name="CPP de Neuvic", kind=CPP, pathways=0.08),
        House(name="PMI de la Plaine", kind=PMI),
    ),
    villages=(
        Village("51901", "Vauclair", "51910", 0.4, "PMI de la Plaine", point=(48.96, 4.36)),
        Village("51902", "Les Coteaux", "51920", 0.35, "PMI de la Plaine", point=(49.04, 4.09)),
        Village("51903", "Neuvic-en-Plaine", "51930", 0.18, "PMI de la Plaine", is_isolated=True, point=(48.87, 4.56)),
        Village("51904", "Sainte-Barbe", "51940", 0.07, None, is_isolated=True, point=(48.79, 4.24)),
    ),
)
SAINTE_CROIX = Place(
    slug="sainte-croix",
    key="saintecroix",
    name="Agglomération de Sainte-Croix",
    region=GRAND_EST,
    typology=Typology.URBAN,
    annual_births=6100,
    weight=0.2,
    houses=(
        House(name="Maternité Sainte-Croix", kind=MATERNITY, finess="990030017", births=0.6, pathways=0.6),
        House(name="Maternité des Remparts", kind=MATERNITY, finess="990030025", births=0.4, pathways=0.4),
        House(name="PMI de Sainte-Croix", kind=PMI),
    ),
    villages=(
        Village("67901", "Sainte-Croix", "67910", 0.7, "PMI de Sainte-Croix", point=(48.58, 7.74)),
        Village("67902", "Les Remparts", "67920", 0.25, "PMI de Sainte-Croix", point=(48.64, 7.69)),
        Village("67903", "Bois-l’Abbé", "67930", 0.05, "PMI de Sainte-Croix", is_isolated=True, point=(48.52, 7.62)),
    ),
)
LAGON = Place(
    slug="hauts-et-lagon",
    key="lagon",
    name="Hauts et Lagon",
    region=REUNION,
    typology=Typology.MIXED,
    annual_births=6000,
    weight=0.2,
    time_zone="Indian/Reunion",
    phone_region="RE",
    phone_start="+26226200",
    houses=(
        House(name="Maternité du Lagon", kind=MATERNITY, finess="990040016", births=0.6, pathways=0.5),
        House(name="Maternité des Hauts", kind=MATERNITY, finess="990040024", births=0.4, pathways=0.3),
        House(name="PMI du Lagon", kind=PMI, pathways=0.2),
    ),
    villages=(
        Village("97491", "Saint-Éloi-du-Lagon", "97498", 0.7, "PMI du Lagon", point=(-21.15, 55.28)),
        Village("97492", "Îlet-des-Fougères", "97499", 0.3, "PMI du Lagon", is_isolated=True, point=(-21.09, 55.48)),
    ),
)
SHAPES = (VALLEES, PLAINE, SAINTE_CROIX, LAGON)


def places(count: int) -> list[Place]:
    """The first `count` territories; beyond four the same shapes again, with a number in their name."""
    return [_numbered(SHAPES[rank % len(SHAPES)], rank // len(SHAPES) + 1) for rank in range(count)]


def _numbered(place: Place, turn: int) -> Place:
    if turn == 1:
        return place
    return replace(
        place, slug=f"{place.slug}-{turn}", key=f"{place.key}{turn}", name=f"{place.name} {turn}", weight=0.2
    )

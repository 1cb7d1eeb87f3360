"""The committees of the demonstration: one of each region this year, the national one twice.

After everything else: a region has several territories, which may be written by several processes at once.
"""

from datetime import timedelta
from random import Random
from uuid import UUID

from copa.demo.loader import Plan
from copa.demo.people import MAIL_END
from copa.demo.places import Place
from territories.enums import CommitteeKind
from territories.models import Committee, Territory, User

DAY = timedelta(days=1)
OF_REGION, NATIONAL = (-75,), (-210, -40)
MINUTES = "Point sur les visites et les relais. Prochaine réunion à fixer."
NOTED_AT = 9


def write_committees(plan: Plan) -> None:
    """Each noted by the coordinator of the first territory it is about."""
    places = {Territory.objects.get(slug=place.slug): place for place, _ in plan.shares()}
    regions: dict[str, Place] = {}
    for territory, place in places.items():
        regions.setdefault(territory.region_id, place)
    ids = Random(f"{plan.seed}:committees")
    first = next(iter(places.values()))
    held = [(code, place, days) for code, place in regions.items() for days in OF_REGION]
    for code, place, days in [*held, *((None, first, days) for days in NATIONAL)]:
        day = (plan.at + days * DAY).astimezone(place.zone)
        Committee.objects.create(
            public_id=UUID(int=ids.getrandbits(128), version=4),
            kind=CommitteeKind.TERRITORIAL if code else CommitteeKind.NATIONAL,
            region_id=code,
            held_on=day.date(),
            participants="ARS, Cnam, maternités, PMI, CPP" if code else "DGOS, Cnam, ARS, DCGDR, équipes pilotes",
            minutes=MINUTES,
            noted_by=User.objects.get(email=f"coordination@{place.key}.{MAIL_END}"),
            noted_at=(day + DAY).replace(hour=NOTED_AT, minute=0),
        )

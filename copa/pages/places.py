"""Where a person may work: her territories and her mandate, and the page each role starts on."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from copa.kernel import clock
from territories.enums import Role
from territories.models import Mandate, Member, User, members_of

# The page that answers the first question of each role (design.md 1).
FIRST_PAGES = {
    Role.COORDINATOR: "visits:worklist",
    Role.PMI_DOCTOR: "visits:worklist",
    Role.CPP_PILOT: "visits:worklist",
    Role.AP: "visits:day",
    Role.REFERRING_TEAM: "visits:reports",
    Role.PMI_STAFF: "visits:pmi",
    Role.LIBERAL_MIDWIFE: "visits:families",
    Role.OUTSIDE_PROFESSIONAL: "visits:families",
    Role.ADMINISTRATOR: "territories:members",
}


@dataclass(frozen=True)
class Place:
    """One place to work in, with the role held there."""

    name: str
    role_label: str
    url: str


def first_page(member: Member) -> str:
    """The address a member lands on in her territory."""
    return reverse(FIRST_PAGES[Role(member.role)], args=[member.territory.slug])


def of_user(user: User) -> list[Place]:
    """Her places, by name; empty for somebody whose rights have ended."""
    now = clock.now()
    places = [
        Place(member.territory.name, member.get_role_display(), first_page(member))
        for member in members_of(user).order_by("territory__name", "pk")
        if member.is_current_on(clock.local_date(now, member.territory.time_zone))
    ]
    running = Mandate.objects.current(clock.local_date(now, settings.TIME_ZONE)).filter(user=user)
    for mandate in running.select_related("region").order_by("pk"):
        name = mandate.region.name if mandate.region else "France"
        places.append(Place(name, mandate.get_role_display(), reverse("ars:figures")))
    return places

"""What every page shows around its content: place, person, menu."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from billing import perms as billing_perms
from copa.kernel import clock
from copa.kernel.access import Perm
from copa.kernel.french import initials
from copa.pages import counts
from messaging import perms as messaging_perms
from pathways import perms as pathway_perms
from pathways.reads.alert_watch import Watch
from reporting import perms as reporting_perms
from territories import perms as territory_perms
from territories.models import Mandate, Member
from visits import perms as visit_perms


@dataclass(frozen=True)
class NavItem:
    """One line of the menu; `count` None shows none, `state` colours the count, `group` is the heading above it."""

    label: str
    icon: str
    url: str
    is_current: bool
    count: int | None = None
    state: str = ""
    group: str = ""
    page: str = ""


@dataclass(frozen=True)
class ShownPerson:
    """The signed-in person, at the foot of the menu."""

    name: str
    initials: str
    role_label: str


@dataclass(frozen=True)
class Shell:
    """The frame of a page; every attribute is always there, None when it does not apply."""

    place: str = ""
    place_name: str = ""
    territory: Any = None
    person: ShownPerson | None = None
    nav: tuple[NavItem, ...] = ()
    tablet_nav: tuple[NavItem, ...] = ()
    now: datetime | None = None
    may_switch: bool = False
    search_url: str | None = None
    # The open alerts, for those who answer them: said on every page.
    watch: Watch | None = None
    # Where she writes the professional number at which alerts reach her; None above territories.
    phone_url: str | None = None
    # The red button of an AP, for the family of the page she stands on; None for everybody else.
    alarm_url: str | None = None
    # What a page extends when it is read at a desk by some and on a tablet by others: `{% extends shell.frame %}`.
    frame: str = "pages/frame_office.html"

    @property
    def unread(self) -> NavItem | None:
        """The line of the messages while some wait to be read: said on every page of a tablet."""
        return next((item for item in self.nav if item.page == counts.OF_MESSAGES and item.count), None)

    @property
    def more(self) -> list[NavItem]:
        """What the four places of a tablet leave out."""
        places = {item.url for item in self.tablet_nav}
        return [item for item in self.nav if item.url not in places]


# Lines of the office menu under the heading they stand below; a role without any of them sees no heading.
GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, Perm], ...]], ...] = (
    (
        "",
        (
            ("À faire", "home", "visits:worklist", visit_perms.SEE_WORKLIST),
            ("À faire", "home", "visits:pmi", visit_perms.SEE_PMI_PAGE),
            ("Tâches", "list", "visits:todo", visit_perms.SEE_TODO),
            ("Alertes", "bell", "pathways:alerts", pathway_perms.SEE_ALERTS),
            ("Familles", "family", "visits:families", pathway_perms.SEE_FAMILY),
            ("Comptes rendus", "file", "visits:reports", visit_perms.SEE_INBOX),
            ("Comptes rendus", "file", "visits:copies", visit_perms.SEE_COPIES),
            ("Messages", "mail", counts.OF_MESSAGES, messaging_perms.READ_CONVERSATION),
        ),
    ),
    (
        "Naissances et visites",
        (
            ("Avant la naissance", "heart", "pathways:presentations", pathway_perms.SEE_PRESENTATIONS),
            ("Naissances", "baby", "pathways:births", pathway_perms.SEE_BIRTHS),
            ("Sorties ultra-précoces", "door", "visits:early_calls", pathway_perms.SEE_EARLY_CALLS),
            ("Planning", "calendar", "visits:planning", visit_perms.CHANGE_VISIT),
            ("Mes visites", "calendar", "visits:own", visit_perms.SEE_JOINT),
            ("Pauses et arrêts", "flag", "pathways:pauses", pathway_perms.SEE_STOPS),
            ("Écarts au protocole", "updown", "visits:deviations", visit_perms.LIST_DEVIATIONS),
            ("Écarts à coder", "updown", "visits:deviations_to_code", visit_perms.CODE_OWN_DEVIATIONS),
        ),
    ),
    (
        "Suites et coordination",
        (
            ("Repérage", "hand", "pathways:suggestions", pathway_perms.SEE_SUGGESTIONS),
            ("Orientations", "arrow", "pathways:orientations", pathway_perms.LIST_ORIENTATIONS),
            ("Réunions", "list", "pathways:meetings", pathway_perms.SEE_MEETINGS),
            ("Relais PMI", "swap", "pathways:relays", pathway_perms.SEE_RELAYS),
            ("Transmissions", "send", "pathways:transmissions", pathway_perms.READ_TRANSMISSION),
        ),
    ),
    (
        "Territoire",
        (
            ("Gardes", "clock", "territories:duty", territory_perms.SEE_DUTY),
            ("Annuaire", "book", "territories:directory", territory_perms.SEE_DIRECTORY),
            ("Communauté", "message", "territories:community", territory_perms.TAKE_PART),
            ("Pilotage", "building", "territories:steering", territory_perms.SEE_STEERING),
            ("Naissance à visite", "filter", "visits:funnel", visit_perms.SEE_FUNNEL),
            ("Financement", "euro", "billing:lines", billing_perms.SEE_LINES),
            ("Indicateurs", "chart", "reporting:quarter", reporting_perms.SEE_FIGURES),
            ("Règles du programme", "settings", "pathways:rules", pathway_perms.SEE_RULES),
            ("Membres et droits", "key", "territories:members", territory_perms.SEE_RIGHTS),
        ),
    ),
)
# (label, icon, page, permission): shown to the roles that hold the permission.
OFFICE = tuple(entry for _, entries in GROUPS for entry in entries)
# Pages that belong to a line of the menu without standing under its address.
BELONGS = {"territories:members": "territories:rights", "visits:copies": "visits:reports"}
TABLET: tuple[tuple[str, str, str, Perm], ...] = (
    ("Ma journée", "calendar", "visits:day", visit_perms.SEE_DAY),
    ("Mes visites", "calendar", "visits:own", visit_perms.SEE_JOINT),
    ("Tâches", "list", "visits:todo", visit_perms.SEE_TODO),
    ("Mes familles", "family", "visits:families", pathway_perms.SEE_FAMILY),
    ("Naissances", "baby", "pathways:births", pathway_perms.SEE_BIRTHS),
    ("Urgence", "sos", "visits:emergency", visit_perms.SEE_DAY),
)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """`shell` for every template; bare for somebody who is not signed in."""
    holder = getattr(request, "member", None)
    if holder is None:
        return {"shell": Shell(person=_person(request), now=timezone.localtime(clock.now()))}
    if isinstance(holder, Mandate):
        return {"shell": _above(request, holder)}
    return {"shell": _inside(request, holder)}


def _person(request: HttpRequest, role_label: str = "") -> ShownPerson | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return ShownPerson(user.get_full_name(), initials(user.get_full_name()), role_label)


def _inside(request: HttpRequest, member: Member) -> Shell:
    territory = member.territory
    held = [entry for entry in (*OFFICE, *TABLET) if entry[3].is_held_by(member)]
    waiting, open_alerts = counts.of_menu(member, [page for _, _, page, _ in held])
    is_watching = pathway_perms.WATCH_ALERTS.is_held_by(member)
    return Shell(
        frame="pages/frame_tablet.html" if visit_perms.works_on_tablet(member) else "pages/frame_office.html",
        place="Territoire",
        place_name=territory.name,
        territory=territory,
        person=_person(request, member.get_role_display()),
        nav=_items(request, [entry for entry in OFFICE if entry in held], waiting, territory.slug),
        tablet_nav=_items(request, [entry for entry in TABLET if entry in held], waiting, territory.slug),
        now=timezone.localtime(clock.now()),
        may_switch=True,
        search_url=_search_url(member),
        watch=open_alerts if is_watching else None,
        phone_url=reverse("territories:phone", args=[territory.slug, member.public_id]),
        alarm_url=_alarm_url(request, member),
    )


def _alarm_url(request: HttpRequest, member: Member) -> str | None:
    """« Alerte », with the page it is pressed on: it finds the family by itself, and asks when it finds none.

    On the pages of a visit made for the PMI, that visit (R077): these pages are hers alone.
    """
    about, key = _page_about(request)
    if not visit_perms.RAISE_SIGN.is_held_by(member):
        is_of_visit = visit_perms.RAISE_SIGN_IN_VISIT.is_held_by(member) and about == "visits"
        return reverse("visits:visit_alarm", args=[member.territory.slug, key]) if is_of_visit else None
    url = reverse("visits:alarm", args=[member.territory.slug])
    return f"{url}?{urlencode({'de': f'{about}:{key}'})}" if about else url


def _page_about(request: HttpRequest) -> tuple[str, str]:
    """What a page is about, as ("visits", its public id); two "" for a page about nothing alone."""
    match = request.resolver_match
    key = match.kwargs.get("public_id") if match else None
    if match is None or key is None:
        return "", ""
    # As "t/<slug:slug>/visits/<uuid:public_id>/report/": what stands before the id says what it is about.
    return match.route.partition("<uuid:public_id>")[0].rstrip("/").rpartition("/")[2], str(key)


def _search_url(member: Member) -> str | None:
    """Where a family is searched; None for those who may open none."""
    may_search = pathway_perms.SEE_FAMILY.is_held_by(member)
    return reverse("visits:families", args=[member.territory.slug]) if may_search else None


def _above(request: HttpRequest, mandate: Mandate) -> Shell:
    is_committee = request.path.startswith(reverse("ars:committees"))
    items = (
        NavItem("Trimestre", "chart", reverse("ars:figures"), is_current=not is_committee),
        NavItem("Comités", "family", reverse("ars:committees"), is_current=is_committee),
    )
    return Shell(
        place=mandate.get_role_display(),
        place_name=mandate.region.name if mandate.region else "France",
        person=_person(request, mandate.get_role_display()),
        nav=items,
        now=timezone.localtime(clock.now()),
        may_switch=True,
    )


_GROUP_OF = {entry[2]: group for group, entries in GROUPS for entry in entries}


def _items(
    request: HttpRequest, entries: list[tuple[str, str, str, Perm]], waiting: dict[str, int], slug: str
) -> tuple[NavItem, ...]:
    current = _current(request.path, [page for _, _, page, _ in entries], slug)
    items = []
    for label, icon, page, _ in entries:
        count = waiting.get(page) or None
        state = "bad" if count and page in counts.OF_ALERTS else ""
        url = reverse(page, args=[slug])
        items.append(NavItem(label, icon, url, page == current, count, state, _GROUP_OF.get(page, ""), page))
    return tuple(items)


def _current(path: str, pages: list[str], slug: str) -> str:
    """The entry this address belongs to, the nearest one; "" for none. Everything lies under the first page."""
    home = reverse("visits:worklist", args=[slug])
    under = [(reverse(name, args=[slug]), page) for page in pages for name in (page, BELONGS.get(page, page))]
    found = [(len(url), page) for url, page in under if path == url or (url != home and path.startswith(url))]
    return max(found)[1] if found else ""

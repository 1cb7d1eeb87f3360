"""Loads the demonstration: territories, people, then lives, a few hundred at a time, each chunk in one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.db import transaction

from billing.models import Tariff
from copa.demo import people, scene
from copa.demo.answers import Book
from copa.demo.care import Office, write_care
from copa.demo.known import Known
from copa.demo.lives import Life
from copa.demo.people import MAIL_END, MANDATES, Team
from copa.demo.places import PMI, Place, places
from copa.demo.population import Drawer
from copa.demo.rates import Rates
from copa.demo.register import Register
from copa.demo.reports import Scribe, dashed
from copa.demo.rows import Writer
from copa.kernel import scope
from copa.kernel.quarters import Quarter
from pathways.models import Family, ProgrammeRules
from pathways.rules import normalised
from reporting.actions import compute_figures, followed_quarters
from territories.enums import Role, TerritoryStatus
from territories.models import Commune, Mandate, Member, PmiSector, Region, Structure, Territory, User
from visits.models import ReportForm
from visits.questionnaire import Questionnaire
from visits.questionnaire import load as read_definition

CHUNK = 400
DEFAULT_BIRTHS = 1200
DEFAULT_TERRITORIES = 4
DEFAULT_SEED = 1
MONTHS = 15
# domain.md 8.3: 20 000 women a year over four territories; a larger population goes further back.
BIRTHS_PER_YEAR = 5000
# Professional numbers, after those of the structures and of the directory.
PHONES_FROM = 2000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to load. `at` is the instant at which the demonstration stands: nothing later has happened."""

    at: datetime
    births: int = DEFAULT_BIRTHS
    territories: int = DEFAULT_TERRITORIES
    seed: int = DEFAULT_SEED
    rates: Rates = field(default_factory=Rates)

    @property
    def days(self) -> int:
        """How many days back the first birth lies: fifteen months, or what the number of births asks for."""
        return max(int(MONTHS * 30.4), round(365 * self.births / (BIRTHS_PER_YEAR * self.territories)))

    @property
    def starts_on(self) -> date:
        """The first day of the territories."""
        return (self.at - timedelta(days=self.days + 40)).date()

    def shares(self) -> list[tuple[Place, int]]:
        """The territories with their number of births; a small demonstration gives the first one more than its part."""
        wanted = places(self.territories)
        is_small = self.births <= DEFAULT_BIRTHS * 2
        weights = [place.weight if is_small else place.annual_births for place in wanted]
        counts = [int(self.births * weight / sum(weights)) for weight in weights]
        counts[0] += self.births - sum(counts)
        return list(zip(wanted, counts, strict=True))


class AlreadyLoaded(RuntimeError):
    """Territories of the demonstration are there: nothing is loaded over them."""


def existing(plan: Plan) -> list[str]:
    """Names of the territories of this plan that the database already has."""
    slugs = [place.slug for place in places(plan.territories)]
    return list(Territory.objects.filter(slug__in=slugs).order_by("slug").values_list("name", flat=True))


def prepare(plan: Plan) -> None:
    """Regions, territories, mandates: what stands above the wall. Raises AlreadyLoaded."""
    if found := existing(plan):
        raise AlreadyLoaded(", ".join(found))
    password = make_password(people.PASSWORD)
    with transaction.atomic():
        for place in places(plan.territories):
            Region.objects.get_or_create(code=place.region[0], defaults={"name": place.region[1]})
            _territory(place, plan)
        for role, region, mailbox, first, last in MANDATES:
            if region is None or Region.objects.filter(code=region).exists():
                user = User(email=f"{mailbox}.{MAIL_END}", first_name=first, last_name=last, password=password)
                user.save()
                Mandate.objects.create(user=user, role=role, region_id=region, starts_on=plan.starts_on)


def _territory(place: Place, plan: Plan) -> None:
    Territory.objects.create(
        id=UUID(dashed(Random(f"{plan.seed}:{place.slug}").getrandbits(128))),
        slug=place.slug,
        name=place.name,
        region_id=place.region[0],
        typology=place.typology,
        time_zone=place.time_zone,
        phone_region=place.phone_region,
        annual_births=place.annual_births,
        status=TerritoryStatus.ACTIVE,
        starts_on=plan.starts_on,
        dpo_contact=f"dpo@{place.key}.{MAIL_END}",
    )


def load_territory(plan: Plan, slug: str, tell: Callable[[int], None] = lambda count: None) -> dict[str, int]:
    """Everybody and every life of one territory; `tell` hears how many lives are written. Returns rows per table,
    those of `copa.demo.care` together."""
    place, births = next((place, births) for place, births in plan.shares() if place.slug == slug)
    territory = Territory.objects.get(slug=slug)
    here = inside(slug)
    rng = Random(f"{plan.seed}:{slug}:people")
    with scope.opened(here):
        team = people.team(place, rng, births * 365 / plan.days)
        known = _found(place, plan, territory, team, rng)
    drawer = Drawer(place, team, str(plan.seed), plan.rates)
    register = Register()
    scribe = Scribe(_book(known.questionnaire, place.zone), place.typology)
    writer = Writer(known, register, scribe, str(plan.seed), plan.at)
    written = 0
    for chunk in _chunks(scene.lives(drawer, births, plan.at, plan.days, str(plan.seed))):
        with scope.opened(here):
            for life in chunk:
                writer.add(life)
            register.write(territory.pk)
        written += len(chunk)
        tell(written)
    with scope.opened(here):
        after = write_care(Office(known, place, team, plan.at, str(plan.seed), _staged(writer, births)))
    for quarter in _quarters(here, plan.at):
        with scope.opened(here):
            compute_figures(quarter=quarter, at=plan.at)
    return {sheet.table: sheet.written for sheet in register.sheets} | {"care": after}


def inside(slug: str) -> scope.Scope:
    """The scope in which a territory of the demonstration is written."""
    territory = Territory.objects.get(slug=slug)
    return scope.Scope(actor="command:load_demo", territory_id=territory.pk, slug=slug, reason="demonstration")


def _staged(writer: Writer, births: int) -> dict[str, list[int]]:
    """The keys of the staged families by the name of their script; of the territory in scope."""
    numbers = scene.staged_numbers(births)
    references = {script: [writer.reference(number) for number in found] for script, found in numbers.items()}
    wanted = [reference for found in references.values() for reference in found]
    keys = dict(Family.objects.filter(reference__in=wanted).order_by("pk").values_list("reference", "pk"))
    return {script: [keys[reference] for reference in found] for script, found in references.items()}


def _quarters(inside: scope.Scope, at: datetime) -> list[Quarter]:
    """The quarters whose figures a night would compute."""
    with scope.opened(inside):
        return followed_quarters(at=at)


@lru_cache(maxsize=8)
def _book(questionnaire: Questionnaire, zone: ZoneInfo) -> Book:
    """Filled forms serve every territory of the same zone."""
    return Book(questionnaire, zone)


@lru_cache(maxsize=8)
def _questionnaire(form_id: int, version: str) -> Questionnaire:
    return read_definition(ReportForm.objects.get(pk=form_id).definition)


def _chunks(lives: Iterator[Life]) -> Iterator[list[Life]]:
    chunk = []
    for life in lives:
        chunk.append(life)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# ---- The places and the people ----------------------------------------------------------------------------
def _found(place: Place, plan: Plan, territory: Territory, team: Team, rng: Random) -> Known:
    """Write structures, communes and members; what the lives will point at."""
    houses = _houses(place, rng)
    communes = _communes(place, houses, rng)
    _members(place, plan, houses, team, rng)
    form = _form(plan.at)
    return Known(
        territory_id=territory.pk,
        slug=place.slug,
        zone=place.zone,
        houses={name: house.pk for name, house in houses.items()},
        house_uids={house.pk: house.public_id for house in houses.values()},
        communes={commune.code: (commune.pk, commune.sector_id) for commune in communes},
        rules=tuple((rules.valid_from, rules) for rules in ProgrammeRules.objects.order_by("valid_from")),
        tariffs=tuple(Tariff.objects.order_by("valid_from").values_list("kind", "valid_from", "pk", "amount")),
        form_id=form.pk,
        questionnaire=_questionnaire(form.pk, form.version),
        permission_id=Permission.objects.get(content_type__app_label="pathways", codename="view_family").pk,
        coordinator=team.known(Role.COORDINATOR),
        pmi={house.name: team.of(Role.PMI_STAFF, house.name) for house in place.of_kind(PMI)},
        teams={house.name: team.of(Role.REFERRING_TEAM, house.name) for house in place.houses if house.pathways},
    )


def _form(at: datetime) -> ReportForm:
    """The form of today; a demonstration set before the first form takes the oldest."""
    usable = ReportForm.objects.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()
    return usable or ReportForm.objects.order_by("valid_from", "pk")[:1].get()


def _houses(place: Place, rng: Random) -> dict[str, Structure]:
    houses: dict[str, Structure] = {}
    for house in place.houses:
        mailbox = normalised(house.name).replace(" ", "-")
        houses[house.name] = Structure.objects.create(
            public_id=dashed(rng.getrandbits(128)),
            kind=house.kind,
            name=house.name,
            mailbox=f"{mailbox}@{place.key}.{MAIL_END}",
            phone=place.phone(1200 + len(houses)),
            finess=house.finess,
        )
    return houses


def _communes(place: Place, houses: dict[str, Structure], rng: Random) -> list[Commune]:
    sectors = {
        house.name: PmiSector.objects.create(
            public_id=dashed(rng.getrandbits(128)),
            name=house.name.replace("PMI", "Secteur"),
            structure=houses[house.name],
        )
        for house in place.of_kind(PMI)
    }
    return [
        Commune.objects.create(
            public_id=dashed(rng.getrandbits(128)),
            code=village.code,
            name=village.name,
            search=normalised(village.name),
            postal_code=village.postal_code,
            sector=sectors.get(village.pmi or ""),
            is_isolated=village.is_isolated,
            latitude=village.point[0] if village.point else None,
            longitude=village.point[1] if village.point else None,
        )
        for village in place.villages
    ]


def _members(place: Place, plan: Plan, houses: dict[str, Structure], team: Team, rng: Random) -> None:
    password = make_password(people.PASSWORD)
    users = User.objects.bulk_create(
        User(
            email=post.email,
            first_name=post.first_name,
            last_name=post.last_name,
            password=password,
            # The neighbour has given none: the roster says so beside her name.
            phone="" if post.email.startswith("ap2@") else place.phone(PHONES_FROM + rank),
        )
        for rank, post in enumerate(team.posts)
    )
    members = Member.objects.bulk_create(
        Member(
            public_id=dashed(rng.getrandbits(128)),
            user=user,
            structure=houses[post.house] if post.house else None,
            role=post.role,
            starts_on=plan.starts_on,
        )
        for post, user in zip(team.posts, users, strict=True)
    )
    for post, user, member in zip(team.posts, users, members, strict=True):
        post.pk, post.user_pk = member.pk, user.pk


def instant(today: date | None, now: datetime) -> datetime:
    """Where the demonstration stands: the hour that has just begun, or the early afternoon of the day asked for."""
    if today is None:
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return datetime(today.year, today.month, today.day, 13, 0, tzinfo=UTC)

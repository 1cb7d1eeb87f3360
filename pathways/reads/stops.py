"""Pauses and stops: what the pages of one family show, the list of a team, and what the story of a file tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, OuterRef, Value, When
from django.db.models.functions import TruncDate

from copa.kernel.french import NBSP, full_day, full_stop, inner, listed
from copa.kernel.prepared import Prepared
from pathways import perms, rules
from pathways.enums import ContactChannel, ContactResult, DeadPerson, PathwayState, Patient, Ward
from pathways.models import Birth, ContactAttempt, Death, Family, HospitalStay, Pathway, Withdrawal
from pathways.reads.aftercare import unfinished
from pathways.reads.deaths import MOTHER, Somebody, alive_around, mother_name
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.names import MotherName, mothers_of
from pathways.reads.told import KeptSource, Told
from pathways.rules import shown_name
from territories.models import Member

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """One stay. `where` is "" when nobody said; `noted_by` "" for one ticked with the birth."""

    public_id: UUID
    who: str
    where: str
    starts_on: date
    ends_on: date | None
    noted_by: str
    is_pausing: bool


def stays_of(birth: Birth) -> list[StayFacts]:
    """Those of this birth, the running ones first, the latest first; none of a child who died."""
    alive = HospitalStay.objects.filter(birth=birth).exclude(child__closed_at__isnull=False)
    rows = alive.select_related("child", "noted_by__user")
    over = Case(When(ends_on=None, then=Value(0)), default=Value(1))
    mother = mother_name(birth)
    return [_stay(row, mother) for row in rows.order_by(over, "-starts_on", "-pk")]


def at_home(birth: Birth) -> list[Somebody]:
    """Those alive around this birth who are not in hospital."""
    running = HospitalStay.objects.running().filter(birth=birth).select_related("child").order_by("pk")
    away = {str(stay.child.public_id) if stay.child else MOTHER for stay in running}
    return [one for one in alive_around(birth) if one.code not in away]


def _stay(row: Any, mother: str) -> StayFacts:
    return StayFacts(
        public_id=row.public_id,
        who=mother if row.person == Patient.MOTHER else shown_name(row.child.first_name),
        where=_where(row),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        noted_by=row.noted_by.user.get_full_name() if row.noted_by else "",
        is_pausing=row.is_pausing,
    )


def closes_files(pathway: Pathway, *, keeps_space: bool) -> bool:
    """Whether withdrawing this pathway ends, or would end, the openings of the file by name; one query."""
    others = Pathway.objects.filter(family=pathway.family_id).exclude(pk=pathway.pk).order_by()
    return rules.closes_files(keeps_space=keeps_space, others=others.values_list("state", flat=True))


def stop_to_undo(birth: Birth, member: Member) -> Pathway | None:
    """The pathway whose stop this member may still take back as a slip of the hand; None with nothing to undo."""
    mine = perms.UNDO_WITHDRAWAL.rows(member).filter(birth=birth)
    found: Pathway | None = mine.order_by("-included_at", "-pk").first()
    return found


def returned_words(stay: HospitalStay) -> str:
    """What is said once the way home of one person is noted: who is still away, and whether visits may be planned."""
    running = HospitalStay.objects.running().filter(birth=stay.birth_id)
    away = running.select_related("child").order_by("starts_on", "pk")
    if not away:
        return "Retour noté. Les visites annulées sont à prévoir de nouveau."
    is_paused = Pathway.objects.filter(birth=stay.birth_id, state=PathwayState.SUSPENDED).exists()
    left = "les visites restent suspendues" if is_paused else "l’accompagnement continue avec qui est à la maison"
    return f"Retour noté{NBSP}: {_who(stay)}. À l’hôpital encore{NBSP}: {listed([_who(one) for one in away])}, {left}."


def _where(row: Any) -> str:
    return ", ".join(part for part in (Ward(row.ward).label if row.ward else "", row.place) if part)


# ---- The list ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A family in pause or without news. `since` is a local day, `why` names who is in hospital; None and "" else.

    `attempts` counts those without an answer since the last news.
    """

    family: UUID
    pathway: UUID
    name: str
    reference: str
    ap: str
    since: date | None
    why: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ToSee:
    """A family to whom a person has still to speak after a death; `left` counts the steps nobody has noted."""

    birth: UUID
    name: str
    reference: str
    since: datetime
    left: int


@dataclass(frozen=True, slots=True)
class Stops:
    """Families to see to after a death, pathways in pause, without news, proposed by the attempts; PAGE long each."""

    to_see: tuple[ToSee, ...]
    suspended: tuple[Paused, ...]
    no_news: tuple[Paused, ...]
    proposed: tuple[Paused, ...]

    @property
    def is_cut(self) -> bool:
        """Whether a list holds no more than its first PAGE families."""
        return PAGE in {len(one) for one in (self.to_see, self.suspended, self.no_news, self.proposed)}


def stops_of(member: Member, zone: str) -> Stops:
    """What this member follows; eight queries whatever the number of families."""
    rows = perms.SEE_STOPS.rows(member).select_related("family", "ap__user").order_by("window_to", "pk")
    silent = silent_attempts(zone)
    # `rules.is_without_news`, for a query.
    enough = silent.filter(count__gte=rules.NO_NEWS_ATTEMPTS, days__gte=rules.NO_NEWS_DAYS).values("pathway")
    suspended = list(rows.filter(state=PathwayState.SUSPENDED)[:PAGE])
    no_news = list(rows.filter(state=PathwayState.NO_NEWS)[:PAGE])
    proposed = list(rows.filter(state=PathwayState.ACTIVE, pk__in=enough)[:PAGE])
    shown = [*suspended, *no_news, *proposed]
    counts = {row["pathway"]: row["count"] for row in silent.filter(pathway__in=[row.pk for row in shown])}
    stays = HospitalStay.objects.running().filter(birth__in=[row.birth_id for row in suspended]).select_related("child")
    of_birth: dict[int, list[Any]] = {}
    for stay in stays.order_by("starts_on", "pk"):
        of_birth.setdefault(stay.birth_id, []).append(stay)
    bereaved = unfinished(member)[:PAGE]
    names = mothers_of(row.family_id for row in (*shown, *bereaved))
    to_see = (ToSee(one.birth, names[one.family_id].name, one.reference, one.since, len(one.left)) for one in bereaved)
    lists = (
        tuple(_paused(row, names, of_birth.get(row.birth_id, []), counts.get(row.pk, 0)) for row in found)
        for found in (suspended, no_news, proposed)
    )
    return Stops(tuple(to_see), *lists)


def silent_attempts(zone: str) -> Any:
    """Attempts without an answer since the last news: `pathway`, their `count`, and on how many local `days`."""
    news = ContactAttempt.objects.filter(
        pathway=OuterRef("pathway"), result=ContactResult.REACHED, at__gte=OuterRef("at")
    )
    silent = ContactAttempt.objects.exclude(result=ContactResult.REACHED).filter(~Exists(news))
    day = TruncDate("at", tzinfo=ZoneInfo(zone))
    return silent.order_by("pathway").values("pathway").annotate(count=Count("pk"), days=Count(day, distinct=True))


def _paused(row: Any, names: dict[int, MotherName], stays: list[Any], attempts: int) -> Paused:
    return Paused(
        family=row.family.public_id,
        pathway=row.public_id,
        name=names[row.family_id].name,
        reference=row.family.reference,
        ap=row.ap.user.get_full_name() if row.ap else "",
        since=stays[0].starts_on if stays else None,
        why=listed([_who(stay) for stay in stays]),
        attempts=attempts,
    )


def _who(stay: Any) -> str:
    return "la mère" if stay.person == Patient.MOTHER else shown_name(stay.child.first_name)


# ---- The story --------------------------------------------------------------------------------------------
def _told(_: Family, member: Member, *rows: list[Any]) -> Iterator[Told]:
    """Stays, attempts, deaths, what was taken back: to the team.

    Nobody outside it; the AP, who is called after a death, does not learn it here (alerts.md 6.1). No first name of
    a child who died.
    """
    stays, withdrawals, attempts, deaths = rows
    tells_deaths = perms.SEE_DEATHS.is_held_by(member)
    ended_by = {(death.child_id, death.noted_at) for death in deaths}
    for stay in stays:
        is_end_of_life = (stay.child_id, stay.ended_at) in ended_by
        # Of a twin who died the AP would read that the one at home was in hospital.
        if tells_deaths or not stay.child__closed_at:
            end = _END_OF_LIFE if is_end_of_life else _WAY_HOME
            yield from _told_stay(stay, end if tells_deaths or not is_end_of_life else None)
    for noted in withdrawals:
        text = "Arrêt noté par erreur : l’accompagnement continue."
        yield Told(at=noted.undone_at, icon="refresh", title="Arrêt annulé", text=text)
    for attempt in attempts:
        yield _told_attempt(attempt)
    if tells_deaths:
        for death in deaths:
            yield from _told_death(death)


# How the end of a stay is told: title, icon, state. Where a death wrote it, nobody came home.
_WAY_HOME = ("Fin de l’hospitalisation", "home", "ok")
_END_OF_LIFE = ("Hospitalisation terminée", "building", "")


def _told_stay(stay: Any, end: tuple[str, str, str] | None) -> Iterator[Told]:
    """`end` None for one that says nothing to this reader: a death wrote it, and she is not told of deaths."""
    # One ticked with the birth, or with the coordinates, says nothing that the birth does not say.
    if not stay.noted_by__user__email:
        return
    who, place = _patient(stay), _where(stay)
    where = f" {place}." if place else ""
    text = full_stop(f"Depuis le {full_day(stay.starts_on)}") + f"{where} {_by(stay, 'noted_by')}"
    yield Told(at=stay.noted_at, icon="building", state="info", title=f"Hospitalisation, {who}", text=text)
    if stay.ended_at and end is not None:
        title, icon, state = end
        text = f"{full_stop(f'Le {full_day(stay.ends_on)}')} {_by(stay, 'ended_by')}".strip()
        yield Told(at=stay.ended_at, icon=icon, state=state, title=f"{title}, {who}", text=text)


def _told_attempt(attempt: Any) -> Told:
    state = "ok" if attempt.result == ContactResult.REACHED else "warn"
    title = f"{ContactChannel(attempt.channel).label} : {inner(ContactResult(attempt.result).label)}"
    return Told(at=attempt.at, icon="phone", state=state, title=title, text=_by(attempt, "by"))


def _told_death(death: Any) -> Iterator[Told]:
    who = inner(DeadPerson(death.person).label)
    yield Told(at=death.noted_at, icon="heart", title=f"Décès noté : {who}", text=_by(death, "noted_by"))
    if death.confirmed_at and death.confirmed_at != death.noted_at:
        yield Told(at=death.confirmed_at, icon="heart", title="Décès confirmé", text=_by(death, "confirmed_by"))
    if death.undone_at:
        text = f"{_by(death, 'undone_by')} {death.undone_reason}"
        yield Told(at=death.undone_at, icon="refresh", title=f"Décès noté par erreur : {who}", text=text)


def _patient(stay: Any) -> str:
    if stay.person == Patient.MOTHER:
        return "la mère"
    return "un enfant" if stay.child__closed_at else shown_name(stay.child__first_name)


def _by(row: Any, link: str) -> str:
    """As "Par Élise Martin.", "" for nobody."""
    name = name_of(row, link)
    return f"Par {name}." if name else ""


@Prepared
def _stays(family: Any) -> Any:
    columns = ("person", "child_id", "ward", "place", "starts_on", "ends_on", "noted_at", "ended_at")
    child = ("child__first_name", "child__closed_at")
    rows = HospitalStay.objects.filter(family=family).order_by("pk")
    return rows.values_list(*columns, *child, *name_columns("noted_by", "ended_by"))


@Prepared
def _undone(family: Any) -> Any:
    undone = Withdrawal.objects.filter(family=family, undone_at__isnull=False)
    return undone.order_by("pk").values_list("undone_at")


@Prepared
def _attempts(family: Any) -> Any:
    rows = ContactAttempt.objects.filter(family=family).order_by("at", "pk")
    return rows.values_list("at", "channel", "result", *name_columns("by"))


@Prepared
def _deaths(family: Any) -> Any:
    columns = ("person", "child_id", "noted_at", "confirmed_at", "undone_at", "undone_reason")
    rows = Death.objects.filter(family=family).order_by("pk")
    return rows.values_list(*columns, *name_columns("noted_by", "confirmed_by", "undone_by"))


STOPS = KeptSource(perms.SEE_PAUSES, (_stays, _undone, _attempts, _deaths), _told)

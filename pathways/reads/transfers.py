"""What each of the two territories shows of a family that moves from one to the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from copa.kernel import clock, scope
from copa.kernel.french import NBSP, full_day, inner, listed, moment
from copa.kernel.prepared import Prepared
from pathways import perms
from pathways.enums import (
    CalendarStatus,
    CircleRole,
    CoParentLeaves,
    DayPrecision,
    DischargeKind,
    NeedAbout,
    StepKind,
    TransferPart,
    TransferState,
)
from pathways.models import (
    CalendarRule,
    CoParentTransfer,
    Family,
    FamilyTransfer,
    Pathway,
    ReceivedFile,
    TransferAnswer,
    TransferCall,
)
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from pathways.reads.transfer_payload import payload_of, report_count
from pathways.rules import PROPOSAL_HORIZON_DAYS, born_words, shown_name
from territories.catalogue import NEEDS
from territories.models import Member, Structure, Territory


# ---- The destination -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A transfer that waits here, as its list shows it: no name before it is opened.

    `born_on` is the local day of the birth, `visits_until` the last one of its visits: they do not wait as long as an
    offer is kept.
    """

    public_id: UUID
    origin: str
    offered_at: datetime
    expires_at: datetime
    born_on: date
    visits_until: date


def incoming(member: Member, zone: str) -> list[Incoming]:
    """Those this member may answer, the most urgent first; empty for the others. `zone` is the territory's."""
    answered = TransferAnswer.objects.values("transfer")
    rows = perms.ANSWER_TRANSFER.rows(member).exclude(public_id__in=answered).select_related("territory")
    found = [_incoming(row, zone) for row in rows.order_by("offered_at", "pk")]
    return sorted(found, key=lambda one: (one.visits_until, one.offered_at))


def _incoming(row: FamilyTransfer, zone: str) -> Incoming:
    born_on = clock.local_date(datetime.fromisoformat(row.payload["birth"]["at"]), zone)
    return Incoming(
        public_id=row.public_id,
        origin=row.territory.name,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        born_on=born_on,
        visits_until=born_on + timedelta(days=PROPOSAL_HORIZON_DAYS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What goes along with the family, in French; empty for what was not sent, or is not known.

    `left` is the way home, `reports` how many were written about her visits.
    """

    left: str
    visits: tuple[str, ...]
    reports: int
    calendar: tuple[str, ...]
    needs: tuple[str, ...]
    circle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the destination reads before it answers; `needs` in her words, "" for none.

    `coparents` are those who said yes for their own data, as (name, phone or ""); `is_coparent_left_out` that there is
    one of whom nothing came.
    """

    mother: str
    born: str
    phone: str
    born_at: datetime
    children: tuple[str, ...]
    coparents: tuple[tuple[str, str], ...]
    is_coparent_left_out: bool
    along: Along
    needs: str
    origin: str
    caller: str
    team: str
    team_phone: str


def offered(transfer: FamilyTransfer) -> Offered:
    """The payload in words; one query."""
    payload = transfer.payload
    mother, birth, caller = payload["mother"], payload["birth"], payload["caller"]
    return Offered(
        mother=f"{mother['first_names']} {mother['used_name'] or mother['birth_name']}",
        born=born_words(date.fromisoformat(mother["birth_on"]), mother.get("birth_precision", DayPrecision.DAY)),
        phone=mother["phone"],
        born_at=datetime.fromisoformat(birth["at"]),
        children=tuple(_children(payload).values()),
        coparents=tuple((f"{one['first_names']} {one['name']}", one["phone"]) for one in payload.get("coparents", ())),
        is_coparent_left_out=payload.get("is_coparent_left_out", False),
        along=_along(payload),
        needs=payload["needs"],
        origin=transfer.territory.name,
        caller=caller["name"],
        team=caller["team"],
        team_phone=caller["phone"],
    )


def _along(payload: Mapping[str, Any]) -> Along:
    """An offer made before a part existed lacks it."""
    children = _children(payload)
    return Along(
        left=_left(payload.get("discharge")),
        visits=visit_words(payload["visits"]),
        reports=len(payload.get("reports", [])),
        calendar=_calendar_words(payload.get("calendar", []), children, payload["mother"]["first_names"]),
        needs=_need_words(payload.get("need_codes", []), children),
        circle=circle_words(payload.get("circle", [])),
    )


def _children(payload: Mapping[str, Any]) -> dict[int, str]:
    """Their names by rank, from 1."""
    return {rank: shown_name(one["first_name"]) for rank, one in enumerate(payload["birth"]["children"], start=1)}


def _left(payload: dict[str, Any] | None) -> str:
    if payload is None:
        return ""
    return f"{words(DischargeKind, payload['kind'])}, {moment(datetime.fromisoformat(payload['at']))}"


def visit_words(visits: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """As "visite 1, le 3 nov. 2026", in the order of their days."""
    in_order = sorted(visits, key=lambda one: one["on"])
    return tuple(
        f"{inner(words(StepKind, one['kind']))} le {full_day(date.fromisoformat(one['on']))}" for one in in_order
    )


def _calendar_words(lines: Iterable[Mapping[str, Any]], children: Mapping[int, str], mother: str) -> tuple[str, ...]:
    """As "Examen des 8 jours, Noé\u00a0: fait le 3 nov. 2026"."""
    labels = dict(CalendarRule.objects.order_by("pk").values_list("code", "label"))
    return tuple(
        f"{labels.get(line['code'], line['code'])}, {children[line['child']] if line['child'] else mother}"
        f"{NBSP}: {_status_words(line)}"
        for line in lines
    )


def _status_words(line: Mapping[str, Any]) -> str:
    said = inner(words(CalendarStatus, line["status"]))
    return f"{said} le {full_day(date.fromisoformat(line['on']))}" if line["on"] else said


def _need_words(needs: Iterable[Mapping[str, Any]], children: Mapping[int, str]) -> tuple[str, ...]:
    """As "Mode de garde, pour l’enfant", the child by its name when the need is of one of several."""
    return tuple(
        f"{NEEDS[one['code']].label}, pour {children.get(one['child']) or inner(words(NeedAbout, one['about']))}"
        for one in needs
    )


def circle_words(people: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """As "Inès Faure, sage-femme libérale"."""
    return tuple(f"{one['name']}, {inner(words(CircleRole, one['role']))}" for one in people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What came along and is to be agreed upon anew: who followed the family in `origin`."""

    origin: str
    circle: tuple[str, ...]


def arrived(family: Family) -> Arrived | None:
    """The circle of the last file received for this family; None when none came, or nobody stood in it."""
    row = ReceivedFile.objects.filter(family=family).select_related("from_territory").order_by("-pk").first()
    if row is None or not row.circle:
        return None
    return Arrived(origin=row.from_territory.name, circle=circle_words(row.circle))


# A call that nobody made within a day is no news any more: the team of before has answered the danger itself.
CALL_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToMake:
    """A family that came from another territory, whose team of before asks to be called; `phone` is E.164 or ""."""

    public_id: UUID
    family_id: int
    family_key: UUID
    team: str
    phone: str
    called_at: datetime


def calls_to_make(at: datetime) -> list[CallToMake]:
    """Those of the last day, the oldest first; only from the territory from which the family came. Two queries."""
    rows = {row.transfer: row for row in TransferCall.incoming.filter(called_at__gt=at - CALL_WITHIN).order_by("pk")}
    if not rows:
        return []
    answers = TransferAnswer.objects.filter(transfer__in=rows, is_accepted=True).order_by("pk")
    found = [
        CallToMake(
            public_id=row.public_id,
            family_id=answer.family_id,
            family_key=answer.family__public_id,
            team=row.team,
            phone=row.team_phone,
            called_at=row.called_at,
        )
        for answer in answers.values_list("transfer", "from_territory_id", "family_id", "family__public_id", named=True)
        if (row := rows[answer.transfer]).territory_id == answer.from_territory_id
    ]
    return sorted(found, key=lambda one: one.called_at)


def maternities() -> list[tuple[str, str]]:
    """The maternities of the territory in scope, as choices."""
    rows = Structure.objects.filter(kind="maternity").order_by("name")
    return [(str(one.public_id), one.name) for one in rows]


# ---- The origin ------------------------------------------------------------------------------------------
def destinations() -> list[tuple[str, str]]:
    """Territories where families are followed now, this one left out, as choices."""
    rows = Territory.objects.active().exclude(pk=scope.current_territory_id()).order_by("name")
    return [(one.slug, one.name) for one in rows]


def leaving(pathway: Pathway, *, by: Member, at: datetime) -> Along:
    """What there is to send of this family, for her to say what goes along; of the reports, how many there are."""
    covers = [part.value for part in TransferPart if part != TransferPart.REPORTS]
    along = _along(payload_of(pathway, covers=covers, needs="", coparents=(), by=by, at=at))
    return replace(along, reports=report_count(pathway))


@dataclass(frozen=True, slots=True)
class OfferShown:
    """One offer of a pathway, and what each co-parent answered then, as "Julien Haddad\u00a0: pas demandé"."""

    transfer: FamilyTransfer
    coparents: tuple[str, ...]


def transfers_of(pathway: Pathway) -> list[OfferShown]:
    """Those of one pathway, the latest first. Two queries."""
    rows = FamilyTransfer.objects.filter(pathway=pathway).select_related("to_territory", "offered_by__user")
    said: dict[int, list[str]] = {}
    answers = CoParentTransfer.objects.filter(transfer__pathway=pathway).select_related("coparent").order_by("pk")
    for one in answers:
        words_of_one = f"{one.coparent}{NBSP}: {inner(words(CoParentLeaves, one.answer))}"
        said.setdefault(one.transfer_id, []).append(words_of_one)
    return [OfferShown(row, tuple(said.get(row.pk, ()))) for row in rows.order_by("-offered_at", "-pk")]


def outgoing(member: Member) -> list[FamilyTransfer]:
    """Transfers this member follows that wait for their answer, the oldest first."""
    waiting = perms.SEE_TRANSFERS.rows(member).filter(state=TransferState.WAITING)
    rows = waiting.select_related("to_territory", "family")
    return list(rows.order_by("offered_at", "pk"))


# ---- The story -------------------------------------------------------------------------------------------
def _told(_: Family, __: Member, *rows: list[Any]) -> Iterator[Told]:
    """A file that came from another territory, or an offer to one: to the team."""
    received, offers = rows
    for file in received:
        visits = listed(visit_words(file.visits))
        text = f"Déjà fait là-bas{NBSP}: {visits}." if visits else ""
        title = f"Dossier reçu de {file.from_territory__name}"
        yield Told(at=file.received_at, icon="swap", title=title, text=f"{text} {file.needs}".strip())
    for offer in offers:
        yield Told(at=offer.offered_at, icon="swap", title=f"Dossier proposé à {offer.to_territory__name}")
        if offer.state == TransferState.ACCEPTED or (offer.state == TransferState.WAITING and offer.family__moved_at):
            # The yes closes the file at once; the job that comes after settles the offer.
            title = f"Transfert accepté par {offer.to_territory__name}"
            at = offer.family__moved_at or offer.settled_at
            yield Told(at=at, icon="swap", title=title, text="Ce qui était prévu ici est annulé.")
        elif offer.settled_at:
            title = f"Transfert {inner(TransferState(offer.state).label)}"
            yield Told(at=offer.settled_at, icon="swap", title=title, text=offer.decline_reason)


@Prepared
def _received(family: Any) -> Any:
    rows = ReceivedFile.objects.filter(family=family).order_by("pk")
    return rows.values_list("received_at", "visits", "needs", "from_territory__name")


@Prepared
def _offers(family: Any) -> Any:
    rows = FamilyTransfer.objects.filter(family=family).order_by("pk")
    told = ("offered_at", "settled_at", "state", "decline_reason", "to_territory__name", "family__moved_at")
    return rows.values_list(*told)


TRANSFERS = KeptSource(perms.SEE_PAUSES, (_received, _offers), _told)

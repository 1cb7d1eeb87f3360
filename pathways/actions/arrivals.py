"""A family that another territory offered is opened here, with what her mother agreed to send along (A38).

Inside the transaction of whoever accepts her; what needs a pathway lands with the inclusion.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pathways.actions.births import NewBirth, NewChild, NewCoParent, NewMother, record_discharge, register_birth
from pathways.actions.needs import Spotted, land_received
from pathways.models import (
    Birth,
    CalendarItem,
    CarriedReport,
    Child,
    Family,
    FamilyTransfer,
    Mother,
    Pathway,
    ReceivedFile,
)
from territories.models import Commune, Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where the family is followed from now on."""

    maternity: Structure
    commune: Commune
    address: str


def open_file(transfer: FamilyTransfer, home: Home, *, is_other_family: bool, by: Member, at: datetime) -> Birth:
    """Store mother, children, birth, contact rules, way home and calendar; keep the rest as a `ReceivedFile`.

    And the co-parents who said yes. An offer made before a part existed lacks it. Raises what registering a birth
    raises.
    """
    payload = transfer.payload
    birth = register_birth(
        mother=_mother(payload["mother"]),
        coparents=tuple(NewCoParent(**one) for one in payload.get("coparents", ())),
        birth=_birth(payload["birth"], home),
        is_other_family=is_other_family,
        at=at,
    )
    Family.objects.filter(pk=birth.family_id).update(**_contact(payload["contact"]))
    Mother.objects.filter(family=birth.family_id).update(**payload.get("help", {}))
    children = _situate(birth, payload["birth"]["children"], at)
    _discharge(birth, payload.get("discharge"), by, at)
    _calendar(birth, children, payload.get("calendar", []), by, at)
    received = ReceivedFile.objects.create(
        family_id=birth.family_id,
        birth=birth,
        from_territory_id=transfer.territory_id,
        received_at=at,
        **{name: payload[name] for name in ("visits", "needs", "need_codes", "circle") if name in payload},
    )
    _keep_reports(received, payload.get("reports", ()))
    return birth


def _keep_reports(received: ReceivedFile, reports: Iterable[dict[str, Any]]) -> None:
    """What was written of her over there, to be read here; it is no report of ours, and nobody owes anything for it."""
    CarriedReport.objects.bulk_create(
        CarriedReport(family_id=received.family_id, received=received, **{**one, "on": date.fromisoformat(one["on"])})
        for one in reports
    )


def _mother(payload: dict[str, Any]) -> NewMother:
    return NewMother(**{**payload, "birth_on": date.fromisoformat(payload["birth_on"])})


def _contact(payload: dict[str, Any]) -> dict[str, Any]:
    """Her wishes and the rule of the team; an offer written before several hours could be given holds one word."""
    hours, since = payload["contact_hours"], payload.get("through_team_since")
    return {
        **payload,
        "contact_hours": [hours] if isinstance(hours, str) else hours,
        "through_team_since": datetime.fromisoformat(since) if since else None,
    }


def _birth(payload: dict[str, Any], home: Home) -> NewBirth:
    return NewBirth(
        maternity=home.maternity,
        at=datetime.fromisoformat(payload["at"]),
        mode=payload["mode"],
        term_weeks=payload["term_weeks"],
        parity=payload["parity"],
        children=tuple(_child(child) for child in payload["children"]),
        address=home.address,
        commune=home.commune,
        access_hint="",
        is_old_confirmed=True,
    )


def _child(payload: dict[str, Any]) -> NewChild:
    return NewChild(**{name: value for name, value in payload.items() if name != "situation"})


def _situate(birth: Birth, payloads: list[dict[str, Any]], at: datetime) -> dict[int, Child]:
    """The children by rank. One who lives elsewhere does so here too, before anything automatic can speak of it."""
    children = {child.rank: child for child in Child.objects.filter(birth=birth).order_by("rank")}
    for rank, payload in enumerate(payloads, start=1):
        if payload.get("situation"):
            Child.objects.filter(pk=children[rank].pk).update(situation=payload["situation"], situation_at=at)
    return children


def _discharge(birth: Birth, payload: dict[str, Any] | None, by: Member, at: datetime) -> None:
    if payload is not None:
        left_at = datetime.fromisoformat(payload["at"])
        rest = {name: value for name, value in payload.items() if name != "at"}
        record_discharge(birth=birth, discharged_at=left_at, by=by, at=at, **rest)


def _calendar(birth: Birth, children: dict[int, Child], lines: list[dict[str, Any]], by: Member, at: datetime) -> None:
    """What was known over there stands here as it was said, once; "no row" still means that nothing is known."""
    CalendarItem.objects.bulk_create(
        CalendarItem(
            family_id=birth.family_id,
            birth=birth,
            child=children[line["child"]] if line["child"] else None,
            code=line["code"],
            status=line["status"],
            on=_day(line["on"]),
            source=line["source"],
            certificate=line["certificate"],
            certificate_on=_day(line["certificate_on"]),
            is_transmitted=line["is_transmitted"],
            professional_kind=line.get("professional_kind", ""),
            noted_by=by,
            noted_at=at,
        )
        for line in lines
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def land_arrival(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """With the inclusion: the visits made elsewhere are not promised again, the needs in hand there are needs here."""
    received = ReceivedFile.objects.filter(birth=pathway.birth_id).first()
    if received is None:
        return
    pathway.elsewhere = received.visits
    Pathway.objects.filter(pk=pathway.pk).update(elsewhere=received.visits)
    children = {child.rank: child for child in Child.objects.filter(birth=pathway.birth_id, closed_at=None)}
    for need in received.need_codes:
        child = children.get(need["child"])
        # A need of a child whose follow-up has stopped meanwhile is nobody's any more (A38).
        if need["child"] is None or child is not None:
            spotted = Spotted(code=need["code"], about=need["about"], child=child)
            land_received(pathway=pathway, spotted=spotted, by=by, at=at)

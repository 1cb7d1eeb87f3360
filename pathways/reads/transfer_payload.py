"""What goes along with a family to another territory, as her team offers it: codes and dates, and her own words."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from copa.kernel import clock
from pathways.enums import NeedAbout, TransferPart
from pathways.models import (
    Birth,
    CalendarItem,
    CareCircleMember,
    CarriedReport,
    Child,
    CoParent,
    Discharge,
    Family,
    Mother,
    Need,
    Pathway,
)
from pathways.signals import transfer_offered
from territories.catalogue import NeedCategory
from territories.models import Member

_MOTHER = ("birth_name", "used_name", "first_names", "birth_precision", "phone", "email")
_COPARENT = ("first_names", "name", "phone")
_HELP = ("language", "access_needs")
_CONTACT = (
    "contact_hours",
    "may_sms",
    "may_email",
    "may_call",
    "may_space",
    "is_contact_refused",
    "is_discreet",
    "no_voice_mail",
    "is_phone_shared",
)
# `situation`: nothing automatic speaks of a child who lives elsewhere, there either (inclusion.md 8).
_CHILD = ("first_name", "sex", "birth_weight_g", "is_hospitalised", "situation")
_DISCHARGE = ("kind", "has_medical_agreement", "decided_by")
_CALENDAR = ("code", "status", "source", "certificate", "is_transmitted", "professional_kind")


def payload_of(
    pathway: Pathway, *, covers: list[str], needs: str, coparents: Collection[CoParent], by: Member, at: datetime
) -> dict[str, Any]:
    """What the mother agreed to send: who she is, how to reach her safely, the birth and the way home, and what
    `covers` names.

    `coparents` are those who said yes for their own data (A36): of the others nothing leaves, but that they were left
    out. Never an alert, a screening or anything protected; of a report, what another team may read of it. A child is
    named by its rank among those followed, from 1.
    """
    is_left_out = CoParent.objects.filter(family=pathway.family_id).count() > len(coparents)
    with_coparent = bool(coparents) and not is_left_out
    sent = _answers(pathway, covers=covers, with_coparent=with_coparent)
    mother = Mother.objects.get(family=pathway.family_id)
    family = Family.objects.get(pk=pathway.family_id)
    children = list(Child.objects.filter(birth=pathway.birth_id, closed_at=None).order_by("rank"))
    ranks = {child.pk: rank for rank, child in enumerate(children, start=1)}
    return {
        "mother": {**_columns(mother, _MOTHER), "birth_on": mother.birth_on.isoformat()},
        "coparents": [_columns(one, _COPARENT) for one in coparents],
        "is_coparent_left_out": is_left_out,
        "help": _columns(mother, _HELP),
        "contact": {**_columns(family, _CONTACT), **_instant(family, "through_team_since")},
        "birth": {**_birth(pathway.birth_id), "children": [_columns(child, _CHILD) for child in children]},
        "discharge": _discharge(pathway.birth_id),
        "visits": _visits(pathway, sent["visits"]) if TransferPart.VISITS in covers else [],
        "calendar": _calendar(pathway.birth_id, ranks) if TransferPart.CALENDAR in covers else [],
        "needs": needs if TransferPart.NEEDS in covers else "",
        "need_codes": _needs(pathway, ranks, with_coparent=with_coparent) if TransferPart.NEEDS in covers else [],
        "circle": _circle(pathway, at) if TransferPart.CIRCLE in covers else [],
        "reports": [*_carried_before(pathway, with_coparent=with_coparent), *sent["reports"]]
        if TransferPart.REPORTS in covers
        else [],
        "caller": {"name": by.user.get_full_name(), "team": pathway.carrier.name, "phone": pathway.carrier.phone},
    }


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _instant(row: Any, name: str) -> dict[str, Any]:
    at = getattr(row, name)
    return {name: at.isoformat() if at else None}


def _birth(key: int) -> dict[str, Any]:
    birth = Birth.objects.get(pk=key)
    return {**_columns(birth, ("mode", "term_weeks", "parity")), "at": birth.at.isoformat()}


def _discharge(birth_id: int) -> dict[str, Any] | None:
    left = Discharge.objects.filter(birth=birth_id).first()
    return {**_columns(left, _DISCHARGE), "at": left.at.isoformat()} if left else None


def report_count(pathway: Pathway) -> int:
    """How many reports there are to send along, those that came from elsewhere included."""
    received: int = _received_reports(pathway).count()
    return received + int(_answers(pathway, covers=[], with_coparent=False)["report_count"])


def _answers(pathway: Pathway, *, covers: list[str], with_coparent: bool) -> dict[str, Any]:
    """What the layers above send along, as `transfer_offered` says."""
    answers: list[tuple[Any, Any]] = transfer_offered.send(
        Pathway, pathway=pathway, covers=covers, with_coparent=with_coparent
    )
    parts = [part for _, part in answers]
    rows = {name: [row for part in parts for row in part.get(name, [])] for name in ("visits", "reports")}
    return {**rows, "report_count": sum(part.get("report_count", 0) for part in parts)}


_REPORT = ("written_in", "kind", "author", "author_role", "form", "blocks", "addenda")


def _carried_before(pathway: Pathway, *, with_coparent: bool) -> list[Any]:
    """Those that another territory had sent: as she agrees anew, and he anew."""
    rows = _received_reports(pathway).order_by("on", "pk")
    return [
        {
            **_columns(row, _REPORT),
            "on": row.on.isoformat(),
            "with_coparent": row.with_coparent if with_coparent else [],
        }
        for row in rows
    ]


def _received_reports(pathway: Pathway) -> Any:
    """None once a child of the birth is no longer followed: their words cannot be told apart by child (A38)."""
    gone = Child.objects.filter(birth=pathway.birth_id, closed_at__isnull=False)
    rows = CarriedReport.objects.filter(received__birth=pathway.birth_id)
    return rows.none() if gone.exists() else rows


def _visits(pathway: Pathway, here: list[Any]) -> list[Any]:
    """Those made here, and those that another territory had made before."""
    return pathway.with_elsewhere(here)


def _calendar(birth_id: int, ranks: dict[int, int]) -> list[Any]:
    """What is known of each line; no name of a professional. `child` None for the mother."""
    items = CalendarItem.objects.filter(birth=birth_id).order_by("code", "pk")
    return [
        {**_columns(item, _CALENDAR), "child": ranks.get(item.child_id), **_days(item, ("on", "certificate_on"))}
        for item in items
        if item.child_id is None or item.child_id in ranks
    ]


def _days(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    days = ((name, getattr(row, name)) for name in names)
    return {name: day.isoformat() if day else None for name, day in days}


def _needs(pathway: Pathway, ranks: dict[int, int], *, with_coparent: bool) -> list[Any]:
    """Needs in hand by their code alone: none that is sealed.

    Those of the co-parent name none of several: they leave when every one of them said yes.
    """
    needs = Need.objects.running().filter(pathway=pathway).exclude(category=NeedCategory.SEALED)
    if not with_coparent:
        needs = needs.exclude(about=NeedAbout.COPARENT)
    return [
        {**_columns(need, ("code", "about")), "child": ranks.get(need.child_id)}
        for need in needs.order_by("spotted_at", "pk")
        if need.child_id is None or need.child_id in ranks
    ]


def _circle(pathway: Pathway, at: datetime) -> list[Any]:
    """Names and functions of those who stand around the family today; neither a phone nor a reason."""
    day = clock.local_date(at, pathway.territory.time_zone)
    people = CareCircleMember.objects.running(day).filter(family=pathway.family_id).select_related("member__user")
    return [{"name": one.full_name, "role": one.role} for one in people.order_by("since", "pk")]

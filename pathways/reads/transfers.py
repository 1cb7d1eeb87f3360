"""What goes along with a family to another territory, and what each of the two shows of a transfer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from copa.kernel import scope
from copa.kernel.french import full_day, inner
from copa.kernel.prepared import Prepared
from pathways import perms
from pathways.enums import DayPrecision, TransferPart, TransferState
from pathways.models import Birth, Child, Family, FamilyTransfer, Mother, Pathway, TransferAnswer
from pathways.reads.told import KeptSource, Told
from pathways.rules import born_words
from pathways.signals import transfer_offered
from territories.models import Member, Structure, Territory

_MOTHER = ("birth_name", "used_name", "first_names", "birth_precision", "phone", "email")
_CONTACT = (
    "contact_hours",
    "may_sms",
    "may_email",
    "may_call",
    "may_space",
    "is_contact_refused",
    "is_discreet",
    "no_voice_mail",
)
_CHILD = ("first_name", "sex", "birth_weight_g", "is_hospitalised")


def payload_of(pathway: Pathway, *, covers: list[str], needs: str, by: Member) -> dict[str, Any]:
    """What the mother agreed to send: who she is, how to reach her safely, the birth, and what `covers` names.

    Never the co-parent (he has not been asked), a report, an alert, a screening or anything protected.
    """
    mother = Mother.objects.get(family=pathway.family_id)
    family = Family.objects.get(pk=pathway.family_id)
    return {
        "mother": {**_columns(mother, _MOTHER), "birth_on": mother.birth_on.isoformat()},
        "contact": _columns(family, _CONTACT),
        "birth": _birth(pathway.birth_id),
        "visits": _visits(pathway) if TransferPart.VISITS in covers else [],
        "needs": needs if TransferPart.NEEDS in covers else "",
        "caller": {"name": by.user.get_full_name(), "team": pathway.carrier.name, "phone": pathway.carrier.phone},
    }


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _birth(key: int) -> dict[str, Any]:
    birth = Birth.objects.get(pk=key)
    children = Child.objects.filter(birth=birth, closed_at=None).order_by("rank")
    about = {**_columns(birth, ("mode", "term_weeks", "parity")), "at": birth.at.isoformat()}
    return {**about, "children": [_columns(child, _CHILD) for child in children]}


def _visits(pathway: Pathway) -> list[Any]:
    answers: list[tuple[Any, Any]] = transfer_offered.send(Pathway, pathway=pathway)
    parts = (part for _, part in answers)
    return [visit for part in parts for visit in part.get("visits", [])]


# ---- The destination -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A transfer that waits here, as its list shows it: no name before it is opened."""

    public_id: UUID
    origin: str
    offered_at: datetime
    expires_at: datetime


def incoming(member: Member) -> list[Incoming]:
    """Those this member may answer, the oldest first; empty for the others."""
    answered = TransferAnswer.objects.values("transfer")
    rows = perms.ANSWER_TRANSFER.rows(member).exclude(public_id__in=answered).select_related("territory")
    return [
        Incoming(
            public_id=row.public_id,
            origin=row.territory.name,
            offered_at=row.offered_at,
            expires_at=row.expires_at,
        )
        for row in rows.order_by("offered_at", "pk")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the destination reads before it answers. `visits` are (kind, local day)."""

    mother: str
    born: str
    phone: str
    born_at: datetime
    children: tuple[str, ...]
    visits: tuple[tuple[str, date], ...]
    needs: str
    origin: str
    caller: str
    team: str
    team_phone: str


def offered(transfer: FamilyTransfer) -> Offered:
    """The payload in words."""
    payload = transfer.payload
    mother, birth, caller = payload["mother"], payload["birth"], payload["caller"]
    return Offered(
        mother=f"{mother['first_names']} {mother['used_name'] or mother['birth_name']}",
        born=born_words(date.fromisoformat(mother["birth_on"]), mother.get("birth_precision", DayPrecision.DAY)),
        phone=mother["phone"],
        born_at=datetime.fromisoformat(birth["at"]),
        children=tuple(child["first_name"] or "bébé" for child in birth["children"]),
        visits=tuple((visit["kind"], date.fromisoformat(visit["on"])) for visit in payload["visits"]),
        needs=payload["needs"],
        origin=transfer.territory.name,
        caller=caller["name"],
        team=caller["team"],
        team_phone=caller["phone"],
    )


def maternities() -> list[tuple[str, str]]:
    """The maternities of the territory in scope, as choices."""
    rows = Structure.objects.filter(kind="maternity").order_by("name")
    return [(str(one.public_id), one.name) for one in rows]


# ---- The origin ------------------------------------------------------------------------------------------
def destinations() -> list[tuple[str, str]]:
    """Territories where families are followed now, this one left out, as choices."""
    rows = Territory.objects.active().exclude(pk=scope.current_territory_id()).order_by("name")
    return [(one.slug, one.name) for one in rows]


def transfers_of(pathway: Pathway) -> list[FamilyTransfer]:
    """Those of one pathway, the latest first."""
    rows = FamilyTransfer.objects.filter(pathway=pathway).select_related("to_territory", "offered_by__user")
    return list(rows.order_by("-offered_at", "-pk"))


def outgoing(member: Member) -> list[FamilyTransfer]:
    """Transfers this member follows that wait for their answer, the oldest first."""
    waiting = perms.SEE_TRANSFERS.rows(member).filter(state=TransferState.WAITING)
    rows = waiting.select_related("to_territory", "family")
    return list(rows.order_by("offered_at", "pk"))


# ---- The story -------------------------------------------------------------------------------------------
def _told(_: Family, __: Member, *rows: list[Any]) -> Iterator[Told]:
    """A file that came from another territory, or an offer to one: to the team."""
    received, offers = rows
    for answer in received:
        visits = ", ".join(f"{one['kind']} le {full_day(date.fromisoformat(one['on']))}" for one in _done(answer))
        text = f"Visites déjà faites : {visits}." if visits else ""
        text = f"{text} {answer.summary.get('needs', '')}".strip()
        title = f"Dossier reçu de {answer.from_territory__name}"
        yield Told(at=answer.answered_at, icon="swap", title=title, text=text)
    for offer in offers:
        yield Told(at=offer.offered_at, icon="swap", title=f"Dossier proposé à {offer.to_territory__name}")
        if offer.settled_at:
            title = f"Transfert {inner(TransferState(offer.state).label)}"
            yield Told(at=offer.settled_at, icon="swap", title=title, text=offer.decline_reason)


def _done(answer: Any) -> list[Any]:
    found: list[Any] = answer.summary.get("visits", [])
    return found


@Prepared
def _received(family: Any) -> Any:
    rows = TransferAnswer.objects.filter(family=family).order_by("pk")
    return rows.values_list("answered_at", "summary", "from_territory__name")


@Prepared
def _offers(family: Any) -> Any:
    rows = FamilyTransfer.objects.filter(family=family).order_by("pk")
    return rows.values_list("offered_at", "settled_at", "state", "decline_reason", "to_territory__name")


TRANSFERS = KeptSource(perms.SEE_PAUSES, (_received, _offers), _told)

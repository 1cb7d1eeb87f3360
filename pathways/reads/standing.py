"""Who stands for each recipient by name, and whether what is written would reach her."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from copa.kernel import clock
from copa.kernel.french import NBSP
from pathways.enums import CircleRole, GrantReason, Recipient, RelayState
from pathways.models import CareCircleMember, FamilyGrant, Pathway
from pathways.reads.addressees import RECIPIENT_OF_WORK
from pathways.reads.facts import FamilyFacts
from pathways.reads.facts.agreements import GrantFacts

# Of a recipient: Recipient, and the name for somebody no list foresees.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody who stands for a recipient. `lacks` is why nothing reaches her even with the mother's yes, "" when it
    does; `user_id` and `until` are those of the opening of the file, None without one."""

    name: str
    lacks: str = ""
    user_id: int | None = None
    until: datetime | None = None


def circle_on(family_id: int, day: date) -> list[CareCircleMember]:
    """Those who stand in the circle on this local day, the oldest first; one query."""
    rows = CareCircleMember.objects.running(day).filter(family=family_id)
    return list(rows.select_related("member__user", "entry").order_by("since", "pk"))


def standing_for(circle: Iterable[CareCircleMember], facts: FamilyFacts) -> dict[Key, list[Standing]]:
    """By the circle, by an opening of the file, by the relay; each person once. `addressees.around` sends the same.

    A relay given to another sector took her yes with it; without a relay, the PMI of her commune.
    """
    found: dict[Key, list[Standing]] = defaultdict(list)
    opened: dict[tuple[int | None, str], GrantFacts] = {
        (one.user_id, one.recipient): one for one in facts.grants if _receives(one)
    }
    named = {work: (recipient, "") for work, recipient in RECIPIENT_OF_WORK.items()}
    for person in circle:
        if key := named.get(CircleRole(person.role)):
            found[key].append(_in_circle(person, opened.get((_user_of(person), key[0]))))
    for grant in opened.values():
        if grant.user_id not in {one.user_id for one in found[(grant.recipient, grant.named)]}:
            found[(grant.recipient, grant.named)].append(_opened_to(grant))
    relay = facts.birth.relay if facts.birth else None
    if pmi := (relay.pmi if relay else "") or facts.pmi:
        is_given_back = relay is not None and relay.state == RelayState.DECLINED
        found[(Recipient.PMI, "")].append(Standing(name=pmi, lacks=GIVEN_BACK if is_given_back else ""))
    return found


def unreached(pathway: Pathway, recipients: Collection[str], at: datetime) -> dict[str, list[str]]:
    """By recipient, those of the circle whom nothing reaches, with why; two queries. `pathway` with its territory."""
    day = clock.local_date(at, pathway.territory.time_zone)
    grants = FamilyGrant.objects.running(at).filter(content_object=pathway.family_id).receiving(recipients)
    opened = set(grants.values_list("user_id", "recipient"))
    found: dict[str, list[str]] = defaultdict(list)
    for person in circle_on(pathway.family_id, day):
        recipient = RECIPIENT_OF_WORK.get(CircleRole(person.role), "")
        if recipient in recipients and (_user_of(person), recipient) not in opened and (why := _lacks(person)):
            found[recipient].append(f"{person.full_name}{NBSP}: {why}")
    return found


def _receives(grant: GrantFacts) -> bool:
    """As `FamilyGrantQuerySet.receiving`."""
    is_sent = grant.reason == GrantReason.ORIENTATION and grant.recipient == Recipient.LIBERAL_MIDWIFE
    return bool(grant.recipient) and grant.reason != GrantReason.EMERGENCY and not is_sent


def _user_of(person: CareCircleMember) -> int | None:
    return person.member.user_id if person.member is not None else None


def _opened_to(grant: GrantFacts) -> Standing:
    return Standing(name=grant.name, user_id=grant.user_id, until=grant.expires_at)


def _in_circle(person: CareCircleMember, grant: GrantFacts | None) -> Standing:
    if grant is not None:
        return _opened_to(grant)
    return Standing(name=person.full_name, lacks=_lacks(person))


def _lacks(person: CareCircleMember) -> str:
    """Of somebody to whom the file is not open."""
    if person.member is not None:
        return NOT_OPEN
    return "" if person.entry is not None and person.entry.email else NO_ADDRESS


NOT_OPEN = "le dossier ne lui est pas ouvert"
GIVEN_BACK = "a rendu le relais à l’équipe"
# She is called (R044).
NO_ADDRESS = "sans adresse, à appeler"

"""Who stands for each recipient by name, and whether what is written would reach her."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from copa.kernel import clock
from copa.kernel.french import NBSP
from pathways.enums import CircleRole, Recipient, RelayLack
from pathways.models import CareCircleMember, FamilyGrant, Pathway, PmiRelay
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
    """By the circle, by an opening of the file, by the relay; each person once. `addressees.reached` sends to those who
    lack nothing.

    A relay given to another sector took her yes with it; without a relay, the PMI of her commune, whom nothing reaches.
    """
    found: dict[Key, list[Standing]] = defaultdict(list)
    opened: dict[tuple[int | None, str], GrantFacts] = {
        (one.user_id, one.recipient): one for one in facts.grants if one.receives
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
        lacks = relay.lack if relay else RelayLack.NO_RELAY.label
        found[(Recipient.PMI, "")].append(Standing(name=pmi, lacks=str(lacks)))
    return found


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody of the circle, or the PMI of the relay, whom nothing reaches, and why."""

    recipient: str
    name: str
    lacks: str

    @property
    def words(self) -> str:
        """As "Dr Simon : sans adresse, à appeler"."""
        return f"{self.name}{NBSP}: {self.lacks}"


def unreached(pathway: Pathway, recipients: Collection[str], at: datetime) -> list[Unreached]:
    """Those whom nothing written reaches; three queries. `pathway` with its territory."""
    day = clock.local_date(at, pathway.territory.time_zone)
    grants = FamilyGrant.objects.running(at).filter(content_object=pathway.family_id).receiving(recipients)
    opened = set(grants.values_list("user_id", "recipient"))
    found = []
    for person in circle_on(pathway.family_id, day):
        recipient = RECIPIENT_OF_WORK.get(CircleRole(person.role), "")
        if recipient in recipients and (_user_of(person), recipient) not in opened and (why := _lacks(person)):
            found.append(Unreached(recipient, person.full_name, why))
    if Recipient.PMI in recipients:
        found += _unreached_pmi(pathway, at)
    return found


def _unreached_pmi(pathway: Pathway, at: datetime) -> Iterator[Unreached]:
    relays = PmiRelay.objects.filter(pathway=pathway).with_lack(at).exclude(lack="").order_by("pk")
    for name, lack in relays.values_list("sector__structure__name", "lack"):
        yield Unreached(Recipient.PMI, name or _SOME_PMI, str(RelayLack(lack).label))


def _user_of(person: CareCircleMember) -> int | None:
    return person.member.user_id if person.member is not None else None


def _opened_to(grant: GrantFacts) -> Standing:
    return Standing(name=grant.name, user_id=grant.user_id, until=grant.until)


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
_SOME_PMI = "PMI"
# She is called (R044).
NO_ADDRESS = "sans adresse, à appeler"

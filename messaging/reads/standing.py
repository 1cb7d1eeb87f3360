"""Where the space of one adult stands now, who reads what is written there, and whether anything may leave for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from copa.kernel import clock
from copa.kernel.french import NBSP
from messaging.enums import SpaceState
from messaging.models import WorkingHours
from messaging.perms import reads_first
from messaging.rules import DEFAULT_WEEK, SpaceFacts, Span, Week, next_reading, space_state
from pathways.enums import Agreement, SafeChannel
from pathways.models import CoParentConsent, Pathway, PmiRelay
from pathways.reads.contact import contact_rules
from pathways.reads.facts import FamilyFacts, family_facts
from pathways.rules import ContactDecision, is_in_mourning
from pathways.rules.contact import contact_decision
from territories.models import Member, Territory

_AWAY = f"Elle est à l’hôpital{NBSP}: rien ne part vers elle."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what a parent writes now: `name` stands in a sentence, `address` is where she is told.

    `member` is the auxiliary; None for the team.
    """

    name: str
    address: str
    week: Week
    member: int | None

    @property
    def is_team(self) -> bool:
        return self.member is None

    def is_read_by(self, member: Member, *, is_teams: bool) -> bool:
        """Whether what this member opens is read: by the auxiliary, by the team once it `is_teams` to read too.

        Opened by anybody else it still waits for its reader: two people never each think that the other has it.
        """
        if reads_first(member):
            return member.pk == self.member
        return self.is_team or is_teams


@dataclass(frozen=True, slots=True)
class Standing:
    """One adult of a family at an instant; `coparent` None is the mother. `pathway` is the last one, None before it.

    `is_followed`: the family is here, and not the PMI's alone. `is_mourned`: a death silenced it.
    """

    facts: FamilyFacts
    pathway: Pathway | None
    coparent: int | None
    state: SpaceState
    is_agreed: bool
    is_followed: bool
    is_mourned: bool
    at: datetime

    @property
    def territory(self) -> Territory:
        """Where she is followed."""
        assert self.pathway is not None, "asked of a family that is followed"
        territory: Territory = self.pathway.territory
        return territory

    @property
    def is_open(self) -> bool:
        return self.state == SpaceState.OPEN

    @property
    def is_discreet(self) -> bool:
        """Whether what leaves names neither the programme nor anybody: the mother's rule binds the co-parent's too."""
        return self.contact(SafeChannel.SPACE).is_discreet

    def contact(self, channel: str) -> ContactDecision:
        """Whether something may leave for this adult now, by this channel.

        The number is that of the account. What she wished binds her alone; silence, stops and prudence bind both.
        """
        rules = replace(contact_rules(self.facts), has_phone=True, state=self.pathway.state if self.pathway else "")
        if self.coparent is not None:
            own = {"may_sms": True, "may_space": True, "has_email": False, "is_refused": False, "hours": ()}
            rules = replace(rules, **own)  # type: ignore[arg-type]
        zone = self.territory.time_zone if self.pathway else "UTC"
        decision = contact_decision(rules, channel, self.at, zone)
        is_away = self.coparent is None and self.facts.mother.is_in_hospital
        if is_away and channel in {SafeChannel.SMS, SafeChannel.EMAIL}:
            # parents.md 4.2: nothing leaves for a mother in hospital; what is written waits in her space.
            return replace(decision, allowed=False, not_before=None, reason=_AWAY)
        return decision


def standing_of(*, family_id: int, coparent: int | None, at: datetime, facts: FamilyFacts | None = None) -> Standing:
    """Six queries at most; fewer with the `facts` of the family, where they have been read."""
    facts = facts or family_facts(family_id, at)
    rows = Pathway.objects.filter(family=family_id).order_by("-included_at", "-pk")
    pathway = rows.select_related("territory", "carrier", "ap__user", "family", "consent").first()
    agreed = CoParentConsent.objects.filter(coparent=coparent, answer=Agreement.YES) if coparent else None
    is_agreed = agreed is None or agreed.exists()
    about = _facts(facts, pathway, is_mother=coparent is None, is_agreed=is_agreed, at=at)
    return Standing(
        facts=facts,
        pathway=pathway,
        coparent=coparent,
        state=space_state(about),
        is_agreed=is_agreed,
        is_followed=about.is_here and not about.is_handed_over,
        is_mourned=is_in_mourning(is_silent=about.is_silent, state=about.state),
        at=at,
    )


def _facts(
    facts: FamilyFacts, pathway: Pathway | None, *, is_mother: bool, is_agreed: bool, at: datetime
) -> SpaceFacts:
    contact, birth = facts.contact, facts.birth
    handed = PmiRelay.objects.handed_over(at).filter(family=facts.pk)
    return SpaceFacts(
        is_mother=is_mother,
        has_died=facts.mother.has_died,
        is_silent=birth is not None and birth.is_silent,
        state=pathway.state if pathway else "",
        keeps_space=pathway is not None and pathway.consent.keeps_space,
        is_here=pathway is not None and pathway.family.moved_at is None,
        is_handed_over=handed.exists(),
        is_shared=contact.is_phone_shared,
        is_wished=contact.may_space and not contact.is_refused,
        is_agreed=is_agreed,
    )


def opening_refusal(standing: Standing) -> str:
    """Why no space may be opened for this adult now; "" when one may."""
    contact = standing.facts.contact
    if standing.pathway is None:
        return f"Cette famille n’est pas incluse{NBSP}: notez d’abord son inclusion."
    if contact.is_through_team:
        return f"Aucun message ne part vers cette famille sans l’équipe de référence{NBSP}: passez par elle."
    if standing.coparent is None and contact.is_phone_shared:
        return (
            f"Quelqu’un d’autre lit son téléphone{NBSP}: un espace s’ouvre sur un téléphone qu’elle est seule à lire."
        )
    if not standing.is_agreed:
        return f"Le co-parent n’a pas dit oui{NBSP}: notez d’abord sa réponse, dans les accords."
    decision = standing.contact(SafeChannel.SPACE)
    # Its hours are those of what leaves by itself: she opens her space when she likes.
    if not decision.allowed and decision.not_before is None:
        return decision.reason
    return "" if standing.is_open else "L’accompagnement est arrêté ou suivi ailleurs : aucun espace ne s’ouvre."


def reader_now(standing: Standing) -> Reader:
    """Who reads: the auxiliary while she works here, else the team; after a death the team alone, which rings her."""
    pathway = standing.pathway
    assert pathway is not None, "asked of a family that is followed"
    day = clock.local_date(standing.at, standing.territory.time_zone)
    if pathway.ap is None or not pathway.ap.is_current_on(day) or standing.is_mourned:
        return Reader("L’équipe", pathway.carrier.mailbox, DEFAULT_WEEK, member=None)
    return Reader(pathway.ap.user.first_name, pathway.ap.user.email, week_of(pathway.ap.pk), pathway.ap.pk)


def reads_at(reader: Reader, standing: Standing) -> datetime:
    """The instant at which this reader reads what comes now: at once within her hours."""
    place = standing.territory
    return next_reading(reader.week, standing.at, zone=place.time_zone, region=place.region_id)


def week_of(member: int) -> Week:
    """The hours of an auxiliary: the last she set, else the usual week."""
    return weeks_of([member])[member]


def weeks_of(members: Iterable[int]) -> dict[int, Week]:
    """The same for several, by key. One query."""
    keys = list(members)
    rows = WorkingHours.objects.filter(member__in=keys).order_by("member_id", "-valid_from", "-pk")
    said = dict(rows.distinct("member_id").values_list("member_id", "week"))
    return {key: _week(said[key]) if key in said else DEFAULT_WEEK for key in keys}


def _week(stored: Mapping[str, Any]) -> Week:
    return {int(day): _span(hours) for day, hours in stored.items()}


def _span(hours: Any) -> Span:
    opens, closes = (time.fromisoformat(one) for one in hours)
    return Span(opens, closes)

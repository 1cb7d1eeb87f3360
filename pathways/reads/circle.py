"""The circle of a family on its page: who stands in it, who sees what until when, what has to be looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from copa.kernel import clock
from copa.kernel.french import NBSP, full_day, inner, moment
from pathways import rules
from pathways.enums import NO_COPY_WORDS, CircleEnd, CircleRole, Document, GrantReason, Recipient
from pathways.models import CareCircleMember, Family, FamilyGrant, Pathway, PmiRelay
from pathways.reads.addressees import RECIPIENT_OF_WORK
from pathways.reads.facts import FamilyFacts, family_facts
from pathways.reads.facts.agreements import GrantFacts
from pathways.reads.facts.words import words
from pathways.reads.openings import waits_for_file
from pathways.reads.standing import NOT_OPEN
from pathways.reads.team_lines import numbers_now, team_words
from pathways.reads.transfers import Arrived, arrived
from pathways.rules import Wishes

# An opening that ends within a week is looked at again: prolonged, or left to end.
ENDING_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleLine:
    """Somebody around the family. `public_id` None for those who stand here by their work or by a grant alone.

    `sees` says what is open to her and until when; `is_unidentified`: typed by hand, known to no list.
    """

    public_id: UUID | None
    name: str
    work: str
    since: date | None
    why: str
    phone: str
    sees: str
    is_unidentified: bool
    ends_soon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerLine:
    """Somebody who has left the circle."""

    name: str
    work: str
    since: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """An opening in an emergency, running or over; the last one of each person."""

    name: str
    why: str
    opened_at: datetime
    until: datetime
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePage:
    """The whole page."""

    lines: tuple[CircleLine, ...]
    former: tuple[FormerLine, ...]
    emergencies: tuple[EmergencyLine, ...]
    # Who followed the family in the territory she came from; None when she came from none.
    arrived: Arrived | None = None

    @property
    def ending_soon(self) -> tuple[CircleLine, ...]:
        """Openings to look at again."""
        return tuple(line for line in self.lines if line.ends_soon)


def circle_page(family: Family, facts: FamilyFacts, at: datetime, zone: str) -> CirclePage:
    """Eleven queries beside the facts at most, however many people stand around the family."""
    people = list(
        CareCircleMember.objects.filter(family=family).select_related("member__user", "entry").order_by("since", "pk")
    )
    today = clock.local_date(at, zone)
    grants = {grant.user_id: grant for grant in facts.grants}
    standing = [one for one in people if one.until is None or one.until > today]
    waiting = set(waits_for_file(at, today).filter(family=family).order_by().values_list("pk", flat=True))
    lines = [_person_line(one, grants, facts, at, waits=one.pk in waiting) for one in standing]
    known = {one.member.user_id for one in standing if one.member}
    alone = [grant for grant in facts.grants if grant.user_id not in known]
    return CirclePage(
        lines=(
            *_team(facts, at, zone),
            *lines,
            *(_grant_line(grant, facts, at, zone) for grant in alone),
            *_pmi(family, facts),
        ),
        former=(
            *(_former(one) for one in people if one.until is not None and one.until <= today),
            *_closed_to(family, {one.member.user_id for one in people if one.member}, at, zone),
        ),
        emergencies=tuple(emergencies(family, at)),
        arrived=arrived(family),
    )


def sees_now(person: CareCircleMember, at: datetime, zone: str) -> str:
    """What is open to somebody of the circle, in the words of her line; a reader of the file is told as such."""
    facts = family_facts(person.family_id, at)
    grant = next((one for one in facts.grants if person.member and one.user_id == person.member.user_id), None)
    if grant is not None:
        return f"Lit désormais{NBSP}: {inner(_sees(grant, facts))}"
    waits = waits_for_file(at, clock.local_date(at, zone)).filter(pk=person.pk).exists()
    return _sees_without(person, facts, waits=waits)


def _team(facts: FamilyFacts, at: datetime, zone: str) -> list[CircleLine]:
    pathway = facts.pathway
    if pathway is None:
        return []
    since = clock.local_date(pathway.included_at, zone)
    carrier = Pathway.objects.select_related("carrier__territory").get(pk=pathway.pk).carrier
    # The line that answers at this hour (rule A0), under whose name it does.
    number = numbers_now([carrier], at, carrier.territory)[carrier.pk]
    team = _line(
        carrier.name, team_words(carrier.name, number.name), "Tout le dossier", since=since, phone=number.phone
    )
    if not pathway.ap:
        return [team]
    return [_line(pathway.ap, "Auxiliaire de la famille", "Le dossier, sans le compartiment protégé"), team]


def _pmi(family: Family, facts: FamilyFacts) -> list[CircleLine]:
    """The PMI of the sector, once the relay is shown to it."""
    if not facts.pmi or not PmiRelay.objects.shown().filter(family=family).exists():
        return []
    sees = "Le relais et les comptes rendus" if receives_reports(facts, Recipient.PMI) else "Le relais"
    return [_line(facts.pmi, "PMI de secteur", f"{sees}{_since_answer(facts, Recipient.PMI)}")]


def _since_answer(facts: FamilyFacts, recipient: str) -> str:
    at = next((row.at for row in facts.recipients if row.recipient == recipient), None)
    return f", avec l’accord de la mère du {full_day(at)}" if at else ""


def _line(name: str, work: str, sees: str, *, since: date | None = None, phone: str = "") -> CircleLine:
    return CircleLine(
        public_id=None, name=name, work=work, since=since, why="", phone=phone, sees=sees, is_unidentified=False
    )


def _person_line(
    person: CareCircleMember, grants: dict[int, GrantFacts], facts: FamilyFacts, at: datetime, *, waits: bool
) -> CircleLine:
    grant = grants.get(person.member.user_id) if person.member else None
    return CircleLine(
        public_id=person.public_id,
        name=person.full_name,
        work=words(CircleRole, person.role),
        since=person.since,
        why=person.why,
        phone=person.phone,
        sees=_sees(grant, facts) if grant else _sees_without(person, facts, waits=waits),
        is_unidentified=person.member is None and person.entry_id is None,
        ends_soon=_ends_soon(grant, facts, at),
    )


def _sees_without(person: CareCircleMember, facts: FamilyFacts, *, waits: bool) -> str:
    """What reaches somebody to whom the file is not open by name; `waits`: with her yes, the team decides."""
    recipient = RECIPIENT_OF_WORK.get(CircleRole(person.role))
    if recipient is None:
        return "Rien sur la plateforme"
    if person.member is not None:
        return f"Rien{NBSP}: {NOT_OPEN}{', l’équipe en décide' if waits else ''}"
    has_address = person.entry is not None and bool(person.entry.email)
    if has_address and recipient not in NO_COPY_WORDS and receives_reports(facts, recipient):
        return "Les comptes rendus, par un lien de lecture"
    return "Rien sur la plateforme"


def _grant_line(grant: GrantFacts, facts: FamilyFacts, at: datetime, zone: str) -> CircleLine:
    return CircleLine(
        public_id=None,
        name=grant.name,
        work=grant.reason_label,
        since=clock.local_date(grant.granted_at, zone),
        why=f"Ouvert par {grant.granted_by}",
        phone="",
        sees=_sees(grant, facts),
        is_unidentified=False,
        ends_soon=_ends_soon(grant, facts, at),
    )


def _ends_soon(grant: GrantFacts | None, facts: FamilyFacts, at: datetime) -> bool:
    """Whether to look at it again; not what nobody may prolong any more."""
    if grant is None or (facts.takes_nothing_new and grant not in facts.child_doctors):
        return False
    return grant.reason != GrantReason.EMERGENCY and grant.expires_at - at <= ENDING_SOON


def _sees(grant: GrantFacts, facts: FamilyFacts) -> str:
    """What the grant opens: the file, and the reports under the mother's answer for the recipient she is."""
    until = moment(grant.expires_at) if grant.reason == GrantReason.EMERGENCY else f"jusqu’au {full_day(grant.until)}"
    reports = (
        "et les comptes rendus" if receives_reports(facts, grant.recipient, grant.named) else "sans les comptes rendus"
    )
    return f"Le dossier {reports}, {until}"


def receives_reports(facts: FamilyFacts, recipient: str, named: str = "") -> bool:
    """Whether a report would reach this recipient: her answer (A16), and nothing after a stop or in mourning (A38)."""
    answers = {(row.recipient, row.named): row.answer for row in facts.recipients}
    pathway, birth = facts.pathway, facts.birth
    wishes = Wishes(
        answer=answers.get((recipient, named), ""),
        mood_answer="",
        state=pathway.state if pathway else "",
        is_silent=birth is not None and birth.is_silent,
    )
    return rules.routing(Document.REPORT, recipient, wishes).allowed


def _former(person: CareCircleMember) -> FormerLine:
    assert person.until is not None
    return FormerLine(
        name=person.full_name,
        work=words(CircleRole, person.role),
        since=person.since,
        until=person.until,
        reason=words(CircleEnd, person.end_reason),
    )


def _closed_to(family: Family, known: set[int], at: datetime, zone: str) -> Iterator[FormerLine]:
    """Whoever stood around the family by an opening alone that has ended."""
    grants = FamilyGrant.objects.filter(content_object=family).not_in_emergency().exclude(user__in=known)
    for grant in grants.ended(at).select_related("user").order_by("granted_at", "pk"):
        yield FormerLine(
            name=grant.user.get_full_name(),
            work=words(GrantReason, grant.reason),
            since=clock.local_date(grant.granted_at, zone),
            until=clock.local_date(grant.revoked_at or clock.last_instant(grant.expires_at), zone),
            reason="Dossier refermé" if grant.revoked_at else "Ouverture arrivée à son terme",
        )


def emergencies(family: Family, at: datetime) -> list[EmergencyLine]:
    """Openings in an emergency, the latest first; one query."""
    grants = FamilyGrant.objects.filter(content_object=family).in_emergency().select_related("user")
    return [
        EmergencyLine(
            name=grant.user.get_full_name(),
            why=grant.why,
            opened_at=grant.granted_at,
            until=grant.expires_at,
            is_running=grant.revoked_at is None and grant.expires_at > at,
        )
        for grant in grants.order_by("-granted_at", "-pk")
    ]

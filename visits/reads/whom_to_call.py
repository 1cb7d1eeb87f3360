"""« Qui appeler » : whom this reader calls about a family now, and the card the family keeps (documents.md 8, A6)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from copa.kernel import clock
from copa.kernel.digest import digest_of
from copa.kernel.french import hour, listed
from pathways.enums import EmergencyUse
from pathways.models import CareCircleMember, Pathway
from pathways.reads.emergency import emergency_lines
from pathways.reads.facts import FamilyFacts, family_facts
from pathways.reads.standing import circle_on
from pathways.reads.team_lines import answering_now, in_words, lines_of, numbers_closed
from territories.enums import DutyPlace
from territories.models import DutyShift, Member, Structure
from visits.enums import VisitState
from visits.models import Visit
from visits.reads.family_material import Material, is_quiet

# As far ahead as somebody may ask who takes over: the next morning is always in it.
AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call; `phone` is E.164, "" when none is known. `is_you`: the reader herself answers."""

    name: str
    what: str
    phone: str
    is_you: bool = False


def calls(material: Material, member: Member, at: datetime) -> tuple[Call, ...]:
    """The team by the hour of its roster first; inside the team also the AP, the midwife and the PMI.

    In mourning the team alone: nobody else is to be called about this family before it has spoken (A38). Outside the
    team, its line: the roster and the circle are not hers to read.
    """
    facts = material.facts
    if facts.pathway is None:
        maternity = facts.birth
        return (Call(maternity.maternity, "Maternité", maternity.maternity_phone),) if maternity else ()
    carrier = _carrier(facts.pathway.pk)
    line = answering_now(carrier, at, member.territory)
    number = line.phone if line else numbers_closed([carrier], at, member.territory)[carrier.pk].phone
    team = line or carrier
    shifts = _shifts([team, carrier], at, material) if material.is_inside else []
    found = list(_team(team.name, number, shifts, member, at, is_inside=material.is_inside))
    if material.is_inside and not is_quiet(facts):
        found += _around(material, member)
    return tuple(found)


def _carrier(pathway: int) -> Structure:
    found: Structure = Pathway.objects.select_related("carrier").get(pk=pathway).carrier
    return found


def _shifts(teams: list[Structure], at: datetime, material: Material) -> list[Any]:
    rows = DutyShift.objects.between(at, at + AHEAD).filter(structure__in=teams).exclude(place=DutyPlace.AP)
    found = rows.select_related("member__user").order_by("starts_at", "place", "pk")
    return [one for one in found if one.member.is_current_on(clock.local_date(max(one.starts_at, at), material.zone))]


def _team(
    team: str, number: str, shifts: list[Any], member: Member, at: datetime, *, is_inside: bool
) -> Iterator[Call]:
    """The line that answers at this hour (rule A0), then who is on duty."""
    if not is_inside:
        yield Call(team, "Équipe de référence", number)
        return
    now = {one.place: one for one in shifts if one.starts_at <= at}
    first = now.get(DutyPlace.FIRST)
    yield Call(team, _hours(first, shifts, at), number)
    for place, words in (
        (DutyPlace.FIRST, "De garde"),
        (DutyPlace.SECOND, "Si l’équipe ne répond pas"),
        (DutyPlace.DOCTOR, "Médecin d’astreinte"),
    ):
        if shift := now.get(place):
            is_you = shift.member_id == member.pk
            until = f"{words}, jusqu’à {hour(shift.ends_at)}"
            yield Call(shift.member.user.get_full_name(), until, shift.member.user.phone, is_you)


def _hours(first: Any, shifts: Iterable[Any], at: datetime) -> str:
    """Who answers now, or from when somebody does."""
    if first is not None:
        return "Équipe de référence, quelqu’un est de garde"
    later = next((one for one in shifts if one.starts_at > at and one.place == DutyPlace.FIRST), None)
    from_when = f", à partir de {hour(later.starts_at)} {later.member.user.get_full_name()}" if later else ""
    return f"Équipe de référence. Personne n’est de garde en ce moment{from_when}"


def _around(material: Material, member: Member) -> Iterator[Call]:
    facts, directory = material.facts, material.directory
    pathway = facts.pathway
    assert pathway is not None, "asked of a pathway"
    if pathway.ap_id and pathway.ap_id != member.pk:
        yield Call(pathway.ap, "Auxiliaire de la famille", directory.phone(pathway.ap_id))
    yield from (Call(*_named_with(one)) for one in material.circle if one.is_home_midwife)
    relay = facts.birth.relay if facts.birth else None
    if relay is not None and relay.is_agreed and relay.pmi:
        yield Call(relay.pmi, "PMI du secteur", relay.pmi_phone)


def _midwives(facts: FamilyFacts, today: date) -> list[CareCircleMember]:
    """The midwives who stand in the circle on this local day."""
    return [one for one in circle_on(facts.pk, today) if one.is_home_midwife]


def _named_with(person: CareCircleMember) -> tuple[str, str, str]:
    """Name, work and number."""
    return person.full_name, str(person.get_role_display()), person.number


# ---- The card the family keeps -------------------------------------------------------------------------------
# documents.md 8: five lines for each, in the words of alerts.md; then one idea a line, for the card easy to read.
CHILD_SIGNS = (
    "il respire mal",
    "il est bleu ou gris",
    "il est très mou, ou très dur à réveiller",
    "il a 38\u00a0°C ou plus",
    "il ne mange plus",
)
MOTHER_SIGNS = (
    "vous saignez beaucoup",
    "vous avez du mal à respirer",
    "vous avez très mal à la tête et la vue trouble",
    "vous avez 38\u00a0°C ou plus",
    "vous avez envie de mourir",
)
EASY_CHILD_SIGNS = (
    "Bébé respire mal.",
    "Bébé est bleu ou gris.",
    "Bébé est tout mou. Ou bébé ne se réveille pas.",
    "Bébé a 38\u00a0°C ou plus.",
    "Bébé ne mange plus.",
)
EASY_MOTHER_SIGNS = (
    "Vous saignez beaucoup.",
    "Vous respirez mal.",
    "Vous avez très mal à la tête. Et vous voyez trouble.",
    "Vous avez 38\u00a0°C ou plus.",
    "Vous voulez mourir.",
)
# Who answers day and night beside the emergency line; the words, then those of the card easy to read.
_DAY_AND_NIGHT = (
    (EmergencyUse.SUICIDE, "idées noires, jour et nuit", "Vous avez des idées noires."),
    (EmergencyUse.VIOLENCE, "violences", "Quelqu’un vous fait du mal."),
    (EmergencyUse.CHILD, "enfant en danger", "Un enfant est en danger."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """Both sides of the card. `is_discreet`: no name of a team, no number that tells of violence (A36).

    `is_easy`: easy to read (FALC). `emergency` is the line called first here, `lines` the others with their words;
    `visit_at` None when none is planned; `midwives` and `pmi` with their number, "" when none is known.
    """

    is_discreet: bool
    is_easy: bool
    team: str
    team_phone: str
    team_hours: str
    ap: str
    visit_at: datetime | None
    midwives: tuple[tuple[str, str], ...]
    pmi: str
    pmi_phone: str
    emergency: str
    lines: tuple[tuple[str, str], ...]
    child_signs: tuple[str, ...]
    mother_signs: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Of everything it says."""
        at = self.visit_at.isoformat() if self.visit_at else ""
        return digest_of({**asdict(self), "visit_at": at})


def call_card(pathway: Pathway, at: datetime, *, zone: str, is_discreet: bool, is_easy: bool = False) -> CallCard:
    """What is printed for one family. A mother who asked for discreet messages never gets the other card."""
    facts = family_facts(pathway.family_id, at)
    assert facts.pathway is not None, "printed for a pathway"
    relay = facts.birth.relay if facts.birth else None
    pmi = relay if relay is not None and relay.is_agreed else None
    planned = Visit.objects.filter(pathway=pathway, state=VisitState.PLANNED, planned_at__gte=at)
    ap = Member.objects.filter(pk=pathway.ap_id).order_by("pk").values_list("user__first_name", flat=True)
    is_discreet = is_discreet or facts.contact.is_discreet
    numbers = {one.use: one.phone for one in emergency_lines()}
    return CallCard(
        is_discreet=is_discreet,
        is_easy=is_easy,
        team=facts.pathway.carrier,
        team_phone=facts.pathway.carrier_phone,
        team_hours=in_words(lines_of([pathway.carrier])[pathway.carrier_id].hours),
        ap=listed(list(ap)),
        visit_at=planned.order_by("planned_at", "pk").values_list("planned_at", flat=True).first(),
        midwives=tuple((one.full_name, one.number) for one in _midwives(facts, clock.local_date(at, zone))),
        pmi=pmi.pmi if pmi else "",
        pmi_phone=pmi.pmi_phone if pmi else "",
        emergency=numbers[EmergencyUse.SAMU],
        lines=tuple(_day_and_night(numbers, is_discreet=is_discreet, is_easy=is_easy)),
        child_signs=EASY_CHILD_SIGNS if is_easy else CHILD_SIGNS,
        mother_signs=EASY_MOTHER_SIGNS if is_easy else MOTHER_SIGNS,
    )


def _day_and_night(numbers: dict[str, str], *, is_discreet: bool, is_easy: bool) -> Iterator[tuple[str, str]]:
    for use, plain, easy in _DAY_AND_NIGHT:
        if numbers.get(use) and not (is_discreet and use == EmergencyUse.VIOLENCE):
            yield numbers[use], easy if is_easy else plain

"""Who prepares a meeting, who writes and reads its minutes, who carries out what it decided (R086, R099)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel.access import Moment, Perm
from pathways.enums import Attendance, DecisionState
from pathways.models import Decision, Family, MeetingItem, MeetingParticipant, StaffMeeting
from pathways.models.meetings import OF_STOPPED, is_invited
from pathways.perms.base import CARE, MIDWIVES_AND_AP, followed, of_followed
from pathways.perms.routing import is_of_team, nothing_stopped, readable_outside, reads_for_child
from territories.enums import EMR, PILOTS, Role
from territories.models import Member
from territories.perms import of_own_structure, own_structure

# Those of the care circle who read them with the mother's agreement (R086, A16); the child's doctor reads what is the
# child's alone (documents.md 1, column P).
AGREED = frozenset({Role.LIBERAL_MIDWIFE, Role.PMI_STAFF, Role.OUTSIDE_PROFESSIONAL})

_VALIDATED = "Le compte rendu de cette réunion est validé : il ne change plus."
NOT_VALIDATED = Moment(Q(closed_at=None), lambda meeting: _VALIDATED)
ITEM_NOT_VALIDATED = Moment(Q(meeting__closed_at=None), lambda item: _VALIDATED)


def _invited(meetings: Any, member: Member) -> QuerySet[Any]:
    if member.role == Role.COORDINATOR:
        return meetings  # type: ignore[no-any-return]
    return StaffMeeting.objects.visible_to(member) & meetings  # type: ignore[no-any-return]


def _led(meetings: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Meetings of her team, for the PMI doctor those she is invited to besides: nobody else reads a draft (R086)."""
    if member.role != Role.PMI_DOCTOR:
        return of_own_structure(meetings, member)
    return meetings.filter(Q(structure=member.structure_id) | is_invited(member))


def _of_led_meetings(items: QuerySet[Any], member: Member) -> QuerySet[Any]:
    led = _led(StaffMeeting.objects.all(), member)
    return of_followed(items, member).filter(meeting__in=led.values("pk"))


def _was_there(member: Member) -> Exists:
    present = MeetingParticipant.objects.filter(meeting=OuterRef("meeting"), member=member, presence=Attendance.PRESENT)
    return Exists(present)


def _holds_decision(member: Member) -> Exists:
    return Exists(Decision.objects.filter(item=OuterRef("pk"), owner=member))


def _readable(items: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Validated minutes of the families she follows: the team's own, a participant's, the circle's with agreement.

    Outside the team nobody reads them once the follow-up has stopped or the family mourns, and a decision confided
    opens itself alone (documents.md 3, R086, A38).
    """
    # Not `of_followed`: the pilots open every family, but the minutes are for those who were there (R086).
    validated = items.filter(meeting__closed_at__isnull=False, family__in=followed(Family.objects.all(), member))
    if member.role in MIDWIVES_AND_AP:
        # The team itself reads the minutes of its families without being asked (R098).
        return validated
    was_there = Q(_was_there(member))
    if member.role not in AGREED:
        return validated.filter(was_there | Q(_holds_decision(member)))
    of_mother = validated.filter(~reads_for_child(member))
    heard = nothing_stopped(validated, "pathway").filter(was_there)
    return heard | readable_outside(of_mother, member, pathway="pathway")


def _readable_entries(entries: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """The team's own notes; the circle's with the mother's agreement, until she stops (R099, A16)."""
    about_followed = of_followed(entries, member)
    return about_followed if is_of_team(member) else readable_outside(about_followed, member, pathway="pathway")


def _own_decisions(decisions: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those confided to her, for whoever leads a team those of its meetings too; outside the team none after a stop."""
    validated = decisions.filter(item__meeting__closed_at__isnull=False)
    hers = of_followed(validated, member).filter(owner=member)
    if member.role in AGREED:
        return nothing_stopped(hers, "item__pathway")
    if member.role not in EMR:
        return hers
    return of_followed(validated, member) if member.role in PILOTS else hers | _of_team(validated, member)


def _of_team(decisions: QuerySet[Any], member: Member) -> QuerySet[Any]:
    return of_followed(decisions, member).filter(item__meeting__structure=member.structure_id)


def _own_drafts(decisions: QuerySet[Any], member: Member) -> QuerySet[Any]:
    drafted = _of_led_meetings(MeetingItem.objects.all(), member).filter(meeting__closed_at=None)
    return decisions.filter(item__in=drafted)


SEE_MEETINGS = Perm(
    code="pathways.see_meetings",
    label="Voir les réunions où l’on est invité",
    model="pathways.StaffMeeting",
    roles=CARE,
    where=_invited,
)
PREPARE_MEETING = Perm(
    code="pathways.prepare_meeting",
    label="Préparer une réunion pluridisciplinaire",
    model="territories.Structure",
    roles=EMR,
    where=own_structure,
)
RUN_MEETING = Perm(
    code="pathways.run_meeting",
    label="Conduire une réunion et valider son compte rendu",
    model="pathways.StaffMeeting",
    roles=EMR,
    where=_led,
    moment=NOT_VALIDATED,
)
WRITE_ITEM = Perm(
    code="pathways.write_item",
    label="Écrire ce qui est dit d’une famille en réunion",
    model="pathways.MeetingItem",
    roles=EMR,
    where=_of_led_meetings,
    moment=ITEM_NOT_VALIDATED,
)
READ_MINUTES = Perm(
    code="pathways.read_minutes",
    label="Lire le compte rendu de réunion d’une famille",
    model="pathways.MeetingItem",
    roles=CARE,
    where=_readable,
)
TELL_PARENTS = Perm(
    code="pathways.tell_parents",
    label="Dire aux parents ce qu’une réunion propose, et leur remettre leur copie",
    model="pathways.MeetingItem",
    # The team of the family: whoever prints for a parent answers for what the other one must not read.
    roles=MIDWIVES_AND_AP | {Role.PMI_DOCTOR},
    where=_readable,
)
READ_ANNEX = Perm(
    code="pathways.read_annex",
    label="Lire la partie protégée d’une réunion",
    model="pathways.MeetingAnnex",
    # documents.md 3, block 4: the referring team and the PMI doctor only.
    roles=EMR,
    where=of_followed,
)
DROP_DECISION = Perm(
    code="pathways.drop_decision",
    label="Retirer une décision avant la validation",
    model="pathways.Decision",
    roles=EMR,
    where=_own_drafts,
)
SETTLE_DECISION = Perm(
    code="pathways.settle_decision",
    label="Dire si une décision de réunion est faite",
    model="pathways.Decision",
    roles=CARE,
    where=_own_decisions,
)
HAND_OVER_DECISION = Perm(
    code="pathways.hand_over_decision",
    label="Confier une décision de réunion à quelqu’un d’autre",
    model="pathways.Decision",
    roles=CARE,
    where=_own_decisions,
    moment=Moment(Q(state=DecisionState.OPEN) & ~OF_STOPPED, lambda decision: "Cette décision n’est plus à faire."),
)
SEE_COORDINATION = Perm(
    code="pathways.see_coordination",
    label="Voir les réunions et les temps de coordination d’une famille",
    model="pathways.Family",
    roles=CARE - {Role.OUTSIDE_PROFESSIONAL},
    where=followed,
)
READ_COORDINATION = Perm(
    code="pathways.read_coordination",
    label="Lire ce qui est noté d’un temps de coordination",
    model="pathways.CoordinationEntry",
    roles=CARE - {Role.OUTSIDE_PROFESSIONAL},
    where=_readable_entries,
)
NOTE_COORDINATION = Perm(
    code="pathways.note_coordination",
    label="Noter un temps de coordination",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP | {Role.PMI_DOCTOR},
    where=followed,
)
PUT_ON_AGENDA = Perm(
    code="pathways.put_on_agenda",
    label="Mettre une famille à l’ordre du jour",
    model="pathways.Family",
    roles=EMR,
    where=followed,
)
SEE_UNCOORDINATED = Perm(
    code="pathways.see_uncoordinated",
    label="Voir les familles sans temps de coordination",
    model="pathways.Pathway",
    roles=EMR,
    where=of_followed,
)

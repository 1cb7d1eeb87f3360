"""Orientations to decide, to send, unanswered; what meetings decided; families nobody took time for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.french import day as short_day
from pathways import perms
from pathways.enums import DecisionKind, OrientationState, OrientationUrgency
from pathways.reads.coordination import without_coordination
from pathways.reads.facts.words import words
from pathways.reads.team_meetings import pace, teams
from pathways.rules.orientations import REMINDERS
from territories.catalogue import TYPES, NeedCategory
from territories.models import Member
from visits import rules
from visits.reads.todo.base import Now, Subject, Waiting

_WHEN = {OrientationUrgency.TODAY: "pour aujourd’hui", OrientationUrgency.THIS_WEEK: "pour cette semaine"}
_ANSWER = timedelta(days=rules.ANSWER_DAYS)


def _listed(orientations: Any) -> Any:
    """A sealed one is never in a list; nothing in mourning or after a stop (A38)."""
    return orientations.running().exclude(need__category=NeedCategory.SEALED).filter(family__moved_at=None)


def orientations(member: Member, now: Now) -> Iterator[Waiting]:
    """Requests of the AP to decide, and those accepted that have not left (R004); due at once where she said so."""
    wanted = [OrientationState.PROPOSED, OrientationState.ACCEPTED]
    rows = _listed(perms.DECIDE_ORIENTATION.rows(member)).filter(state__in=wanted).order_by("proposed_at", "pk")
    columns = ("public_id", "family_id", "target_type", "state", "proposed_at", "decided_at", "urgency")
    for one in rows.values_list(*columns, named=True):
        is_new = one.state == OrientationState.PROPOSED
        since = clock.local_date(one.proposed_at if is_new else one.decided_at, now.zone)
        yield Waiting(
            subject=Subject.ORIENTATIONS,
            family_id=one.family_id,
            words="Décider une orientation" if is_new else "Envoyer une orientation",
            detail=", ".join(filter(None, (TYPES[one.target_type].label, _WHEN.get(one.urgency)))),
            due=since if one.urgency == OrientationUrgency.TODAY else since + _ANSWER,
            page="pathways:orientation",
            public_id=one.public_id,
            is_pressing=one.urgency == OrientationUrgency.TODAY,
        )


def held_back(member: Member, now: Now) -> Iterator[Waiting]:
    """Asked for several children of whom one is left: to close, or to ask anew; no cause (alerts.md 6.1)."""
    rows = perms.DECIDE_ORIENTATION.rows(member).held_back().filter(family__moved_at=None)
    columns = ("public_id", "family_id", "target_type", "proposed_at")
    for one in (
        rows.exclude(need__category=NeedCategory.SEALED).order_by("proposed_at", "pk").values_list(*columns, named=True)
    ):
        yield Waiting(
            subject=Subject.ORIENTATIONS,
            family_id=one.family_id,
            words="Orientation à garder ou non",
            detail=f"{TYPES[one.target_type].label}, la situation a changé",
            due=now.today + _ANSWER,
            page="pathways:orientation",
            public_id=one.public_id,
        )


def turned_down(member: Member, now: Now) -> Iterator[Waiting]:
    """The service cannot take her, or she did not come: to be decided again."""
    rows = _listed(perms.CONFIRM_CONTACT.rows(member)).to_decide_again()
    columns = ("public_id", "family_id", "target_type", "state", "answered_at", "proposed_at")
    for one in rows.order_by("answered_at", "pk").values_list(*columns, named=True):
        yield Waiting(
            subject=Subject.ORIENTATIONS,
            family_id=one.family_id,
            words="Pas venue au rendez-vous" if one.state == OrientationState.NOT_COME else "Orientation à refaire",
            detail=TYPES[one.target_type].label,
            due=clock.local_date(one.answered_at or one.proposed_at, now.zone) + _ANSWER,
            page="pathways:orientation",
            public_id=one.public_id,
        )


def team_meetings(member: Member, now: Now) -> Iterator[Waiting]:
    """Teams that have not met their auxiliaries for longer than the territory allows (R049)."""
    if not perms.KEEP_TEAM_MEETINGS.is_held_by(member):
        return
    for team in teams(perms.KEEP_TEAM_MEETINGS.rows(member), now.today, every=pace()):
        if team.is_late:
            yield Waiting(
                subject=Subject.MEETINGS,
                family_id=None,
                words="Réunir les auxiliaires",
                detail=team.name,
                due=team.due_on,
                page="pathways:team_meetings",
                public_id=None,
            )


def unanswered(member: Member, now: Now) -> Iterator[Waiting]:
    """Orientations sent that nobody has answered since the first reminder."""
    rows = _listed(perms.CONFIRM_CONTACT.rows(member)).unanswered().filter(sent_at__lte=now.at - REMINDERS[0])
    for one in rows.order_by("sent_at", "pk").values_list(
        "public_id", "family_id", "target_type", "sent_at", named=True
    ):
        yield Waiting(
            subject=Subject.ORIENTATIONS,
            family_id=one.family_id,
            words="Orientation sans réponse",
            detail=f"{TYPES[one.target_type].label}, envoyée {short_day(one.sent_at)}",
            due=clock.local_date(one.sent_at + REMINDERS[-1], now.zone),
            page="pathways:orientation",
            public_id=one.public_id,
        )


def decisions(member: Member, now: Now) -> Iterator[Waiting]:
    """Her own decisions of meetings, and those of her team that are overdue or whose owner lost the family; none after
    a stop or in mourning (A38)."""
    rows = perms.SETTLE_DECISION.rows(member).owed().with_left().filter(family__moved_at=None)
    rows = rows.filter(Q(owner=member) | Q(due_on__lt=now.today) | Q(is_left=True))
    columns = ("public_id", "family_id", "kind", "due_on", "is_left")
    for one in rows.order_by("due_on", "pk").values_list(*columns, named=True):
        yield Waiting(
            subject=Subject.MEETINGS,
            family_id=one.family_id,
            words="Décision de réunion à confier de nouveau" if one.is_left else "Décision de réunion à tenir",
            detail=words(DecisionKind, one.kind),
            due=one.due_on,
            page="pathways:decision",
            public_id=one.public_id,
        )


def coordination(member: Member, now: Now) -> Iterator[Waiting]:
    """Families whose pathway closed without anybody taking time for them (R099)."""
    if not perms.NOTE_COORDINATION.is_held_by(member):
        return
    rows = without_coordination(member).filter(closed_at__gte=now.at - rules.TODO_PERIOD, family__moved_at=None)
    for family_id, public_id, closed_at in rows.order_by("closed_at", "pk").values_list(
        "family_id", "family__public_id", "closed_at"
    ):
        yield Waiting(
            subject=Subject.COORDINATION,
            family_id=family_id,
            words="Noter un temps de coordination",
            detail=f"parcours clos {short_day(closed_at)}",
            due=clock.local_date(closed_at, now.zone) + timedelta(days=rules.COORDINATION_DAYS),
            page="pathways:coordination",
            public_id=public_id,
        )

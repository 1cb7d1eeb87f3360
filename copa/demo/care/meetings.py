"""A meeting that was held, with decisions done and late, and one to come."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from copa.demo.care.base import Office
from copa.demo.people import Post
from copa.demo.places import PMI
from pathways.actions.minutes import seal_minutes
from pathways.enums import (
    Attendance,
    DecisionKind,
    DecisionState,
    Document,
    MeetingCause,
    PathwayState,
    Recipient,
    SendingWay,
)
from pathways.models import (
    CoordinationEntry,
    Decision,
    MeetingAnnex,
    MeetingItem,
    MeetingParticipant,
    MinutesCopy,
    Sending,
    StaffMeeting,
)
from pathways.rules.routing import Wishes, routing
from territories.enums import Role

HELD_DAYS, AHEAD_DAYS = -6, 3


def write_meetings(office: Office) -> None:
    """Six days ago, and in three days; a few times of coordination beside them."""
    _held(office)
    _to_come(office)
    for script, days, minutes, note in (
        ("low_mood", -1, 15, "Appel entre l’auxiliaire et la sage-femme après la visite."),
        ("relay_waits", -4, 20, "Point avec la PMI sur les démarches en cours."),
        ("third_with_pmi", -3, 10, ""),
    ):
        office.put(
            CoordinationEntry,
            **office.of(script),
            on=office.today(days),
            minutes=minutes,
            participants="Auxiliaire, sage-femme de l’équipe",
            note=note,
            noted_by_id=office.member(Role.REFERRING_TEAM).pk,
            noted_at=office.moment(days, 17),
        )


def _meeting(office: Office, days: int, presence: Sequence[tuple[Post, str]], *, is_closed: bool) -> StaffMeeting:
    team = office.member(Role.REFERRING_TEAM)
    meeting = office.put(
        StaffMeeting,
        structure_id=office.maternity,
        planned_at=office.moment(days, 14),
        place="Salle de staff, 2e étage",
        convened_by_id=team.pk,
        convened_at=office.moment(days - 5, 10),
        closed_by_id=team.pk if is_closed else None,
        closed_at=office.moment(days, 16) if is_closed else None,
    )
    for post, attendance in presence:
        office.put(MeetingParticipant, meeting=meeting, member_id=post.pk, presence=attendance)
    return meeting


def _item(office: Office, meeting: StaffMeeting, script: str, cause: str, **values: Any) -> MeetingItem:
    return office.put(
        MeetingItem,
        meeting=meeting,
        **office.of(script),
        cause=cause,
        added_by_id=meeting.convened_by_id,
        added_at=meeting.convened_at,
        **values,
    )


def _held(office: Office) -> None:
    team, ap = office.member(Role.REFERRING_TEAM), office.member(Role.AP)
    there = [team, office.known.coordinator, ap, office.member(Role.PMI_STAFF)]
    presence = [(post, Attendance.PRESENT) for post in there]
    presence.append((office.member(Role.LIBERAL_MIDWIFE), Attendance.EXCUSED))
    meeting = _meeting(office, HELD_DAYS, presence, is_closed=True)
    first = _item(
        office, meeting, "relay_waits", MeetingCause.TEAM,
        family_words="Elle sait que nous en parlons. Elle souhaite surtout de l’aide pour ses démarches.",
        facts="Attend l’ouverture de ses droits depuis la naissance.\nBébé prend bien, visites régulières.",
        parents_told_by_id=ap.pk, parents_told_at=office.moment(HELD_DAYS + 2, 12),
    )  # fmt: skip
    _decide(office, first, DecisionKind.ORIENTATION, "Prendre rendez-vous avec le service social.", ap, -2)
    done = {
        "state": DecisionState.DONE,
        "settled_by_id": team.pk,
        "settled_at": office.moment(HELD_DAYS + 2, 11),
        "settled_words": "Appelée ce matin, d’accord pour le rendez-vous.",
    }
    _decide(office, first, DecisionKind.CALL, "", team, HELD_DAYS + 3, **done)
    second = _item(
        office, meeting, "relay_questioned", MeetingCause.PARENTS_REQUEST,
        told_by_id=ap.pk, tell_on=office.today(HELD_DAYS + 2), facts="Les parents demandent qui suivra bébé ensuite.",
    )  # fmt: skip
    _decide(office, second, DecisionKind.PMI, "Présenter la puéricultrice de secteur.", team, 2)
    third = _item(
        office, meeting, "third_with_pmi", MeetingCause.PARENTS_REQUEST,
        family_words="Les parents aimeraient une visite de plus, avec la puéricultrice.", facts="",
    )  # fmt: skip
    _decide(office, third, DecisionKind.OTHER, "Écrire à la PMI pour la visite commune.", office.known.coordinator, 1)
    office.put(
        MeetingAnnex,
        item=second,
        family_id=second.family_id,
        text="A parlé d’une période difficile il y a deux ans. Ne souhaite pas que cela soit écrit ailleurs.",
        written_by_id=team.pk,
        written_at=meeting.planned_at + timedelta(minutes=40),
    )
    _hand_out(office, meeting, {"relay_waits": first, "relay_questioned": second, "third_with_pmi": third})
    seal_minutes(meeting=meeting)


ASK_HER = routing(
    Document.MINUTES,
    Recipient.GENERAL_PRACTITIONER,
    Wishes(answer="", mood_answer="", state=PathwayState.ACTIVE),
).reason


def _hand_out(office: Office, meeting: StaffMeeting, items: Mapping[str, MeetingItem]) -> None:
    """The PMI was told that the minutes wait; a doctor nobody has asked the mother about was not."""
    at = meeting.closed_at
    pmi = office.place.of_kind(PMI)[0].name
    for script, item in items.items():
        about = {"family_id": item.family_id, "item": item, "at": at}
        sending = office.put(
            Sending, **office.of(script), recipient=Recipient.PMI, document=Document.MINUTES, to=pmi,
            how=SendingWay.MAIL, structure_id=office.known.houses[pmi], at=at,
        )  # fmt: skip
        office.put(MinutesCopy, recipient=Recipient.PMI, to=pmi, sending=sending, **about)
    first = items["relay_waits"]
    doctor = {"recipient": Recipient.GENERAL_PRACTITIONER, "to": "Docteur Claire Vasseur", "refused": ASK_HER}
    office.put(MinutesCopy, family_id=first.family_id, item=first, at=at, **doctor)


def _decide(
    office: Office, item: MeetingItem, kind: str, words: str, owner: Post, days: int, **settled: Any
) -> Decision:
    due_on: date = office.today(days)
    values = {"kind": kind, "words": words, "owner_id": owner.pk, "due_on": due_on, "told_by_id": owner.pk}
    return office.put(Decision, item=item, family_id=item.family_id, **values, **settled)


def _to_come(office: Office) -> None:
    posts = [
        office.member(Role.REFERRING_TEAM),
        office.known.coordinator,
        office.member(Role.AP),
        office.member(Role.PMI_STAFF),
        office.member(Role.LIBERAL_MIDWIFE),
    ]
    meeting = _meeting(office, AHEAD_DAYS, [(post, Attendance.INVITED) for post in posts], is_closed=False)
    _item(office, meeting, "low_mood", MeetingCause.EPDS)
    _item(office, meeting, "relay_forgotten", MeetingCause.RELAY)

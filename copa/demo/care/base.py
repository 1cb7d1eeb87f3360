"""With what the rows around the staged families are written: who, where, when, and the next public id."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from copa.demo.known import Known
from copa.demo.people import Post, Team
from copa.demo.places import MATERNITY, Place
from messaging.models import Conversation, Message, MessageReading, ParentAccount, WorkingHours
from pathways.models import (
    AnswerLink,
    AntenatalConsent,
    CalendarItem,
    CareCircleMember,
    Concern,
    ContactAttempt,
    CoParentConsent,
    Decision,
    EarlyCall,
    EarlyCallPerson,
    EpdsScreening,
    EpdsValues,
    GridAnswer,
    GridConclusion,
    GridReview,
    HospitalStay,
    ImportFile,
    ImportProfile,
    ImportRun,
    MeetingAnnex,
    MeetingItem,
    MeetingParticipant,
    MidwifeVisit,
    MinutesCopy,
    Need,
    NotProposed,
    Observation,
    Orientation,
    Pathway,
    PmiTransmission,
    Presentation,
    RelayStep,
    RelayTask,
    SealedGridAnswer,
    Sending,
    StaffMeeting,
    Suggestion,
    TeamMeeting,
    TeamMeetingAttendee,
    UnnamedBirths,
)
from territories.models import (
    ConventionGap,
    DirectoryEntry,
    DutyShift,
    Experience,
    GroupEvent,
    GroupEventDate,
    Partnership,
    PartnershipParty,
    Protocol,
    ProtocolVersion,
    StoredFile,
    Training,
)
from visits.models import ReportCopy

# Written here and nowhere else in the demonstration; parents first.
CARE_MODELS: tuple[type[Model], ...] = (
    DirectoryEntry,
    DutyShift,
    StoredFile,
    Partnership,
    PartnershipParty,
    ConventionGap,
    Protocol,
    ProtocolVersion,
    Training,
    Experience,
    Presentation,
    AntenatalConsent,
    NotProposed,
    UnnamedBirths,
    EarlyCall,
    EarlyCallPerson,
    CalendarItem,
    MidwifeVisit,
    ImportProfile,
    ImportRun,
    ImportFile,
    GridReview,
    GridAnswer,
    SealedGridAnswer,
    GridConclusion,
    EpdsScreening,
    EpdsValues,
    Suggestion,
    Observation,
    Need,
    Orientation,
    AnswerLink,
    StaffMeeting,
    MeetingParticipant,
    MeetingItem,
    MeetingAnnex,
    Decision,
    RelayStep,
    RelayTask,
    HospitalStay,
    ContactAttempt,
    CareCircleMember,
    Sending,
    MinutesCopy,
    CoParentConsent,
    Concern,
    PmiTransmission,
    ReportCopy,
    TeamMeeting,
    TeamMeetingAttendee,
    GroupEvent,
    GroupEventDate,
    WorkingHours,
    ParentAccount,
    Conversation,
    Message,
    MessageReading,
)

Row = TypeVar("Row", bound=Model)


@dataclass
class Office:
    """One territory: `families` gives the keys of the staged families by the name of their script."""

    known: Known
    place: Place
    team: Team
    at: datetime
    seed: str
    families: dict[str, list[int]]
    written: int = 0
    entries: dict[str, DirectoryEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = Random(f"{self.seed}:{self.place.slug}:care")
        self.house = self.place.of_kind(MATERNITY)[0].name
        self.maternity = self.known.houses[self.house]

    def uid(self) -> UUID:
        """The next public id: the same ones for the same options."""
        return UUID(int=self._ids.getrandbits(128), version=4)

    def put(self, model: Callable[..., Row], **values: Any) -> Row:
        """Write one row."""
        row = model(public_id=self.uid(), **values)
        row.save(force_insert=True)
        self.written += 1
        return row

    def member(self, role: str, rank: int = 0) -> Post:
        """A known account of a role; `rank` 1 is her neighbour."""
        return [post for post in self.team.of(role) if post.is_known][rank]

    def family(self, script: str, rank: int = 0) -> int:
        """The key of a staged family."""
        return self.families[script][rank]

    def pathway(self, script: str, rank: int = 0) -> Pathway:
        """The pathway of a staged family that was included."""
        found: Pathway = Pathway.objects.select_related("birth").get(family=self.family(script, rank))
        return found

    def of(self, script: str, rank: int = 0) -> dict[str, int]:
        """The two columns that name the family of most rows."""
        pathway = self.pathway(script, rank)
        return {"family_id": pathway.family_id, "pathway_id": pathway.pk}

    def today(self, days: int = 0) -> date:
        """The local day, or another one."""
        return (self.at + timedelta(days=days)).astimezone(self.known.zone).date()

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour of another local day; an hour of today that has not come yet is an hour ago."""
        local = (self.at + timedelta(days=days)).astimezone(self.known.zone)
        wanted = local.replace(hour=hour, minute=minute).astimezone(self.at.tzinfo)
        return wanted if days else min(wanted, self.at - timedelta(hours=1))

"""Territories, structures, people and their roles, how a territory is led, the two traces and the outbox."""

from territories.models.activation import Activation
from territories.models.base import (
    REPRESENTATIVE,
    REVIEW_EVERY,
    AccessLog,
    CapacityCheck,
    Commune,
    DirectoryEntry,
    DutyShift,
    HistoryEvent,
    Mandate,
    Member,
    OutgoingMessage,
    PmiSector,
    Region,
    Structure,
    Territory,
    TerritoryRow,
    User,
    full_name,
    members_of,
)
from territories.models.committees import Committee
from territories.models.community import Participation, Post, PostFlag
from territories.models.events import GroupEvent, GroupEventDate
from territories.models.files import StoredFile
from territories.models.partnerships import ConventionGap, Partnership, PartnershipParty
from territories.models.protocols import Protocol, ProtocolVersion
from territories.models.training import Experience, Training, of_auxiliaries_led_by

__all__ = [
    "REPRESENTATIVE",
    "REVIEW_EVERY",
    "AccessLog",
    "Activation",
    "CapacityCheck",
    "Committee",
    "Commune",
    "ConventionGap",
    "DirectoryEntry",
    "DutyShift",
    "Experience",
    "GroupEvent",
    "GroupEventDate",
    "HistoryEvent",
    "Mandate",
    "Member",
    "OutgoingMessage",
    "Participation",
    "Partnership",
    "PartnershipParty",
    "PmiSector",
    "Post",
    "PostFlag",
    "Protocol",
    "ProtocolVersion",
    "Region",
    "StoredFile",
    "Structure",
    "Territory",
    "TerritoryRow",
    "Training",
    "User",
    "full_name",
    "members_of",
    "of_auxiliaries_led_by",
]

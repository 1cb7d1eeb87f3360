"""Families and what is promised to them: births, proposals, consents, pathways, alerts, relays, stops."""

from pathways.models.alert_facts import SealedAlertFacts
from pathways.models.alert_readers import AlertReader
from pathways.models.alerts import Alert, AlertDelay, AlertNote, AlertNotice, AlertStep, EmergencyNumber
from pathways.models.base import FamilyRow, OfFamiliesQuerySet, keeps_records, knows_every_family, of_visible_families
from pathways.models.births import Birth, Child, Discharge, Proposal, presenter_offered
from pathways.models.calendar import CalendarItem, CalendarRule, MidwifeVisit
from pathways.models.circle import CareCircleMember
from pathways.models.consents import AdhesionScan, Consent, RecipientConsent
from pathways.models.deaths import Death
from pathways.models.early import EarlyCall, EarlyCallPerson
from pathways.models.epds import EpdsCorrection, EpdsScreening, EpdsThresholds, EpdsValues, EpdsWording
from pathways.models.families import CoParent, Family, FamilyWord, Mother, within_reach
from pathways.models.grants import EMERGENCY_HOURS, RECIPIENT_OF_ROLE, FamilyGrant
from pathways.models.grid import (
    GridAnswer,
    GridConclusion,
    GridFactor,
    GridReview,
    GridTemplate,
    SealedGridAnswer,
    SealedSignal,
)
from pathways.models.handings import HandedAnswer, Handing
from pathways.models.imports import ImportedBirth, ImportFile, ImportProfile, ImportRun
from pathways.models.in_hand import InHand
from pathways.models.inclusion import InclusionAnswers
from pathways.models.information import CoParentConsent, InformationNotice
from pathways.models.meetings import (
    CoordinationEntry,
    Decision,
    DecisionHandover,
    MeetingAnnex,
    MeetingItem,
    MeetingParticipant,
    MinutesCopy,
    StaffMeeting,
)
from pathways.models.needs import Need, needs_beyond, of_the_living, readable_needs, sealed_needs_for
from pathways.models.observations import Observation
from pathways.models.orientations import AnswerLink, LinkEvent, Orientation
from pathways.models.pathways import Pathway, ProgrammeRules, hours_in_force
from pathways.models.presentations import AntenatalConsent, NotProposed, Presentation, UnnamedBirths
from pathways.models.relays import PmiRelay, RelayContact, RelayStep, RelayTask
from pathways.models.sendings import Sending
from pathways.models.stops import AftercareDone, ContactAttempt, HospitalStay, Withdrawal
from pathways.models.suggestions import Suggestion
from pathways.models.team_lines import TeamLine
from pathways.models.team_meetings import TeamMeeting, TeamMeetingAttendee, TeamMeetingPace
from pathways.models.transfers import (
    CarriedReport,
    CoParentTransfer,
    FamilyTransfer,
    ReceivedFile,
    TransferAnswer,
    TransferCall,
)
from pathways.models.transmissions import Concern, PmiTransmission

__all__ = [
    "EMERGENCY_HOURS",
    "RECIPIENT_OF_ROLE",
    "AdhesionScan",
    "AftercareDone",
    "Alert",
    "AlertDelay",
    "AlertNote",
    "AlertNotice",
    "AlertReader",
    "AlertStep",
    "AnswerLink",
    "AntenatalConsent",
    "Birth",
    "CalendarItem",
    "CalendarRule",
    "CareCircleMember",
    "CarriedReport",
    "Child",
    "CoParent",
    "CoParentConsent",
    "CoParentTransfer",
    "Concern",
    "Consent",
    "ContactAttempt",
    "CoordinationEntry",
    "Death",
    "Decision",
    "DecisionHandover",
    "Discharge",
    "EarlyCall",
    "EarlyCallPerson",
    "EmergencyNumber",
    "EpdsCorrection",
    "EpdsScreening",
    "EpdsThresholds",
    "EpdsValues",
    "EpdsWording",
    "Family",
    "FamilyGrant",
    "FamilyRow",
    "FamilyTransfer",
    "FamilyWord",
    "GridAnswer",
    "GridConclusion",
    "GridFactor",
    "GridReview",
    "GridTemplate",
    "HandedAnswer",
    "Handing",
    "HospitalStay",
    "ImportFile",
    "ImportProfile",
    "ImportRun",
    "ImportedBirth",
    "InHand",
    "InclusionAnswers",
    "InformationNotice",
    "LinkEvent",
    "MeetingAnnex",
    "MeetingItem",
    "MeetingParticipant",
    "MidwifeVisit",
    "MinutesCopy",
    "Mother",
    "Need",
    "NotProposed",
    "Observation",
    "OfFamiliesQuerySet",
    "Orientation",
    "Pathway",
    "PmiRelay",
    "PmiTransmission",
    "Presentation",
    "ProgrammeRules",
    "Proposal",
    "ReceivedFile",
    "RecipientConsent",
    "RelayContact",
    "RelayStep",
    "RelayTask",
    "SealedAlertFacts",
    "SealedGridAnswer",
    "SealedSignal",
    "Sending",
    "StaffMeeting",
    "Suggestion",
    "TeamLine",
    "TeamMeeting",
    "TeamMeetingAttendee",
    "TeamMeetingPace",
    "TransferAnswer",
    "TransferCall",
    "UnnamedBirths",
    "Withdrawal",
    "hours_in_force",
    "keeps_records",
    "knows_every_family",
    "needs_beyond",
    "of_the_living",
    "of_visible_families",
    "presenter_offered",
    "readable_needs",
    "sealed_needs_for",
    "within_reach",
]

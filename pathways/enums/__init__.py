"""Codes of families and pathways, one module per subject. French labels come from forms/inclusion.md."""

from pathways.enums.alerts import SIGN_KINDS, TOLD_IN_MOURNING, AlertKind
from pathways.enums.births import (
    BirthMode,
    CoveredPoint,
    DischargeKind,
    Parity,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
    RefusalReason,
    Sex,
)
from pathways.enums.consents import Agreement, ConsentMode, ConsentPlace, ContactHours, GrantReason, Recipient
from pathways.enums.pathways import ClosingReason, DeadPerson, PathwayState
from pathways.enums.relays import RelayState

__all__ = [
    "SIGN_KINDS",
    "TOLD_IN_MOURNING",
    "Agreement",
    "AlertKind",
    "BirthMode",
    "ClosingReason",
    "ConsentMode",
    "ConsentPlace",
    "ContactHours",
    "CoveredPoint",
    "DeadPerson",
    "DischargeKind",
    "GrantReason",
    "Parity",
    "PathwayState",
    "ProposalAnswer",
    "ProposalContext",
    "ProposalSupport",
    "Recipient",
    "RefusalReason",
    "RelayState",
    "Sex",
]

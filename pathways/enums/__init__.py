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
from pathways.enums.consents import (
    ASKED_RECIPIENTS,
    AgreedContent,
    Agreement,
    ConsentMode,
    ConsentPlace,
    ContactHours,
    Document,
    GrantReason,
    Recipient,
)
from pathways.enums.pathways import ClosingReason, DeadPerson, PathwayState
from pathways.enums.relays import RelayState

__all__ = [
    "ASKED_RECIPIENTS",
    "SIGN_KINDS",
    "TOLD_IN_MOURNING",
    "AgreedContent",
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
    "Document",
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

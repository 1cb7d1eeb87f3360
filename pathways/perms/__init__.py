"""Who may do what on families and pathways. Each permission is roles plus a filter on rows, written once."""

from pathways.perms.alerts import READ_SEALED_ALERT, SEE_ALERTS, TAKE_ALERT
from pathways.perms.base import ACTIVE, CARE, MIDWIVES_AND_AP, RUNNING, TEAM, followed, of_followed
from pathways.perms.births import (
    INCLUDE,
    MATERNITIES_SEEN,
    PROPOSE,
    PROPOSE_BEFORE_BIRTH,
    RECORD_DISCHARGE,
    RECORD_SILENCE,
    REGISTER_BIRTH,
    SEE_BIRTHS,
)
from pathways.perms.families import CHANGE_RECIPIENTS, EDIT_FAMILY, OPEN_FAMILY_TO, SEE_FAMILY, SEE_READS
from pathways.perms.pathways import ASSIGN_AP, MAY_BE_ASSIGNED, SEE_PATHWAYS, STOP_PATHWAY, WITHDRAW
from pathways.perms.relays import ANSWER_RELAY, REPLY_TO_RELAY, SEE_RELAYS
from pathways.perms.routing import granted_as, readable_outside

__all__ = [
    "ACTIVE",
    "ANSWER_RELAY",
    "ASSIGN_AP",
    "CARE",
    "CHANGE_RECIPIENTS",
    "EDIT_FAMILY",
    "INCLUDE",
    "MATERNITIES_SEEN",
    "MAY_BE_ASSIGNED",
    "MIDWIVES_AND_AP",
    "OPEN_FAMILY_TO",
    "PROPOSE",
    "PROPOSE_BEFORE_BIRTH",
    "READ_SEALED_ALERT",
    "RECORD_DISCHARGE",
    "RECORD_SILENCE",
    "REGISTER_BIRTH",
    "REPLY_TO_RELAY",
    "RUNNING",
    "SEE_ALERTS",
    "SEE_BIRTHS",
    "SEE_FAMILY",
    "SEE_PATHWAYS",
    "SEE_READS",
    "SEE_RELAYS",
    "STOP_PATHWAY",
    "TAKE_ALERT",
    "TEAM",
    "WITHDRAW",
    "followed",
    "granted_as",
    "of_followed",
    "readable_outside",
]

"""Who sees the relays to the PMI and answers them."""

from typing import Any

from copa.kernel.access import Perm
from pathways.perms.base import TEAM, of_followed
from territories.enums import PILOTS, Role
from territories.models import Member


def _own_sector(relays: Any, member: Member) -> Any:
    return relays.shown().filter(sector__structure=member.structure_id)


SEE_RELAYS = Perm(
    code="pathways.see_relays",
    label="Voir les relais PMI",
    model="pathways.PmiRelay",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.PMI_STAFF},
    where=lambda relays, member: (
        _own_sector(relays, member) if member.role == Role.PMI_STAFF else of_followed(relays, member)
    ),
)
ANSWER_RELAY = Perm(
    code="pathways.answer_relay",
    label="Accepter ou questionner un relais",
    model="pathways.PmiRelay",
    roles=frozenset({Role.PMI_STAFF}),
    where=_own_sector,
)
REASSIGN_RELAY = Perm(
    code="pathways.reassign_relay",
    label="Confier un relais à un autre secteur",
    model="pathways.PmiRelay",
    roles=TEAM | {Role.PMI_STAFF},
    where=lambda relays, member: (
        _own_sector(relays, member) if member.role == Role.PMI_STAFF else of_followed(relays, member)
    ),
)
DECIDE_RELAY = Perm(
    code="pathways.decide_relay",
    label="Demander un relais plus tôt, le présenter de nouveau ou le fermer",
    model="pathways.PmiRelay",
    roles=TEAM,
    where=of_followed,
)
REPLY_TO_RELAY = Perm(
    code="pathways.reply_to_relay",
    label="Répondre à la question de la PMI",
    model="pathways.PmiRelay",
    roles=TEAM,
    where=of_followed,
)

"""Who offers a family to another territory, and who takes one over."""

from copa.kernel.access import Perm, everything
from pathways.perms.base import RUNNING, TEAM, of_followed
from territories.enums import Role

OFFER_TRANSFER = Perm(
    code="pathways.offer_transfer",
    label="Proposer une famille à un autre territoire",
    model="pathways.Pathway",
    roles=TEAM,
    where=of_followed,
    moment=RUNNING,
)
SEE_TRANSFERS = Perm(
    code="pathways.see_transfers",
    label="Voir les transferts proposés",
    model="pathways.FamilyTransfer",
    roles=TEAM,
    where=of_followed,
)
ANSWER_TRANSFER = Perm(
    code="pathways.answer_transfer",
    label="Accepter ou décliner une famille d’un autre territoire",
    model="pathways.FamilyTransfer",
    roles=frozenset({Role.COORDINATOR}),
    where=everything,
    manager="incoming",
)

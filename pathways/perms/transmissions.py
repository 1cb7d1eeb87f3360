"""Who hands something to the PMI after a refusal, writes an information préoccupante, and reads either (A17, G5)."""

from typing import Any

from copa.kernel.access import Perm
from pathways.perms.base import of_followed
from territories.enums import EMR, Role
from territories.models import Member


def _transmissions(rows: Any, member: Member) -> Any:
    return rows.visible_to(member) if member.role == Role.PMI_STAFF else of_followed(rows, member)


TRANSMIT_TO_PMI = Perm(
    code="pathways.transmit_to_pmi",
    label="Transmettre à la PMI après un refus",
    model="pathways.Birth",
    roles=EMR,
    where=of_followed,
)
WRITE_CONCERN = Perm(
    code="pathways.write_concern",
    label="Écrire une information préoccupante",
    model="pathways.Birth",
    roles=EMR,
    where=of_followed,
)
READ_CONCERN = Perm(
    code="pathways.read_concern",
    label="Lire une information préoccupante",
    model="pathways.Concern",
    roles=EMR,
    where=of_followed,
)
READ_TRANSMISSION = Perm(
    code="pathways.read_transmission",
    label="Lire une transmission à la PMI",
    model="pathways.PmiTransmission",
    roles=EMR | {Role.PMI_STAFF},
    where=_transmissions,
)
TAKE_TRANSMISSION = Perm(
    code="pathways.take_transmission",
    label="Prendre une transmission",
    model="pathways.PmiTransmission",
    roles=frozenset({Role.PMI_STAFF, Role.PMI_DOCTOR}),
    where=_transmissions,
)

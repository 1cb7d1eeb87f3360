"""What the PMI is told after a refusal: that something waits (L13)."""

from datetime import datetime
from uuid import UUID

from copa.kernel import clock
from copa.kernel.french import NBSP, phone
from pathways.models import PmiTransmission
from territories.enums import Role
from territories.models import Member
from territories.notices import queue_notice

TRANSMISSION = f"CoPa{NBSP}: une transmission vous attend"
CALL_FIRST = f"CoPa{NBSP}: appelez l’équipe avant tout nouveau contact"
CHANGED = f"CoPa{NBSP}: un accompagnement a changé"


def transmission_made(*, transmission: PmiTransmission, at: datetime) -> None:
    """To the mailbox of the PMI: something waits to be taken. A concern is read by its doctors, not by the mailbox."""
    readers = {transmission.structure.mailbox}
    if transmission.concern_id is not None:
        day = clock.local_date(at, transmission.territory.time_zone)
        doctors = Member.objects.current(day).with_role(Role.PMI_DOCTOR).order_by("pk")
        readers = set(doctors.values_list("user__email", flat=True))
    key = f"transmission:{transmission.public_id}"
    queue_notice(subject=TRANSMISSION, template="transmission_made", readers=readers, key=key, at=at)


def tell_transmissions_ended(*, family_id: int, by: Member, at: datetime) -> None:
    """To those who took a transmission that rested on the mother's yes: she has said no, call the team first.

    Nothing of it is to be done any more, and she may ring the mother from her notes. What another basis carries stands,
    and nobody is told.
    """
    ended = PmiTransmission.objects.with_ended().filter(family=family_id, taken_by__isnull=False, is_ended=True)
    rows = ended.exclude(taken_by=by).select_related("taken_by__user", "sent_by__structure")
    for one in rows.order_by("pk"):
        team = one.sent_by.structure
        queue_notice(
            subject=CALL_FIRST,
            template="team_call",
            readers=[one.taken_by.user.email],
            key=f"transmission-ended:{at:%Y%m%d%H%M%S}:{one.public_id}",
            at=at,
            team_phone=phone(team.phone) if team and team.phone else "",
        )


def family_changed(*, birth_id: int, about: UUID, at: datetime) -> None:
    """To those who have taken a transmission about this birth: something has changed, call the team; no name, no cause.

    It is in nobody's tasks any more, and she may ring from her notes. `about`: the death.
    """
    taken = PmiTransmission.objects.filter(birth=birth_id, taken_by__isnull=False).order_by("pk")
    readers = set(taken.values_list("taken_by__user__email", flat=True))
    queue_notice(
        subject=CHANGED, template="pathway_changed", readers=readers, key=f"transmission-changed:{about}", at=at
    )

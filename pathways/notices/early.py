"""An ultra-early discharge: the auxiliary is wanted, the coordination is told that nobody has answered (L13)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from copa.kernel import clock
from copa.kernel.french import NBSP, hour
from pathways.models import EarlyCall
from territories.enums import Role
from territories.models import Member
from territories.notices import queue_notice, queue_sms

WANTED = f"CoPa{NBSP}: une visite est à faire aujourd’hui ou demain"
NOBODY = f"CoPa{NBSP}: personne n’a encore confirmé une visite"
WANTED_SMS = "CoPa : une visite est a faire aujourd'hui ou demain. Ouvrez la plateforme pour la confirmer."
NOBODY_SMS = "CoPa : depuis {hour}, personne n'a confirme une visite a faire vite. Ouvrez la plateforme."


def visit_wanted(*, call: EarlyCall, reader: Member, at: datetime) -> None:
    """To an auxiliary, by mail and SMS: an early visit waits for her yes."""
    key = f"early-wanted:{call.public_id}:{reader.pk}"
    queue_notice(subject=WANTED, template="early_wanted", readers=[reader.user.email], key=key, at=at)
    queue_sms(to=reader.user.phone, text=WANTED_SMS, dedup_key=f"sms-{key}", at=at)


def nobody_confirmed(*, call: EarlyCall, at: datetime) -> None:
    """To the coordinators and the mailbox of the team: nobody has said yes."""
    day = clock.local_date(at, call.territory.time_zone)
    people = Member.objects.current(day).with_role(Role.COORDINATOR).select_related("user").order_by("pk")
    key = f"early-nobody:{call.public_id}:{call.called_at:%Y%m%d%H%M}"
    readers = {*(person.user.email for person in people), call.pathway.carrier.mailbox}
    queue_notice(subject=NOBODY, template="early_nobody", readers=readers, key=key, at=at)
    # A task has no active time zone: the hour is that of the territory.
    called_at = call.called_at.astimezone(ZoneInfo(call.territory.time_zone)).replace(tzinfo=None)
    text = NOBODY_SMS.format(hour=hour(called_at))
    for person in people:
        queue_sms(to=person.user.phone, text=text, dedup_key=f"sms-{key}:{person.pk}", at=at)

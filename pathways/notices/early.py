"""An ultra-early discharge: the auxiliary is wanted, the coordination is told that nobody has answered (L13)."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from copa.kernel import clock
from copa.kernel.french import NBSP, hour
from pathways.models import EarlyCall, Pathway
from territories.enums import Role
from territories.models import Member
from territories.notices import queue_notice, queue_sms

WANTED = f"CoPa{NBSP}: une visite est à faire aujourd’hui ou demain"
FELL = f"CoPa{NBSP}: une visite confirmée ne tient plus"
NOBODY = f"CoPa{NBSP}: personne n’a encore confirmé une visite"
WANTED_SMS = "CoPa : une visite est a faire aujourd'hui ou demain. Ouvrez la plateforme pour la confirmer."
FELL_SMS = "CoPa : la visite que vous aviez confirmee ne tient plus, la date a change. Ouvrez la plateforme."
NOBODY_SMS = "CoPa : depuis {hour}, personne n'a confirme une visite a faire vite. Ouvrez la plateforme."


def visit_wanted(*, call: EarlyCall, reader: Member, at: datetime, again: str = "") -> None:
    """To an auxiliary, by mail and SMS: an early visit waits for her yes. `again` marks a later round."""
    key = f"early-wanted:{call.public_id}:{reader.pk}{again and f':{again}'}"
    queue_notice(subject=WANTED, template="early_wanted", readers=[reader.user.email], key=key, at=at)
    queue_sms(to=reader.user.phone, text=WANTED_SMS, dedup_key=f"sms-{key}", at=at)


def visit_fell(*, visit: UUID, pathway: Pathway, confirmed: Iterable[Member], at: datetime) -> None:
    """The way home has changed and the visit that was confirmed falls: to whoever had confirmed it, by mail and SMS,
    to the coordinators and the mailbox of the team, once for each visit."""
    key = f"early-fell:{visit}"
    day = clock.local_date(at, pathway.territory.time_zone)
    hers = [person for person in confirmed if person.is_current_on(day)]
    readers = {*(person.user.email for person in (*hers, *_coordinators(day))), pathway.carrier.mailbox}
    queue_notice(subject=FELL, template="early_fell", readers=readers, key=key, at=at)
    for person in hers:
        queue_sms(to=person.user.phone, text=FELL_SMS, dedup_key=f"sms-{key}:{person.pk}", at=at)


def _coordinators(day: date) -> list[Member]:
    found = Member.objects.current(day).with_role(Role.COORDINATOR).select_related("user").order_by("pk")
    return list(found)


def nobody_confirmed(*, call: EarlyCall, at: datetime) -> None:
    """To the coordinators and the mailbox of the team: nobody has said yes."""
    people = _coordinators(clock.local_date(at, call.territory.time_zone))
    key = f"early-nobody:{call.public_id}:{call.called_at:%Y%m%d%H%M}"
    readers = {*(person.user.email for person in people), call.pathway.carrier.mailbox}
    queue_notice(subject=NOBODY, template="early_nobody", readers=readers, key=key, at=at)
    # A task has no active time zone: the hour is that of the territory.
    called_at = call.called_at.astimezone(ZoneInfo(call.territory.time_zone)).replace(tzinfo=None)
    text = NOBODY_SMS.format(hour=hour(called_at))
    for person in people:
        queue_sms(to=person.user.phone, text=text, dedup_key=f"sms-{key}:{person.pk}", at=at)

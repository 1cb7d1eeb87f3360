"""The liberal midwives an alert is told to at once (alerts.md 1, R075): those who read it here, and the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from copa.kernel import clock
from pathways.enums import HOME_MIDWIVES, VITAL_FAMILIES, CircleRole, Document, Recipient
from pathways.models import Alert, CareCircleMember, FamilyGrant
from pathways.reads.ladder import current_members
from pathways.reads.routing import may_send
from territories.enums import Role
from territories.models import Member

# Whom the mother is asked about when the sign is to be told to one of them, and when it leaves.
MIDWIFE_ASKED_AS = {CircleRole.LIBERAL_MIDWIFE: Recipient.LIBERAL_MIDWIFE, CircleRole.PMI_MIDWIFE: Recipient.PMI}


def midwives_of(alert: Alert, at: datetime) -> list[Member]:
    """The liberal midwives who may be told of this alert on the platform: those to whom the family is open."""
    # Whom an orientation sent is told too: she goes to the home, and a sign must not be lost. And so is she to whom the
    # file was open when another territory took the family over.
    grants = FamilyGrant.objects.hearing(at).to_midwives().filter(content_object=alert.family_id)
    people = current_members(alert, at).with_role(Role.LIBERAL_MIDWIFE)
    return list(people.filter(user__in=grants.values("user")).select_related("user").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Outside:
    """Midwives who go to the home and read nothing here: those who are rung, and those of whom no number is known."""

    called: tuple[CareCircleMember, ...] = ()
    untold: tuple[CareCircleMember, ...] = ()


def midwives_outside(alert: Alert, told: Iterable[Member], at: datetime) -> Outside:
    """The midwives of the circle who read nothing here, each asked about as what she is; `told` are those who do.

    Without an account, or with one to which the family is not open: each is asked once to call the team. Without a
    number either, nothing reaches her: a person calls her, and the register says so.
    """
    known = {one.pk: one.user.phone for one in told}
    day = clock.local_date(at, alert.territory.time_zone)
    people = CareCircleMember.objects.running(day).filter(family=alert.family_id)
    mine = people.filter(role__in=[role for role in HOME_MIDWIVES if _may_tell(alert, MIDWIFE_ASKED_AS[role])])
    found = list(mine.select_related("member__user", "entry").order_by("pk"))
    numbers: dict[str, CareCircleMember] = {}
    for one in found:
        if one.number and one.member_id not in known and one.number not in known.values():
            numbers.setdefault(one.number, one)
    untold = [one for one in found if not one.number and one.member_id not in known]
    return Outside(tuple(numbers.values()), tuple(untold))


def may_tell_midwives(alert: Alert) -> bool:
    """Asked before `midwives_of`. With the mother's yes; without, where a life is in danger (alerts.md 1)."""
    return _may_tell(alert, Recipient.LIBERAL_MIDWIFE)


def _may_tell(alert: Alert, recipient: str) -> bool:
    """A midwife of the PMI is asked about as the PMI, whatever the mother said of her liberal midwife."""
    if alert.family_code in VITAL_FAMILIES:
        return True
    return may_send(
        family_id=alert.family_id,
        recipient=recipient,
        document=Document.NOTICE,
        pathway_id=alert.pathway_id,
    ).allowed

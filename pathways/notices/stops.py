"""A pathway pauses, goes on or stops: its teams are told that something changed, never what (R044, A38, L13).

Outside the team only those the mother agreed to are told (A16).
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef

from copa.kernel import clock
from copa.kernel.french import NBSP
from pathways.enums import Agreement, Recipient
from pathways.models import FamilyGrant, FamilyTransfer, Pathway, PmiRelay, RecipientConsent
from territories.enums import Role
from territories.models import Member, User
from territories.notices import queue_notice

CHANGED = f"CoPa{NBSP}: un accompagnement a changé"
ARRIVES = f"CoPa{NBSP}: une demande attend votre réponse"
ENDED = f"CoPa{NBSP}: un accompagnement s’arrête"


def pathway_changed(*, pathway: Pathway, key: str, by: Member, at: datetime) -> None:
    """To the team, the AP, and the liberal midwife and the PMI with her agreement: it pauses or goes on.

    `key` names the fact, in 79 characters at most: each is told once.
    """
    readers = {*_team(pathway, at), *_midwives(pathway, at), *_pmi(pathway)} - {by.user.email}
    queue_notice(subject=CHANGED, template="pathway_changed", readers=readers, key=key, at=at)


def pathway_ended(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """To the team, the AP and the liberal midwife: « l’accompagnement s’arrête », without a reason (inclusion.md 8)."""
    readers = {*_team(pathway, at), *_midwives(pathway, at)} - {by.user.email}
    key = f"ended:{at:%Y%m%d%H%M%S}:{pathway.public_id}"
    queue_notice(subject=ENDED, template="pathway_ended", readers=readers, key=key, at=at)


def after_death(*, pathway: Pathway, key: str, is_over: bool, at: datetime) -> None:
    """One neutral line to the liberal midwife and the PMI she agreed to, without name or cause (alerts.md 6.1).

    The referring team has its own alert and the AP is called by a person: no mail goes to them.
    """
    subject, template = (ENDED, "pathway_ended") if is_over else (CHANGED, "pathway_changed")
    readers = {*_midwives(pathway, at), *_pmi(pathway)}
    queue_notice(subject=subject, template=template, readers=readers, key=key, at=at)


def family_arrives(*, transfer: FamilyTransfer, zone: str, at: datetime) -> None:
    """To the coordinators of the territory in scope: another one offers a family, once per offer."""
    day = clock.local_date(at, zone)
    coordinators = Member.objects.current(day).with_role(Role.COORDINATOR).order_by("pk")
    readers = coordinators.values_list("user__email", flat=True)
    key = f"family-arrives:{transfer.public_id}"
    queue_notice(subject=ARRIVES, template="family_arrives", readers=readers, key=key, at=at)


def told_after_death(pathway: Pathway, at: datetime) -> tuple[bool, bool]:
    """Whether a liberal midwife, and whether the PMI, are among those who are told."""
    return any(_midwives(pathway, at)), any(_pmi(pathway))


def _team(pathway: Pathway, at: datetime) -> Iterator[str]:
    day = clock.local_date(at, pathway.territory.time_zone)
    yield pathway.carrier.mailbox
    yield from Member.objects.current(day).filter(pk=pathway.ap_id).order_by("pk").values_list("user__email", flat=True)


def _midwives(pathway: Pathway, at: datetime) -> Iterator[str]:
    """Liberal midwives to whom the family is open now as such, when the mother agreed to this one."""
    yes = RecipientConsent.objects.filter(
        family=OuterRef("content_object"),
        recipient=Recipient.LIBERAL_MIDWIFE,
        named=OuterRef("named"),
        answer=Agreement.YES,
    )
    day = clock.local_date(at, pathway.territory.time_zone)
    grants = FamilyGrant.objects.filter(content_object=pathway.family_id, revoked_at=None, expires_at__gt=at)
    grants = grants.filter(Exists(yes), recipient=Recipient.LIBERAL_MIDWIFE)
    midwives = Member.objects.current(day).with_role(Role.LIBERAL_MIDWIFE).filter(user__in=grants.values("user"))
    yield from User.objects.filter(pk__in=midwives.values("user")).order_by("pk").values_list("email", flat=True)


def _pmi(pathway: Pathway) -> Iterator[str]:
    """The mailbox of the PMI that has, or would have, the relay: with her agreement only (A16)."""
    relays = PmiRelay.objects.filter(pathway=pathway, is_agreed=True, sector__isnull=False).order_by("pk")
    yield from (mailbox for mailbox in relays.values_list("sector__structure__mailbox", flat=True) if mailbox)

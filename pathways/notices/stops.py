"""A pathway begins, pauses, goes on or stops: its teams are told that something changed, never what (R044, A38, L13).

Outside the team only those the mother agreed to are told (A16): `notices.outside` asks for each.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from copa.kernel import clock
from copa.kernel.french import NBSP, phone
from pathways.enums import SIGN_KINDS, Document, Recipient, RelayState
from pathways.models import Alert, FamilyGrant, FamilyTransfer, Pathway, PmiRelay
from pathways.notices.outside import Letter, agreed_to, tell_outside
from pathways.reads.addressees import Addressee, around
from pathways.reads.midwives import may_tell_midwives, midwives_of
from pathways.reads.transfers import CallToMake
from pathways.rules.ladder import SMS_USELESS_AFTER
from territories.enums import Role
from territories.models import Member
from territories.notices import queue_notice, queue_sms

CHANGED = f"CoPa{NBSP}: un accompagnement a changé"
ARRIVES = f"CoPa{NBSP}: une demande attend votre réponse"
ANSWERED = f"CoPa{NBSP}: une demande a reçu sa réponse"
STARTS = f"CoPa{NBSP}: un accompagnement commence"
SHARED = f"CoPa{NBSP}: un dossier vous est ouvert"
ENDED = f"CoPa{NBSP}: un accompagnement s’arrête"
CALL_FIRST = f"CoPa{NBSP}: une équipe vous demande de l’appeler"
# R044, R076: those around the family who are told of its course, each with her own agreement.
FOLLOWERS = (Recipient.LIBERAL_MIDWIFE, Recipient.GENERAL_PRACTITIONER, Recipient.PAEDIATRICIAN)


def pathway_included(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """The course begins: to the team, the AP somebody else named, and the liberal midwife with her agreement (R044)."""
    letter = Letter(subject=STARTS, template="pathway_starts", key=_starts(pathway, at))
    _tell(pathway, letter, (Recipient.LIBERAL_MIDWIFE,), by, at)


def ap_named(*, pathway: Pathway, former: Member | None, by: Member, at: datetime) -> None:
    """Another AP follows the family: to her, to the one who did, the team, and the liberal midwife (R044)."""
    letter = Letter(subject=CHANGED, template="pathway_changed", key=f"ap:{at:%Y%m%d%H%M%S}:{pathway.public_id}")
    _tell(pathway, letter, (Recipient.LIBERAL_MIDWIFE,), by, at)
    # Her rights may have ended: that is often why another one is named.
    day = clock.local_date(at, pathway.territory.time_zone)
    readers = {former.user.email} - {by.user.email} if former and former.is_current_on(day) else set()
    queue_notice(subject=letter.subject, template=letter.template, readers=readers, key=letter.key, at=at)


def file_shared(*, grant: FamilyGrant, by: Member, at: datetime) -> None:
    """To whom a file was opened: she learns of it without having to sign in by chance.

    Somebody the mother has a say about is asked of the rule, once there is a course; the others are the team's.
    """
    last = Pathway.objects.filter(family=grant.content_object_id).order_by("-included_at", "-pk").first()
    user = grant.user
    if last is None or user.email == by.user.email:
        return
    letter = Letter(subject=SHARED, template="file_shared", key=_starts(last, at), document=Document.NOTICE)
    if not grant.recipient:
        queue_notice(subject=SHARED, template=letter.template, readers=[user.email], key=letter.key, at=at)
        return
    reader = Addressee(
        recipient=grant.recipient,
        named=grant.named,
        name=user.get_full_name(),
        address=user.email,
        has_account=True,
        user_id=user.pk,
    )
    tell_outside(pathway=last, letter=letter, readers=[reader], at=at, by=by)


def _starts(pathway: Pathway, at: datetime) -> str:
    """One fact for whoever is named at the inclusion and gets the file with it: she is told once that day."""
    return f"starts:{clock.local_date(at, pathway.territory.time_zone)}:{pathway.public_id}"


def pathway_changed(*, pathway: Pathway, key: str, by: Member, at: datetime) -> None:
    """To the team, the AP, and the liberal midwife and the PMI with her agreement: it pauses or goes on.

    `key` names the fact, in 79 characters at most: each is told once.
    """
    letter = Letter(subject=CHANGED, template="pathway_changed", key=key, document=Document.NOTICE)
    _tell(pathway, letter, (Recipient.LIBERAL_MIDWIFE, Recipient.PMI), by, at)


def pathway_ended(*, pathway: Pathway, by: Member, at: datetime, closes_files: bool = False) -> None:
    """To the team, the AP, the liberal midwife and the PMI that took the relay over, without a reason (inclusion.md 8).

    A PMI that accepted has noted its next contact: it no longer sees the relay from this second on. `closes_files`: the
    openings by name end in the same transaction.
    """
    _tell(pathway, _ended(pathway, at), _followers(pathway), by, at, closes_files=closes_files)
    if closes_files:
        _leave_signs(pathway, at)


def _leave_signs(pathway: Pathway, at: datetime) -> None:
    """Midwives told of a sign that still waits have no page left to read how it ends: they call the team, once.

    As the sign itself, without her agreement where a life is in danger; the same key as the mail of the stop.
    """
    signs = Alert.objects.to_answer().filter(family=pathway.family_id, kind__in=SIGN_KINDS).order_by("pk")
    told = [one for alert in signs if may_tell_midwives(alert) for one in midwives_of(alert, at)]
    key = _ended(pathway, at).key
    call = {"team_phone": phone(pathway.carrier.phone) if pathway.carrier.phone else ""}
    readers = [one.user.email for one in told]
    queue_notice(subject=CALL_FIRST, template="team_call", readers=readers, key=key, at=at, **call)


def _ended(pathway: Pathway, at: datetime) -> Letter:
    key = f"ended:{at:%Y%m%d%H%M%S}:{pathway.public_id}"
    return Letter(subject=ENDED, template="pathway_ended", key=key, document=Document.NOTICE)


def _followers(pathway: Pathway) -> tuple[str, ...]:
    """Those outside the team who expect that it goes on."""
    has_pmi = PmiRelay.objects.filter(pathway=pathway, state=RelayState.ACCEPTED).exists()
    return (Recipient.LIBERAL_MIDWIFE, *([Recipient.PMI] if has_pmi else []))


def pathway_left(*, pathway: Pathway, offered_by: Member, at: datetime) -> None:
    """Another territory has taken the family over: to the same, none of whom has a page to open any more.

    The AP calls the team; the team, and whoever offered the family some days ago, call the coordination, which keeps
    the record.
    """
    letter = _ended(pathway, at)
    mailbox, *ap = _team(pathway, at)
    call = {"team": pathway.carrier.name, "team_phone": phone(pathway.carrier.phone) if pathway.carrier.phone else ""}
    queue_notice(subject=ENDED, template="team_call", readers=ap, key=letter.key, at=at, **call)
    told = {mailbox, offered_by.user.email} - set(ap)
    queue_notice(subject=ENDED, template="pathway_left", readers=told, key=letter.key, at=at)
    readers = [one for one in around(pathway, _followers(pathway), at) if one.address not in {mailbox, *ap}]
    closed = [replace(one, has_nothing_to_open=True) for one in readers]
    tell_outside(pathway=pathway, letter=letter, readers=closed, at=at)


def pathway_closed(*, pathway: Pathway, by: Member | None, at: datetime) -> None:
    """The pathway came to its end: to the team, the AP, and those around the family she agreed to (R044)."""
    letter = Letter(subject=CHANGED, template="pathway_changed", key=f"closed:{pathway.public_id}")
    _tell(pathway, letter, FOLLOWERS, by, at)


def third_visit_decided(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """A third visit was decided: to the team, the AP, and those around the family she agreed to (R044).

    Once per pathway, whether a suggestion, a meeting or its planning says so first.
    """
    letter = Letter(subject=CHANGED, template="pathway_changed", key=f"third:{pathway.public_id}")
    _tell(pathway, letter, FOLLOWERS, by, at)


def after_death(*, pathway: Pathway, key: str, is_over: bool, at: datetime) -> None:
    """One neutral line to the liberal midwife and the PMI she agreed to, without name or cause (alerts.md 6.1).

    The referring team has its own alert and the AP is called by a person: no mail goes to them. Taken back, it is
    `pathway_changed` to all of them.
    """
    subject, template = (ENDED, "pathway_ended") if is_over else (CHANGED, "pathway_changed")
    letter = Letter(subject=subject, template=template, key=key, document=Document.NOTICE)
    readers = around(pathway, (Recipient.LIBERAL_MIDWIFE, Recipient.PMI), at)
    tell_outside(pathway=pathway, letter=letter, readers=_with_pages(pathway, readers, at), at=at)


def family_arrives(*, transfer: FamilyTransfer, zone: str, at: datetime) -> None:
    """To the coordinators of the territory in scope: another one offers a family, once per offer."""
    day = clock.local_date(at, zone)
    coordinators = Member.objects.current(day).with_role(Role.COORDINATOR).order_by("pk")
    readers = coordinators.values_list("user__email", flat=True)
    key = f"family-arrives:{transfer.public_id}"
    queue_notice(subject=ARRIVES, template="family_arrives", readers=readers, key=key, at=at)


def team_of_before_asks(*, call: CallToMake, zone: str, at: datetime) -> None:
    """To the coordinators of the territory in scope and the team that follows the family: call her team of before.

    By mail and SMS: that team has seen a danger. Neither says so, nor of whom; once per call.
    """
    pathways = Pathway.objects.filter(family=call.family_id).select_related("carrier").order_by("-included_at", "-pk")
    last = pathways.first()
    day = clock.local_date(at, zone)
    coordinators = list(Member.objects.current(day).with_role(Role.COORDINATOR).select_related("user").order_by("pk"))
    readers = {one.user.email for one in coordinators} | {last.carrier.mailbox if last else ""}
    number = phone(call.phone) if call.phone else ""
    key = f"transfer-call:{call.public_id}"
    queue_notice(subject=CALL_FIRST, template="transfer_call", readers=readers, key=key, at=at, team_phone=number)
    where = f" au {number}" if number else ""
    text = f"CoPa{NBSP}: appelez maintenant l’équipe d’un autre territoire{where}, pour une famille venue de chez elle."
    for one in coordinators:
        useless_from = at + SMS_USELESS_AFTER
        queue_sms(to=one.user.phone, text=text, dedup_key=f"{key}:{one.pk}:sms", at=at, useless_from=useless_from)


def transfer_declined(*, transfer: FamilyTransfer, at: datetime) -> None:
    """To whoever offered the family and her team: the other territory does not take it, she is followed here on."""
    readers = {*_team(transfer.pathway, at), transfer.offered_by.user.email}
    key = f"transfer-declined:{transfer.public_id}"
    queue_notice(subject=ANSWERED, template="transfer_declined", readers=readers, key=key, at=at)


def told_after_death(pathway: Pathway, at: datetime) -> tuple[bool, bool]:
    """Whether a liberal midwife, and whether the PMI, are among those who are told."""
    readers = around(pathway, (Recipient.LIBERAL_MIDWIFE, Recipient.PMI), at)
    told = {one.recipient for one in agreed_to(pathway, readers, Document.NOTICE)}
    return Recipient.LIBERAL_MIDWIFE in told, Recipient.PMI in told


def _tell(
    pathway: Pathway,
    letter: Letter,
    recipients: Collection[str],
    by: Member | None,
    at: datetime,
    *,
    closes_files: bool = False,
) -> None:
    """The team and its AP without being asked, the others with the mother's agreement; whoever acted knows."""
    team = set(_team(pathway, at)) - {by.user.email if by else ""}
    queue_notice(subject=letter.subject, template=letter.template, readers=team, key=letter.key, at=at)
    readers = [one for one in around(pathway, recipients, at) if one.address not in team]
    pages = _with_pages(pathway, readers, at, closes_files=closes_files)
    tell_outside(pathway=pathway, letter=letter, readers=pages, at=at, by=by)


def _with_pages(
    pathway: Pathway, readers: Collection[Addressee], at: datetime, *, closes_files: bool = False
) -> list[Addressee]:
    """The same, with whoever has nothing to open: a PMI without a relay it sees, a file that closes. One query."""
    shown = PmiRelay.objects.shown(at).filter(family=pathway.family_id).order_by("pk")
    has_pmi = any(one.structure_id is not None for one in readers)
    relays = set(shown.values_list("sector__structure", flat=True)) if has_pmi else set()
    return [
        replace(one, has_nothing_to_open=closes_files if one.structure_id is None else one.structure_id not in relays)
        for one in readers
    ]


def _team(pathway: Pathway, at: datetime) -> Iterator[str]:
    day = clock.local_date(at, pathway.territory.time_zone)
    yield pathway.carrier.mailbox
    yield from Member.objects.current(day).filter(pk=pathway.ap_id).order_by("pk").values_list("user__email", flat=True)

"""What this app writes to people: one function per mail, with its readers, its template and its dedup key.

No mail holds a name, a reference, a place or a health word (L13, alerts.md 8): it says that something waits, and where
to sign in. Who may read it there is another question.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string

from copa.kernel import clock, one_time, scope
from copa.kernel.french import NBSP, phone
from pathways.enums import Document, Recipient
from pathways.models import AnswerLink
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import Addressee, already_told, around
from territories.enums import Role
from territories.models import Member, Structure
from territories.notices import message_with, queue_mail, queue_notice
from visits.models import Addendum, Delivery, Visit

ARRIVED = f"CoPa{NBSP}: un compte rendu vous attend"
COMPLETED = f"CoPa{NBSP}: un compte rendu a été complété"
DUE_SOON = f"CoPa{NBSP}: un compte rendu est à remettre bientôt"
JOINT = f"CoPa{NBSP}: une visite commune vous est proposée"
JOINT_OFF = f"CoPa{NBSP}: une visite commune est annulée"
JOINT_ANSWERED = f"CoPa{NBSP}: la PMI a répondu pour une visite commune"
THIRD_DONE = f"CoPa{NBSP}: une visite a été faite"
OVERDUE = f"CoPa{NBSP}: un compte rendu n’est pas remis"


def report_arrived(*, delivery: Delivery, at: datetime) -> None:
    """To the mailbox of the team: a report is in its inbox."""
    queue_notice(
        subject=ARRIVED,
        template="report_arrived",
        readers={delivery.structure.mailbox},
        key=f"report-arrived:{delivery.public_id}",
        at=at,
    )


def report_completed(*, addendum: Addendum, structure: Structure, at: datetime) -> None:
    """To the mailbox of the team: a report it received has an addendum."""
    key = f"addendum:{addendum.public_id}:{structure.pk}"
    queue_notice(subject=COMPLETED, template="report_completed", readers={structure.mailbox}, key=key, at=at)


def report_copied(*, to: str, key: UUID, is_addendum: bool, at: datetime) -> UUID:
    """To one recipient outside the team with an account: a report waits for her here, or an addendum to it.

    `key` is the public id of her copy. The message it leaves with.
    """
    written = queue_notice(
        subject=COMPLETED if is_addendum else ARRIVED,
        template="copy_completed" if is_addendum else "copy_waits",
        readers=[to],
        key=f"copy:{key}",
        at=at,
    )
    return written[to]


def report_linked(*, to: str, link: AnswerLink, team_phone: str, at: datetime) -> UUID:
    """To one without an account: a report waits behind a link, whose code comes apart. The message it leaves with."""
    address = one_time.place(f"lecture/{scope.current().slug}", link.public_id)
    words = {"link": address, "team_phone": phone(team_phone) if team_phone else ""}
    body = render_to_string("emails/copy_link.txt", words)
    key = f"copy-link:{link.public_id}"
    queue_mail(to=to, subject=ARRIVED, body=body, dedup_key=key, at=at)
    return message_with(key)


def report_due_soon(*, visit: Visit, at: datetime) -> None:
    """To the AP, the team and the coordinators: six hours are left."""
    queue_notice(
        subject=DUE_SOON,
        template="report_due_soon",
        readers=_followers(visit, at),
        key=f"report-due-soon:{visit.public_id}",
        at=at,
    )


def report_overdue(*, visit: Visit, at: datetime) -> None:
    """To the AP, the team and the coordinators: the 24 hours are over."""
    queue_notice(
        subject=OVERDUE,
        template="report_overdue",
        readers=_followers(visit, at),
        key=f"report-overdue:{visit.public_id}",
        at=at,
    )


def joint_asked(*, visit: Visit, at: datetime) -> None:
    """To the PMI service: it is asked to come to a visit; once per moment of the visit."""
    letter = Letter(subject=JOINT, template="joint_asked", key=_joint_key("asked", visit, at))
    _tell_pmi(visit, letter, at)


def joint_cancelled(*, visit: Visit, at: datetime) -> None:
    """To those of the PMI who were asked, and to whoever confirmed: do not come. After a stop or a refusal too (A38).

    Only to them: they know of the visit since the mother agreed, and one of them would ring at her door.
    """
    key = _joint_key("off", visit, at)
    letter = Letter(subject=JOINT_OFF, template="joint_cancelled", key=key, document=Document.CALLED_OFF)
    readers = already_told(family_id=visit.family_id, key=f"joint-asked:{visit.public_id}:")
    tell_outside(pathway=visit.pathway, letter=letter, readers=[*readers, *_partner(visit, at)], at=at)


def _partner(visit: Visit, at: datetime) -> Iterator[Addressee]:
    """Who said that she comes, while she works here."""
    day = clock.local_date(at, visit.territory.time_zone)
    if visit.partner is None or not Member.objects.current(day).filter(pk=visit.partner.pk).exists():
        return
    user = visit.partner.user
    about = {"recipient": Recipient.PMI, "structure_id": visit.partner.structure_id, "has_account": True}
    yield Addressee(name=user.get_full_name(), address=user.email, **about)


def _tell_pmi(visit: Visit, letter: Letter, at: datetime) -> None:
    readers = around(visit.pathway, (Recipient.PMI,), at)
    tell_outside(pathway=visit.pathway, letter=letter, readers=readers, at=at)


def joint_answered(*, visit: Visit, at: datetime) -> None:
    """To the AP and the mailbox of the team: the PMI has confirmed or cancelled its part."""
    day = clock.local_date(at, visit.territory.time_zone)
    author = Member.objects.current(day).filter(pk=visit.ap_id).order_by("pk")
    readers = {*author.values_list("user__email", flat=True), visit.pathway.carrier.mailbox}
    queue_notice(
        subject=JOINT_ANSWERED,
        template="joint_answered",
        readers=readers,
        key=_joint_key(visit.partner_state, visit, at),
        at=at,
    )


def third_visit_done(*, visit: Visit, at: datetime) -> None:
    """To the mailbox of the team and the liberal midwife the mother agreed to (R048); once per visit."""
    key = f"third-done:{visit.public_id}"
    team = {visit.pathway.carrier.mailbox}
    queue_notice(subject=THIRD_DONE, template="third_visit_done", readers=team, key=key, at=at)
    letter = Letter(subject=THIRD_DONE, template="third_visit_done", key=key)
    readers = around(visit.pathway, (Recipient.LIBERAL_MIDWIFE,), at)
    tell_outside(pathway=visit.pathway, letter=letter, readers=readers, at=at)


def _joint_key(what: str, visit: Visit, at: datetime) -> str:
    """A click sent twice is one mail; the same thing said again at another moment is another."""
    return f"joint-{what}:{visit.public_id}:{at:%y%m%d%H%M}"


def _followers(visit: Visit, at: datetime) -> set[str]:
    """Addresses of those who answer for a report: its AP, the mailbox of the referring team, the coordinators."""
    day = clock.local_date(at, visit.territory.time_zone)
    coordinators = Member.objects.current(day).with_role(Role.COORDINATOR).order_by("pk")
    author = Member.objects.current(day).filter(pk=visit.ap_id).order_by("pk")
    people = {*coordinators.values_list("user__email", flat=True), *author.values_list("user__email", flat=True)}
    return {*people, visit.pathway.carrier.mailbox}

"""Once the minutes of a meeting are validated: their print, to whom they go, and what a person tells the parents."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from copa.kernel.french import capitalised, full_stop
from pathways.actions.shared import check_running
from pathways.enums import Document, Recipient
from pathways.models import Decision, MeetingAnnex, MeetingItem, MinutesCopy, Sending, StaffMeeting
from pathways.notices.meetings import MINUTES_WAIT
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import Addressee, around, reached
from pathways.reads.minutes import annex_fingerprint, fingerprints
from pathways.reads.routing import may_send
from pathways.reads.standing import NOT_OPEN, unreached
from pathways.rules import parents_line
from territories.models import Member

# Those of the circle the minutes are for (documents.md 3, block 7): to whom the file is open, she reads them here, the
# others are told to call (`Addressee.has_account`).
RECIPIENTS = (
    Recipient.LIBERAL_MIDWIFE,
    Recipient.PMI,
    Recipient.GENERAL_PRACTITIONER,
    Recipient.PAEDIATRICIAN,
    Recipient.PSYCHOLOGIST,
)


def seal_minutes(*, meeting: StaffMeeting) -> None:
    """Keep the print of each item and of each sealed annex as validated; inside the transaction that validates."""
    items = MeetingItem.objects.filter(meeting=meeting).select_related("meeting").order_by("pk")
    decisions = Decision.objects.filter(item__meeting=meeting).with_first_owner().order_by("pk")
    for key, fingerprint in fingerprints(items, decisions).items():
        MeetingItem.objects.filter(pk=key).update(fingerprint=fingerprint)
    sealed = MeetingAnnex.objects.filter(item__meeting=meeting).select_related("item__meeting").order_by("pk")
    for annex in sealed:
        MeetingAnnex.objects.filter(pk=annex.pk).update(fingerprint=annex_fingerprint(annex))


def hand_out(*, item: MeetingItem, by: Member, at: datetime) -> None:
    """Tell those outside the team that the minutes of a family wait, each under the rule of routing; write who was not.

    Inside the transaction that validates. Nobody outside is told of a family without a pathway.
    """
    pathway = item.pathway
    if pathway is None:
        return
    readers = {(one.recipient, one.name): one for one in reached(pathway, RECIPIENTS, at)}
    for reader in readers.values():
        _hand_to(item, reader, by, at)
    # Whoever has an address and no page, as a PMI whose relay is closed to it: her answer, or what closes it, is kept.
    others = {(one.recipient, one.name): NOT_OPEN for one in around(pathway, RECIPIENTS, at)}
    others |= {(one.recipient, one.name): one.lacks for one in unreached(pathway, RECIPIENTS, at)}
    for (recipient, name), lacks in others.items():
        if (recipient, name) not in readers:
            answer = may_send(
                family_id=item.family_id, recipient=recipient, document=Document.MINUTES, pathway_id=pathway.pk
            )
            why = full_stop(capitalised(lacks)) if answer.allowed else answer.reason
            _keep(item, recipient, name, None, why, at)


def _hand_to(item: MeetingItem, reader: Addressee, by: Member, at: datetime) -> None:
    pathway = item.pathway
    assert pathway is not None
    letter = Letter(
        subject=MINUTES_WAIT, template="minutes_wait", key=f"minutes:{item.public_id}", document=Document.MINUTES
    )
    answer = may_send(
        family_id=item.family_id,
        recipient=reader.recipient,
        named=reader.named,
        document=Document.MINUTES,
        pathway_id=pathway.pk,
        structure_id=reader.structure_id,
    )
    if not answer.allowed:
        _keep(item, reader.recipient, reader.name, None, answer.reason, at)
    elif tell_outside(pathway=pathway, letter=letter, readers=[reader], at=at, by=by):
        sent = Sending.objects.filter(pathway=pathway, document=Document.MINUTES, recipient=reader.recipient, at=at)
        _keep(item, reader.recipient, reader.name, sent.order_by("-pk").first(), "", at)


def _keep(item: MeetingItem, recipient: str, name: str, sending: Sending | None, refused: str, at: datetime) -> None:
    MinutesCopy.objects.create(
        item=item,
        family_id=item.family_id,
        recipient=recipient,
        to=name[:160],
        sending=sending,
        refused=refused[:200],
        at=at,
    )


@transaction.atomic
def note_parents_told(*, item: MeetingItem, by: Member, at: datetime) -> None:
    """A person has told the parents what the team proposes: from now on their copy may be printed (documents.md 3).

    Raises `not_validated`, `nothing_to_tell`, `told_already`, `stopped` after a stop or in mourning.
    """
    if item.meeting.closed_at is None:
        raise BusinessError("not_validated", "Le compte rendu n’est pas encore validé.")
    if item.pathway is not None:
        check_running(item.pathway)
    decisions = Decision.objects.filter(item=item, told_by__isnull=False).order_by("pk")
    if not any(parents_line(kind=one.kind, parents_words=one.parents_words) for one in decisions):
        raise BusinessError("nothing_to_tell", "Rien de ce qui est décidé n’est à dire aux parents.")
    untold = MeetingItem.objects.filter(pk=item.pk, parents_told_at=None)
    if not untold.update(parents_told_at=at, parents_told_by=by):
        raise BusinessError("told_already", "C’est déjà dit aux parents.")

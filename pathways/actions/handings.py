"""« Mains de la mère »: the tablet is handed, each answer is kept as given, and read once it is back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.alerts import signs_of
from pathways.actions.epds import tell_tenth
from pathways.actions.shared import check_mother_lives, check_running, hold_family, id_of_submission, lock_birth
from pathways.enums import FRENCH, HandedKind, HandedOutcome, ScreenedPerson
from pathways.models import Alert, EpdsWording, Family, HandedAnswer, Handing, Pathway
from pathways.reads.handings import HandedQuestion, answers_of, is_over, is_waiting, questions_of
from pathways.rules.handings import NO_ANSWER
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT, is_item_10_alarming
from territories.models import Member


@transaction.atomic
def hand_epds(
    *, pathway: Pathway, wording: EpdsWording, presence: str, source_id: UUID | None, by: Member, at: datetime
) -> Handing:
    """Hand the scale in one of the languages loaded. `source_id` is the visit whose report asks, None outside one.

    Raises `stopped`, `mourning`, `handing_one_at_a_time`.
    """
    check_running(pathway)
    check_mother_lives(family_id=pathway.family_id)
    about = {"pathway": pathway, "wording": wording, "language": wording.language}
    return _hand(pathway.family_id, HandedKind.EPDS, by, at, presence=presence, source_id=source_id, **about)


@transaction.atomic
def hand_agreements(*, family: Family, pathway: Pathway | None, by: Member, at: datetime) -> Handing:
    """Hand the table of recipients; `pathway` None before the inclusion.

    Raises `stopped`, `mourning`, `handing_one_at_a_time`.
    """
    hold_family(family_id=family.pk)
    check_mother_lives(family_id=family.pk)
    if pathway is not None:
        check_running(pathway)
    return _hand(family.pk, HandedKind.AGREEMENTS, by, at, language=FRENCH, pathway=pathway)


def _hand(family_id: int, kind: str, by: Member, at: datetime, **values: Any) -> Handing:
    if not is_waiting(by, family_id, kind):
        # Begun and never answered: nothing of hers is lost.
        for left in Handing.objects.visible_to(by).open().filter(family=family_id, kind=kind):
            close_handing(handing=left, outcome=HandedOutcome.CANCELLED, at=at)
    with refusals_of(Handing):
        handing: Handing = Handing.objects.create(
            family_id=family_id, kind=kind, author=by, begun_at=at, touched_at=at, **values
        )
    return handing


@transaction.atomic
def keep_answer(*, handing: Handing, item: str, value: str, at: datetime) -> None:
    """Keep one answer as she gave it; the last one ends the questions and tells the team of a tenth answer at once.

    Sent again, or once she has finished, it changes nothing. After a stop nothing is kept, but danger is told.
    Raises `no_question`, `no_answer`.
    """
    if handing.pathway is not None:
        lock_birth(handing.pathway.birth_id)
    locked = _locked(handing)
    if locked.closed_at or locked.finished_at or locked.returned_at:
        return
    questions = questions_of(handing)
    _check(questions, item, value)
    if not is_over(handing):
        known = {"value": value, "family_id": handing.family_id}
        HandedAnswer.objects.update_or_create(handing=handing, item=item, defaults=known)
        is_last = item == questions[-1].item
        Handing.objects.filter(pk=handing.pk).update(touched_at=at, finished_at=at if is_last else None)
    _tell(handing, item, value, at)


def _locked(handing: Handing) -> Handing:
    locked: Handing = Handing.objects.select_for_update(of=("self",)).get(pk=handing.pk)
    return locked


def _check(questions: tuple[HandedQuestion, ...], item: str, value: str) -> None:
    question = next((one for one in questions if one.item == item), None)
    if question is None:
        raise BusinessError("no_question", "Cette question n’est pas posée ici.")
    if value != NO_ANSWER and value not in {known for known, _ in question.options}:
        raise BusinessError("no_answer", "Choisissez une réponse, ou dites que vous préférez ne pas répondre.")


def _tell(handing: Handing, item: str, value: str, at: datetime) -> None:
    """The danger does not wait for the code (alerts.md 5.5): by the same action as the sheet of the office."""
    if handing.kind != HandedKind.EPDS or item != EPDS_ITEMS[-1] or handing.pathway is None:
        return
    tell_tenth(
        pathway=handing.pathway,
        tenth=int(value) if value else None,
        person=ScreenedPerson.MOTHER,
        submission_id=handing.public_id,
        source_id=handing.source_id,
        by=handing.author,
        at=at,
    )


def tenth_alert(handing: Handing) -> Alert | None:
    """The alert that her tenth answer raised on this tablet, as long as it is not over; also after a stop.

    Lowered again it is still told; one of the same report that is older than this handing is not hers.
    """
    if handing.kind != HandedKind.EPDS or handing.pathway is None:
        return None
    subject = handing.source_id or id_of_submission(handing.pathway.public_id, handing.author, handing.public_id)
    found = signs_of(subject, ITEM_10_ALERT).filter(closed_at=None, ended_at=None)
    tenth = answers_of(handing).get(EPDS_ITEMS[-1])
    if not (tenth and is_item_10_alarming(int(tenth))):
        found = found.filter(raised_at__gte=handing.begun_at)
    alert: Alert | None = found.order_by("-pk").first()
    return alert


def give_back(*, handing: Handing, at: datetime) -> None:
    """The code was given: from now on her answers are the author's to read."""
    Handing.objects.open().filter(pk=handing.pk, returned_at=None).update(returned_at=at, wrong_codes=0)


def note_wrong_code(*, handing: Handing) -> int:
    """Count a wrong code, several at once included; how many there were."""
    Handing.objects.filter(pk=handing.pk).update(wrong_codes=F("wrong_codes") + 1)
    found: int = Handing.objects.values_list("wrong_codes", flat=True).get(pk=handing.pk)
    return found


@transaction.atomic
def close_handing(*, handing: Handing, outcome: str, at: datetime) -> None:
    """Its answers were taken up, or nobody wants them any more: they are erased."""
    HandedAnswer.objects.filter(handing=handing.pk).delete()
    Handing.objects.open().filter(pk=handing.pk).update(closed_at=at, outcome=outcome)


def use_handed(*, family_id: int, kind: str, by: Member, at: datetime, source_id: UUID | None = None) -> None:
    """What she gave stands where it belongs now; inside the transaction of the action that took it up."""
    back = Handing.objects.visible_to(by).given_back(at).filter(family=family_id, kind=kind, source_id=source_id)
    for handing in back.order_by("pk"):
        close_handing(handing=handing, outcome=HandedOutcome.USED, at=at)


def erase_old_handings(*, at: datetime) -> int:
    """Those for which nobody came within seven days; how many. Some at a time: the next run takes the rest."""
    old = list(Handing.objects.expired(at).order_by("begun_at", "pk")[:500])
    for handing in old:
        close_handing(handing=handing, outcome=HandedOutcome.EXPIRED, at=at)
    return len(old)

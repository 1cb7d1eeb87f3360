"""What an auxiliary has learnt and done before she visits (R100, R101): noted, or taken back."""

from datetime import date, datetime

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError, refusals_of
from territories.enums import Role, TrainingModule
from territories.models import Experience, Member, Training


@transaction.atomic
def note_training(*, member: Member, module: str, words: str, done_on: date, by: Member, at: datetime) -> Training:
    """A module she has followed. Raises `not_ap`, `day_ahead`, `words_missing`, `training_once`."""
    _check_ap(member)
    if done_on > clock.local_date(at, by.territory.time_zone):
        raise BusinessError("day_ahead", "Ce jour n’est pas encore venu : notez-la une fois suivie.", field="done_on")
    is_other = module == TrainingModule.OTHER
    if is_other and not words.strip():
        raise BusinessError("words_missing", "Écrivez l’intitulé de cette formation.", field="words")
    named = words.strip() if is_other else ""
    with refusals_of(Training, beside="done_on"):
        made: Training = Training.objects.create(
            member=member, module=module, words=named, done_on=done_on, noted_by=by, noted_at=at
        )
    return made


@transaction.atomic
def cancel_training(*, training: Training, by: Member, at: datetime) -> None:
    """It was noted by mistake: it stays readable in the history, and counts no more. Raises `cancelled`."""
    if not Training.objects.standing().filter(pk=training.pk).update(cancelled_at=at, cancelled_by=by):
        raise BusinessError("cancelled", "Cette formation est déjà annulée.")


@transaction.atomic
def note_experience(*, member: Member, months: int, words: str, by: Member, at: datetime) -> None:
    """Her experience of the first days after a birth, in whole months; the history keeps what stood before."""
    _check_ap(member)
    if not words.strip():
        raise BusinessError("words_missing", "Écrivez où elle l’a acquise.", field="words")
    told = {"months": months, "words": words.strip(), "noted_by": by, "noted_at": at}
    Experience.objects.update_or_create(member=member, defaults=told)


def _check_ap(member: Member) -> None:
    if not Member.objects.with_role(Role.AP).filter(pk=member.pk).exists():
        raise BusinessError("not_ap", "Seule une auxiliaire a un parcours de formation.")

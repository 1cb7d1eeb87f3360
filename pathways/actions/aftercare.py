"""What a person does after a death: each step is noted once, by name."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.enums import AftercareStep
from pathways.models import AftercareDone, Death
from territories.models import Member


@transaction.atomic
def note_step(*, death: Death, step: str, by: Member, at: datetime) -> AftercareDone:
    """Somebody has done it. Raises `unknown_step`, `death_undone`, or that it is noted already."""
    if step not in AftercareStep.values:
        raise BusinessError("unknown_step", "Choisissez ce qui est fait.")
    if not Death.objects.standing().filter(pk=death.pk).exists():
        raise BusinessError("death_undone", "Ce décès a été annulé : il n’y a plus rien à faire.")
    with refusals_of(AftercareDone):
        done: AftercareDone = AftercareDone.objects.create(
            family_id=death.family_id, death=death, step=step, done_by=by, done_at=at
        )
    return done

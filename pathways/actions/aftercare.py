"""What a person does after a death: each step is noted once, by name."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import lock_birth
from pathways.enums import AftercareStep, DeadPerson
from pathways.models import AftercareDone, Child, Death
from pathways.rules import aftercare_steps
from territories.models import Member


@transaction.atomic
def note_step(*, death: Death, step: str, by: Member, at: datetime, who: str = "") -> AftercareDone:
    """Somebody has done it; `who` follows the child, for that step alone.

    Raises `unknown_step`, `death_undone`, `who_missing`, or that it is noted already.
    """
    # Held: a child that lives now is not noted dead meanwhile.
    lock_birth(death.birth_id)
    has_living_child = Child.objects.filter(birth=death.birth_id, closed_at=None).exists()
    asked = aftercare_steps(has_lost_mother=death.person == DeadPerson.MOTHER, has_living_child=has_living_child)
    if step not in asked:
        raise BusinessError("unknown_step", "Choisissez ce qui est fait.")
    names = who.strip() if step == AftercareStep.CHILD_FOLLOWED else ""
    if step == AftercareStep.CHILD_FOLLOWED and not names:
        raise BusinessError("who_missing", "Écrivez qui suit l’enfant.", field="who")
    if not Death.objects.standing().filter(pk=death.pk).exists():
        raise BusinessError("death_undone", "Ce décès a été annulé : il n’y a plus rien à faire.")
    with refusals_of(AftercareDone):
        done: AftercareDone = AftercareDone.objects.create(
            family_id=death.family_id, death=death, step=step, who=names, done_by=by, done_at=at
        )
    return done

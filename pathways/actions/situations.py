"""A child who does not live with the mother: set by hand, it silences what would leave by itself (inclusion.md 8)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pathways.enums import ChildSituation
from pathways.models import Birth, Child


@transaction.atomic
def note_situations(*, birth: Birth, situations: Mapping[UUID, str], at: datetime) -> None:
    """Write the situation of each followed child; what does not change keeps its date. Back with her: "".

    `rules.contact_decision` reads it at once: no automatic message, and discreet words.
    """
    for public_id, code in situations.items():
        situation = ChildSituation(code)
        children = Child.objects.filter(birth=birth, public_id=public_id, closed_at=None).exclude(situation=situation)
        children.update(situation=situation, situation_at=at if situation else None)

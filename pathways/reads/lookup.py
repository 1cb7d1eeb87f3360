"""Whom somebody means who may not look around: the one family that answers to what she already knows."""

from datetime import date

from django.db.models import Q

from pathways import rules
from pathways.models import Family, Mother
from pathways.reads.birth_dates import born_like


def family_known_as(*, reference: str, birth_name: str, birth_on: date | None) -> Family | None:
    """The family of this reference, or of the only mother of this birth name and date; None for none and for several.

    Proof of knowledge instead of a search: nothing is listed, a near miss says nothing (peers 2.6).
    """
    if reference:
        found: Family | None = Family.objects.filter(reference__iexact=reference.strip()).first()
        return found
    wanted = rules.normalised(birth_name)
    born = Q(pk=None) if birth_on is None else born_like(birth_on)
    mothers = Mother.objects.filter(born).select_related("family").order_by("pk")
    same = [mother for mother in mothers if rules.normalised(mother.birth_name) == wanted]
    return same[0].family if len(same) == 1 else None

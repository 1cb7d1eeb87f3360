"""What an inclusion tells the story of a family about her situation: what helps her, strata, a child who is elsewhere.

Columns of inclusion.md 4: her language and what helps her are for the team, the liberal midwife and the PMI (E L M);
whether a vulnerability is known, and where a child lives, for the team alone (E).
"""

from collections.abc import Iterator
from typing import Any

from copa.kernel.french import NBSP, full_stop, inner
from copa.kernel.prepared import Prepared
from pathways.enums import ChildSituation, FeedingWish, Parity, YesNoUnknown
from pathways.models import Child, Family, InclusionAnswers, Mother
from pathways.perms import SEE_FAMILY, is_of_team, reads_home
from pathways.reads.facts.homes import tongue_and_needs
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from pathways.rules import shown_name
from territories.models import Member


@Prepared
def _answers(family: Any) -> Any:
    rows = InclusionAnswers.objects.filter(family=family, pathway__birth__is_silent=False).order_by("answered_at", "pk")
    return rows.values_list("answered_at", "wish", "vulnerability", "pathway__birth__parity")


@Prepared
def _mother(family: Any) -> Any:
    return Mother.objects.filter(family=family).order_by("pk").values_list("language", "access_needs")


@Prepared
def _children(family: Any) -> Any:
    rows = Child.objects.filter(family=family, closed_at=None, situation_at__isnull=False, birth__is_silent=False)
    return (
        rows.exclude(situation="").order_by("situation_at", "pk").values_list("situation_at", "situation", "first_name")
    )


def _tell(_: Family, member: Member, *rows: list[Any]) -> Iterator[Told]:
    answers, mothers, children = rows
    is_inside = is_of_team(member)
    for place, row in enumerate(reversed(answers)):
        # What helps her is kept once, as it stands: it is told with the last inclusion.
        helps = _helps(mothers) if place == 0 and reads_home(member) else ""
        strata = _strata(row) if is_inside else ""
        if text := " ".join(part for part in (helps, strata) if part):
            yield Told(at=row.answered_at, icon="message", title="Sa situation à l’inclusion", text=text)
    if is_inside:
        for child in children:
            said = inner(words(ChildSituation, child.situation))
            title = f"{shown_name(child.first_name)}{NBSP}: {said}"
            text = "Aucun message automatique ne part vers la famille."
            yield Told(at=child.situation_at, icon="baby", state="warn", title=title, text=text)


def _helps(mothers: list[Any]) -> str:
    """As "À l’aise en arabe. Interprète, gros caractères."; "" for French without any need."""
    mother = mothers[0] if mothers else None
    if mother is None:
        return ""
    tongue, needs = tongue_and_needs(mother.language, mother.access_needs)
    said = [f"Langue{NBSP}: {inner(tongue)}"] if tongue else []
    said += [f"Ce qui l’aide{NBSP}: {', '.join(inner(one) for one in needs)}"] if needs else []
    return " ".join(full_stop(one) for one in said)


def _strata(row: Any) -> str:
    parity = words(Parity, row.pathway__birth__parity)
    wish = f"Souhaite allaiter{NBSP}: {inner(words(FeedingWish, row.wish))}"
    known = f"Vulnérabilité connue{NBSP}: {inner(words(YesNoUnknown, row.vulnerability))}"
    return " ".join(full_stop(one) for one in (parity, wish, known))


SITUATION = KeptSource(SEE_FAMILY, (_answers, _mother, _children), _tell)

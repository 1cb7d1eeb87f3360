"""Births to whom CoPa is not presented yet, mothers who are still thinking, those who said yes and wait."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from copa.kernel.french import day as short_day
from pathways import perms
from pathways.enums import ProposalAnswer
from pathways.models import Pathway, Proposal
from pathways.rules import PROPOSAL_HORIZON_DAYS, WARD_DAYS
from territories.models import Member
from visits.reads.todo.base import Now, Subject, Waiting

_HORIZON = timedelta(days=PROPOSAL_HORIZON_DAYS)


def to_propose(member: Member, now: Now) -> Iterator[Waiting]:
    """Births without a proposal while there is still time; none in silence (R066, A38)."""
    births = perms.PROPOSE.rows(member)
    recent = births.not_proposed().filter(day__gte=now.today - _HORIZON, family__moved_at=None)
    rows = recent.order_by("at", "pk")
    for birth in rows.values_list("public_id", "family_id", "day", "maternity__name", named=True):
        yield Waiting(
            subject=Subject.BIRTHS,
            family_id=birth.family_id,
            words="Présenter CoPa",
            detail=f"naissance {short_day(birth.day)}, {birth.maternity__name}",
            due=birth.day + _HORIZON,
            page="pathways:proposal",
            public_id=birth.public_id,
        )


def to_include(member: Member, now: Now) -> Iterator[Waiting]:
    """Mothers to ask again today, and those who said yes whom nobody has included."""
    since = now.today - timedelta(days=WARD_DAYS)
    births = perms.PROPOSE.rows(member).filter(day__gte=since, is_silent=False, family__moved_at=None)
    included = Pathway.objects.filter(birth=OuterRef("birth"))
    again = Q(answer=ProposalAnswer.PENDING, ask_again_on__lte=now.today)
    rows = Proposal.objects.filter(again | Q(answer=ProposalAnswer.YES), ~Exists(included), birth__in=births)
    columns = ("family_id", "answer", "ask_again_on", "birth__public_id", "birth__day")
    for proposal in rows.order_by("proposed_on", "pk").values_list(*columns, named=True):
        is_yes = proposal.answer == ProposalAnswer.YES
        yield Waiting(
            subject=Subject.BIRTHS,
            family_id=proposal.family_id,
            words="Recueillir l’adhésion" if is_yes else "Reparler de CoPa",
            detail="elle a dit oui" if is_yes else "elle voulait réfléchir",
            due=proposal.birth__day + _HORIZON if is_yes else proposal.ask_again_on,
            page="pathways:inclusion" if is_yes else "pathways:proposal",
            public_id=proposal.birth__public_id,
        )

"""Who sees the calls of ultra-early discharges, and who answers them (R054)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel.access import Moment, Perm
from pathways.models import EarlyCall, EarlyCallPerson, within_reach
from pathways.perms.base import of_team
from territories.enums import PILOTS, Role
from territories.models import Member


def _called(member: Member) -> Exists:
    return Exists(EarlyCallPerson.objects.filter(call=OuterRef("pk"), member=member))


def _hers(calls: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role == Role.AP:
        return within_reach(calls, member).filter(_called(member))
    return of_team(calls, member)


def _past(call: EarlyCall) -> str:
    if call.ended_at is not None:
        return "Cette visite n’est plus à faire."
    assert call.confirmed_by is not None, "a call that no longer waits has ended or was confirmed"
    return f"{call.confirmed_by.user.get_full_name()} a déjà confirmé cette visite."


STILL_WAITING = Moment(Q(confirmed_at=None, ended_at=None), _past)

SEE_EARLY_CALLS = Perm(
    code="pathways.see_early_calls",
    label="Voir les sorties ultra-précoces",
    model="pathways.EarlyCall",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=_hers,
)
CONFIRM_EARLY_CALL = Perm(
    code="pathways.confirm_early_call",
    label="Confirmer la visite d’une sortie ultra-précoce",
    model="pathways.EarlyCall",
    roles=frozenset({Role.AP}),
    where=_hers,
    moment=STILL_WAITING,
)

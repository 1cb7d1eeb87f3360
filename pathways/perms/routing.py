"""Consent as routing, as a filter on rows: the same answer as `rules.routing`, for a list or one object."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pathways import rules
from pathways.enums import Agreement, Recipient
from pathways.models import Birth, FamilyGrant, Pathway, PmiRelay, RecipientConsent, within_reach
from territories.enums import PILOTS, Role
from territories.models import Member


def readable_outside(rows: QuerySet[Any], member: Member, *, pathway: str = "") -> QuerySet[Any]:
    """Rows about a pathway (the path to it, as "visit__pathway") that this member of no care team may read.

    "" when the rows are about the family itself: its last pathway decides, as in `reads.routing.may_send`.

    She reads as whom she was opened the file, by grant or by relay, while the mother agrees for that recipient and
    nothing has stopped (R076, A16, A38).
    """
    here = within_reach(rows, member)
    running = _running(here, pathway)
    granted = Exists(_agreed_grants(member))
    if member.role != Role.PMI_STAFF:
        return running.filter(granted)
    relays = PmiRelay.objects.shown().filter(family=OuterRef("family"), sector__structure=member.structure_id)
    return running.filter(granted | (Q(Exists(relays)) & Q(_agreed(Recipient.PMI))))


def _running(rows: QuerySet[Any], pathway: str) -> QuerySet[Any]:
    if pathway:
        here = rows.filter(**{f"{pathway}__birth__is_silent": False})
        return here.exclude(**{f"{pathway}__state__in": rules.STOPPED})
    of_family = Pathway.objects.filter(family=OuterRef("family"))
    later = Q(birth__at__gt=OuterRef("birth__at")) | Q(birth__at=OuterRef("birth__at"), pk__gt=OuterRef("pk"))
    last = of_family.filter(~Exists(of_family.filter(later)), birth__is_silent=False)
    return rows.filter(Exists(last.exclude(state__in=rules.STOPPED)))


def nothing_stopped(rows: QuerySet[Any], pathway: str) -> QuerySet[Any]:
    """Rows of families, leaving out those whose pathway (the path to it) has stopped or is in mourning (A38, L12).

    A row without a pathway stays, unless a birth of its family is silent.
    """
    stopped = Q(**{f"{pathway}__birth__is_silent": True}) | Q(**{f"{pathway}__state__in": rules.STOPPED})
    silent = Exists(Birth.objects.filter(family=OuterRef("family"), is_silent=True))
    return rows.exclude(stopped).exclude(Q(silent, **{f"{pathway}__isnull": True}))


def _agreed(recipient: str) -> Exists:
    answers = RecipientConsent.objects.filter(family=OuterRef("family"), answer=Agreement.YES)
    return Exists(answers.filter(recipient=recipient))


def _agreed_grants(member: Member) -> QuerySet[Any]:
    """Her running grants of the family, each with the mother's yes for the recipient she reads as."""
    yes = RecipientConsent.objects.filter(
        family=OuterRef("content_object"),
        recipient=OuterRef("recipient"),
        named=OuterRef("named"),
        answer=Agreement.YES,
    )
    grants: QuerySet[Any] = FamilyGrant.objects.running_for(member, OuterRef("family"))
    return grants.filter(Exists(yes))


def reads_for_child(member: Member) -> Exists:
    """Of families opened to her as the child's doctor: what is written about the mother is not for her."""
    grants = FamilyGrant.objects.running_for(member, OuterRef("family"))
    return Exists(grants.filter(recipient=Recipient.PAEDIATRICIAN))


def granted_as(member: Member, family_id: int) -> str:
    """The recipient as whom this member reads this family now; "" when no grant says so."""
    grants = FamilyGrant.objects.running_for(member, family_id).order_by("-granted_at", "-pk")
    return str(grants.values_list("recipient", flat=True).first() or "")


def is_of_team(member: Member) -> bool:
    """Whether she reads by column E of the forms: the pilots, the referring team, the AP."""
    return member.role in PILOTS | {Role.REFERRING_TEAM, Role.AP}


def reads_home(member: Member) -> bool:
    """Whether the mother's phone and address are for her: columns E, L and M, never the doctors outside."""
    return is_of_team(member) or member.role in {Role.LIBERAL_MIDWIFE, Role.PMI_STAFF}

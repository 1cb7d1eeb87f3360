"""To whom of the circle the file is to be opened, with the mother's yes."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from pathways import rules
from pathways.enums import Agreement, CircleRole
from pathways.models import RECIPIENT_OF_ROLE, Birth, CareCircleMember, FamilyGrant, Pathway, RecipientConsent
from pathways.reads.addressees import RECIPIENT_OF_WORK
from territories.models import Member

# The works whose people read the file itself, and not only a copy.
OPENED_WORKS = (CircleRole.LIBERAL_MIDWIFE, CircleRole.GENERAL_PRACTITIONER, CircleRole.PAEDIATRICIAN)


def waits_for_file(at: datetime, day: date) -> QuerySet[Any]:
    """People of the circle with an account and the mother's yes for their work, in a pathway that runs (R044, R076).

    Nobody has opened the file to them as such since they joined or she came back, nor closed it: what the team closed,
    or what ran out, is the team's to open again. Each with its `recipient`, and `waits_since` when.
    """
    works = [When(role=work, then=Value(RECIPIENT_OF_WORK[work].value)) for work in OPENED_WORKS]
    pathway = Pathway.objects.filter(family=OuterRef("family")).order_by("-birth__at", "-pk")
    birth = Birth.objects.filter(family=OuterRef("family")).order_by("-at", "-pk")
    people = CareCircleMember.objects.running(day).filter(role__in=OPENED_WORKS, family__moved_at=None)
    people = people.filter(_reads_as_her_work(), member__in=Member.objects.current(day).order_by())
    people = people.annotate(
        recipient=Case(*works),
        since_pathway=Subquery(pathway.values("included_at")[:1]),
        state=Subquery(pathway.values("state")[:1]),
        is_silent=Subquery(pathway.values("birth__is_silent")[:1]),
        is_last_silent=Subquery(birth.values("is_silent")[:1]),
    ).annotate(waits_since=Greatest("added_at", "since_pathway"))
    running = people.filter(state__in=rules.RUNNING, is_silent=False, is_last_silent=False)
    waiting: QuerySet[Any] = running.filter(Exists(_yes()), ~Exists(_decided(at)))
    return waiting


def _reads_as_her_work() -> Q:
    """Whose role, where it says as whom she reads, says the same as her work in the circle."""
    bound = Q(member__role__in=list(RECIPIENT_OF_ROLE))
    same = [Q(member__role=role, role=work) for work in OPENED_WORKS for role in _roles_of(work)]
    return ~bound | Q(*same, _connector=Q.OR)


def _roles_of(work: CircleRole) -> list[str]:
    return [role for role, recipient in RECIPIENT_OF_ROLE.items() if recipient == RECIPIENT_OF_WORK[work]]


def _yes() -> QuerySet[Any]:
    answers = RecipientConsent.objects.filter(family=OuterRef("family"), answer=Agreement.YES, named="")
    yes: QuerySet[Any] = answers.filter(recipient=OuterRef("recipient"))
    return yes


def _decided(at: datetime) -> QuerySet[Any]:
    """Openings that make her a recipient as her work says, or that somebody closed since; an orientation is neither."""
    hers = FamilyGrant.objects.filter(content_object=OuterRef("family"), user=OuterRef("member__user"))
    given = hers.not_in_emergency()
    as_such = given.receiving([OuterRef("recipient")])
    closed = given.filter(revoked_at__gte=OuterRef("waits_since"))
    decided: QuerySet[Any] = as_such.filter(granted_at__gte=OuterRef("waits_since")) | as_such.running(at) | closed
    return decided

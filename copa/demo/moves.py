"""Families who move between the two first territories of the demonstration: one taken over, one offered each way.

Written by the platform's own actions once both are there, after the export hash: the actions draw the names of rows.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from copa.demo.loader import Plan
from copa.demo.people import MAIL_END
from copa.demo.places import MATERNITY, Place
from copa.kernel import clock, scope
from pathways.actions.asked import Asked
from pathways.actions.families import Contact
from pathways.actions.inclusion import Adhesion, Team, include
from pathways.actions.transfers import Agreed, accept_transfer, offer_transfer
from pathways.enums import (
    ASKED_RECIPIENTS,
    Agreement,
    CalendarSource,
    CalendarStatus,
    CircleRole,
    PathwayState,
    ProposalAnswer,
    ProposalContext,
    TransferPart,
    TransferState,
)
from pathways.models import (
    Birth,
    CalendarItem,
    CareCircleMember,
    Child,
    Family,
    FamilyGrant,
    FamilyTransfer,
    Pathway,
    Proposal,
)
from territories.models import Commune, Member, Structure, Territory
from visits.enums import VisitKind, VisitState
from visits.models import Visit

DAY = timedelta(days=1)
NEEDS = "Un lit pour bébé, et de l’aide le temps du déménagement."


def write_moves(plan: Plan) -> int:
    """How many families were offered: none where a territory has nobody halfway through her visits."""
    if plan.territories < 2:
        return 0
    first, second = (place for place, _ in plan.shares()[:2])
    taken = _offer(second, first, plan.at - 3 * DAY, has_second=False)
    if taken:
        _take_over(taken, first, plan.at)
        _leave(taken, second, plan.at)
    waiting = [
        _offer(second, first, plan.at - DAY, has_second=True),
        _offer(first, second, plan.at - 2 * DAY, has_second=True),
    ]
    return sum(one is not None for one in (taken, *waiting))


def _inside(place: Place) -> scope.Scope:
    territory = Territory.objects.get(slug=place.slug)
    return scope.Scope(actor="command:load_demo", territory_id=territory.pk, slug=place.slug, reason="demonstration")


def _who(place: Place, mailbox: str) -> Member:
    found: Member = Member.objects.select_related("user", "structure").get(
        user__email=f"{mailbox}@{place.key}.{MAIL_END}"
    )
    return found


def _offer(origin: Place, to: Place, at: datetime, *, has_second: bool) -> FamilyTransfer | None:
    """A family with her first visit made, offered with everything she may send along."""
    with scope.opened(_inside(origin)):
        visits = Visit.objects.running().filter(pathway=OuterRef("pk"))
        made = visits.filter(kind=VisitKind.V1, state=VisitState.ENDED, report_delivered_at__lt=at)
        second = Exists(visits.filter(kind=VisitKind.V2, state=VisitState.PLANNED))
        rows = Pathway.objects.active().filter(Exists(made), window_to__gte=clock.local_date(at, origin.time_zone))
        others = ~Exists(visits.exclude(kind=VisitKind.V1)) if not has_second else second
        pathway = rows.filter(others).select_related("carrier", "territory").order_by("birth__at", "pk").last()
        if pathway is None:
            return None
        agreed = Agreed(covers=list(TransferPart), on=clock.local_date(at, origin.time_zone), mode="ORAL", needs=NEEDS)
        by, destination = _who(origin, "equipe"), Territory.objects.get(slug=to.slug)
        _surround(pathway, by, at - DAY)
        return offer_transfer(pathway=pathway, to=destination, agreed=agreed, by=by, at=at)


def _surround(pathway: Pathway, by: Member, at: datetime) -> None:
    """Somebody who follows her, and the first examination of each child, so that there is something to send along."""
    day = at.date()
    CareCircleMember.objects.create(
        family_id=pathway.family_id,
        name="Dr Solène Aubry",
        role=CircleRole.PAEDIATRICIAN,
        since=day,
        added_by=by,
        added_at=at,
    )
    for child in Child.objects.filter(birth=pathway.birth_id, closed_at=None).order_by("rank"):
        known = {"status": CalendarStatus.DONE, "source": CalendarSource.BOOKLET, "noted_by": by, "noted_at": at}
        about = {"family_id": pathway.family_id, "birth_id": pathway.birth_id}
        CalendarItem.objects.get_or_create(child=child, code="K01", defaults={**about, **known})


def _take_over(transfer: FamilyTransfer, place: Place, at: datetime) -> None:
    """Accepted two days ago, and included yesterday by the team that follows her from now on."""
    with scope.opened(_inside(place)):
        coordinator, team = _who(place, "coordination"), _who(place, "equipe")
        birth = accept_transfer(
            transfer=FamilyTransfer.incoming.get(pk=transfer.pk),
            maternity=Structure.objects.filter(kind=MATERNITY).order_by("pk")[:1].get(),
            commune=Commune.objects.filter(sector__isnull=False).order_by("code")[:1].get(),
            address="4 rue du Pont",
            is_other_family=True,
            by=coordinator,
            at=at - 2 * DAY,
        )
        _include(birth, team, _who(place, "ap"), at - DAY)


ADHESION = Adhesion(
    collector="AP",
    place="HOME",
    mode="SCREEN",
    notice_version="notice-2026.1-fr",
    is_evaluation_opposed=False,
)
ASKED = Asked(
    language="fr",
    access_needs=("NONE",),
    birth_place="STRUCTURE",
    vulnerability="NO",
    wish="NO",
    knows_pmi="NO",
    are_professionals_presented=True,
)


def _include(birth: Birth, team: Member, ap: Member, at: datetime) -> None:
    family = birth.family
    Proposal.objects.create(
        family=family,
        birth=birth,
        proposed_on=at.date(),
        context=ProposalContext.CONSULTATION,
        proposed_by=team,
        answer=ProposalAnswer.YES,
        answered_at=at,
    )
    assert ap.structure is not None
    include(
        birth=birth,
        adhesion=ADHESION,
        agreements=dict.fromkeys(ASKED_RECIPIENTS, Agreement.YES),
        contact=Contact(
            hours=tuple(family.contact_hours),
            may_sms=family.may_sms,
            may_email=family.may_email,
            is_discreet=family.is_discreet,
            no_voice_mail=family.no_voice_mail,
        ),
        asked=ASKED,
        team=Team(carrier=ap.structure, ap=ap, is_pmi_presented=True),
        accepts_late=True,
        by=team,
        at=at,
    )


def _leave(transfer: FamilyTransfer, place: Place, at: datetime) -> None:
    """What the job of the origin does with the answer, without its mails: nothing leaves a demonstration."""
    with scope.opened(_inside(place)):
        moved_at = at - 2 * DAY
        FamilyTransfer.objects.filter(pk=transfer.pk).update(
            state=TransferState.ACCEPTED, settled_at=moved_at, payload={}
        )
        Pathway.objects.filter(pk=transfer.pathway_id).update(state=PathwayState.MOVED, closed_at=moved_at)
        FamilyGrant.objects.filter(content_object=transfer.family_id, revoked_at=None).update(revoked_at=moved_at)
        Family.objects.filter(pk=transfer.family_id).update(moved_at=moved_at)

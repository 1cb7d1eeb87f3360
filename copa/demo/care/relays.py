"""What happened to relays after they were made: declined, followed, asked to come along."""

from copa.demo.care.base import Office
from pathways.enums import ContactKind, RelayState, RelayStepKind
from pathways.models import PmiRelay, RelayContact, RelayStep, RelayTask
from territories.enums import Role
from visits.enums import PartnerState, VisitKind
from visits.models import Visit


def write_relays(office: Office) -> None:
    """One declined, one with its first contact, one that asks for something, a third visit made together."""
    _declined(office)
    _followed(office)
    for rank, text in enumerate(("Revoir le poids à un mois", "Présenter le lieu d’accueil"), start=1):
        relay = _relay(office, "relay_forgotten")
        days = 4 + 3 * rank
        office.put(RelayTask, family_id=relay.family_id, relay=relay, rank=rank, text=text, due_on=office.today(days))
    Visit.objects.filter(family=office.family("third_with_pmi"), kind=VisitKind.V3).update(
        is_joint=True, partner=office.member(Role.PMI_STAFF).pk, partner_state=PartnerState.CONFIRMED
    )


def _relay(office: Office, script: str) -> PmiRelay:
    found: PmiRelay = PmiRelay.objects.get(family=office.family(script))
    return found


def _declined(office: Office) -> None:
    relay, by, at = _relay(office, "relay_declined"), office.member(Role.PMI_STAFF), office.moment(-3, 10)
    PmiRelay.objects.filter(pk=relay.pk).update(state=RelayState.DECLINED, answered_at=at, answered_by=by.pk)
    reason = "La famille vient d’emménager sur une autre commune, à voir avec l’autre secteur."
    office.put(
        RelayStep,
        family_id=relay.family_id,
        relay=relay,
        kind=RelayStepKind.DECLINED,
        reason=reason,
        by_id=by.pk,
        at=at,
    )


def _followed(office: Office) -> None:
    relay, day = _relay(office, "relay_followed"), office.today(-4)
    office.put(
        RelayContact,
        family_id=relay.family_id,
        relay=relay,
        on=day,
        kind=ContactKind.VISIT,
        has_met=True,
        next_contact_on=office.today(24),
        by_id=office.member(Role.PMI_STAFF).pk,
        at=office.moment(-4, 16),
    )
    PmiRelay.objects.filter(pk=relay.pk).update(next_contact_on=office.today(24))

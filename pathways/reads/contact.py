"""The facts behind `rules.contact_decision`, for one family."""

from datetime import datetime
from uuid import UUID

from pathways import rules
from pathways.models import Birth, Child, Family, Mother, Pathway
from pathways.rules import ContactDecision, ContactRules
from territories.models import Territory


def may_contact(*, family_id: int, channel: str, at: datetime) -> ContactDecision:
    """Whether this family may be reached now by this SafeChannel; six queries.

    Whatever writes to parents or rings them asks here, at the moment it does so. `is_discreet` binds the words.
    """
    zone = Territory.objects.values_list("time_zone", flat=True).get(pk=_territory_of(family_id))
    return rules.contact_decision(contact_rules(family_id), channel, at, zone)


def contact_rules(family_id: int) -> ContactRules:
    """What she said, and where her last birth stands."""
    family = Family.objects.get(pk=family_id)
    mother = Mother.objects.get(family=family_id)
    birth = Birth.objects.filter(family=family_id).order_by("-at", "-pk").first()
    states = Pathway.objects.filter(birth=birth).order_by("-included_at", "-pk").values_list("state", flat=True)
    return ContactRules(
        has_phone=bool(mother.phone),
        has_email=bool(mother.email),
        may_sms=family.may_sms,
        may_email=family.may_email,
        may_call=family.may_call,
        may_space=family.may_space,
        is_refused=family.is_contact_refused,
        no_voice_mail=family.no_voice_mail,
        is_discreet=family.is_discreet,
        hours=family.contact_hours,
        state=(states.first() if birth else None) or "",
        is_silent=birth is not None and birth.is_silent,
        is_apart=Child.objects.filter(birth=birth, closed_at=None).exclude(situation="").exists(),
    )


def _territory_of(family_id: int) -> UUID:
    found: UUID = Family.objects.values_list("territory_id", flat=True).get(pk=family_id)
    return found

"""Whether a family may be reached now: the facts of its file behind `rules.contact_decision`."""

from datetime import datetime

from pathways import rules
from pathways.reads.facts import FamilyFacts
from pathways.rules import ContactDecision, ContactRules


def contact_now(
    facts: FamilyFacts,
    channel: str,
    *,
    at: datetime,
    zone: str,
    has_sign: bool = False,
    is_answering: bool = False,
) -> ContactDecision:
    """Whether this family may be reached now by this SafeChannel, without a query of its own.

    Whatever shows a number, writes to parents or rings them asks here, at the moment it does so (A36, A38).
    `is_discreet` binds the words; `has_sign` says that a sign of the family is open, or taken and not closed, and
    `is_answering` that this reader may answer it.
    """
    return rules.contact_decision(contact_rules(facts, has_sign=has_sign, is_answering=is_answering), channel, at, zone)


def asks_team_first(facts: FamilyFacts) -> bool:
    """Whether whoever would ring or write speaks to the referring team first, at any hour."""
    return bool(rules.team_first(contact_rules(facts)))


def contact_rules(facts: FamilyFacts, *, has_sign: bool = False, is_answering: bool = False) -> ContactRules:
    """What she said, and where her last birth stands."""
    contact, birth = facts.contact, facts.birth
    return ContactRules(
        has_phone=bool(facts.mother.phone),
        has_email=bool(facts.mother.email),
        may_sms=contact.may_sms,
        may_email=contact.may_email,
        may_call=contact.may_call,
        may_space=contact.may_space,
        is_refused=contact.is_refused,
        no_voice_mail=contact.no_voice_mail,
        is_discreet=contact.is_discreet,
        hours=contact.hours,
        state=facts.pathway.state if facts.pathway else "",
        is_silent=birth is not None and birth.is_silent,
        is_apart=birth is not None and birth.is_apart,
        has_changed=facts.has_changed,
        is_in_hospital=facts.mother.is_in_hospital,
        keeps_space=birth is not None and birth.keeps_space,
        has_sign=has_sign,
        is_answering=is_answering,
        through_team_since=contact.through_team_since,
    )

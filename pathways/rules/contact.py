"""Whether a family may be reached now by one channel, without putting anybody in danger (A36, A38, inclusion.md 3)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathways.enums import ContactHours, SafeChannel
from pathways.rules.pathways import STOPPED, is_in_mourning

# Local hours at which each answer lets somebody ring; nobody is reached before eight nor from eight in the evening on.
HOURS: dict[str, tuple[time, time]] = {
    ContactHours.MORNING: (time(8), time(12)),
    ContactHours.AFTERNOON: (time(12), time(18)),
    ContactHours.EVENING: (time(18), time(20)),
    ContactHours.ANY: (time(8), time(20)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRules:
    """What she said of how she may be reached, and where her pathway stands ("" without one)."""

    has_phone: bool
    has_email: bool
    may_sms: bool
    may_email: bool
    no_voice_mail: bool
    is_discreet: bool
    hours: str
    state: str
    is_silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDecision:
    """`reason` is the French sentence. `not_before` is when it becomes possible, None when it is now or never.

    `is_discreet`: whatever is said or written names neither the programme nor a child.
    """

    allowed: bool
    reason: str
    is_discreet: bool
    not_before: datetime | None = None


def contact_decision(rules: ContactRules, channel: str, at: datetime, zone: str) -> ContactDecision:
    """The one answer every channel to a family asks for."""
    if refusal := _never(rules, channel):
        return ContactDecision(allowed=False, reason=refusal, is_discreet=rules.is_discreet)
    opens = next_opening(rules.hours, at, zone)
    if opens > at:
        local = opens.astimezone(ZoneInfo(zone))
        day = "aujourd’hui" if local.date() == at.astimezone(ZoneInfo(zone)).date() else "demain"
        reason = f"Pas à cette heure : possible {day} à partir de {local.hour} h."
        return ContactDecision(allowed=False, reason=reason, is_discreet=rules.is_discreet, not_before=opens)
    words = "Possible maintenant, sans nommer le programme." if rules.is_discreet else "Possible maintenant."
    return ContactDecision(allowed=True, reason=words, is_discreet=rules.is_discreet)


def next_opening(hours: str, at: datetime, zone: str) -> datetime:
    """`at` itself within the hours she gave, else the next local beginning of them."""
    first, last = HOURS[hours]
    local = at.astimezone(ZoneInfo(zone))
    if first <= local.time() < last:
        return at
    day = local.date() if local.time() < first else local.date() + timedelta(days=1)
    return datetime.combine(day, first, tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)


def _never(rules: ContactRules, channel: str) -> str:
    """What no hour of the day would open."""
    if is_in_mourning(is_silent=rules.is_silent, state=rules.state):
        return "Cette famille est en deuil : voyez d’abord l’équipe de référence."
    if rules.state in STOPPED:
        return "L’accompagnement est arrêté : plus de message ni d’appel."
    if channel == SafeChannel.EMAIL:
        return "" if rules.has_email and rules.may_email else "Elle n’accepte pas les e-mails."
    if not rules.has_phone:
        return "Aucun numéro n’est noté."
    if channel == SafeChannel.SMS and not rules.may_sms:
        return "Elle n’accepte pas les SMS."
    if channel == SafeChannel.VOICE_MAIL and rules.no_voice_mail:
        return "Ne laissez pas de message vocal."
    return ""

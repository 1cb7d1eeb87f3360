"""Whether a family may be reached now by one channel, without putting anybody in danger (A36, A38, inclusion.md 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from copa.kernel.french import full_day
from pathways.enums import ContactHours, SafeChannel
from pathways.rules.pathways import STOPPED, has_kept_space, is_in_mourning

# Local hours within which each answer is reached by what leaves by itself. A person who rings keeps to the part of the
# day she named; where she named none she forbids no hour.
HOURS: dict[str, tuple[time, time]] = {
    ContactHours.MORNING: (time(8), time(12)),
    ContactHours.AFTERNOON: (time(12), time(18)),
    ContactHours.EVENING: (time(18), time(20)),
    ContactHours.ANY: (time(8), time(20)),
}
# What leaves by itself, without a person who chooses each word.
_WRITTEN = frozenset({SafeChannel.SMS, SafeChannel.EMAIL, SafeChannel.SPACE})
# What a person does herself, who knows why she rings.
_SPOKEN = frozenset({SafeChannel.CALL, SafeChannel.VOICE_MAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRules:
    """What she said of how she may be reached, and where her pathway stands ("" without one).

    `may_call` None while nobody has asked, which forbids no call; `hours` empty likewise. `is_refused`: she wants no
    contact between the visits. `is_apart`: a child of the last birth does not live with her (inclusion.md 8).
    `keeps_space`: she stopped the visits alone (inclusion.md, VISITS_KEEP_SPACE). `has_sign`: a sign of hers is open or
    being answered: silent hours do not exist for alerts (alerts.md 6). `is_answering`: it is for this reader to answer.
    `has_changed`: a child of the last birth died, and its path goes on for another one. `is_in_hospital`: she is
    not at home. `through_team_since`: from when nobody rings or writes without the team, whatever she wished (A36);
    None without that rule.
    """

    has_phone: bool
    has_email: bool
    may_sms: bool
    may_email: bool
    may_call: bool | None
    may_space: bool
    is_refused: bool
    no_voice_mail: bool
    is_discreet: bool
    hours: Sequence[str]
    state: str
    is_silent: bool
    is_apart: bool
    has_changed: bool = False
    is_in_hospital: bool = False
    keeps_space: bool = False
    has_sign: bool = False
    is_answering: bool = False
    through_team_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDecision:
    """`reason` is the French sentence. `not_before` is when it becomes possible, None when it is now or never.

    `is_discreet`: whatever is said or written names neither the programme nor a child. `is_urgent_only`: a person may
    ring, at an hour at which only what is urgent makes one ring. `is_for_sign`: she may ring, in mourning or after a
    stop too, for the sign she answers and for nothing else. `is_stopped`: her pathway ended, and what she wished while
    it ran is over too. `is_after_team`: whoever would ring speaks to the referring team first. `is_through_team`: she
    may not ring at all, the team does.
    """

    allowed: bool
    reason: str
    is_discreet: bool
    not_before: datetime | None = None
    is_urgent_only: bool = False
    is_for_sign: bool = False
    is_stopped: bool = False
    is_after_team: bool = False
    is_through_team: bool = False


# After a death, while a child is followed: no name and no cause (alerts.md 6.1), a person says the rest.
CHANGED_WORDS = "Le suivi de cette famille a changé : parlez d’abord à l’équipe de référence."
_ANSWER_WORDS = "Une alerte est en cours : l’équipe de référence y répond, par un appel."
_STOPPED_WORDS = "L’accompagnement est arrêté : plus de message ni d’appel."
# A stop ends messages and visits, never the answer to a danger (R107, alerts.md 6).
_STOPPED_ANSWER_WORDS = (
    "L’accompagnement est arrêté et une alerte est en cours : l’équipe de référence y répond, par un appel."
)
_STOPPED_SIGN_WORDS = (
    "L’accompagnement est arrêté et une alerte est en cours : passez par l’équipe de référence, qui y répond."
)
_THROUGH_TEAM_WORDS = "Passez par l’équipe de référence."


def contact_decision(rules: ContactRules, channel: str, at: datetime, zone: str) -> ContactDecision:
    """The one answer every channel to a family asks for."""
    decision = _decided(rules, channel, at, zone)
    if rules.through_team_since is None or not decision.allowed or channel not in _SPOKEN:
        return decision
    since = full_day(rules.through_team_since.astimezone(ZoneInfo(zone)).date())
    first = f"D’abord l’équipe de référence : pas d’appel sans elle, depuis le {since}."
    return replace(decision, reason=f"{first} {decision.reason}", is_after_team=True)


def _decided(rules: ContactRules, channel: str, at: datetime, zone: str) -> ContactDecision:
    is_discreet = rules.is_discreet or rules.is_apart or rules.through_team_since is not None
    if refusal := _silence(rules, channel) or _through_team(rules, channel) or _unwished(rules, channel):
        return ContactDecision(
            allowed=False,
            reason=refusal,
            is_discreet=is_discreet,
            is_stopped=refusal == _STOPPED_WORDS,
            is_after_team=refusal == _STOPPED_SIGN_WORDS,
            is_through_team=refusal == _THROUGH_TEAM_WORDS,
        )
    if _is_mourning(rules):
        return ContactDecision(allowed=True, reason=_in_mourning(rules), is_discreet=is_discreet, is_for_sign=True)
    if channel in _SPOKEN and rules.state in STOPPED:
        return ContactDecision(allowed=True, reason=_STOPPED_ANSWER_WORDS, is_discreet=is_discreet, is_for_sign=True)
    opens = next_opening(rules.hours, at, zone)
    if opens > at and channel in _SPOKEN and (words := _at_any_hour(rules)):
        is_urgent_only = not rules.has_sign and ContactHours.ANY not in rules.hours
        return _spoken(rules, words, is_discreet=is_discreet, is_urgent_only=is_urgent_only)
    if opens > at:
        local = opens.astimezone(ZoneInfo(zone))
        day = "aujourd’hui" if local.date() == at.astimezone(ZoneInfo(zone)).date() else "demain"
        reason = f"Pas à cette heure : possible {day} à partir de {local.hour} h."
        return ContactDecision(allowed=False, reason=reason, is_discreet=is_discreet, not_before=opens)
    words = "Possible maintenant, sans nommer le programme." if rules.is_discreet else "Possible maintenant."
    return _spoken(rules, words, is_discreet=is_discreet)


def _spoken(rules: ContactRules, words: str, *, is_discreet: bool, is_urgent_only: bool = False) -> ContactDecision:
    """Possible, in these words; where life has changed, after the team, which rings for the sign that it answers."""
    first = team_first(rules)
    if not first:
        return ContactDecision(allowed=True, reason=words, is_discreet=is_discreet, is_urgent_only=is_urgent_only)
    if rules.has_sign and rules.is_answering:
        return ContactDecision(allowed=True, reason=_ANSWER_WORDS, is_discreet=is_discreet, is_for_sign=True)
    return ContactDecision(allowed=True, reason=first, is_discreet=is_discreet, is_after_team=True)


def _at_any_hour(rules: ContactRules) -> str:
    """Why a person may ring outside the hours of automatic messages; "" when she named her part of the day."""
    if rules.has_sign:
        return "Une alerte est en cours : l’heure n’empêche pas de l’appeler."
    if ContactHours.ANY in rules.hours:
        return "À toute heure, a-t-elle dit. Les messages automatiques attendent 8 h."
    if not rules.hours:
        return "Ses heures ne lui ont pas été demandées. Les messages automatiques attendent 8 h."
    return ""


def next_opening(hours: Sequence[str], at: datetime, zone: str) -> datetime:
    """`at` itself within the hours she gave, else the next local beginning of them; all day when she gave none."""
    spans = sorted(HOURS[one] for one in hours or (ContactHours.ANY,))
    local = at.astimezone(ZoneInfo(zone))
    if any(first <= local.time() < last for first, last in spans):
        return at
    coming = [first for first, _ in spans if first > local.time()]
    day = local.date() if coming else local.date() + timedelta(days=1)
    first = coming[0] if coming else spans[0][0]
    return datetime.combine(day, first, tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)


def team_first(rules: ContactRules) -> str:
    """Why whoever would ring speaks to the team first; "" where nothing asks it."""
    if rules.has_changed:
        return CHANGED_WORDS
    if rules.is_in_hospital:
        return "Elle est à l’hôpital : parlez d’abord à l’équipe de référence."
    if rules.is_apart:
        return "Possible, après en avoir parlé à l’équipe de référence : un enfant n’est pas avec elle."
    return ""


def _silence(rules: ContactRules, channel: str) -> str:
    """What closes every channel at every hour; the space alone outlives the visits, for a mother who kept it.

    A sign outlives them too, for whoever answers it.
    """
    is_answer = channel in _SPOKEN and rules.has_sign and rules.is_answering
    if _is_mourning(rules):
        return _unwanted(rules) if is_answer else _in_mourning(rules)
    has_space = channel == SafeChannel.SPACE and has_kept_space(state=rules.state, keeps_space=rules.keeps_space)
    if rules.state in STOPPED and not has_space and not is_answer:
        return _STOPPED_SIGN_WORDS if rules.has_sign else _STOPPED_WORDS
    return _unwanted(rules)


def _unwanted(rules: ContactRules) -> str:
    return "Elle ne veut pas être contactée entre les visites." if rules.is_refused else ""


def _is_mourning(rules: ContactRules) -> bool:
    return is_in_mourning(is_silent=rules.is_silent, state=rules.state)


def _in_mourning(rules: ContactRules) -> str:
    """A death takes no sign away: the team answers it by a call, everybody else goes through the team."""
    if not rules.has_sign:
        return "Cette famille est en deuil : voyez d’abord l’équipe de référence."
    told = "Cette famille est en deuil et une alerte est en cours"
    if rules.is_answering:
        return f"{told} : l’équipe de référence y répond, par un appel."
    return f"{told} : passez par l’équipe de référence, qui y répond."


def _through_team(rules: ContactRules, channel: str) -> str:
    """What closes a channel to everybody but the team that answers her sign, which rings: never why."""
    if rules.through_team_since is None or channel == SafeChannel.SPACE:
        return ""
    is_answer = channel == SafeChannel.CALL and rules.has_sign and rules.is_answering
    return "" if is_answer else _THROUGH_TEAM_WORDS


def _unwished(rules: ContactRules, channel: str) -> str:
    """What closes this channel at every hour."""
    if rules.is_apart and channel in _WRITTEN:
        return "Un enfant n’est pas avec elle : aucun message automatique. Voyez l’équipe de référence."
    if channel == SafeChannel.EMAIL:
        return "" if rules.has_email and rules.may_email else "Elle n’accepte pas les e-mails."
    if channel == SafeChannel.SPACE:
        return "" if rules.may_space else "Elle n’a pas choisi l’espace parents."
    return _unwished_phone(rules, channel)


def _unwished_phone(rules: ContactRules, channel: str) -> str:
    if not rules.has_phone:
        return "Aucun numéro n’est noté."
    if channel == SafeChannel.SMS:
        return "" if rules.may_sms else "Elle n’accepte pas les SMS."
    if rules.may_call is False:
        return "Elle n’a pas choisi d’être appelée : voyez d’abord l’équipe de référence."
    if channel == SafeChannel.VOICE_MAIL and rules.no_voice_mail:
        return "Ne laissez pas de message vocal."
    return ""

"""What this app writes to people about an alert: an SMS in plain letters and a mail, neither with any content.

No name, initials, place, child, cause or link with an identifier (alerts.md 8): that something waits, since when, and
the number of the auxiliary or of the team. Who may read it there is another question.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from copa.kernel.french import NBSP, hour, phone
from pathways.enums import WITHOUT_CONTENT, LadderStep
from pathways.models import Alert, AlertNotice, CareCircleMember
from pathways.reads.team_lines import number_now
from pathways.rules.ladder import SMS_USELESS_AFTER
from territories.models import Member, OutgoingMessage
from territories.notices import message_with, queue_mail, queue_sms

WAITS = f"CoPa{NBSP}: une alerte vous attend"
# Signs ticked one after the other are one call: nobody is rung three times in a minute.
SAME_CALL = timedelta(minutes=2)

# alerts.md 7; {since} is an hour, {ap} and {team} a number or nothing, {whose} for whom, where somebody is there.
_TEXTS = {
    LadderStep.RAISED: "CoPa : une alerte attend votre reponse depuis {since}. Ouvrez la plateforme{call_ap}.",
    LadderStep.MIDWIFE: "CoPa : une information importante vous attend sur la plateforme. L'equipe{team} peut vous "
    "repondre.",
    LadderStep.SECOND: "CoPa : alerte sans reponse depuis {since}. Merci de la prendre maintenant.{ap}",
    LadderStep.DOCTOR: "CoPa : alerte sans reponse apres 2 appels. A prendre maintenant.{ap}",
    LadderStep.AP: "Personne de l'equipe n'a encore repondu. Appelez le 15 si vous ne l'avez pas fait. Nous continuons "
    "d'appeler.",
    LadderStep.REMINDED: "CoPa : alerte sans reponse depuis {since}. Ouvrez la plateforme{call_ap}.",
    LadderStep.UNSAID: "CoPa : vous avez pris une alerte, la consigne{whose} manque.{ap}",
    LadderStep.REFUSED: "CoPa : une decision vous attend sur la plateforme.",
    LadderStep.GIVEN_BACK: "CoPa : l'alerte n'est plus prise, nous rappelons l'equipe. Appelez le 15 si l'etat "
    "change ou sans reponse.",
    LadderStep.PILOTS: "CoPa : alerte non prise en charge, delai depasse. Voir la liste des alertes.",
}

# Somebody took it by name and has said nothing since: « sans réponse » would be false, and nobody else is to take it.
_TAKEN_UNSAID = "CoPa : alerte prise a {taken}, toujours sans consigne. Ouvrez la plateforme maintenant.{ap}"
_AFTER_TAKING = frozenset({LadderStep.SECOND, LadderStep.DOCTOR, LadderStep.PILOTS})

# To a midwife who has no account: nothing waits for her here, the team tells her (alerts.md 1, R075).
_TO_MIDWIFE = "CoPa : une information importante concerne une famille que vous suivez. Appelez l'equipe{team}."
_BEFORE_NEXT_VISIT = "CoPa : appelez l'equipe{team} avant votre prochaine visite."


def sms_text(alert: Alert, step: str, at: datetime) -> str:
    """The words of an SMS of this step; "" where none leaves."""
    if step not in _TEXTS:
        return ""
    # Whoever raised it is asked about it: the family's own auxiliary may know nothing of a sign noted at the office.
    knows = alert.raised_by or alert.pathway.ap
    ap = phone(knows.user.phone) if knows and knows.user.phone else ""
    line = "Tel. AP" if alert.is_seen_at_home or alert.raised_by is None else "Tel."
    is_taken = alert.acknowledged_at is not None and step in _AFTER_TAKING
    words = _TAKEN_UNSAID if is_taken else _TEXTS[LadderStep(step)]
    return words.format(
        since=_hour(alert.raised_at, alert),
        taken=_hour(alert.acknowledged_at, alert) if alert.acknowledged_at else "",
        call_ap=f" ou rappelez {ap}" if ap else "",
        ap=f" {line} : {ap}" if ap else "",
        whose=" a l'auxiliaire" if alert.is_seen_at_home else "",
        team=_team(alert, at) if step == LadderStep.MIDWIFE else "",
    )


def _hour(moment: datetime, alert: Alert) -> str:
    return hour(moment.astimezone(ZoneInfo(alert.territory.time_zone)).replace(tzinfo=None))


def call_text(alert: Alert, at: datetime) -> str:
    """The words that ask a midwife without an account to call the team; nothing of the family, nor of the cause."""
    words = _BEFORE_NEXT_VISIT if alert.family_code in WITHOUT_CONTENT else _TO_MIDWIFE
    return words.format(team=_team(alert, at))


def _team(alert: Alert, at: datetime) -> str:
    """The number that answers now: on a Sunday it may be that of the maternity (rule A0)."""
    number = number_now(alert.pathway.carrier, at, alert.territory)
    return f" {phone(number)}" if number else ""


def tell_by_sms(*, alert: Alert, step: str, member: Member, at: datetime) -> UUID | None:
    """One SMS to her professional number; the message it leaves with, None without a number."""
    if not member.user.phone:
        return None
    if (recent := _recent(alert, step, "sms", at, member=member)) is not None:
        return recent
    key = f"{_key(alert, step)}:{member.pk}:sms"
    return _sms(member.user.phone, sms_text(alert, step, at), key, at)


def ask_to_call(*, alert: Alert, step: str, person: CareCircleMember, at: datetime) -> UUID | None:
    """One SMS to somebody of the circle who reads nothing here: call the team. None without a number."""
    if not person.number:
        return None
    if (recent := _recent(alert, step, "sms", at, person=person)) is not None:
        return recent
    return _sms(person.number, call_text(alert, at), f"{_key(alert, step)}:circle{person.pk}:sms", at)


def _sms(to: str, text: str, key: str, at: datetime) -> UUID:
    queue_sms(to=to, text=text, dedup_key=key, at=at, useless_from=at + SMS_USELESS_AFTER)
    return message_with(key)


def tell_by_mail(*, alert: Alert, step: str, member: Member, at: datetime) -> UUID | None:
    """One mail to her address, that an alert waits."""
    if (recent := _recent(alert, step, "email", at, member=member)) is not None:
        return recent
    return _mail(member.user.email, f"{_key(alert, step)}:{member.pk}:mail", at)


def tell_mailbox(*, alert: Alert, step: str, at: datetime) -> UUID | None:
    """One mail to the mailbox of the referring team, for when nobody is on duty; None when it has none."""
    return _mail(alert.pathway.carrier.mailbox, f"{_key(alert, step)}:mailbox", at)


def _key(alert: Alert, step: str) -> str:
    """What the keys of its messages begin with: each turn of the ladder tells anew."""
    turn = f":{alert.turn}" if alert.turn else ""
    return f"alert:{alert.public_id}:{step}{turn}"


def _mail(to: str, key: str, at: datetime) -> UUID | None:
    if not to:
        return None
    body = render_to_string("emails/alert_waits.txt", {"sign_in": f"{settings.SITE_ADDRESS.rstrip('/')}/"})
    queue_mail(to=to, subject=WAITS, body=body, dedup_key=key, at=at)
    return message_with(key)


def _recent(alert: Alert, step: str, channel: str, at: datetime, **who: Member | CareCircleMember) -> UUID | None:
    """What told her a moment ago, at the same step, of another sign of this family."""
    told = AlertNotice.objects.filter(
        **who,
        channel=channel,
        message__isnull=False,
        step__step=step,
        step__turn=alert.turn,
        step__alert__pathway=alert.pathway_id,
        step__reached_at__gt=at - SAME_CALL,
    )
    found: UUID | None = told.order_by("-pk").values_list("message", flat=True).first()
    return found


def unreached(messages: Iterable[UUID]) -> set[UUID]:
    """Which of these messages were given up or withheld: nobody received them."""
    failed = OutgoingMessage.objects.filter(public_id__in=list(messages), state__in=["failed", "withheld"])
    return set(failed.values_list("public_id", flat=True))

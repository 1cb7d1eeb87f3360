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
from pathways.enums import LadderStep
from pathways.models import Alert, AlertNotice
from territories.models import Member, OutgoingMessage
from territories.notices import message_with, queue_mail, queue_sms

WAITS = f"CoPa{NBSP}: une alerte vous attend"
# Signs ticked one after the other are one call: nobody is rung three times in a minute.
SAME_CALL = timedelta(minutes=2)
# An SMS held up longer than this speaks of an alert that has long been settled.
USELESS_AFTER = timedelta(hours=2)

# alerts.md 7; {since} is an hour, {ap} and {team} a number or nothing.
_TEXTS = {
    LadderStep.RAISED: "CoPa : une alerte attend votre reponse depuis {since}. Ouvrez la plateforme{call_ap}.",
    LadderStep.MIDWIFE: "CoPa : une information importante vous attend sur la plateforme. L'equipe{team} peut vous "
    "repondre.",
    LadderStep.SECOND: "CoPa : alerte sans reponse depuis {since}. Merci de la prendre maintenant.{ap}",
    LadderStep.DOCTOR: "CoPa : alerte sans reponse apres 2 appels. A prendre maintenant.{ap}",
    LadderStep.AP: "Personne de l'equipe n'a encore repondu. Appelez le 15 si vous ne l'avez pas fait. Nous continuons "
    "d'appeler.",
    LadderStep.REMINDED: "CoPa : alerte sans reponse depuis {since}. Ouvrez la plateforme{call_ap}.",
    LadderStep.PILOTS: "CoPa : alerte non prise en charge, delai depasse. Voir la liste des alertes.",
}


def sms_text(alert: Alert, step: str) -> str:
    """The words of an SMS of this step; "" where none leaves."""
    if step not in _TEXTS:
        return ""
    ap = phone(alert.raised_by.user.phone) if alert.raised_by and alert.raised_by.user.phone else ""
    team = alert.pathway.carrier.phone
    zone = ZoneInfo(alert.territory.time_zone)
    return _TEXTS[LadderStep(step)].format(
        since=hour(alert.raised_at.astimezone(zone).replace(tzinfo=None)),
        call_ap=f" ou rappelez {ap}" if ap else "",
        ap=f" Tel. AP : {ap}" if ap else "",
        team=f" {phone(team)}" if team else "",
    )


def tell_by_sms(*, alert: Alert, step: str, member: Member, at: datetime) -> UUID | None:
    """One SMS to her professional number; the message it leaves with, None without a number."""
    if not member.user.phone:
        return None
    if (recent := _recent(alert, step, member, "sms", at)) is not None:
        return recent
    key = f"alert:{alert.public_id}:{step}:{member.pk}:sms"
    until = at + USELESS_AFTER
    queue_sms(to=member.user.phone, text=sms_text(alert, step), dedup_key=key, at=at, useless_from=until)
    return message_with(key)


def tell_by_mail(*, alert: Alert, step: str, member: Member, at: datetime) -> UUID | None:
    """One mail to her address, that an alert waits."""
    if (recent := _recent(alert, step, member, "email", at)) is not None:
        return recent
    return _mail(member.user.email, f"alert:{alert.public_id}:{step}:{member.pk}:mail", at)


def tell_mailbox(*, alert: Alert, step: str, at: datetime) -> UUID | None:
    """One mail to the mailbox of the referring team, for when nobody is on duty; None when it has none."""
    return _mail(alert.pathway.carrier.mailbox, f"alert:{alert.public_id}:{step}:mailbox", at)


def _mail(to: str, key: str, at: datetime) -> UUID | None:
    if not to:
        return None
    body = render_to_string("emails/alert_waits.txt", {"sign_in": f"{settings.SITE_ADDRESS.rstrip('/')}/"})
    queue_mail(to=to, subject=WAITS, body=body, dedup_key=key, at=at)
    return message_with(key)


def _recent(alert: Alert, step: str, member: Member, channel: str, at: datetime) -> UUID | None:
    """What told her a moment ago, at the same step, of another sign of this family."""
    told = AlertNotice.objects.filter(
        member=member,
        channel=channel,
        message__isnull=False,
        step__step=step,
        step__alert__pathway=alert.pathway_id,
        step__reached_at__gt=at - SAME_CALL,
    )
    found: UUID | None = told.order_by("-pk").values_list("message", flat=True).first()
    return found


def unreached(messages: Iterable[UUID]) -> set[UUID]:
    """Which of these messages were given up or withheld: nobody received them."""
    failed = OutgoingMessage.objects.filter(public_id__in=list(messages), state__in=["failed", "withheld"])
    return set(failed.values_list("public_id", flat=True))

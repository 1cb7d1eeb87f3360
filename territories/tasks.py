"""Celery doors of this app: the outbox, the question of the month to the services, conventions that end."""

import logging
from email.utils import parseaddr

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage

from copa.kernel import clock, scope
from copa.kernel.jobs import SteppedTask, each_territory
from territories import sms
from territories.actions import capacity, partnerships
from territories.enums import Channel
from territories.models import Territory
from territories.sending import Mail, claim_mail, close_mail, waiting_mails

logger = logging.getLogger("copa.jobs")


@shared_task(bind=True, base=SteppedTask, name="territories.send_outgoing")
def send_outgoing(self: SteppedTask, territory_id: str) -> int:
    """Send what waits in one territory, mails and SMS; returns how many left.

    The claim is committed before the mail leaves and the answer after it, so that no transaction waits for a mail
    server and nobody else takes the same row meanwhile. Killed between the two, the mail is sent again once the
    claim's lease is over: SMTP knows no way to do it exactly once. The second copy has the same Message-ID, which
    mailboxes recognise, and holds nothing but an invitation to sign in.
    """
    with self.step(territory_id):
        keys = waiting_mails(at=clock.now())
    return sum(_send_one(self, territory_id, pk) for pk in keys)


def _send_one(task: SteppedTask, territory_id: str, pk: int) -> bool:
    with task.step(territory_id):
        mail = claim_mail(pk=pk, at=clock.now())
    if mail is None:
        return False
    try:
        problem, is_final = _attempt(mail), False
    except sms.NoSmsOperator as error:
        problem, is_final = str(error), True
    with task.step(territory_id):
        close_mail(mail=mail, at=clock.now(), problem=problem, is_final=is_final)
    return not problem


def _attempt(mail: Mail) -> str:
    """ "" when it left, the words of the server otherwise. Whatever goes wrong must not stop what waits behind."""
    try:
        leave = _send_sms if mail.channel == Channel.SMS else _send_mail
        leave(mail)
    except sms.NoSmsOperator:
        raise
    except Exception as error:
        logger.warning("message %s did not leave: %s", mail.key, error)
        return f"{type(error).__name__}: {error}"
    return ""


def _send_sms(mail: Mail) -> None:
    sms.send(to=mail.to, text=mail.body, key=mail.key)


def _send_mail(mail: Mail) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "copa.example"
    headers = {"Message-ID": f"<{mail.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers).send()


@shared_task(name="territories.send_outgoing_everywhere", ignore_result=True)
def send_outgoing_everywhere() -> int:
    """Every minute: what a lost message or a dead worker left behind, in every territory."""
    return each_territory(send_outgoing)


@shared_task(bind=True, base=SteppedTask, name="territories.ask_capacities")
def ask_capacities(self: SteppedTask, territory_id: str) -> int:
    """Ask the services of one territory about their places, and once more those who are silent; each on its own."""
    at = clock.now()
    with self.step(territory_id):
        territory = Territory.objects.get(pk=territory_id)
        asked = capacity.entries_to_ask(territory=territory, at=at)
        silent = capacity.checks_to_remind(territory=territory, at=at)
    done = self.one_by_one(territory_id, asked, lambda pk: capacity.ask_capacity(pk=pk, territory=territory, at=at))
    return done + self.one_by_one(
        territory_id, silent, lambda pk: capacity.remind_capacity(pk=pk, territory=territory, at=at)
    )


@shared_task(name="territories.ask_capacities_everywhere", ignore_result=True)
def ask_capacities_everywhere() -> int:
    """Every hour of the day, for each territory: whoever has been asked this month is not asked again."""
    return each_territory(ask_capacities)


@shared_task(bind=True, base=SteppedTask, name="territories.tell_of_ending_conventions")
def tell_of_ending_conventions(self: SteppedTask, territory_id: str) -> int:
    """Tell those who lead the territory of each convention that ends soon, each in its own transaction (R035)."""
    at = clock.now()
    with self.step(territory_id):
        zone = Territory.objects.values_list("time_zone", flat=True).get(pk=scope.current_territory_id())
        today = clock.local_date(at, zone)
        keys = partnerships.partnerships_to_tell(today=today)
    return self.one_by_one(territory_id, keys, lambda pk: partnerships.tell_of_end(pk=pk, today=today, at=at))


@shared_task(name="territories.tell_of_ending_conventions_everywhere", ignore_result=True)
def tell_of_ending_conventions_everywhere() -> int:
    """Every day, for each territory."""
    return each_territory(tell_of_ending_conventions)

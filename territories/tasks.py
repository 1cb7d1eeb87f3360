"""Celery doors of this app: the sender of the outbox."""

import logging
from email.utils import parseaddr

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage

from copa.kernel import clock
from copa.kernel.jobs import SteppedTask, each_territory
from territories.sending import Mail, claim_mail, close_mail, waiting_mails

logger = logging.getLogger("copa.jobs")


@shared_task(bind=True, base=SteppedTask, name="territories.send_outgoing")
def send_outgoing(self: SteppedTask, territory_id: str) -> int:
    """Send what waits in one territory; returns how many mails left.

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
    problem = _attempt(mail)
    with task.step(territory_id):
        close_mail(mail=mail, at=clock.now(), problem=problem)
    return not problem


def _attempt(mail: Mail) -> str:
    """ "" when the mail server took it, its words otherwise. Whatever goes wrong must not stop the mails behind."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "copa.example"
    headers = {"Message-ID": f"<{mail.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers)
    try:
        message.send()
    except Exception as error:
        logger.warning("mail %s did not leave: %s", mail.key, error)
        return f"{type(error).__name__}: {error}"
    return ""


@shared_task(name="territories.send_outgoing_everywhere", ignore_result=True)
def send_outgoing_everywhere() -> int:
    """Every minute: what a lost message or a dead worker left behind, in every territory."""
    return each_territory(send_outgoing)

"""What is mailed about relays: that something waits, how much of it, and where to sign in; never a name (L13)."""

from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from copa.kernel.french import NBSP
from copa.kernel.scope import current_territory_id
from pathways.enums import Document
from pathways.models import PmiRelay, RelayStep
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import pmi_service
from territories.models import Member, Structure, Territory
from territories.notices import queue_mail

WAITS = f"CoPa{NBSP}: un relais vous attend"
DECLINED = f"CoPa{NBSP}: un relais est revenu vers votre équipe"
QUESTIONED = f"CoPa{NBSP}: la PMI pose une question"
ANSWERED = f"CoPa{NBSP}: l’équipe a répondu à votre question"
ACCEPTED = f"CoPa{NBSP}: la PMI a accepté un relais"
HANDED = f"CoPa{NBSP}: un relais vous a été remis en main propre"
OUTCOME = f"CoPa{NBSP}: la PMI a noté l’issue d’un relais"
LATE = f"CoPa{NBSP}: des relais attendent depuis plus de 7 jours"


def relay_waits(*, step: RelayStep, pmi: Structure, at: datetime) -> None:
    """To the PMI service: a relay was presented to it, once per step."""
    if not pmi.mailbox:
        return
    key, document = f"relay-waits:{step.public_id}", Document.RELAY_FILE
    letter = Letter(subject=WAITS, template="relay_waits", key=key, document=document)
    tell_outside(pathway=step.relay.pathway, letter=letter, readers=[pmi_service(pmi)], at=at, by=step.by)


def relay_handed(*, step: RelayStep, pmi: Structure, at: datetime) -> None:
    """To the PMI service: a third visit made together handed a relay over, once per step."""
    if not pmi.mailbox:
        return
    key, document = f"relay-handed:{step.public_id}", Document.RELAY_FILE
    letter = Letter(subject=HANDED, template="relay_handed", key=key, document=document)
    tell_outside(pathway=step.relay.pathway, letter=letter, readers=[pmi_service(pmi)], at=at, by=step.by)


def relay_declined(*, step: RelayStep, at: datetime) -> None:
    """To the referring team: the PMI gave a relay back."""
    mailbox = step.relay.pathway.carrier.mailbox
    _write(mailbox, DECLINED, "relay_declined", f"relay-declined:{step.public_id}", at)


def relay_questioned(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI asks something before it answers, each question once."""
    key = f"relay-questioned:{at:%Y%m%d%H%M%S}:{relay.public_id}"
    _write(relay.pathway.carrier.mailbox, QUESTIONED, "relay_questioned", key, at)


def relay_accepted(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI has taken a relay, once."""
    key = f"relay-accepted:{at:%Y%m%d%H%M%S}:{relay.public_id}"
    _write(relay.pathway.carrier.mailbox, ACCEPTED, "relay_accepted", key, at)


def relay_outcome(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI has written what became of a relay, each time it writes something else."""
    key = f"relay-outcome:{at:%Y%m%d%H%M%S}:{relay.public_id}"
    _write(relay.pathway.carrier.mailbox, OUTCOME, "relay_outcome", key, at)


def relay_answered(*, relay: PmiRelay, pmi: Structure, by: Member, at: datetime) -> None:
    """To the PMI service: the referring team has answered its question."""
    if not pmi.mailbox:
        return
    key = f"relay-answered:{at:%Y%m%d%H%M%S}:{relay.public_id}"
    letter = Letter(subject=ANSWERED, template="relay_answered", key=key, document=Document.NOTICE)
    tell_outside(pathway=relay.pathway, letter=letter, readers=[pmi_service(pmi)], at=at, by=by)


def late_relays(*, to: str, reader: str, day: date, number: int, at: datetime) -> bool:
    """The daily digest: how many relays wait too long, and the list of them."""
    slug = Territory.objects.values_list("slug", flat=True).get(pk=current_territory_id())
    page = f"{_site()}{reverse('pathways:relays', args=[slug])}?etat=plus-de-7-jours"
    return _write(to, LATE, "relay_digest", digest_key(day, reader), at, sign_in=page, number=number)


def digest_key(day: date, reader: str) -> str:
    """One digest a local day for each reader; `reader` is the public id of a service or of a member."""
    return f"relay-digest:{day.isoformat()}:{reader}"


def _site() -> str:
    return settings.SITE_ADDRESS.rstrip("/")


def _write(to: str, subject: str, template: str, key: str, at: datetime, **words: str | int) -> bool:
    body = render_to_string(f"emails/{template}.txt", {"sign_in": f"{_site()}/", **words})
    return queue_mail(to=to, subject=subject, body=body, dedup_key=key, at=at)

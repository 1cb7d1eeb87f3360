"""What is mailed about relays: that something waits, how much of it, and where to sign in; never a name (L13)."""

from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from copa.kernel.french import NBSP
from copa.kernel.scope import current_territory_id
from pathways.enums import Document, Recipient
from pathways.models import PmiRelay, RelayStep
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import Addressee, pmi_service
from territories.models import Member, Structure, Territory
from territories.notices import queue_mail

WAITS = f"CoPa{NBSP}: un relais vous attend"
DECLINED = f"CoPa{NBSP}: un relais est revenu vers votre équipe"
QUESTIONED = f"CoPa{NBSP}: la PMI pose une question"
ANSWERED = f"CoPa{NBSP}: l’équipe a répondu à votre question"
ACCEPTED = f"CoPa{NBSP}: la PMI a accepté un relais"
HANDED = f"CoPa{NBSP}: un relais vous a été remis en main propre"
TAKEN_BACK = f"CoPa{NBSP}: un relais revient vers votre équipe"
CALL_FIRST = f"CoPa{NBSP}: appelez l’équipe avant tout nouveau contact"
OUTCOME = f"CoPa{NBSP}: la PMI a noté l’issue d’un relais"
LATE = f"CoPa{NBSP}: des relais attendent depuis plus de 7 jours"


def relay_waits(*, step: RelayStep, pmi: Structure, at: datetime) -> None:
    """To the PMI service: a relay was presented to it, once per step."""
    letter = _letter("waits", WAITS, str(step.public_id), Document.RELAY_FILE)
    _tell_pmi(step.relay, pmi, letter, step.by, at)


def relay_handed(*, step: RelayStep, pmi: Structure, at: datetime) -> None:
    """To the PMI service: a third visit made together handed a relay over, once per step."""
    letter = _letter("handed", HANDED, str(step.public_id), Document.RELAY_FILE)
    _tell_pmi(step.relay, pmi, letter, step.by, at)


def relay_answered(*, relay: PmiRelay, pmi: Structure, by: Member, at: datetime) -> None:
    """To the PMI service: the referring team has answered its question."""
    _tell_pmi(relay, pmi, _letter("answered", ANSWERED, _now(relay, at)), by, at)


def relay_declined(*, step: RelayStep, at: datetime) -> None:
    """To the referring team: the PMI gave a relay back."""
    _tell_team(step.relay, _letter("declined", DECLINED, str(step.public_id)), at)


def relay_questioned(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI asks something before it answers, each question once."""
    _tell_team(relay, _letter("questioned", QUESTIONED, _now(relay, at)), at)


def relay_accepted(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI has taken a relay, once."""
    _tell_team(relay, _letter("accepted", ACCEPTED, _now(relay, at)), at)


def relay_outcome(*, relay: PmiRelay, at: datetime) -> None:
    """To the referring team: the PMI has written what became of a relay, each time it writes something else."""
    _tell_team(relay, _letter("outcome", OUTCOME, _now(relay, at)), at)


def relay_taken_back(*, relay: PmiRelay, by: Member, at: datetime) -> None:
    """To the PMI that follows the family, and to whoever took it there: call the team before anything, nothing more is
    to be opened. To the referring team: that a relay waits for it. The mother no longer agrees.
    """
    pmi = relay.sector.structure if relay.sector else None
    fact = _now(relay, at)
    letter = Letter(subject=CALL_FIRST, template="team_call", key=f"relay-off:{fact}", document=Document.CALLED_OFF)
    addresses = {pmi.mailbox if pmi else "", relay.answered_by.user.email if relay.answered_by else ""} - {""}
    readers = [
        Addressee(
            recipient=Recipient.PMI,
            name=pmi.name if pmi else address,
            address=address,
            has_account=True,
            structure_id=pmi.pk if pmi else None,
            has_nothing_to_open=True,
        )
        for address in sorted(addresses)
    ]
    tell_outside(pathway=relay.pathway, letter=letter, readers=readers, at=at, by=by)
    _tell_team(relay, _letter("taken_back", TAKEN_BACK, fact), at)


def _letter(what: str, subject: str, fact: str, document: Document = Document.NOTICE) -> Letter:
    """The mail about `what` became of a relay; `fact` is what it tells, once."""
    return Letter(subject=subject, template=f"relay_{what}", key=f"relay-{what}:{fact}", document=document)


def _now(relay: PmiRelay, at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}:{relay.public_id}"


def _tell_pmi(relay: PmiRelay, pmi: Structure, letter: Letter, by: Member | None, at: datetime) -> None:
    if pmi.mailbox:
        tell_outside(pathway=relay.pathway, letter=letter, readers=[pmi_service(pmi)], at=at, by=by)


def _tell_team(relay: PmiRelay, letter: Letter, at: datetime) -> None:
    _write(relay.pathway.carrier.mailbox, letter.subject, letter.template, letter.key, at)


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

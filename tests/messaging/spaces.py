"""A family whose parents write: made, opened, entered, in a few words."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from copa.kernel import clock, one_time, scope
from messaging.actions import accounts, conversations, signing_in
from messaging.enums import AccessWay
from messaging.models import Conversation, Message, ParentAccount, SignInCode
from pathways.enums import Agreement
from pathways.models import CoParent, CoParentConsent, Family, Pathway
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import VALLEES, inside

PHONE = "+33199003107"
HIS_PHONE = "+33199003108"


def followed(*, ap: str = "amal", **family: Any) -> Pathway:
    """A mother who chose the space, followed by Amal unless told otherwise. In the scope of the territory."""
    made = factories.make_family(**{"may_space": True, "may_call": True, "name": "Benali"} | family)
    return factories.make_pathway(factories.make_birth(made, days_ago=6), ap=factories.who(ap))


def agreed_coparent(family: Family) -> CoParent:
    """The co-parent, who said yes for himself."""
    one = CoParent.objects.get(family=family)
    values = {"answer": Agreement.YES, "is_safe": True, "at": clock.now(), "collected_by": factories.who("amal")}
    CoParentConsent.objects.create(family=family, coparent=one, **values)
    return one


def opened(
    family: Family,
    coparent: CoParent | None = None,
    *,
    by: str = "amal",
    way: AccessWay = AccessWay.PAPER,
    at: datetime | None = None,
) -> ParentAccount:
    """The space of one adult, opened on her word."""
    return accounts.open_account(
        family=family,
        coparent=coparent,
        phone=HIS_PHONE if coparent else PHONE,
        is_hers_alone=True,
        way=way,
        by=factories.who(by),
        at=at or clock.now(),
    )


def write(account: ParentAccount, text: str = "Une question.", *, at: datetime | None = None) -> Message:
    """What this parent writes, past the pages."""
    at = at or clock.now()
    token = one_time.token_of(account.public_id)
    entrant = signing_in.entrant_by_token(token=token, at=at)
    assert entrant is not None, "the space is open"
    return conversations.write_from_space(entrant=entrant, text=text, submission=uuid4(), at=at)


def conversation_of(account: ParentAccount) -> Conversation:
    return Conversation.objects.of_adult(account.family_id, account.coparent_id).get()


def entry(account: ParentAccount, slug: str = VALLEES) -> str:
    """The address of a space."""
    return f"/entree/{slug}/{one_time.token_of(account.public_id)}/"


HOME = f"/espace/{VALLEES}/"


def code_of(account: ParentAccount) -> str:
    """The last code that was sent."""
    with scope.opened(inside(VALLEES)):
        code = SignInCode.objects.filter(account=account).order_by("-pk").first()
    return one_time.code_of(code.public_id)


def wrong_code(account: ParentAccount) -> str:
    return "000000" if code_of(account) != "000000" else "111111"


def enter(client: Client, account: ParentAccount) -> Client:
    """Signed in as this parent, as a person does."""
    client.post(entry(account))
    response = client.post(entry(account), {"code": code_of(account)})
    assert (response.status_code, response["Location"]) == (302, HOME)
    return client


def send(client: Client, text: str, submission: UUID | None = None) -> Any:
    """What this parent sends from her page."""
    return client.post(HOME, {"text": text, "submission": str(submission or uuid4())})


def leaving(kind: str) -> list[OutgoingMessage]:
    """Messages written for parents (code, account, message), in the scope of the territory."""
    return list(OutgoingMessage.objects.filter(dedup_key__startswith=f"space-{kind}:").order_by("pk"))


def notices() -> list[OutgoingMessage]:
    """Mails that tell whoever reads that a parent wrote."""
    return list(OutgoingMessage.objects.filter(dedup_key__startswith="parent-wrote:").order_by("pk"))

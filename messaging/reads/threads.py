"""Conversations as those who answer see them: the list, one of them, the spaces of a family."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F

from copa.kernel import one_time, scope
from copa.kernel.french import NBSP, hour
from messaging.enums import SpaceState
from messaging.models import Conversation, ParentAccount
from messaging.notices import how_told
from messaging.perms import READ_CONVERSATION
from messaging.reads.lines import Talk, lines_of, openers
from messaging.reads.standing import Standing, opening_refusal, standing_of
from pathways.enums import SafeChannel
from pathways.models import CoParent, Family
from pathways.reads.facts import FamilyFacts, homes
from territories.models import Member
from visits.perms import RAISE_SIGN

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One conversation of the list; `unread_since` None when nothing waits in it, `opened_by` "" for nobody."""

    public_id: UUID
    family: str
    who: str
    last_at: datetime | None
    unread_since: datetime | None
    is_late: bool
    opened_by: str


def conversations(member: Member, page: str, at: datetime) -> "Page[Row]":
    """Those she reads, the unread ones first, the oldest of them on top. Five queries."""
    order = (F("unread_since").asc(nulls_last=True), F("last_at").desc(nulls_last=True), "pk")
    rows = READ_CONVERSATION.rows(member).select_related("coparent").order_by(*order)
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    shown = list(found.object_list)
    names, opened_by = homes(row.family_id for row in shown), openers(shown)
    found.object_list = [
        Row(
            public_id=row.public_id,
            family=names[row.family_id].name,
            who=who_of(row.coparent),
            last_at=row.last_at,
            unread_since=row.unread_since,
            is_late=row.team_due_at is not None and row.team_due_at <= at,
            opened_by=opened_by.get(row.pk, ""),
        )
        for row in shown
    ]
    return found


def unread_count(member: Member) -> int:
    """How many of them hold what waits for its reader, told or not: she has come to see."""
    return int(READ_CONVERSATION.rows(member).unread().count())


def who_of(coparent: CoParent | None) -> str:
    """Whose conversation it is."""
    return f"{coparent}, co-parent" if coparent else "La mère"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Talk):
    """One conversation. `told` says how the parent learns of an answer; `may_answer` False once nobody would read it.

    `alarm` is the pathway whose red button is hers to press, None for the others. `warning` "" unless the team has to
    speak with the parent about the space.
    """

    who: str
    family: Any
    told: str
    may_answer: bool
    warning: str
    is_mourned: bool
    alarm: UUID | None
    unread_since: datetime | None


def thread_of(conversation: Conversation, member: Member, page: str, at: datetime) -> Thread:
    """What was written, and what becomes of an answer."""
    coparent = conversation.coparent_id
    standing = standing_of(family_id=conversation.family_id, coparent=coparent, at=at)
    has_account = ParentAccount.objects.open().of_adult(conversation.family_id, coparent).exists()
    pathway = standing.pathway
    is_hers = pathway is not None and RAISE_SIGN.is_held_by(member) and RAISE_SIGN.allows(member, pathway)
    may_answer = has_account and standing.state != SpaceState.SHUT
    return Thread(
        who=who_of(CoParent.objects.get(pk=coparent) if coparent else None),
        family=standing.facts,
        page=lines_of(conversation, page),
        told=told_words(standing) if may_answer else "",
        may_answer=may_answer,
        warning=warning_of(standing) if has_account else "",
        is_mourned=standing.is_mourned,
        alarm=pathway.public_id if is_hers and pathway else None,
        unread_since=conversation.unread_since,
    )


def told_words(standing: Standing) -> str:
    """How a parent learns that an answer waits."""
    told = how_told(standing)
    if not told.channel:
        return f"Rien ne part pour annoncer votre réponse. {told.reason}"
    way = "Un SMS" if told.channel == SafeChannel.SMS else "Un e-mail"
    when = f" à partir de {hour(told.not_before)}" if told.not_before else ""
    return f"{way} sans contenu annonce votre réponse{when}."


def warning_of(standing: Standing) -> str:
    """Why a space that stands open does not let its parent in; "" when it does."""
    if standing.state != SpaceState.SHUT:
        return ""
    if standing.coparent is None and standing.facts.contact.is_phone_shared:
        return f"Son espace ne s’ouvre plus{NBSP}: quelqu’un d’autre lit son téléphone. Appelez-la, seule."
    return f"Son espace ne s’ouvre plus{NBSP}: l’accompagnement ou ses choix de contact ont changé."


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultSpace:
    """One adult of a family: `account` None while no space is open, and then `refusal` says why none may be."""

    who: str
    coparent: UUID | None
    account: ParentAccount | None
    conversation: UUID | None
    refusal: str
    warning: str
    phone: str

    @property
    def may_open(self) -> bool:
        return self.account is None and not self.refusal


def spaces_of(family: Family, facts: FamilyFacts, at: datetime) -> list[AdultSpace]:
    """The mother, then each co-parent."""
    adults = (None, *CoParent.objects.filter(family=family).order_by("pk"))
    return [_space(family, facts, one, at) for one in adults]


def _space(family: Family, facts: FamilyFacts, coparent: CoParent | None, at: datetime) -> AdultSpace:
    key = coparent.pk if coparent else None
    standing = standing_of(family_id=family.pk, coparent=key, at=at, facts=facts)
    open_rows = ParentAccount.objects.open().of_adult(family.pk, key)
    account = open_rows.select_related("opened_by__user").first()
    conversations = Conversation.objects.of_adult(family.pk, key)
    return AdultSpace(
        who=who_of(coparent),
        coparent=coparent.public_id if coparent else None,
        account=account,
        conversation=conversations.values_list("public_id", flat=True).first(),
        refusal="" if account else opening_refusal(standing),
        warning=warning_of(standing) if account else "",
        phone=coparent.phone if coparent else standing.facts.mother.phone,
    )


def address_of(account: ParentAccount) -> str:
    """The address of a space, for whoever hands it over."""
    return one_time.address_of(f"entree/{scope.current().slug}", account.public_id)

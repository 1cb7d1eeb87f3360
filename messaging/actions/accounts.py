"""The way in of a parent: opened on her word, closed at once by her, by the team, or with what became of the family."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from copa.kernel import one_time
from copa.kernel.errors import BusinessError, refusals_of
from messaging import notices
from messaging.enums import AccessEnd, AccessWay
from messaging.models import Conversation, ParentAccount, ParentSession, SignInCode
from messaging.reads.standing import Standing, opening_refusal, standing_of
from pathways.actions.shared import hold_family
from pathways.enums import SafeChannel
from pathways.models import CoParent, Family, Mother, Pathway
from territories.models import Member


@transaction.atomic
def open_account(
    *,
    family: Family,
    coparent: CoParent | None,
    phone: str,
    is_hers_alone: bool,
    way: AccessWay,
    by: Member,
    at: datetime,
) -> ParentAccount:
    """Open the space of one adult, with the conversation behind it; its address leaves by SMS, or is handed on paper.

    Raises `not_allowed` with the reason of the contact rules, `phone_missing`, `phone_not_hers`,
    `phone_of_another`, `no_sms`, `account_open_once`.
    """
    hold_family(family_id=family.pk)
    standing = standing_of(family_id=family.pk, coparent=coparent.pk if coparent else None, at=at)
    _check_opening(standing, phone=phone, is_hers_alone=is_hers_alone, way=way)
    key = uuid4()
    with refusals_of(ParentAccount, beside="who"):
        account: ParentAccount = ParentAccount.objects.create(
            public_id=key,
            family=family,
            coparent=coparent,
            phone=phone,
            token_hash=one_time.print_of(one_time.token_of(key)),
            way=way,
            opened_by=by,
            opened_at=at,
        )
    Conversation.objects.get_or_create(family=family, coparent=coparent)
    if way == AccessWay.SMS:
        notices.account_opened(account=account, standing=standing, at=at)
    return account


def _check_opening(standing: Standing, *, phone: str, is_hers_alone: bool, way: AccessWay) -> None:
    if refusal := opening_refusal(standing):
        raise BusinessError("not_allowed", refusal)
    if not phone:
        raise BusinessError("phone_missing", "Notez le numéro qui recevra les codes.", field="phone")
    if not is_hers_alone:
        message = "L’espace ne s’ouvre que sur un téléphone lu par cette personne seule."
        raise BusinessError("phone_not_hers", message, field="is_hers_alone")
    if _is_of_another(phone, family_id=standing.facts.pk, coparent=standing.coparent):
        message = "C’est le numéro d’un autre adulte de cette famille\u00a0: il lirait ses codes. Notez le sien."
        raise BusinessError("phone_of_another", message, field="phone")
    sms = standing.contact(SafeChannel.SMS)
    if way == AccessWay.SMS and not (sms.allowed or sms.not_before):
        message = f"{sms.reason} Remettez-lui l’adresse sur papier."
        raise BusinessError("no_sms", message, field="way")


def _is_of_another(phone: str, *, family_id: int, coparent: int | None) -> bool:
    """Whether this number is, in the file or for an open space, that of another adult of the family (A36)."""
    spaces = ParentAccount.objects.open().filter(family=family_id, phone=phone)
    if any(one != coparent for one in spaces.order_by("pk").values_list("coparent", flat=True)):
        return True
    others: bool = CoParent.objects.filter(family=family_id, phone=phone).exclude(pk=coparent).exists()
    return others or (coparent is not None and bool(Mother.objects.filter(family=family_id, phone=phone).exists()))


@transaction.atomic
def close_account(*, account: ParentAccount, why: AccessEnd, at: datetime, by: Member | None = None) -> None:
    """Close a space at once: its sessions and its codes end with it. Closed already, the first closing stands."""
    _close([account.pk], why=why, at=at, by=by, stopped=None)


def close_accounts_of(
    *, family_id: int, why: AccessEnd, at: datetime, stopped: Pathway | None = None, mother_only: bool = False
) -> None:
    """Close the spaces of a family; inside the transaction of what stopped it."""
    rows = ParentAccount.objects.open().filter(family=family_id)
    rows = rows.filter(coparent=None) if mother_only else rows
    _close(list(rows.order_by("pk").values_list("pk", flat=True)), why=why, at=at, by=None, stopped=stopped)


def _close(keys: list[int], *, why: AccessEnd, at: datetime, by: Member | None, stopped: Pathway | None) -> None:
    accounts = ParentAccount.objects.open().filter(pk__in=keys)
    accounts.update(closed_at=at, closing=why, closed_by=by, stopped=stopped)
    ParentSession.objects.filter(account__in=keys, ended_at=None).update(ended_at=at)
    SignInCode.objects.filter(account__in=keys, ended_at=None).update(ended_at=at)


def reopen_accounts(*, family_id: int, why: AccessEnd, stopped: Pathway | None = None) -> None:
    """What had closed them was a mistake: the spaces it closed open again, with the same address and a new sign-in.

    One that was opened since in its place stays the only one. Inside the transaction of whoever takes it back.
    """
    closed = ParentAccount.objects.filter(family=family_id, closing=why, stopped=stopped)
    for account in closed.order_by("pk"):
        if not ParentAccount.objects.open().of_adult(family_id, account.coparent_id).exists():
            ParentAccount.objects.filter(pk=account.pk).update(closed_at=None, closing="", closed_by=None, stopped=None)

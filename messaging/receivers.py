"""What the layers below announce, in their own transaction: a stop, a death, another auxiliary, a message leaving."""

from datetime import datetime
from typing import Any

from messaging.actions.accounts import close_accounts_of, reopen_accounts
from messaging.actions.conversations import tell_new_reader
from messaging.enums import AccessEnd, SpaceState
from messaging.models import ParentAccount
from messaging.notices import account_behind
from messaging.reads.standing import standing_of
from messaging.reads.story import told
from messaging.reads.todo import unread
from pathways.actions.shared import hold_family
from pathways.enums import DeadPerson, PathwayState, SafeChannel
from pathways.models import Birth, Consent, Death, Pathway
from pathways.reads.stops import closes_files
from pathways.reads.story import register as register_story
from pathways.signals import (
    ap_assigned,
    death_noted,
    death_undone,
    pathway_resumed,
    pathway_stopped,
    space_closed,
)
from territories.enums import Channel
from territories.models import OutgoingMessage
from territories.signals import message_leaving
from visits.reads.todo.base import register as register_todo

_ENDS = {PathwayState.WITHDRAWN: AccessEnd.WITHDRAWN, PathwayState.MOVED: AccessEnd.MOVED}


def connect() -> None:
    """Called once the apps are ready."""
    pathway_stopped.connect(close_spaces, dispatch_uid="messaging.close_spaces")
    pathway_resumed.connect(open_spaces_again, dispatch_uid="messaging.open_spaces_again")
    space_closed.connect(close_kept_space, dispatch_uid="messaging.close_kept_space")
    death_noted.connect(close_space_of_dead, dispatch_uid="messaging.close_space_of_dead")
    death_undone.connect(open_space_of_living, dispatch_uid="messaging.open_space_of_living")
    ap_assigned.connect(follow_ap, dispatch_uid="messaging.follow_ap")
    message_leaving.connect(ask_again, dispatch_uid="messaging.ask_again")
    register_story(told)
    register_todo(unread)


def close_spaces(sender: type[Pathway], *, pathway: Pathway, state: str, at: datetime, **about: Any) -> None:
    """She stopped everything, or is followed elsewhere: nothing of hers opens any more, from this transaction on.

    Not while she keeps her space, nor while another pathway of hers runs; a pause keeps her messages.
    """
    why = _ENDS.get(PathwayState(state))
    keeps_space = Consent.objects.filter(pk=pathway.consent_id, keeps_space=True).exists()
    if why is not None and closes_files(pathway, keeps_space=keeps_space):
        close_accounts_of(family_id=pathway.family_id, why=why, at=at, stopped=pathway)


def open_spaces_again(sender: type[Pathway], *, pathway: Pathway, **about: Any) -> None:
    """A withdrawal noted by mistake is taken back, the same day: so is what it closed."""
    reopen_accounts(family_id=pathway.family_id, why=AccessEnd.WITHDRAWN, stopped=pathway)


def close_kept_space(sender: type[Pathway], *, pathway: Pathway, at: datetime, **about: Any) -> None:
    """She had kept her space, and stops it too."""
    close_accounts_of(family_id=pathway.family_id, why=AccessEnd.WITHDRAWN, at=at, stopped=pathway)


def close_space_of_dead(sender: type[Death], *, death: Death, at: datetime, **about: Any) -> None:
    """A mother's death closes her own space; after that of a child every space falls calm by itself.

    What is unread in them is the team's, at once: the auxiliary no longer reads there (A38).
    """
    if death.person == DeadPerson.MOTHER:
        close_accounts_of(family_id=death.family_id, why=AccessEnd.DIED, at=at, mother_only=True)
    if Birth.objects.filter(pk=death.birth_id, is_silent=True).exists():
        tell_new_reader(family_id=death.family_id, at=at)


def open_space_of_living(
    sender: type[Death], *, death: Death, stopped_at: datetime | None, at: datetime, **about: Any
) -> None:
    """It was noted by mistake: her space opens again, and what is unread is the auxiliary's as before."""
    if death.person == DeadPerson.MOTHER:
        reopen_accounts(family_id=death.family_id, why=AccessEnd.DIED)
    if stopped_at is not None and Birth.objects.filter(pk=death.birth_id, is_silent=False).exists():
        tell_new_reader(family_id=death.family_id, at=at, is_anew=True)


def follow_ap(sender: type[Pathway], *, pathway: Pathway, at: datetime, **about: Any) -> None:
    """What is unread goes to whoever follows now."""
    tell_new_reader(family_id=pathway.family_id, at=at)


def ask_again(sender: type[OutgoingMessage], *, message: OutgoingMessage, at: datetime, **about: Any) -> str:
    """Whether what was written for a parent may still leave: a death, a stop, her own word since (A38)."""
    found = account_behind(message)
    if found is None:
        return ""
    kind, key = found
    account = ParentAccount.objects.get(public_id=key)
    hold_family(family_id=account.family_id)
    account.refresh_from_db(fields=["closed_at"])
    standing = standing_of(family_id=account.family_id, coparent=account.coparent_id, at=at)
    if account.closed_at is not None or standing.state == SpaceState.SHUT:
        return "L’espace est fermé."
    channel = SafeChannel.SMS if message.channel == Channel.SMS else SafeChannel.EMAIL
    decision = standing.contact(channel)
    # A code is asked for by whoever stands at the door, at any hour and at calm.
    return "" if kind == "code" or decision.allowed or decision.not_before else decision.reason

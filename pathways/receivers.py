"""What the layer below announces, in its own transaction: a message is about to leave."""

from datetime import datetime
from typing import Any

from pathways.actions.sendings import refusal_of
from territories.models import OutgoingMessage
from territories.signals import message_leaving


def connect() -> None:
    """Called once the apps are ready."""
    message_leaving.connect(ask_again, dispatch_uid="pathways.ask_again")


def ask_again(sender: type[OutgoingMessage], *, message: OutgoingMessage, at: datetime, **about: Any) -> str:
    """Whether the mother still agrees to what was written for somebody outside the team."""
    return refusal_of(message=message, at=at)

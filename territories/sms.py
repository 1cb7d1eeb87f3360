"""How an SMS leaves: the backend named by the setting SMS_BACKEND, as for mails.

A backend is a function of (number in E.164, text, key); it raises when the operator refuses. The key is the same over
all attempts, for operators that recognise a second copy.
"""

import json
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

# What the backend of the tests has "sent": (number, text).
sent: list[tuple[str, str]] = []


class NoSmsOperator(Exception):
    """No backend is configured: trying again changes nothing."""


def send(*, to: str, text: str, key: UUID) -> None:
    """Hand one SMS to the operator; raises NoSmsOperator, or whatever the backend raises."""
    if not settings.SMS_BACKEND:
        raise NoSmsOperator("SMS_BACKEND is not set")
    import_string(settings.SMS_BACKEND)(to, text, key)


def to_memory(to: str, text: str, key: UUID) -> None:
    """Tests: kept in `sent`."""
    sent.append((to, text))


def to_file(to: str, text: str, key: UUID) -> None:
    """The demonstration and development, without an operator: one line of JSON a message, as mails do."""
    settings.SMS_FILE_PATH.parent.mkdir(parents=True, exist_ok=True)
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "to": to, "text": text, "key": str(key)}
    with settings.SMS_FILE_PATH.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")

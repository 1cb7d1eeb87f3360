"""The messages of one conversation, page by page, with who has read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from messaging.models import Conversation, Message, MessageReading
from pathways.reads.facts.names import name_columns, name_of

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `author` "" for the parent; `read_at` None while nobody has; `read_by` "" for the parent."""

    pk: int
    text: str
    author: str
    sent_at: datetime
    read_at: datetime | None
    read_by: str

    @property
    def is_parents(self) -> bool:
        return not self.author


def lines_of(conversation: Conversation, page: str) -> "Page[Line]":
    """One page, the last messages first to be shown and in the order they were written. Three queries."""
    rows = Message.objects.filter(conversation=conversation).order_by("-sent_at", "-pk")
    columns = ("pk", "text", "sent_at", "by_id", *name_columns("by"))
    found: Page[Any] = Paginator(rows.values_list(*columns, named=True), PAGE).get_page(page)
    shown = list(found.object_list)[::-1]
    readings = _readings(row.pk for row in shown)
    found.object_list = [_line(row, readings.get(row.pk)) for row in shown]
    return found


def _readings(keys: Iterable[int]) -> dict[int, Any]:
    rows = MessageReading.objects.filter(message__in=list(keys)).order_by("pk")
    return {row.message_id: row for row in rows.values_list("message_id", "at", *name_columns("by"), named=True)}


def _line(row: Any, reading: Any) -> Line:
    return Line(
        pk=row.pk,
        text=row.text,
        author=name_of(row, "by") if row.by_id is not None else "",
        sent_at=row.sent_at,
        read_at=reading.at if reading else None,
        read_by=name_of(reading, "by") if reading else "",
    )

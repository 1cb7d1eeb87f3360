"""The messages of one conversation, page by page, with who has read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from messaging.models import Conversation, Message, MessageReading
from pathways.reads.facts.names import name_columns, name_of
from territories.enums import Role

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `author` "" for the parent; `read_at` None while nobody has; `read_by` "" for the parent.

    `waits`: opened by somebody else or by nobody, it is still to be read by its reader or answered.
    """

    pk: int
    text: str
    author: str
    sent_at: datetime
    read_at: datetime | None
    read_by: str
    waits: bool

    @property
    def is_parents(self) -> bool:
        return not self.author


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A page that shows one conversation: `page` is a page of its lines."""

    page: "Page[Line]"

    @property
    def lines(self) -> list[Line]:
        return list(self.page.object_list)

    @property
    def shown(self) -> list[int]:
        return [line.pk for line in self.lines]


def lines_of(conversation: Conversation, page: str) -> "Page[Line]":
    """One page, the last messages first to be shown and in the order they were written. Three queries."""
    rows = Message.objects.filter(conversation=conversation).order_by("-sent_at", "-pk")
    columns = ("pk", "text", "sent_at", "by_id", *name_columns("by"))
    found: Page[Any] = Paginator(rows.values_list(*columns, named=True), PAGE).get_page(page)
    shown = list(found.object_list)[::-1]
    readings = _readings(row.pk for row in shown)
    found.object_list = [_line(row, readings.get(row.pk), conversation.unread_since) for row in shown]
    return found


def _readings(keys: Iterable[int]) -> dict[int, Any]:
    """One receipt of each: her auxiliary's, else that of whoever opened it first."""
    rows = MessageReading.objects.filter(message__in=list(keys)).order_by("pk")
    columns = ("message_id", "at", "by__role", *name_columns("by"))
    latest_first = list(rows.values_list(*columns, named=True))[::-1]
    # The last of a key stands.
    return {row.message_id: row for row in sorted(latest_first, key=lambda row: row.by__role == Role.AP)}


def openers(conversations: Iterable[Conversation]) -> dict[int, str]:
    """Who opened what still waits in each of these, by key: the last to do so. One query."""
    since = {one.pk: one.unread_since for one in conversations if one.unread_since is not None}
    rows = MessageReading.objects.filter(message__conversation__in=list(since), message__by=None).order_by("pk")
    columns = ("message__conversation_id", "message__sent_at", *name_columns("by"))
    found = rows.values_list(*columns, named=True)
    return {
        row.message__conversation_id: name_of(row, "by")
        for row in found
        if row.message__sent_at >= since[row.message__conversation_id]
    }


def _line(row: Any, reading: Any, unread_since: datetime | None) -> Line:
    return Line(
        pk=row.pk,
        text=row.text,
        author=name_of(row, "by") if row.by_id is not None else "",
        sent_at=row.sent_at,
        read_at=reading.at if reading else None,
        read_by=name_of(reading, "by") if reading else "",
        waits=row.by_id is None and unread_since is not None and row.sent_at >= unread_since,
    )

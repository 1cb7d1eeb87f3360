"""The protocols of a territory, the version in force and the earlier ones (R090)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from territories.models import Protocol, ProtocolVersion
from territories.reads.partnerships import DocumentFacts, document_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version. `state` is "ahead", "running" or "past"; `document` None for words alone."""

    public_id: UUID
    number: int
    valid_from: date
    state: str
    published_by: str
    published_at: datetime
    words: str
    document: DocumentFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolLine:
    """A protocol with its versions, the newest first; `shown` is the one in force, else the next to come."""

    public_id: UUID
    title: str
    versions: tuple[VersionLine, ...]
    shown: VersionLine


def protocols(today: date) -> list[ProtocolLine]:
    """Every protocol by title; two queries."""
    rows = list(Protocol.objects.order_by("title", "pk"))
    versions = _versions([one.pk for one in rows], today)
    return [_line(one, versions[one.pk]) for one in rows]


def protocol_page(protocol: Protocol, today: date) -> ProtocolLine:
    """One protocol with every version; one query."""
    return _line(protocol, _versions([protocol.pk], today)[protocol.pk])


def version_page(version: ProtocolVersion, today: date) -> tuple[ProtocolLine, VersionLine]:
    """One version, in force or not, beside its protocol."""
    page = protocol_page(version.protocol, today)
    return page, next(one for one in page.versions if one.public_id == version.public_id)


def _line(row: Any, versions: list[VersionLine]) -> ProtocolLine:
    running = [one for one in versions if one.state == "running"]
    return ProtocolLine(
        public_id=row.public_id,
        title=row.title,
        versions=tuple(versions),
        shown=running[0] if running else versions[-1],
    )


def _versions(keys: list[int], today: date) -> dict[int, list[VersionLine]]:
    """The versions of these protocols, the newest first."""
    rows = ProtocolVersion.objects.filter(protocol__in=keys).select_related("document", "published_by__user")
    found: dict[int, list[VersionLine]] = {}
    running: set[int] = set()
    for row in rows.defer("document__content").order_by("protocol_id", "-valid_from", "-number"):
        found.setdefault(row.protocol_id, []).append(_version(row, _state(row, today, running)))
    return found


def _state(row: Any, today: date, running: set[int]) -> str:
    if row.valid_from > today:
        return "ahead"
    if row.protocol_id in running:
        return "past"
    running.add(row.protocol_id)
    return "running"


def _version(row: Any, state: str) -> VersionLine:
    return VersionLine(
        public_id=row.public_id,
        number=row.number,
        valid_from=row.valid_from,
        state=state,
        published_by=row.published_by.user.get_full_name(),
        published_at=row.published_at,
        words=row.words,
        document=document_facts(row.document),
    )

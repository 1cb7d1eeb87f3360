"""Copies of reports: the inbox of those outside the team, and what became of each copy on the page of the report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, Subquery

from copa.kernel import french, one_time
from copa.kernel.french import NBSP, series
from copa.kernel.outbox import OutboxState
from pathways.enums import RECIPIENT_WORDS, Agreement
from pathways.models import AnswerLink, Pathway, RecipientConsent, Sending
from pathways.reads.addressees import reached
from pathways.reads.facts.names import Directory
from pathways.reads.standing import unreached
from pathways.rules import STOPPED
from pathways.rules.orientations import WRONG_CODES
from territories.models import Member, OutgoingMessage
from visits import perms
from visits.models import Delivery, Report, ReportCopy, Visit
from visits.reads.households import Household, households_of
from visits.reads.report import short_kind
from visits.rules import KEPT_INFORMED

PAGE = 25
UNREAD, READ = "a-lire", "lus"
VIEWS = (UNREAD, READ)


# ---- The inbox of a reader outside the team ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One report she received, or its addendum that waits to be read. `opened_by` is "" while nobody has."""

    report_id: UUID
    short_kind: str
    household: Household
    author: str
    ended_at: datetime | None
    sent_at: datetime
    opened_at: datetime | None
    opened_by: str
    is_addendum: bool


@dataclass(frozen=True, slots=True)
class CopiesInbox:
    """One page of the list; `unread` counts what waits, whatever the view."""

    view: str
    unread: int
    page: "Page[Received]"


def copies_inbox(member: Member, view: str, page: str) -> CopiesInbox:
    """To read: the one that has waited longest first; read: the last one first. A fixed number of queries."""
    rows: Any = perms.SEE_COPIES.rows(member)
    waiting = rows.to_read()
    read = rows.of_reports().filter(opened_at__isnull=False)
    ordered = read.order_by("-sent_at", "pk") if view == READ else waiting.order_by("sent_at", "pk")
    found = Paginator(ordered.values_list("pk", flat=True), PAGE).get_page(page)
    unread = waiting.count() if view == READ else found.paginator.count
    found.object_list = _received(list(found.object_list))
    return CopiesInbox(view, unread, found)


_COLUMNS = (
    "pk",
    "family_id",
    "addendum_id",
    "sent_at",
    "opened_at",
    "opened_by_id",
    "report__public_id",
    "report__author_id",
    "report__visit__kind",
    "report__visit__ended_at",
    "report__visit__pathway__birth_id",
)


def _received(keys: list[int]) -> list[Received]:
    found = ReportCopy.objects.filter(pk__in=keys).order_by("pk").values_list(*_COLUMNS, named=True)
    rows = {row.pk: row for row in found}
    directory = Directory()
    for row in rows.values():
        directory.expect(people=[row.report__author_id, row.opened_by_id])
    homes = households_of({row.report__visit__pathway__birth_id: row.family_id for row in rows.values()})
    return [
        Received(
            report_id=row.report__public_id,
            short_kind=short_kind(row.report__visit__kind),
            household=homes[row.report__visit__pathway__birth_id],
            author=directory.name(row.report__author_id),
            ended_at=row.report__visit__ended_at,
            sent_at=row.sent_at,
            opened_at=row.opened_at,
            opened_by=directory.name(row.opened_by_id),
            is_addendum=row.addendum_id is not None,
        )
        for row in (rows[key] for key in keys)
    ]


# ---- What became of each copy ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """One copy as the team follows it. `state` and `icon` are those of the design layer.

    `code` is said apart by whoever may send the link, "" when none is alive; `until` is its end.
    """

    public_id: UUID
    to: str
    recipient: str
    is_addendum: bool
    state: str
    icon: str
    words: str
    code: str = ""
    until: datetime | None = None
    may_send_again: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A recipient she agreed to who has none of it, and why, in a sentence. `may_leave`: pressing the button sends."""

    recipient: str
    why: str
    may_leave: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies of a report; `missing` are the recipients she agreed to who have none of it.

    `may_send`: one of them would be reached now. `is_over`: the pathway has stopped, or is in mourning: her former
    agreements send nothing any more.
    """

    lines: tuple[CopyLine, ...]
    missing: tuple[Missing, ...]
    may_send: bool
    is_over: bool = False


NO_COPIES = Copies((), (), may_send=False)


def copies_of(report: Report, member: Member, at: datetime) -> Copies:
    """For whoever reads column E of a report she may read; nobody else learns who receives what. Four queries, and what
    is asked of the circle when somebody has none of it."""
    if perms.reader_letter(member, report.family_id) != "E":
        return NO_COPIES
    rows = list(_copies(report))
    is_over = _is_over(report)
    # After a stop no link opens: none of them is said to be alive, and nobody gives its code.
    links = {} if is_over else _last_links([row.public_id for row in rows if row.is_by_link])
    # The same rows as those she reads: the page was reached by them.
    may_send = perms.SEND_COPIES.is_held_by(member)
    lines = tuple(_line(row, _state(row, links, at), links, may_send=may_send) for row in rows)
    missing = () if is_over else tuple(_missing(report, {row.recipient for row in rows}, at))
    return Copies(lines, missing, may_send and any(one.may_leave for one in missing), is_over)


def _is_over(report: Report) -> bool:
    stopped = Q(state__in=STOPPED) | Q(birth__is_silent=True)
    return bool(
        Pathway.objects.filter(stopped, pk__in=Visit.objects.filter(pk=report.visit_id).values("pathway")).exists()
    )


def _copies(report: Report) -> Any:
    """Each with where its mail is (`mail_state`), and why it was held back (`why`, None unless it was)."""
    left = OutgoingMessage.objects.filter(public_id=OuterRef("message")).order_by("pk")
    stopped = Sending.objects.filter(message=OuterRef("message"), stopped_at__isnull=False).order_by("pk")
    rows = ReportCopy.objects.filter(report=report).select_related("opened_by__user").order_by("sent_at", "pk")
    return rows.annotate(
        mail_state=Subquery(left.values("state")[:1]), why=Subquery(stopped.values("stopped_reason")[:1])
    )


def _last_links(copies: list[UUID]) -> dict[UUID, AnswerLink]:
    return {link.copy_id: link for link in AnswerLink.objects.filter(copy_id__in=copies).order_by("pk")}


def _missing(report: Report, received: set[str], at: datetime) -> list[Missing]:
    """Recipients with her yes, once the report has been delivered."""
    delivered = Delivery.objects.of_reports().arrived().filter(report=report)
    agreed = RecipientConsent.objects.filter(
        Exists(delivered),
        family=report.family_id,
        recipient__in=set(KEPT_INFORMED) - received,
        answer=Agreement.YES,
    )
    wanted = list(agreed.order_by("pk").values_list("recipient", flat=True))
    if not wanted:
        return []
    pathway = Pathway.objects.select_related("territory").get(pk=report.visit.pathway_id)
    ready = {one.recipient: one.name for one in reached(pathway, wanted, at)}
    lacking = unreached(pathway, wanted, at)
    return [
        _missed(one, ready.get(one, ""), [lack.words for lack in lacking if lack.recipient == one]) for one in wanted
    ]


def _missed(recipient: str, ready: str, lacking: list[str]) -> Missing:
    why = "Personne de connu dans le cercle de soins."
    if ready:
        why = f"Peut partir maintenant{NBSP}: {ready}."
    elif lacking:
        why = f"{series(lacking)}."
    return Missing(RECIPIENT_WORDS[recipient], why, may_leave=bool(ready))


def _line(row: ReportCopy, told: tuple[str, str, str], links: dict[UUID, AnswerLink], *, may_send: bool) -> CopyLine:
    state, icon, words = told
    link = links.get(row.public_id) if state == "info" else None
    return CopyLine(
        public_id=row.public_id,
        to=row.to,
        recipient=RECIPIENT_WORDS[row.recipient],
        is_addendum=row.addendum_id is not None,
        state=state,
        icon=icon,
        words=words,
        code=one_time.code_of(link.public_id) if link and may_send else "",
        until=link.expires_at if link else None,
        may_send_again=may_send and row.is_by_link and row.opened_at is None,
    )


def _state(row: Any, links: dict[UUID, AnswerLink], at: datetime) -> tuple[str, str, str]:
    """State and icon of the design layer, and what happened last."""
    if row.opened_at is not None:
        by = f" par {row.opened_by.user.get_full_name()}" if row.opened_by else ""
        return "ok", "eye", f"Lu{by}, {french.moment(row.opened_at)}"
    if row.why is not None or row.mail_state == OutboxState.WITHHELD:
        return "none", "x", f"Retenu{NBSP}: {french.inner(row.why)}" if row.why else "Retenu"
    if row.mail_state == OutboxState.FAILED:
        return "bad", "alert", f"Non remis{NBSP}: vérifiez son adresse"
    if not row.is_by_link:
        return "info", "mail", "Dans sa boîte, pas encore lu"
    link = links.get(row.public_id)
    is_alive = link is not None and not link.killed_at and link.expires_at > at and link.wrong_codes < WRONG_CODES
    return ("info", "mail", "Lien envoyé, pas encore lu") if is_alive else ("warn", "lock", "Lien fermé sans être lu")

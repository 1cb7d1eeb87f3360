"""Deviations as pages show them: the facts in words, why, and what waits for a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from copa.kernel.access import Perm
from copa.kernel.french import NBSP, delay
from copa.kernel.french import day as short_day
from pathways.models import keeps_records
from pathways.reads.facts import HomeFacts, homes
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from territories.models import Member
from visits import perms
from visits.enums import CodingSource, DeviationKind, Lifted
from visits.models import Deviation, DeviationQuerySet
from visits.reads.thread import named_kind, short_kind
from visits.rules import DEVIATION_REASONS, HEALTH_REASONS, OTHER_REASON

# What a reader outside the structure is told of a reason that is somebody's health (documents.md 7, row 7).
HEALTH = "motif de santé, conservé par la structure"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRow:
    """One deviation. `visit` is "V1" or the like, "" for none; `choices` are its codes, « Autre » apart (`has_other`).

    `reason_label` "" while it waits; `source` says where the reason comes from; `lifted` why it no longer applies.
    `is_left`: another territory follows the family, whose file has no page for this reader.
    """

    public_id: UUID
    family_id: UUID
    home: HomeFacts
    on: date
    visit: str
    title: str
    facts: str
    reason: str
    reason_label: str
    note: str
    source: str
    coded_by: str
    coded_at: datetime | None
    detected_at: datetime
    lifted: str
    ap: str
    carrier: str
    choices: tuple[tuple[str, str], ...]
    is_left: bool
    has_other: bool
    may_code: bool


def uncoded(member: Member) -> DeviationQuerySet:
    """Those that wait for this member to say why; None of a family in mourning, stopped, or followed elsewhere."""
    rows: Any = perms.CODE_DEVIATION.rows(member)
    return rows.to_code()  # type: ignore[no-any-return]


def own_rows(member: Member) -> list[DeviationRow]:
    """What an AP has to code, the oldest first."""
    rows: Any = perms.CODE_OWN_DEVIATIONS.rows(member)
    return rows_of(list(rows.to_code().order_by("on", "pk").values_list("pk", flat=True)), member)


def own_coded(member: Member, public_id: UUID | None) -> DeviationRow | None:
    """The one she has just coded, that she may take back; None for every other."""
    if public_id is None:
        return None
    rows: Any = perms.CODE_DEVIATION.rows(member)
    mine = rows.filter(public_id=public_id, coded_by=member).exclude(reason="").values_list("pk", flat=True)
    return next(iter(rows_of(list(mine.order_by("pk")), member)), None)


def rows_of_visit(member: Member, visit_id: int) -> list[DeviationRow]:
    """Those of one visit that this member may know of, what no longer applies left out."""
    if not perms.SEE_DEVIATION.is_held_by(member):
        return []
    rows: Any = perms.SEE_DEVIATION.rows(member)
    return rows_of(list(rows.standing().filter(visit=visit_id).order_by("kind").values_list("pk", flat=True)), member)


def rows_of(keys: list[int], member: Member) -> list[DeviationRow]:
    """These deviations in their order; the same number of queries for one and for fifty."""
    if not keys:
        return []
    found = {row.pk: row for row in _with_visit(Deviation.objects.filter(pk__in=keys)).order_by("pk")}
    mine = _mine(perms.CODE_DEVIATION, member, keys)
    directory = Directory()
    for row in found.values():
        directory.expect(people=[row.coded_by_id, _ap(row)], places=[row.pathway.carrier_id])
    around = homes({row.family_id for row in found.values()})
    left = set() if keeps_records(member) else {key for key, row in found.items() if row.family.moved_at is not None}
    return [_row(found[key], around, directory, may_code=key in mine, is_left=key in left) for key in keys]


def _with_visit(rows: Any) -> Any:
    return rows.select_related("visit", "pathway", "family")


def _mine(perm: Perm, member: Member, keys: list[int]) -> set[int]:
    if not perm.is_held_by(member):
        return set()
    return set(perm.rows(member).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _ap(row: Deviation) -> int | None:
    found: int | None = row.visit.ap_id if row.visit else row.pathway.ap_id
    return found


def _row(
    row: Any, around: dict[int, HomeFacts], directory: Directory, *, may_code: bool, is_left: bool
) -> DeviationRow:
    reasons = DEVIATION_REASONS[row.kind].choices
    return DeviationRow(
        public_id=row.public_id,
        family_id=row.family.public_id,
        is_left=is_left,
        home=around[row.family_id],
        on=row.on,
        visit=short_kind(row.visit.kind) if row.visit else "",
        title=title_of(row),
        facts=facts_of(row),
        reason=row.reason,
        reason_label=reason_of(row),
        note=row.note,
        source=words(CodingSource, row.source),
        coded_by=directory.name(row.coded_by_id),
        coded_at=row.coded_at,
        detected_at=row.detected_at,
        lifted=words(Lifted, row.lifted_why),
        ap=directory.name(_ap(row)),
        carrier=directory.place(row.pathway.carrier_id).name,
        choices=tuple((code, str(label)) for code, label in reasons if code != OTHER_REASON),
        has_other=OTHER_REASON in dict(reasons),
        may_code=may_code,
    )


# ---- In words ---------------------------------------------------------------------------------------------------
def title_of(row: Any) -> str:
    """What differs, without a name: `row` has the columns of a deviation."""
    return kind_title(row.kind, is_short=row.kind == DeviationKind.DURATION and row.minutes < row.least)


def kind_title(kind: str, *, is_short: bool) -> str:
    """The same for a kind; `is_short` says which way a duration differs."""
    if kind == DeviationKind.DURATION:
        return "Visite trop courte" if is_short else "Visite trop longue"
    return "Visite hors dates" if kind == DeviationKind.WINDOW else str(DeviationKind(kind).label)


def reason_of(row: Any) -> str:
    """Its reason in words, "" while it waits."""
    return words(DEVIATION_REASONS[row.kind], row.reason)


def outside_reason(kind: str, reason: str) -> str:
    """The same for a reader outside the structure: a health reason is told as such, and not which."""
    return HEALTH if reason in HEALTH_REASONS.get(kind, ()) else words(DEVIATION_REASONS[kind], reason)


def facts_of(row: Any) -> str:
    """The facts that explain it, as a sentence without a name."""
    if row.kind == DeviationKind.DURATION:
        least, most = (delay(timedelta(minutes=limit)) for limit in (row.least, row.most))
        return f"{delay(timedelta(minutes=row.minutes))}, au lieu de {least} à {most}"
    if row.kind == DeviationKind.LATE:
        return _lateness(row)
    if row.kind == DeviationKind.JOINT:
        return f"faite {short_day(row.on)}"
    if row.kind == DeviationKind.EPDS and row.visit is not None:
        return f"attendu à la {named_kind(row.visit.kind)}"
    if row.kind == DeviationKind.WINDOW:
        return f"faite {short_day(row.on)}, attendue {_window(row)}"
    return f"attendu{'' if row.kind == DeviationKind.EPDS else 'e'} {_window(row)}"


def _window(row: Any) -> str:
    return f"du {short_day(row.first_day)} au {short_day(row.last_day)}"


def _lateness(row: Any) -> str:
    visit = row.visit
    if visit.report_delivered_at and visit.ended_at:
        return f"remis en {delay(visit.report_delivered_at - visit.ended_at)}, au lieu de 24{NBSP}h"
    return f"pas encore remis 24{NBSP}h après la visite"

"""Meetings: the list, one meeting with its agenda, the minutes of one family, the decisions that are tasks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from copa.kernel.digest import digest_of, short
from pathways import perms
from pathways.enums import Attendance, DecisionState
from pathways.models import Decision, MeetingAnnex, MeetingItem, MeetingParticipant, StaffMeeting
from pathways.reads.decision_owners import known_families
from pathways.reads.facts import last_births
from pathways.reads.facts.names import Directory
from pathways.reads.meeting_causes import cause_labels
from pathways.reads.minutes import HandedTo, annex_fingerprint, fingerprints, handed_to
from pathways.reads.names import mothers_of
from pathways.rules import day_of
from territories.enums import Role
from territories.models import Member

PAGE = 25
NOTHING_MISSING: Mapping[int, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list."""

    public_id: UUID
    planned_at: datetime
    place: str
    structure: str
    families: int
    people: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody invited; `key` is the one of her participation, `public_id` her own."""

    key: int
    public_id: UUID
    name: str
    function: str
    presence: str
    presence_label: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as read; `owner`, `told_by` "" for nobody, `due_on` None when nobody has anything to do.

    `first_owner` is to whom the meeting gave it, "" while she has it still.
    """

    public_id: UUID
    kind: str
    kind_label: str
    words: str
    owner: str
    first_owner: str
    due_on: date | None
    is_late: bool
    told_by: str
    state: str
    state_label: str
    settled_by: str
    settled_at: datetime | None
    settled_words: str
    may_settle: bool = False
    is_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One family at a meeting, as this member reads it.

    `may_read` False: she will hear of this family, nothing written is hers to read yet. `former` are the decisions of
    the time before; `left` the names of those who left the item. `handed` is « Diffusion », for the team alone: her
    answer for one is nothing to another. `fingerprint` "" before the validation; `is_untouched` False when what stands
    is no longer what was validated. `has_changed`: somebody of the family died and a child is followed, its team is
    spoken to first. `parents_told_at` None until a person has told them. `day` is D+n on the day of the meeting
    (documents.md 3, block 2), None without an included birth and in mourning. `missing`: what it lacked when its
    validation was just refused.
    """

    public_id: UUID
    family_id: UUID
    family: str
    reference: str
    cause_label: str
    family_words: str
    told_by: str
    tell_on: date | None
    facts: str
    decisions: tuple[DecisionRow, ...]
    former: tuple[DecisionRow, ...]
    left: tuple[str, ...]
    may_read: bool
    may_write: bool
    has_annex: bool
    is_written: bool
    handed: tuple[HandedTo, ...]
    fingerprint: str
    is_untouched: bool
    parents_told_at: datetime | None
    parents_told_by: str
    day: int | None
    has_changed: bool
    missing: tuple[str, ...] = ()

    @property
    def short_fingerprint(self) -> str:
        """As at the foot of a sheet; "" before the validation."""
        return short(self.fingerprint)


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting. `hidden` counts the items that are not hers; `is_at_table`: she is invited, or prepares it."""

    public_id: UUID
    planned_at: datetime
    place: str
    structure: str
    convened_by: str
    closed_by: str
    closed_at: datetime | None
    people: tuple[PersonRow, ...]
    items: tuple[ItemRow, ...]
    hidden: int
    may_run: bool
    is_at_table: bool
    is_held: bool
    hidden_missing: int = 0

    @property
    def families(self) -> int:
        """How many families are on the agenda, hers or not."""
        return len(self.items) + self.hidden

    @property
    def digest(self) -> str:
        """Over the items this member reads, as her sheet carries it; "" before the validation."""
        prints = [item.fingerprint for item in self.items if item.fingerprint]
        return digest_of({"meeting": str(self.public_id), "items": prints}) if prints else ""

    @property
    def short_digest(self) -> str:
        return short(self.digest)

    @property
    def is_untouched(self) -> bool:
        """Whether every item still is what was validated."""
        return all(item.is_untouched for item in self.items)

    @property
    def present(self) -> tuple[PersonRow, ...]:
        return tuple(person for person in self.people if person.presence == Attendance.PRESENT)

    @property
    def excused(self) -> tuple[PersonRow, ...]:
        return tuple(person for person in self.people if person.presence == Attendance.EXCUSED)


# ---- The list --------------------------------------------------------------------------------------------
def meeting_rows(member: Member, page: str, *, is_past: bool) -> "Page[MeetingRow]":
    """Meetings to prepare or to write, the next first; or those validated, the latest first."""
    meetings = perms.SEE_MEETINGS.rows(member)
    order = ("-planned_at", "-pk") if is_past else ("planned_at", "pk")
    rows = meetings.filter(closed_at__isnull=not is_past).select_related("structure").order_by(*order)
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    keys = [meeting.pk for meeting in found]
    families, people = _counts(MeetingItem, keys), _counts(MeetingParticipant, keys)
    found.object_list = [_row(meeting, families, people) for meeting in found]
    return found


def _counts(model: Any, keys: list[int]) -> dict[int, int]:
    counted = model.objects.filter(meeting__in=keys).order_by().values_list("meeting").annotate(number=Count("pk"))
    return dict(counted)


def _row(meeting: StaffMeeting, families: dict[int, int], people: dict[int, int]) -> MeetingRow:
    return MeetingRow(
        public_id=meeting.public_id,
        planned_at=meeting.planned_at,
        place=meeting.place,
        structure=meeting.structure.name,
        families=families.get(meeting.pk, 0),
        people=people.get(meeting.pk, 0),
        closed_at=meeting.closed_at,
    )


# ---- One meeting -----------------------------------------------------------------------------------------
def meeting_page(
    meeting: StaffMeeting,
    member: Member,
    *,
    at: datetime,
    today: date,
    missing: Mapping[int, tuple[str, ...]] = NOTHING_MISSING,
) -> MeetingPage:
    """The agenda and what was said, as this member may read it; as many queries for one item as for fifty.

    `missing`: what items lack to be validated, by key; said beside hers, counted for the others.
    """
    directory = Directory()
    people = people_of(meeting)
    may_run = perms.RUN_MEETING.allows(member, meeting)
    is_at_table = may_run or any(person.public_id == member.public_id for person in people)
    all_items = MeetingItem.objects.filter(meeting=meeting)
    mine = all_items.filter(_hers(member, is_at_table=is_at_table)).order_by("pk")
    items = item_rows(mine, member, today, directory, missing)
    elsewhere = len(missing) - sum(bool(item.missing) for item in items)
    directory.expect(people=[meeting.convened_by_id, meeting.closed_by_id], places=[meeting.structure_id])
    return MeetingPage(
        public_id=meeting.public_id,
        planned_at=meeting.planned_at,
        place=meeting.place,
        structure=directory.place(meeting.structure_id).name,
        convened_by=directory.name(meeting.convened_by_id),
        closed_by=directory.name(meeting.closed_by_id),
        closed_at=meeting.closed_at,
        people=people,
        items=items,
        hidden=all_items.count() - len(items),
        may_run=may_run,
        is_at_table=is_at_table,
        is_held=meeting.planned_at <= at,
        hidden_missing=elsewhere,
    )


def _hers(member: Member, *, is_at_table: bool) -> Q:
    """Items whose validated minutes she reads; before that, at the table, those of the families she follows.

    Away from it even a pilot, who opens every file, learns neither whom a meeting will speak of nor why (R086).
    """
    read = Exists(perms.READ_MINUTES.rows(member).filter(pk=OuterRef("pk")))
    if not is_at_table:
        return Q(read)
    followed = Exists(perms.SEE_FAMILY.rows(member).filter(pk=OuterRef("family")))
    return Q(read) | Q(followed, meeting__closed_at=None)


def people_of(meeting: StaffMeeting) -> tuple[PersonRow, ...]:
    """Those invited, by name."""
    rows = MeetingParticipant.objects.filter(meeting=meeting).select_related("member__user", "member__structure")
    return tuple(
        PersonRow(
            key=row.pk,
            public_id=row.member.public_id,
            name=row.member.user.get_full_name(),
            function=_function(row.member),
            presence=row.presence,
            presence_label=row.get_presence_display(),
        )
        for row in rows.order_by("member__user__last_name", "member__user__first_name", "pk")
    )


def _function(member: Member) -> str:
    place = f", {member.structure.name}" if member.structure else ""
    return f"{member.get_role_display()}{place}"


# ---- Items -----------------------------------------------------------------------------------------------
def item_rows(
    items: "QuerySet[MeetingItem]",
    member: Member,
    today: date,
    directory: Directory,
    missing: Mapping[int, tuple[str, ...]] = NOTHING_MISSING,
) -> tuple[ItemRow, ...]:
    """These items in their order, with their decisions and those of the time before."""
    annex = perms.READ_ANNEX.rows(member).filter(item=OuterRef("pk"))
    written = perms.WRITE_ITEM.rows(member).filter(pk=OuterRef("pk"))
    read = perms.READ_MINUTES.rows(member).filter(pk=OuterRef("pk"))
    asked = items.select_related("family", "meeting", "pathway__birth")
    rows = list(asked.annotate(has_annex=Exists(annex), may_write=Exists(written), is_read=Exists(read)))
    now = decisions_for(Decision.objects.filter(item__in=rows), member)
    prints = fingerprints([row for row in rows if row.fingerprint], now)
    handed = handed_to([row.pk for row in rows]) if perms.is_of_team(member) else {}
    before = _former(rows, member)
    for row in rows:
        directory.expect(people=[row.told_by_id, row.parents_told_by_id, *row.left_by])
    for decision in (*now, *before):
        directory.expect(people=decision_people(decision))
    mothers = mothers_of(row.family_id for row in rows)
    births = last_births(row.family_id for row in rows)
    causes = cause_labels(rows, member)
    return tuple(
        _item(
            row,
            causes[row.pk],
            mothers[row.family_id].name,
            _of_item(now, row),
            _of_family(before, row),
            today,
            directory,
            handed=handed.get(row.pk, ()),
            is_untouched=row.fingerprint == prints.get(row.pk, ""),
            has_changed=births[row.family_id].has_changed,
            missing=missing.get(row.pk, ()),
        )
        for row in rows
    )


def _of_item(decisions: Iterable[Any], item: MeetingItem) -> list[Any]:
    return [one for one in decisions if one.item_id == item.pk]


def _of_family(decisions: Iterable[Any], item: MeetingItem) -> list[Any]:
    return [one for one in decisions if one.family_id == item.family_id and one.item_id < item.pk]


def _former(items: Collection[MeetingItem], member: Member) -> list[Any]:
    """Decisions of earlier validated meetings about these families, that were still open or settled since."""
    families = [item.family_id for item in items]
    mine = [item.pk for item in items]
    earlier = Decision.objects.filter(family__in=families, item__meeting__closed_at__isnull=False)
    readable = perms.READ_MINUTES.rows(member).filter(pk=OuterRef("item"))
    return decisions_for(earlier.exclude(item__in=mine).filter(Exists(readable)), member)


def decisions_for(decisions: Any, member: Member) -> list[Any]:
    settle = perms.SETTLE_DECISION.rows(member).filter(pk=OuterRef("pk"), state=DecisionState.OPEN)
    return list(decisions.with_left().with_first_owner().annotate(may_settle=Exists(settle)).order_by("pk"))


def _item(
    item: Any,
    cause: str,
    family: str,
    decisions: list[Any],
    former: list[Any],
    today: date,
    directory: Directory,
    *,
    handed: tuple[HandedTo, ...],
    is_untouched: bool,
    has_changed: bool,
    missing: tuple[str, ...],
) -> ItemRow:
    return ItemRow(
        public_id=item.public_id,
        family_id=item.family.public_id,
        family=family,
        reference=item.family.reference,
        cause_label=cause,
        family_words=item.family_words,
        told_by=directory.name(item.told_by_id),
        tell_on=item.tell_on,
        facts=item.facts,
        decisions=tuple(decision_row(one, today, directory) for one in decisions),
        former=tuple(decision_row(one, today, directory) for one in former),
        left=tuple(directory.name(key) for key in item.left_by),
        may_read=item.is_read or item.may_write,
        may_write=item.may_write,
        has_annex=item.has_annex,
        is_written=bool(decisions) and bool(item.family_words or item.told_by_id),
        handed=handed,
        fingerprint=item.fingerprint,
        is_untouched=is_untouched,
        parents_told_at=item.parents_told_at,
        parents_told_by=directory.name(item.parents_told_by_id),
        day=_day(item),
        has_changed=has_changed,
        missing=missing,
    )


def _day(item: Any) -> int | None:
    birth = item.pathway.birth if item.pathway else None
    if birth is None or birth.is_silent:
        return None
    return day_of(birth.day, timezone.localdate(item.meeting.planned_at))


def decision_people(decision: Any) -> list[int | None]:
    """The keys of those a row of this decision names."""
    return [decision.owner_id, decision.first_owner_id, decision.told_by_id, decision.settled_by_id]


def decision_row(decision: Any, today: date, directory: Directory) -> DecisionRow:
    """One decision; the directory knows the names it points at."""
    is_open = decision.state == DecisionState.OPEN
    return DecisionRow(
        public_id=decision.public_id,
        kind=decision.kind,
        kind_label=decision.get_kind_display(),
        words=decision.words,
        owner=directory.name(decision.owner_id),
        first_owner=directory.name(decision.first_owner_id) if decision.first_owner_id != decision.owner_id else "",
        due_on=decision.due_on,
        is_late=is_open and decision.due_on is not None and decision.due_on < today,
        told_by=directory.name(decision.told_by_id),
        state=decision.state,
        state_label=decision.get_state_display(),
        settled_by=directory.name(decision.settled_by_id),
        settled_at=decision.settled_at,
        settled_words=decision.settled_words,
        is_left=decision.is_left,
        may_settle=getattr(decision, "may_settle", False),
    )


def one_item(item: MeetingItem, member: Member, today: date) -> ItemRow:
    """One item, written or read by this member."""
    rows = MeetingItem.objects.filter(pk=item.pk).order_by("pk")
    return item_rows(rows, member, today, Directory())[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPage:
    """What is sealed at one item. `fingerprint` and `is_untouched` as those of an item, see `ItemRow`."""

    text: str
    written_by: str
    written_at: datetime
    fingerprint: str
    is_untouched: bool

    @property
    def short_fingerprint(self) -> str:
        return short(self.fingerprint)


def annex_of(item: MeetingItem) -> AnnexPage | None:
    """The sealed part of an item, for whoever was let in; None when nothing is sealed."""
    rows = MeetingAnnex.objects.filter(item=item).select_related("written_by__user", "item__meeting")
    return next((annex_page(row) for row in rows.order_by("pk")), None)


def annex_page(row: MeetingAnnex) -> AnnexPage:
    """One sealed part, as it stands now."""
    return AnnexPage(
        text=row.text,
        written_by=row.written_by.user.get_full_name(),
        written_at=row.written_at,
        fingerprint=row.fingerprint,
        is_untouched=not row.fingerprint or row.fingerprint == annex_fingerprint(row),
    )


def hearers(meeting: StaffMeeting) -> dict[int, list[int]]:
    """By key of item, the participants who have a right on its family: the others leave the item."""
    rows = MeetingParticipant.objects.filter(meeting=meeting, presence=Attendance.PRESENT)
    people = [row.member for row in rows.select_related("member__user").order_by("pk")]
    items = list(MeetingItem.objects.filter(meeting=meeting).order_by("pk").values_list("pk", "family_id"))
    known = {person.pk: known_families(person, {family for _, family in items}) for person in people}
    return {item: [key for key, families in known.items() if family in families] for item, family in items}


# ---- What forms offer ------------------------------------------------------------------------------------
INVITED_ROLES = (
    Role.COORDINATOR,
    Role.PMI_DOCTOR,
    Role.CPP_PILOT,
    Role.REFERRING_TEAM,
    Role.AP,
    Role.PMI_STAFF,
    Role.LIBERAL_MIDWIFE,
    Role.OUTSIDE_PROFESSIONAL,
)


def invitable(today: date) -> list[Member]:
    """Professionals whose rights run today, by function and name."""
    current = Member.objects.current(today).with_role(*INVITED_ROLES).select_related("user", "structure")
    rank = {role: place for place, role in enumerate(INVITED_ROLES)}
    rows = current.order_by("user__last_name", "user__first_name", "pk")
    return sorted(rows, key=lambda member: rank[Role(member.role)])


def meetings_to_come(member: Member) -> list[StaffMeeting]:
    """Meetings this member may put a family on, the next first."""
    rows = perms.RUN_MEETING.rows(member).select_related("structure")
    return list(rows.order_by("planned_at", "pk")[:20])


def member_label(member: Member) -> str:
    """Her name and what she does."""
    return f"{member.user.get_full_name()}, {_function(member)}"

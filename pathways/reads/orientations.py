"""The office list of orientations: to decide, to send, without an answer, to confirm. Sealed ones are never in it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Case, Count, IntegerField, Q, Value, When

from copa.kernel.digest import digest_of
from copa.kernel.paging import counted_page
from pathways import perms
from pathways.enums import Agreement, NeedAbout, OrientationState, OrientationUrgency
from pathways.models import Birth, Child, CoParent, Mother, Orientation
from pathways.models.orientations import to_decide_again
from pathways.reads.facts import last_births
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.names import mothers_of
from pathways.rules.orientations import REMINDERS, urgency_rank
from territories.catalogue import NEEDS, TYPES
from territories.models import Member

PAGE = 25
PERIOD = timedelta(days=90)


_OVER = [OrientationState.SEEN, OrientationState.NOT_COME, OrientationState.CANNOT_TAKE, OrientationState.REFUSED]


class OrientationShelf(StrEnum):
    """Which orientations a page shows; the value stands in the address."""

    TO_DECIDE = "a-decider"
    TO_SEND = "a-envoyer"
    WAITING = "sans-reponse"
    OVERDUE = "en-retard"
    TO_DECIDE_AGAIN = "a-reorienter"
    TO_CONFIRM = "a-confirmer"
    ANSWERED = "terminees"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientationRow:
    """One orientation in the list; `since` is the moment from which somebody is waited for.

    `has_changed`: somebody of the family died and a child is followed, its team is spoken to first.
    """

    public_id: UUID
    family_id: UUID
    family: str
    need: str
    about: str
    target: str
    entry: str
    state: str
    state_label: str
    urgency: str
    urgency_label: str
    answer_words: str
    asked_by: str
    decided_by: str
    decision_words: str
    since: datetime
    waits_for: timedelta
    is_agreed: bool
    reminders: int
    first_contact_on: date | None
    has_changed: bool


def shelf_counts(member: Member, at: datetime) -> dict[str, int]:
    """How many orientations stand on each shelf, one query; keys are the values of OrientationShelf."""
    rows = _listed(member)
    counted = {shelf.name: Count("pk", filter=_condition(shelf, at)) for shelf in OrientationShelf}
    numbers = rows.filter(proposed_at__gte=at - PERIOD * 4).aggregate(**counted)
    return {shelf.value: numbers[shelf.name] for shelf in OrientationShelf}


def orientation_rows(
    member: Member, shelf: OrientationShelf, at: datetime, *, total: int, page: str
) -> "Page[OrientationRow]":
    """One page of a shelf: what the AP said presses, then the longest wait; the answered ones the latest first.

    A fixed number of queries.
    """
    rows = _listed(member).filter(_condition(shelf, at), proposed_at__gte=at - PERIOD * 4)
    order = _ORDERS.get(shelf, (_urgent_first(), "proposed_at", "pk"))
    # The keys first: what a row shows lies in more tables than the filter.
    found = counted_page(rows.order_by(*order).values_list("pk", flat=True), per_page=PAGE, total=total, asked=page)
    found.object_list = _rows(list(found), at)
    return found


_ORDERS: dict[OrientationShelf, tuple[Any, ...]] = {
    OrientationShelf.ANSWERED: ("-answered_at", "-pk"),
    OrientationShelf.TO_DECIDE_AGAIN: ("answered_at", "pk"),
}


def _urgent_first() -> Case:
    ranks = [When(urgency=one, then=Value(urgency_rank(one))) for one in OrientationUrgency.values]
    return Case(*ranks, default=Value(urgency_rank("")), output_field=IntegerField())


def _listed(member: Member) -> Any:
    """Those of families not in mourning, whose pathway has not stopped."""
    rows: Any = perms.LIST_ORIENTATIONS.rows(member)
    return rows.running()


def _condition(shelf: OrientationShelf, at: datetime) -> Q:
    late = at - REMINDERS[-1]
    conditions = {
        OrientationShelf.TO_DECIDE: Q(state=OrientationState.PROPOSED),
        OrientationShelf.TO_SEND: Q(state=OrientationState.ACCEPTED),
        OrientationShelf.WAITING: Q(state=OrientationState.SENT, sent_at__gt=late),
        OrientationShelf.OVERDUE: Q(state=OrientationState.SENT, sent_at__lte=late),
        OrientationShelf.TO_DECIDE_AGAIN: to_decide_again(),
        OrientationShelf.TO_CONFIRM: Q(state=OrientationState.GIVEN),
        OrientationShelf.ANSWERED: Q(state__in=_OVER, proposed_at__gte=at - PERIOD) & ~to_decide_again(),
    }
    return conditions[shelf]


def _rows(keys: list[int], at: datetime) -> list[OrientationRow]:
    asked = Orientation.objects.filter(pk__in=keys).select_related("need", "family", "entry").order_by("pk")
    found = {row.pk: row for row in asked}
    directory = Directory()
    for row in found.values():
        directory.expect(people=[row.proposed_by_id, row.decided_by_id])
    mothers = mothers_of(row.family_id for row in found.values())
    births = last_births(row.family_id for row in found.values())
    rows = [found[key] for key in keys]
    return [
        _row(row, mothers[row.family_id].name, directory, at, has_changed=births[row.family_id].has_changed)
        for row in rows
    ]


def _row(row: Any, family: str, directory: Directory, at: datetime, *, has_changed: bool) -> OrientationRow:
    since = row.answered_at or row.sent_at or row.decided_at or row.proposed_at
    return OrientationRow(
        public_id=row.public_id,
        family_id=row.family.public_id,
        family=family,
        need=NEEDS[row.need.code].label,
        about=words(NeedAbout, row.need.about),
        target=TYPES[row.target_type].label,
        entry=row.entry.name if row.entry else "",
        state=row.state,
        state_label=words(OrientationState, row.state),
        urgency=row.urgency,
        urgency_label=words(OrientationUrgency, row.urgency) if row.urgency else "",
        answer_words=row.answer_words,
        asked_by=directory.name(row.proposed_by_id),
        decided_by=directory.name(row.decided_by_id),
        decision_words=row.decision_words,
        since=since,
        waits_for=at - since,
        is_agreed=row.agreement == Agreement.YES,
        reminders=row.reminders,
        first_contact_on=row.first_contact_on,
        has_changed=has_changed,
    )


# ---- The letter -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The orientation as the outside professional reads it: the least that lets her receive somebody.

    First names, the need by its label, for when, the team to call. No family name, no address, nothing that was
    observed. `urgency` "" where nobody said for when.
    """

    to: str
    who: str
    need: str
    urgency: str
    words: str
    team: str
    team_phone: str
    asked_by: str
    decided_on: datetime | None
    sent_at: datetime | None

    @property
    def digest(self) -> str:
        """Of what the letter says; when it left is no part of it."""
        said = {name: value for name, value in asdict(self).items() if name not in {"sent_at", "decided_on"}}
        return digest_of({**said, "decided": self.decided_on.isoformat() if self.decided_on else ""})


def letter(orientation: Orientation) -> Letter:
    """The letter of an orientation that was decided; three queries."""
    carrier = orientation.pathway.carrier
    decided_by = Member.objects.filter(pk=orientation.decided_by_id).select_related("user").order_by("pk").first()
    return Letter(
        to=orientation.entry.name if orientation.entry else TYPES[orientation.target_type].label,
        who=_who(orientation),
        need=NEEDS[orientation.need.code].label,
        urgency=words(OrientationUrgency, orientation.urgency) if orientation.urgency else "",
        words=orientation.letter_words,
        team=carrier.name,
        team_phone=carrier.phone,
        asked_by=decided_by.user.get_full_name() if decided_by else "",
        decided_on=orientation.decided_at,
        sent_at=orientation.sent_at,
    )


def _who(orientation: Orientation) -> str:
    """The person by first name alone; a child also by the day of birth, which tells two first names apart."""
    about, family = orientation.need.about, orientation.family_id
    if about == NeedAbout.CHILD:
        birth = Birth.objects.get(pk=orientation.pathway.birth_id)
        names = Child.objects.filter(birth=birth, closed_at=None).order_by("rank").values_list("first_name", flat=True)
        shown = " et ".join(name for name in names if name) or "Bébé"
        return f"{shown}, naissance le {birth.day:%d/%m/%Y}"
    # After the death of the mother a brother or a sister is called by the other parent, or by nobody.
    is_hers = about in {NeedAbout.MOTHER, NeedAbout.FAMILY} or not orientation.pathway.birth.is_silent
    people = Mother if is_hers and about != NeedAbout.COPARENT else CoParent
    names = people.objects.filter(family=family).order_by("pk").values_list("first_names", flat=True)
    name, label = next(iter(names), ""), words(NeedAbout, about)
    if about not in {NeedAbout.FAMILY, NeedAbout.SIBLING}:
        return name or label
    return f"{label}, par {name}" if name else label

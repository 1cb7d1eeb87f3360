"""Needs and orientations of one family, as this reader may know them, and what their page offers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists

from copa.kernel import one_time
from copa.kernel.access import held
from copa.kernel.french import inner
from pathways import perms
from pathways.enums import (
    NEED_RUNNING,
    Agreement,
    CircleRole,
    ConfirmedBy,
    Found,
    LinkStep,
    NeedSource,
    NeedState,
    OrientationState,
    OrientationUrgency,
    SentBy,
)
from pathways.models import (
    AnswerLink,
    Birth,
    CareCircleMember,
    Child,
    Family,
    InclusionAnswers,
    LinkEvent,
    Need,
    Orientation,
    readable_needs,
)
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import by, words
from pathways.reads.routing import is_still_asked, may_be_answered, orientation_blocked
from pathways.reads.told import Told
from pathways.rules import KEPT_FOR_ORPHAN, RUNNING
from pathways.rules.orientations import WRONG_CODES, ways_to_send
from territories.catalogue import NEEDS, TYPES
from territories.models import HistoryEvent, Member

NO_CHILD_DOCTOR = "NO_CHILD_DOCTOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientationView:
    """One orientation. `entry` is "" while only the type is known, `first_contact_on` None until confirmed.

    `tone` and `icon` colour the state. `is_parents_word`: only the parents said that the contact took place.
    """

    public_id: UUID
    target: str
    entry: str
    state: str
    state_label: str
    tone: str
    icon: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    agreement: str
    agreement_label: str
    decided_at: datetime | None
    decided_by: str
    decision_words: str
    sent_at: datetime | None
    sent_how_label: str
    reminders: int
    answered_at: datetime | None
    answer_words: str
    first_contact_on: date | None
    confirmed_label: str
    is_parents_word: bool
    urgency: str
    urgency_label: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One state a need went through."""

    label: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedView:
    """One need with its orientations, the latest first, and the states it went through."""

    public_id: UUID
    label: str
    about: str
    words: str
    state: str
    state_label: str
    tone: str
    is_running: bool
    spotted_at: datetime
    spotted_by: str
    source: str
    closing_words: str
    orientations: tuple[OrientationView, ...]
    passages: tuple[Passage, ...]
    is_sealed: bool = False
    is_kept_for_orphan: bool = False


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A need of the compartment: that it exists, for its named readers; what it is stands on its own page."""

    public_id: UUID
    spotted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNeeds:
    """The page: needs in hand first, those that ended after, the sealed ones apart.

    `hidden` counts those in hand that she would read with the mother's agreement, while the follow-up goes on; `beyond`
    those she may know of and her work does not read. `is_whole`: no need is kept from her, so that « aucun » is true.
    `proposed`: (code, label) of what the inclusion proposes to note, for those who may. `is_over`: nothing new is noted
    or asked for any more, unless for those left with a child whose mother died (`has_orphan`).
    """

    running: tuple[NeedView, ...]
    ended: tuple[NeedView, ...]
    sealed: tuple[SealedLine, ...]
    hidden: int
    beyond: int
    is_whole: bool
    may_spot: bool
    proposed: tuple[tuple[str, str], ...]
    may_follow: bool
    may_propose: bool
    is_over: bool
    has_orphan: bool

    @property
    def may_propose_for_kept(self) -> bool:
        """Whether an orientation is asked for about those of KEPT_FOR_ORPHAN."""
        return self.may_propose and (self.has_orphan or not self.is_over)

    @property
    def may_propose_for_others(self) -> bool:
        return self.may_propose and not self.is_over


_TONES = {
    OrientationState.PROPOSED: ("warn", "clock"),
    OrientationState.ACCEPTED: ("info", "send"),
    OrientationState.REFUSED: ("", "x"),
    OrientationState.GIVEN: ("info", "phone"),
    OrientationState.SENT: ("warn", "clock"),
    OrientationState.SEEN: ("ok", "check"),
    OrientationState.NOT_COME: ("bad", "alert"),
    OrientationState.CANNOT_TAKE: ("bad", "x"),
    OrientationState.CLOSED: ("", "check"),
}
_NEED_TONES = {
    NeedState.OPEN: "warn",
    NeedState.WATCH: "info",
    NeedState.ORIENTED: "info",
    NeedState.FOLLOWED: "ok",
    NeedState.MET: "ok",
}


def hidden_needs(family: int, member: Member, *, shown: int) -> int:
    """How many needs in hand she would read with the mother's agreement, beside the `shown` ones; one query."""
    return int(readable_needs(Need.objects.running().filter(family=family), member).count() - shown)


def family_needs(member: Member, family: Family, *, is_over: bool = False, has_orphan: bool = False) -> FamilyNeeds:
    """Needs of one family, the latest first; nine queries at most, however many there are.

    `is_over` and `has_orphan` as the facts of the family say it (`takes_nothing_new`).
    """
    rows = list(
        perms.SEE_NEEDS.rows(member).told().filter(family=family).select_related("child").order_by("-spotted_at", "-pk")
    )
    views = _views(rows)
    sealed = perms.READ_SEALED_NEED.rows(member).filter(family=family).order_by("-spotted_at", "-pk")
    running = tuple(view for view in views if view.is_running)
    may_spot = perms.SPOT_NEED.is_held_by(member) and (has_orphan or not is_over)
    return FamilyNeeds(
        running=running,
        hidden=hidden_needs(family.pk, member, shown=len(running)),
        beyond=perms.known_needs(Need.objects.running().filter(family=family), member).count(),
        is_whole=perms.reads_every_need(member),
        ended=tuple(view for view in views if not view.is_running),
        sealed=tuple(SealedLine(*row) for row in sealed.values_list("public_id", "spotted_at")),
        may_spot=may_spot,
        proposed=_proposed(family) if may_spot else (),
        may_follow=perms.FOLLOW_NEED.is_held_by(member),
        may_propose=perms.PROPOSE_ORIENTATION.is_held_by(member),
        is_over=is_over,
        has_orphan=has_orphan,
    )


def _proposed(family: Family) -> tuple[tuple[str, str], ...]:
    """(code, label) of what the inclusion proposes to note: it said that the child has no doctor (inclusion.md 4).

    Proposed until it is noted, or a doctor stands in the circle. One query.
    """
    doctor = CareCircleMember.objects.filter(family=family, role=CircleRole.PAEDIATRICIAN, until=None)
    noted = Need.objects.filter(family=family, code=NO_CHILD_DOCTOR)
    answers = InclusionAnswers.objects.filter(family=family, child_doctor_found=Found.NONE)
    answers = answers.filter(
        ~Exists(doctor), ~Exists(noted), pathway__birth__is_silent=False, pathway__state__in=RUNNING
    )
    return ((NO_CHILD_DOCTOR, NEEDS[NO_CHILD_DOCTOR].label),) if answers.exists() else ()


def children_to_name(family: Family) -> list[Child]:
    """The children of the last delivery who are followed; a need may name one of them. One query."""
    births = Birth.objects.filter(family=family).order_by("-at", "-pk").values("pk")[:1]
    return list(Child.objects.filter(birth__in=births, closed_at=None).order_by("rank"))


def need_view(need: Need) -> NeedView:
    """One need, whole: its caller has checked that it may be read."""
    return _views([need])[0]


def _views(needs: list[Need]) -> list[NeedView]:
    keys = [need.pk for need in needs]
    rows = list(
        Orientation.objects.filter(need__in=keys).select_related("entry").order_by("need_id", "-proposed_at", "-pk")
    )
    directory = Directory()
    directory.expect(people=(need.spotted_by_id for need in needs))
    for row in rows:
        directory.expect(people=[row.proposed_by_id, row.decided_by_id])
    of_need = by("need_id", rows)
    passages = _passages(keys)
    return [
        _view(need, tuple(_orientation(row, directory) for row in of_need.get(need.pk, [])), passages, directory)
        for need in needs
    ]


def _view(
    need: Need,
    orientations: tuple[OrientationView, ...],
    passages: dict[int, list[Passage]],
    directory: Directory,
) -> NeedView:
    return NeedView(
        public_id=need.public_id,
        label=NEEDS[need.code].label,
        about=need.who,
        words=need.words,
        state=need.state,
        state_label=words(NeedState, need.state),
        tone=_NEED_TONES.get(NeedState(need.state), ""),
        is_running=need.state in NEED_RUNNING,
        spotted_at=need.spotted_at,
        spotted_by=directory.name(need.spotted_by_id),
        source=words(NeedSource, need.source),
        closing_words=need.closing_words,
        orientations=orientations,
        passages=tuple(passages.get(need.pk, ())),
        is_sealed=need.is_sealed,
        is_kept_for_orphan=need.about in KEPT_FOR_ORPHAN,
    )


def _orientation(row: Any, directory: Directory) -> OrientationView:
    tone, icon = _TONES[OrientationState(row.state)]
    return OrientationView(
        public_id=row.public_id,
        target=TYPES[row.target_type].label,
        entry=row.entry.name if row.entry else "",
        state=row.state,
        state_label=words(OrientationState, row.state),
        tone=tone,
        icon=icon,
        reason=row.reason,
        proposed_at=row.proposed_at,
        proposed_by=directory.name(row.proposed_by_id),
        agreement=row.agreement,
        agreement_label=words(Agreement, row.agreement) if row.agreement else "",
        decided_at=row.decided_at,
        decided_by=directory.name(row.decided_by_id),
        decision_words=row.decision_words,
        sent_at=row.sent_at,
        sent_how_label=inner(words(SentBy, row.sent_how)) if row.sent_how else "",
        reminders=row.reminders,
        answered_at=row.answered_at,
        answer_words=row.answer_words,
        first_contact_on=row.first_contact_on,
        confirmed_label=words(ConfirmedBy, row.confirmed_by) if row.confirmed_by else "",
        is_parents_word=row.confirmed_by == ConfirmedBy.PARENT,
        urgency=row.urgency,
        urgency_label=words(OrientationUrgency, row.urgency) if row.urgency else "",
    )


def _passages(keys: list[int]) -> dict[int, list[Passage]]:
    """The states of these needs from the database's own trace, the first one first (R088); one query."""
    events = HistoryEvent.objects.filter(
        table_name=Need._meta.db_table, row_id__in=keys, after__has_key="state"
    ).order_by("pk")
    found: dict[int, list[Passage]] = {}
    for event in events:
        label = words(NeedState, event.after["state"])
        found.setdefault(event.row_id, []).append(Passage(label, "", event.happened_at))
    return found


# ---- One orientation ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """The answer link of an orientation as its team sees it. `code` is said apart; the address itself is never shown.

    `state`: alive, used, tried (shut by wrong codes), dead.
    """

    state: str
    code: str
    expires_at: datetime
    openings: int
    wrong_codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientationPage:
    """One orientation with its need, its link, and what this reader may do now.

    `blocked`: why a decided orientation may not leave, "" when it may. `is_over`: no new decision is taken any more.
    `is_held`: it was asked for several children of whom one is left, the team says what becomes of it.
    """

    need: NeedView
    orientation: OrientationView
    letter_words: str
    entry_email: str
    blocked: str
    is_over: bool
    is_held: bool
    link: LinkView | None
    may_decide: bool
    may_send: bool
    may_name: bool
    ways: tuple[SentBy, ...]
    may_agree: bool
    may_confirm: bool
    may_close: bool
    may_ask_again: bool


def orientation_page(
    member: Member, orientation: Orientation, at: datetime, *, is_over: bool = False
) -> OrientationPage:
    """All that the page of one orientation shows; a fixed number of queries. `is_over` as for `family_needs`."""
    need = need_view(orientation.need)
    view = next(one for one in need.orientations if one.public_id == orientation.public_id)
    asked = [(perm, orientation.pk) for perm in (perms.DECIDE_ORIENTATION, perms.NOTE_AGREEMENT, perms.CONFIRM_CONTACT)]
    row = Orientation.objects.filter(pk=orientation.pk)
    mine = held(asked, member, known=(perms.SEE_ORIENTATIONS, orientation.pk), beside=row)
    decides, state = perms.DECIDE_ORIENTATION.code in mine, orientation.state
    is_live = state in {OrientationState.PROPOSED, OrientationState.ACCEPTED, OrientationState.SENT}
    is_held = not is_still_asked(orientation)
    is_on = not is_over and not is_held
    sends = decides and state == OrientationState.ACCEPTED
    is_to_leave = decides and state in {OrientationState.ACCEPTED, OrientationState.SENT}
    blocked = orientation_blocked(orientation) if is_to_leave else ""
    waits = state in {OrientationState.SENT, OrientationState.GIVEN, OrientationState.NOT_COME}
    return OrientationPage(
        need=need,
        orientation=view,
        letter_words=orientation.letter_words,
        entry_email=_email(orientation),
        link=_link(orientation, at) if decides else None,
        blocked=blocked,
        is_over=is_over and is_live,
        is_held=is_held,
        may_decide=decides and state == OrientationState.PROPOSED and is_on,
        may_send=sends and not blocked,
        may_name=sends and is_on,
        ways=tuple(ways_to_send(is_sealed=orientation.need.is_sealed, email=_email(orientation))),
        may_agree=perms.NOTE_AGREEMENT.code in mine and is_live and is_on,
        may_confirm=perms.CONFIRM_CONTACT.code in mine and waits,
        may_close=decides and (is_live or waits or state == OrientationState.CANNOT_TAKE),
        may_ask_again=is_on
        and perms.PROPOSE_ORIENTATION.is_held_by(member)
        and Orientation.objects.to_decide_again().filter(pk=orientation.pk).exists(),
    )


def _email(orientation: Orientation) -> str:
    """The address of its service, "" without one."""
    return orientation.entry.email if orientation.entry else ""


def _link(orientation: Orientation, at: datetime) -> LinkView | None:
    """The last link made for it, with how often it was opened."""
    link = AnswerLink.objects.filter(orientation=orientation).order_by("-created_at", "-pk").first()
    if link is None:
        return None
    # The question of whoever opens it: nobody gives a code for a link that opens nothing.
    is_over = link.killed_at is not None or link.expires_at <= at or not may_be_answered(orientation)
    state = "used" if link.used_at else "tried" if link.wrong_codes >= WRONG_CODES else "dead" if is_over else "alive"
    return LinkView(
        state=state,
        code=one_time.code_of(link.public_id) if state == "alive" else "",
        expires_at=link.expires_at,
        openings=LinkEvent.objects.filter(link=link, step=LinkStep.OPENED).count(),
        wrong_codes=link.wrong_codes,
    )


# ---- Story ----------------------------------------------------------------------------------------------------
def told(family: Family, member: Member) -> list[Told]:
    """Needs and orientations in the story of the file, sealed ones never; two queries."""
    needs = perms.SEE_NEEDS.rows(member).told().filter(family=family).select_related("child")
    spotted = [
        Told(
            at=need.spotted_at,
            icon="flag",
            title=f"Besoin noté\u00a0: {inner(NEEDS[need.code].label)}",
            text=f"{need.who}. {words(NeedState, need.state)}.",
            page="pathways:needs",
            public_id=family.public_id,
        )
        for need in needs.order_by("spotted_at", "pk")
    ]
    told_to_her = perms.SEE_ORIENTATIONS.rows(member).told()
    mine = readable_needs(told_to_her, member, need="need__").filter(family=family)
    rows = mine.select_related("entry").order_by("proposed_at", "pk")
    return [*spotted, *(_told_orientation(row) for row in rows)]


def _told_orientation(row: Any) -> Told:
    tone, icon = _TONES[OrientationState(row.state)]
    target = row.entry.name if row.entry else TYPES[row.target_type].label
    return Told(
        at=row.answered_at or row.sent_at or row.decided_at or row.proposed_at,
        icon=icon,
        state=tone,
        title=f"Orientation\u00a0: {target}",
        text=f"{words(OrientationState, row.state)}.",
        page="pathways:orientation",
        public_id=row.public_id,
        is_off=row.state in {OrientationState.CLOSED, OrientationState.REFUSED},
    )

"""An included birth: the adhesion, who follows, and the hand-over to the PMI."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from copa.kernel.prepared import Prepared, among
from pathways import rules
from pathways.enums import ClosingReason, ConsentMode, ConsentPlace, PathwayState, RelayLack, RelayState
from pathways.models import Pathway, PmiRelay, Withdrawal
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """The last adhesion; `withdrawn_at` None while it runs, `keeps_space` when only the visits were stopped."""

    at: datetime
    collected_by: str
    place_label: str
    mode_label: str
    text_version: str
    notice_version: str
    is_evaluation_opposed: bool
    withdrawn_at: datetime | None
    keeps_space: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFacts:
    """The PMI relay; `sector` and `pmi` are "" while the commune has none ("non attribué").

    `lack` says why nothing written reaches its PMI, "" when it does.
    """

    public_id: UUID
    due_on: date
    sector: str
    pmi: str
    pmi_phone: str
    lack: str
    is_agreed: bool
    state: str
    state_label: str
    question: str
    reply: str
    answered_at: datetime | None
    answered_by: str
    next_contact_on: date | None
    outcome: str
    ends_at: datetime | None
    is_met: bool

    @property
    def is_ended_unmet(self) -> bool:
        """Whether the PMI ended its follow-up without having met the family."""
        return rules.is_ended_unmet(self.outcome, is_met=self.is_met)

    @property
    def is_over(self) -> bool:
        """Whether an outcome ended the follow-up by the PMI: both teams keep the family until `ends_at`."""
        return self.outcome in rules.RELAY_ENDS

    @property
    def is_taken_back(self) -> bool:
        """Whether the mother took her yes back once the PMI had accepted."""
        return rules.is_taken_back(is_agreed=self.is_agreed, state=self.state, outcome=self.outcome)

    @property
    def has_open_question(self) -> bool:
        """Whether the team has still to answer the PMI."""
        return rules.has_open_question(self.state, question=self.question, reply=self.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayFacts:
    """One pathway. `ap` is "" and `ap_id` None until she is named; `window` holds local dates, both inclusive."""

    pk: int
    public_id: UUID
    birth_id: int
    state: str
    state_label: str
    rules_code: str
    visit_minutes: int
    planned_visits: int
    is_third_decided: bool
    max_visits: int
    window: rules.Window
    ap: str
    ap_id: int | None
    carrier: str
    carrier_phone: str
    included_at: datetime
    included_by: str
    is_pmi_presented: bool
    closed_at: datetime | None
    closing_label: str
    team_ends_at: datetime | None
    # Whether a withdrawal from it ended the openings of the file by name.
    has_closed_files: bool
    # Visits made in another territory before, as {"kind", "on"}.
    elsewhere: Sequence[Mapping[str, str]] = ()

    @property
    def kinds_elsewhere(self) -> frozenset[str]:
        """The kinds of visits that another territory made before."""
        return rules.kinds_of(self.elsewhere)

    @property
    def is_running(self) -> bool:
        return self.state in rules.RUNNING

    @property
    def is_stopped(self) -> bool:
        """Withdrawn, moved or in mourning: nothing more is sent."""
        return self.state in rules.STOPPED


class Pathways:
    """The last pathway of each birth with its adhesion and its relay, from the rows of PATHWAY_READS; names come later.

    An adhesion and its pathway are born together (`pathways.actions.inclusion`): the last one is its pathway's.
    """

    def __init__(self, found: Sequence[list[Any]], directory: Directory) -> None:
        pathways, relays = found
        self._rows = {row.birth_id: row for row in pathways}
        self._relays = {row.pathway_id: row for row in relays}
        directory.expect(people=self._people(), places=self._places())
        self._directory = directory

    def _people(self) -> Iterator[int | None]:
        for row in self._rows.values():
            yield from (row.ap_id, row.included_by_id, row.consent__collected_by_id)
        for relay in self._relays.values():
            yield relay.answered_by_id

    def _places(self) -> Iterator[int | None]:
        yield from (row.carrier_id for row in self._rows.values())
        yield from (relay.sector__structure_id for relay in self._relays.values())

    def pathway(self, birth_id: int) -> PathwayFacts | None:
        """None while the birth is not included."""
        row = self._rows.get(birth_id)
        if row is None:
            return None
        name, carrier = self._directory.name, self._directory.place(row.carrier_id)
        # The yes of another territory closes the file at once; the pathway ends with the job that comes after.
        has_left = row.family__moved_at is not None and row.state in rules.RUNNING
        state = PathwayState.MOVED.value if has_left else row.state
        return PathwayFacts(
            pk=row.pk,
            public_id=row.public_id,
            birth_id=row.birth_id,
            state=state,
            state_label=words(PathwayState, state),
            rules_code=row.rules__code,
            visit_minutes=row.rules__visit_minutes,
            planned_visits=row.rules__planned_visits,
            is_third_decided=row.is_third_decided,
            max_visits=row.rules__max_visits,
            window=rules.Window(row.window_from, row.window_to),
            ap=name(row.ap_id),
            ap_id=row.ap_id,
            carrier=carrier.name,
            carrier_phone=carrier.phone,
            included_at=row.included_at,
            included_by=name(row.included_by_id),
            is_pmi_presented=row.is_pmi_presented,
            closed_at=row.closed_at,
            closing_label=words(ClosingReason, row.closing_reason),
            team_ends_at=row.team_ends_at,
            has_closed_files=row.has_closed_files,
            elsewhere=row.elsewhere,
        )

    def consent(self, birth_id: int) -> ConsentFacts | None:
        """None while the birth is not included."""
        row = self._rows.get(birth_id)
        if row is None:
            return None
        return ConsentFacts(
            at=row.consent__at,
            collected_by=self._directory.name(row.consent__collected_by_id),
            place_label=words(ConsentPlace, row.consent__place),
            mode_label=words(ConsentMode, row.consent__mode),
            text_version=row.consent__text_version,
            notice_version=row.consent__notice_version,
            is_evaluation_opposed=row.consent__is_evaluation_opposed,
            withdrawn_at=row.consent__withdrawn_at,
            keeps_space=row.consent__keeps_space,
        )

    def relay(self, birth_id: int) -> RelayFacts | None:
        """None while the birth is not included."""
        row = self._rows.get(birth_id)
        relay = self._relays.get(row.pk) if row else None
        if relay is None:
            return None
        pmi = self._directory.place(relay.sector__structure_id)
        copied: dict[str, Any] = {name: getattr(relay, name) for name in _RELAY_COPIED}
        return RelayFacts(
            sector=relay.sector__name or "",
            pmi=pmi.name,
            pmi_phone=pmi.phone,
            lack=words(RelayLack, relay.lack),
            state_label=words(RelayState, relay.state),
            answered_by=self._directory.name(relay.answered_by_id),
            **copied,
        )


@Prepared
def _pathways(keys: Any) -> Any:
    closing = Withdrawal.objects.filter(pathway=OuterRef("pk"), undone_at=None, files_closed_at__isnull=False)
    rows = Pathway.objects.filter(among("family", keys)).annotate(has_closed_files=Exists(closing))
    return rows.order_by("included_at", "pk").values_list(*_PATHWAY)


@Prepared
def _relays(keys: Any, at: Any) -> Any:
    relays = PmiRelay.objects.filter(among("family", keys)).with_lack(at).with_met()
    return relays.order_by("pk").values_list(*_RELAY)


PATHWAY_READS = (_pathways, _relays)

_PATHWAY = (
    "pk",
    "public_id",
    "birth_id",
    "state",
    "rules__code",
    "rules__visit_minutes",
    "rules__planned_visits",
    "is_third_decided",
    "rules__max_visits",
    "window_from",
    "window_to",
    "ap_id",
    "carrier_id",
    "included_at",
    "included_by_id",
    "is_pmi_presented",
    "closed_at",
    "closing_reason",
    "team_ends_at",
    "has_closed_files",
    "elsewhere",
    "family__moved_at",
    "consent__at",
    "consent__collected_by_id",
    "consent__place",
    "consent__mode",
    "consent__text_version",
    "consent__notice_version",
    "consent__is_evaluation_opposed",
    "consent__withdrawn_at",
    "consent__keeps_space",
)
_RELAY_COPIED = (
    "public_id",
    "due_on",
    "is_agreed",
    "state",
    "question",
    "reply",
    "answered_at",
    "next_contact_on",
    "outcome",
    "ends_at",
    "is_met",
)
_RELAY = ("pathway_id", "sector__name", "sector__structure_id", "answered_by_id", "lack", *_RELAY_COPIED)

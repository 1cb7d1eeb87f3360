"""Births and where each stands: the births page and the first cards of the worklist ask the same conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from copa.kernel import clock
from copa.kernel.prepared import Prepared, among
from pathways import perms, rules
from pathways.enums import DischargeKind, NotProposedReason, PathwayState, ProposalAnswer, RefusalReason
from pathways.models import Birth, Discharge, NotProposed, Pathway, Proposal, hours_in_force
from pathways.reads.facts.words import all_words, words
from pathways.reads.names import ChildNames, MotherName, children_of, mothers_of
from territories.models import Member

PAGE = 25
# Counts and lists of the births page look this far back unless everything is asked for.
PERIOD_DAYS = rules.WARD_DAYS


class BirthStep(StrEnum):
    """Where a birth stands between the ward and the pathway; the value is what stands in the address."""

    TO_PROPOSE = "a-proposer"
    WAITING = "reponse"
    TO_INCLUDE = "a-inclure"
    INCLUDED = "incluses"
    REFUSED = "refus"
    NOT_PROPOSED = "pas-proposees"
    ALL = "toutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthRow:
    """One line of a list of births. `step` is "" for a birth in silence and for one whose days have passed.

    `discharge_at`, `proposed_on`, `ask_again_on`, `pathway_id` are None while there is none; `pathway_state` is "".
    """

    public_id: UUID
    family_id: UUID
    reference: str
    name: str
    mother: str
    children: str
    children_count: int
    at: datetime
    day: date
    day_number: int
    maternity: str
    is_silent: bool
    step: str
    discharge_at: datetime | None
    discharge_kind: str
    proposed_on: date | None
    ask_again_on: date | None
    refusal_label: str
    is_welcome_back: bool
    not_proposed_label: str
    pathway_id: UUID | None
    pathway_state: str
    pathway_label: str


@dataclass(frozen=True, slots=True)
class BirthPage:
    """One page of the list. `total` is None when everything is asked for: such a count has no end.

    `before` and `after` are the keys of the neighbouring pages, "" at an end.
    """

    rows: tuple[BirthRow, ...]
    total: int | None
    before: str
    after: str


def _has_proposal(**values: Any) -> Exists:
    return Exists(Proposal.objects.filter(birth=OuterRef("pk"), **values))


def _is_told_why() -> Exists:
    return Exists(NotProposed.objects.filter(birth=OuterRef("pk")))


def _is_welcome_back(today: date, zone: str) -> Q:
    """She refused, and agrees to be asked once more before she leaves (R066): up to the local day of her discharge."""
    midnight, _ = clock.day_bounds(today, zone)
    left = Exists(Discharge.objects.filter(birth=OuterRef("pk"), at__lt=midnight))
    return Q(_has_proposal(is_welcome_back=True)) & ~Q(left)


def _condition(step: BirthStep, today: date, zone: str) -> Q:
    """What makes a birth stand at this step; `today` is local to `zone`."""
    pathway = Exists(Pathway.objects.filter(birth=OuterRef("pk")))
    loud = Q(is_silent=False)
    recent = Q(day__gte=today - timedelta(days=PERIOD_DAYS))
    may_propose = Q(day__gte=today - timedelta(days=rules.PROPOSAL_HORIZON_DAYS))
    welcome = _is_welcome_back(today, zone)
    conditions = {
        BirthStep.TO_PROPOSE: loud & may_propose & ~Q(_has_proposal()) & ~Q(_is_told_why()),
        BirthStep.WAITING: loud & recent & (Q(_has_proposal(answer=ProposalAnswer.PENDING)) | welcome) & ~Q(pathway),
        BirthStep.TO_INCLUDE: loud & recent & Q(_has_proposal(answer=ProposalAnswer.YES)) & ~Q(pathway),
        BirthStep.INCLUDED: Q(pathway),
        BirthStep.REFUSED: Q(_has_proposal(answer=ProposalAnswer.NO)) & ~Q(pathway) & ~(loud & recent & welcome),
        BirthStep.NOT_PROPOSED: loud & Q(_is_told_why()) & ~Q(_has_proposal()),
        BirthStep.ALL: Q(),
    }
    return conditions[step]


def _step(births: QuerySet[Birth], step: BirthStep, today: date, zone: str) -> QuerySet[Birth]:
    return births.filter(_condition(step, today, zone))


def birth_counts(member: Member, today: date, maternity: UUID | None) -> dict[str, int]:
    """How many births of the last PERIOD_DAYS stand at each step, in one query; keys are the values of BirthStep."""
    births = _of_maternity(perms.SEE_BIRTHS.rows(member), maternity)
    recent = births.filter(day__gte=today - timedelta(days=PERIOD_DAYS))
    answer = Subquery(Proposal.objects.filter(birth=OuterRef("pk")).values("answer")[:1])
    is_included = Exists(Pathway.objects.filter(birth=OuterRef("pk")))
    welcome = _is_welcome_back(today, member.territory.time_zone)
    # Grouped rather than counted under six conditions: each birth is asked once or twice, not eight times. Most are
    # included, and of those the answer is not asked.
    groups = (
        recent.annotate(
            answer=Case(
                When(is_included, then=Value(_INCLUDED)),
                When(welcome & Q(is_silent=False), then=Value(ProposalAnswer.PENDING.value)),
                default=answer,
            ),
            may_propose=Q(day__gte=today - timedelta(days=rules.PROPOSAL_HORIZON_DAYS)),
            is_told_why=_is_told_why(),
        )
        .values("is_silent", "answer", "may_propose", "is_told_why")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts = {step.value: 0 for step in BirthStep}
    for group in groups:
        counts[BirthStep.ALL] += group["n"]
        for step in _steps_of(group):
            counts[step] += group["n"]
    return counts


_INCLUDED = "INCLUDED"


def _steps_of(group: Mapping[str, Any]) -> list[BirthStep]:
    """The step at which births of this group stand, as `_condition` says it of a query; empty for none."""
    if group["answer"] == _INCLUDED:
        return [BirthStep.INCLUDED]
    if group["answer"] == ProposalAnswer.NO:
        return [BirthStep.REFUSED]
    if group["is_silent"]:
        return []
    if group["answer"] is None and group["is_told_why"]:
        return [BirthStep.NOT_PROPOSED]
    if group["answer"] is None:
        return [BirthStep.TO_PROPOSE] if group["may_propose"] else []
    return [BirthStep.WAITING if group["answer"] == ProposalAnswer.PENDING else BirthStep.TO_INCLUDE]


def _of_maternity(births: QuerySet[Birth], maternity: UUID | None) -> QuerySet[Birth]:
    return births.filter(maternity__public_id=maternity) if maternity else births


def birth_page(
    member: Member,
    today: date,
    *,
    step: BirthStep,
    maternity: UUID | None = None,
    everything: bool = False,
    after: str = "",
    before: str = "",
    total: int = 0,
) -> BirthPage:
    """One page of births, newest first, cut by key: the hundredth page costs what the first does.

    `after` and `before` are keys of a former page ("" for the first one), `everything` looks beyond PERIOD_DAYS,
    `total` is the count already known for this step.
    """
    here = _step(perms.SEE_BIRTHS.rows(member), step, today, member.territory.time_zone)
    births = _of_maternity(here, maternity)
    if not everything:
        births = births.filter(day__gte=today - timedelta(days=PERIOD_DAYS))
    found, has_newer, has_older = _cut(births, _key(after), _key(before))
    return BirthPage(
        rows=birth_rows([key for _, key in found], today),
        total=None if everything else total,
        before=_key_of(found[0]) if found and has_newer else "",
        after=_key_of(found[-1]) if found and has_older else "",
    )


def _cut(births: QuerySet[Birth], after: "Key", before: "Key") -> tuple[list["Place"], bool, bool]:
    """Where PAGE births beside a key stand, newest first, and whether there are newer and older ones."""
    if before:
        newer = births.filter(Q(at__gt=before[0]) | Q(at=before[0], pk__gt=before[1])).order_by("at", "pk")
        found = list(newer.values_list("at", "pk")[: PAGE + 1])
        return found[PAGE - 1 :: -1] if len(found) > PAGE else found[::-1], len(found) > PAGE, True
    if after:
        births = births.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    found = list(births.order_by("-at", "-pk").values_list("at", "pk")[: PAGE + 1])
    return found[:PAGE], after is not None, len(found) > PAGE


Place = tuple[datetime, int]
Key = Place | None
_INSTANT = "%Y%m%d%H%M%S%f"


def _key_of(place: Place) -> str:
    at, pk = place
    return f"{at.astimezone(UTC).strftime(_INSTANT)}-{pk}"


def _key(text: str) -> Key:
    """The key typed in an address; None when there is none or it makes no sense."""
    instant, _, pk = text.rpartition("-")
    try:
        at, key = datetime.strptime(instant, _INSTANT).replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
    return (at, key) if at.year in clock.PROGRAMME_YEARS else None


def birth_rows(keys: list[int], today: date) -> tuple[BirthRow, ...]:
    """Lines of these births, in their order: seven queries however many there are."""
    births = {row.pk: row for row in _births(keys=keys)}
    about = _About(
        mothers=mothers_of(row.family_id for row in births.values()),
        children=children_of(keys),
        discharges=_by_birth(_discharges(keys=keys)),
        proposals=_by_birth(_proposals(keys=keys)),
        pathways=_by_birth(_pathways(keys=keys)),
        not_proposed=_by_birth(_not_proposed(keys=keys)),
    )
    return tuple(_row(births[key], about, today) for key in keys)


@dataclass(frozen=True, slots=True)
class _About:
    """What stands beside a birth: the mother by family, the rest by birth."""

    mothers: Mapping[int, MotherName]
    children: Mapping[int, ChildNames]
    discharges: Mapping[int, Any]
    proposals: Mapping[int, Any]
    pathways: Mapping[int, Any]
    not_proposed: Mapping[int, Any]


def _by_birth(rows: Iterable[Any]) -> dict[int, Any]:
    """The last row of each birth."""
    return {row.birth_id: row for row in rows}


@Prepared
def _births(keys: Any) -> Any:
    columns = ("pk", "public_id", "family_id", "family__public_id", "family__reference", "maternity__name")
    births = Birth.objects.filter(among("pk", keys)).order_by("pk")
    return births.values_list(*columns, "at", "day", "is_silent")


@Prepared
def _discharges(keys: Any) -> Any:
    discharges = Discharge.objects.filter(among("birth", keys)).order_by("pk")
    return discharges.values_list("birth_id", "at", "kind", "territory__time_zone")


@Prepared
def _proposals(keys: Any) -> Any:
    proposals = Proposal.objects.filter(among("birth", keys)).order_by("pk")
    return proposals.values_list(
        "birth_id", "answer", "proposed_on", "ask_again_on", "refusal_reasons", "is_welcome_back"
    )


@Prepared
def _not_proposed(keys: Any) -> Any:
    return NotProposed.objects.filter(among("birth", keys)).order_by("pk").values_list("birth_id", "reason")


@Prepared
def _pathways(keys: Any) -> Any:
    return Pathway.objects.filter(among("birth", keys)).order_by("pk").values_list("birth_id", "public_id", "state")


def _row(birth: Any, about: _About, today: date) -> BirthRow:
    mother, children = about.mothers[birth.family_id], about.children[birth.pk]
    discharge, proposal = about.discharges.get(birth.pk), about.proposals.get(birth.pk)
    pathway, told = about.pathways.get(birth.pk), about.not_proposed.get(birth.pk)
    is_welcome = _may_ask_again(proposal, discharge, pathway, today)
    return BirthRow(
        public_id=birth.public_id,
        family_id=birth.family__public_id,
        reference=birth.family__reference,
        name=mother.name,
        mother=mother.full_name,
        children=children.words,
        children_count=children.number,
        at=birth.at,
        day=birth.day,
        day_number=rules.day_of(birth.day, today),
        maternity=birth.maternity__name,
        is_silent=birth.is_silent,
        step=step_of(birth, proposal, pathway, today, is_told_why=told is not None, is_welcome_back=is_welcome),
        is_welcome_back=is_welcome,
        discharge_at=discharge.at if discharge else None,
        discharge_kind=words(DischargeKind, discharge.kind) if discharge else "",
        proposed_on=proposal.proposed_on if proposal else None,
        ask_again_on=proposal.ask_again_on if proposal else None,
        refusal_label=all_words(RefusalReason, proposal.refusal_reasons) if proposal else "",
        not_proposed_label=words(NotProposedReason, told.reason) if told else "",
        pathway_id=pathway.public_id if pathway else None,
        pathway_state=pathway.state if pathway else "",
        pathway_label=words(PathwayState, pathway.state) if pathway else "",
    )


def _may_ask_again(proposal: Any, discharge: Any, pathway: Any, today: date) -> bool:
    """As `_is_welcome_back`, of rows at hand."""
    has_left = discharge is not None and clock.local_date(discharge.at, discharge.territory__time_zone) < today
    return proposal is not None and proposal.is_welcome_back and not has_left and pathway is None


def step_of(
    birth: Any, proposal: Any, pathway: Any, today: date, *, is_told_why: bool, is_welcome_back: bool = False
) -> str:
    """The step of one birth whose rows are at hand; "" in silence and once the days of the proposal have passed."""
    if pathway:
        return BirthStep.INCLUDED
    if birth.is_silent:
        return ""
    if proposal is None and is_told_why:
        return BirthStep.NOT_PROPOSED
    if proposal is None:
        return BirthStep.TO_PROPOSE if rules.day_of(birth.day, today) <= rules.PROPOSAL_HORIZON_DAYS else ""
    if is_welcome_back:
        return BirthStep.WAITING
    steps = {
        ProposalAnswer.PENDING: BirthStep.WAITING,
        ProposalAnswer.YES: BirthStep.TO_INCLUDE,
        ProposalAnswer.NO: BirthStep.REFUSED,
    }
    return steps[ProposalAnswer(proposal.answer)]


def up_max_hours(birth: Birth) -> int:
    """Hours of life below which its discharge is called ultra-early, under the version of its day (A08). One query."""
    return int(Birth.objects.filter(pk=birth.pk).values_list(hours_in_force("day"), flat=True).get())

"""« Repérage »: the grid by domain, what the team concluded, the EPDS, suggestions. Nothing sealed stands here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from pathways import perms
from pathways.enums import (
    EPDS_CAUSES,
    ConclusionLevel,
    EpdsReason,
    EpdsStatus,
    GridDomain,
    GridSkip,
    GridStatus,
    GridValue,
    Presence,
    ScreenedPerson,
    ScreeningSource,
    Sensitivity,
    SuggestionCause,
    SuggestionKind,
)
from pathways.models import (
    Alert,
    EpdsCorrection,
    EpdsScreening,
    EpdsValues,
    Family,
    GridAnswer,
    GridConclusion,
    GridFactor,
    GridReview,
    Pathway,
    SealedSignal,
    Suggestion,
)
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.rules import screening as rules
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in words. `about` is "" for the family as a whole."""

    value: str
    value_label: str
    at: datetime
    author: str
    source: str
    about: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLine:
    """One factor with its latest answer and, the latest first, those before it."""

    label: str
    now: Answer
    before: tuple[Answer, ...]

    @property
    def is_present(self) -> bool:
        return self.now.value == GridValue.PRESENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainBlock:
    """One domain: what is present, what is not, and whether anything was ever said of it.

    `is_unticked`: the last time, something was to be noted, and no factor was ticked.
    """

    code: str
    label: str
    lines: tuple[FactorLine, ...]
    is_unticked: bool

    @property
    def present(self) -> list[FactorLine]:
        return [line for line in self.lines if line.is_present]

    @property
    def others(self) -> list[FactorLine]:
        return [line for line in self.lines if not line.is_present]

    @property
    def is_refused(self) -> bool:
        return any(line.now.value == GridValue.REFUSES for line in self.lines)

    @property
    def last_at(self) -> datetime | None:
        return max((line.now.at for line in self.lines), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """The grid gone through once; `skip_reason` is "" unless it was skipped."""

    at: datetime
    author: str
    source: str
    status: str
    skip_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionLine:
    """What the team concluded."""

    level: str
    proposals: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EpdsLine:
    """One EPDS without its values. `total` None without the ten of them; `level` is one of `rules.EpdsLevel` or ""."""

    public_id: UUID
    person: str
    status: str
    status_label: str
    reason: str
    total: int | None
    level: str
    at: datetime
    day: int
    is_early: bool
    author: str
    source: str
    presence: str
    was_alone: bool
    thresholds: str
    repeat_on: date | None
    # When the oldest correction that nobody has decided about was asked, when the last one was accepted; None for none.
    contested_at: datetime | None
    corrected_at: datetime | None
    # Whether the tenth answer is above 0; None for who may not know: all but its named readers and whoever copied it.
    tenth: bool | None

    @property
    def is_done(self) -> bool:
        return self.status == EpdsStatus.DONE

    @property
    def is_to_redo(self) -> bool:
        """Whether somebody stood beside her while she answered: her result reassures nobody (A36)."""
        return self.is_done and not self.was_alone

    @property
    def is_alarming(self) -> bool:
        return self.tenth is True

    @property
    def is_unread(self) -> bool:
        """A total that no cut-off reads: the territory has set none for the co-parent (A37)."""
        return self.total is not None and not self.thresholds

    @property
    def is_low(self) -> bool:
        """Whether it may be called low: never before somebody who does not know what the tenth answer is."""
        return self.level == rules.EpdsLevel.BELOW and self.tenth is not None

    @property
    def is_reassuring(self) -> bool:
        return self.is_low and not self.is_to_redo and not self.is_alarming


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """One suggestion to the team. `is_same_day`: the mother, or the co-parent, is called; `is_due_today`: answered that
    day. `is_accepted` None and `decided_at` None while it waits."""

    public_id: UUID
    kind: str
    title: str
    cause: str
    note: str
    is_same_day: bool
    is_of_coparent: bool
    is_due_today: bool
    suggested_at: datetime
    suggested_by: str
    is_accepted: bool | None
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class TappedAnswer:
    """A tenth answer at 1 or more of a questionnaire that has not arrived: its visit or its report goes on."""

    alert_id: UUID
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningPage:
    """The tab of a family. `signals` are the moments at which this AP signalled something herself, without a word.

    `tapped` is for the named readers of the alert, and for whoever tapped the answer.
    """

    domains: tuple[DomainBlock, ...]
    strengths: DomainBlock
    reviews: tuple[ReviewLine, ...]
    conclusions: tuple[ConclusionLine, ...]
    scales: tuple[EpdsLine, ...]
    suggestions: tuple[SuggestionLine, ...]
    signals: tuple[datetime, ...]
    tapped: tuple[TappedAnswer, ...]

    @property
    def conclusion(self) -> ConclusionLine | None:
        return self.conclusions[0] if self.conclusions else None

    @property
    def waiting(self) -> list[SuggestionLine]:
        return [one for one in self.suggestions if one.decided_at is None]

    @property
    def decided(self) -> list[SuggestionLine]:
        return [one for one in self.suggestions if one.decided_at is not None]


def pathway_of(family: Family) -> Pathway | None:
    """The pathway of the last delivery, which what is recorded now belongs to; None before any inclusion."""
    found = Pathway.objects.filter(family=family).select_related("birth", "territory")
    pathway: Pathway | None = found.order_by("-birth__at", "-included_at", "-pk").first()
    return pathway


def screening_page(family: Family, member: Member) -> ScreeningPage:
    """What this member reads of the screening of a family; the same number of queries however long the history."""
    answers = _of(GridAnswer, family, member).select_related("factor").order_by("-at", "-pk")
    reviews = _of(GridReview, family, member).order_by("-at", "-pk")
    conclusions = _of(GridConclusion, family, member).order_by("-at", "-pk")
    scales = with_contest(_of(EpdsScreening, family, member)).order_by("-at", "-pk")
    suggestions = perms.known_suggestions(_of(Suggestion, family, member), member).order_by("-suggested_at", "-pk")
    directory = Directory()
    directory.expect(people=[one.author_id for rows in (answers, reviews, scales) for one in rows])
    directory.expect(people=[one.by_id for one in conclusions])
    directory.expect(people=[key for one in suggestions for key in (one.suggested_by_id, one.decided_by_id)])
    tapped = _tapped(family, member)
    directory.expect(people=[one.raised_by_id for one in tapped])
    blocks = _blocks(list(answers), list(reviews), directory)
    tenth = tenth_known_to(scales, member)
    return ScreeningPage(
        domains=tuple(blocks[code] for code in blocks if code != GridDomain.R),
        strengths=blocks[GridDomain.R],
        reviews=tuple(_review(row, directory) for row in reviews),
        conclusions=tuple(
            ConclusionLine(
                level=words(ConclusionLevel, row.level),
                proposals=row.proposals,
                by=directory.name(row.by_id),
                at=row.at,
            )
            for row in conclusions
        ),
        scales=tuple(epds_line(row, directory, tenth=tenth.get(row.pk)) for row in scales),
        suggestions=tuple(suggestion_line(row, directory) for row in suggestions),
        signals=tuple(
            SealedSignal.objects.filter(family=family, author=member).order_by("-at").values_list("at", flat=True)
        ),
        tapped=tuple(TappedAnswer(one.public_id, directory.name(one.raised_by_id), one.raised_at) for one in tapped),
    )


def _of(model: Any, family: Family, member: Member) -> Any:
    return perms.screened(model.objects.filter(family=family), member)


def _blocks(answers: list[GridAnswer], reviews: list[GridReview], directory: Directory) -> dict[str, DomainBlock]:
    """Every open domain, those never spoken of included; answers come the latest first."""
    ticked = {row.at for row in answers if row.value == GridValue.PRESENT}
    unticked = {row.at for row in reviews if row.status == GridStatus.TO_NOTE} - ticked
    lines: dict[str, list[FactorLine]] = {}
    told: dict[tuple[str, str, int | None], list[GridAnswer]] = {}
    for row in answers:
        # By code: what was said under an earlier version of the grid is the history of the same factor.
        told.setdefault((row.factor.code, row.person, row.child_id), []).append(row)
    for rows in sorted(told.values(), key=lambda rows: rows[0].factor.position):
        now, *before = (_answer(row, directory) for row in rows)
        line = FactorLine(label=rows[0].factor.label, now=now, before=tuple(before))
        lines.setdefault(rows[0].factor.domain, []).append(line)
    return {
        domain.value: DomainBlock(
            code=domain.value,
            label=str(domain.label),
            lines=tuple(lines.get(domain, ())),
            is_unticked=any(line.now.at in unticked for line in lines.get(domain, ())),
        )
        for domain in GridDomain
        if domain not in rules.SEALED_DOMAINS
    }


def _answer(row: Any, directory: Directory) -> Answer:
    return Answer(
        value=row.value,
        value_label=words(GridValue, row.value),
        at=row.at,
        author=directory.name(row.author_id),
        source=words(ScreeningSource, row.source),
        about="" if row.person == ScreenedPerson.FAMILY else words(ScreenedPerson, row.person),
        comment=row.comment,
    )


def _review(row: GridReview, directory: Directory) -> ReviewLine:
    return ReviewLine(
        at=row.at,
        author=directory.name(row.author_id),
        source=words(ScreeningSource, row.source),
        status=words(GridStatus, row.status),
        skip_reason=words(GridSkip, row.skip_reason),
    )


def _tapped(family: Family, member: Member) -> list[Alert]:
    """Alerts of a tenth answer whose questionnaire is still being written, in a report or outside one. One query."""
    arrived = EpdsScreening.objects.filter(family=OuterRef("family"))
    of_sheet = arrived.filter(Q(source_id=OuterRef("subject_id")) | Q(public_id=OuterRef("subject_id")))
    corrected = EpdsCorrection.objects.filter(public_id=OuterRef("subject_id"))
    mine = Q(pk__in=perms.READ_SEALED_ALERT.rows(member).values("pk")) | Q(raised_by=member)
    rows = perms.SEE_ALERTS.rows(member).filter(mine, family=family, code=rules.ITEM_10_ALERT)
    return list(rows.filter(~Exists(of_sheet), ~Exists(corrected)).order_by("-raised_at", "-pk"))


def tenth_known_to(scales: Iterable[EpdsScreening], member: Member) -> dict[int, bool]:
    """Whether the tenth answer of these sheets is above 0: given, lowered before the sheet was handed in, or in a
    correction asked since; one query.

    It is sealed: a sheet of which this member may not know it is absent.
    """
    mine = Q(pk__in=perms.READ_EPDS_VALUES.rows(member).values("pk")) | Q(author=member)
    given = EpdsValues.objects.filter(screening=OuterRef("pk"), i10__gte=rules.EPDS_ITEM10_MIN)
    asked = EpdsCorrection.objects.filter(
        screening=OuterRef("pk"), item=rules.EPDS_ITEMS[-1], value__gte=rules.EPDS_ITEM10_MIN
    )
    of_sheet = Q(subject_id=OuterRef("public_id")) | Q(subject_id=OuterRef("source_id"))
    raised = Alert.objects.filter(of_sheet, code=rules.ITEM_10_ALERT)
    rows = EpdsScreening.objects.filter(mine, pk__in=[row.pk for row in scales])
    known = rows.annotate(is_above=Q(Exists(given)) | Q(Exists(asked)) | Q(Exists(raised))).order_by()
    return dict(known.values_list("pk", "is_above"))


def with_contest(scales: Any) -> Any:
    """With `contested_at`, since when a correction waits for the team, and `corrected_at`, when one was accepted."""
    corrections = EpdsCorrection.objects.filter(screening=OuterRef("pk"))
    asked = corrections.filter(decided_at=None).order_by("asked_at", "pk").values("asked_at")
    accepted = corrections.filter(is_accepted=True).order_by("-decided_at", "-pk").values("decided_at")
    return scales.annotate(contested_at=Subquery(asked[:1]), corrected_at=Subquery(accepted[:1]))


def epds_line(row: Any, directory: Directory, *, tenth: bool | None = None) -> EpdsLine:
    """One EPDS of `with_contest` as the team reads it; `tenth` as `tenth_known_to` says."""
    level, thresholds = "", ""
    if row.watch is not None and row.alert is not None and row.high is not None:
        kept = rules.Thresholds(version=row.thresholds_version, watch=row.watch, alert=row.alert, high=row.high)
        level = "" if row.total is None else kept.level(row.total).value
        thresholds = f"{kept.watch}, {kept.alert} et {kept.high}, version {kept.version}"
    return EpdsLine(
        public_id=row.public_id,
        person=words(ScreenedPerson, row.person),
        status=row.status,
        status_label=words(EpdsStatus, row.status),
        reason=words(EpdsReason, row.reason),
        total=row.total,
        level=level,
        at=row.at,
        day=row.day,
        is_early=rules.is_early_for_epds(row.day),
        author=directory.name(row.author_id),
        source=words(ScreeningSource, row.source),
        presence=words(Presence, row.presence),
        was_alone=rules.was_alone(row.presence),
        thresholds=thresholds,
        repeat_on=row.repeat_on,
        contested_at=row.contested_at,
        corrected_at=row.corrected_at,
        tenth=tenth,
    )


def suggestion_line(row: Suggestion, directory: Directory) -> SuggestionLine:
    """One suggestion, in words that say nothing of what was answered."""
    return SuggestionLine(
        public_id=row.public_id,
        kind=row.kind,
        title=words(SuggestionKind, row.kind),
        cause=words(SuggestionCause, row.cause),
        note=row.note,
        is_same_day=row.is_same_day,
        is_of_coparent=row.cause == SuggestionCause.COPARENT_EPDS,
        is_due_today=row.cause in EPDS_CAUSES,
        suggested_at=row.suggested_at,
        suggested_by=directory.name(row.suggested_by_id),
        is_accepted=row.is_accepted,
        decided_by=directory.name(row.decided_by_id),
        decided_at=row.decided_at,
        reason=row.reason,
    )


def open_factors(template_id: int) -> list[GridFactor]:
    """The S1 and S2 factors of a version, in the order of the grid."""
    rows = GridFactor.objects.filter(template=template_id).exclude(sensitivity=Sensitivity.S3)
    return list(rows.order_by("position"))


def sealed_factors(template_id: int) -> list[GridFactor]:
    """The S3 factors of a version, for their named readers."""
    return list(GridFactor.objects.filter(template=template_id, sensitivity=Sensitivity.S3).order_by("position"))

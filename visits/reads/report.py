"""One signed report as its readers see it: the page, the PDF and the API draw the same blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from copa.kernel import clock, french
from copa.kernel.french import NBSP, inner
from copa.kernel.look import ProofStep
from copa.kernel.prepared import Prepared, together
from pathways.enums import SIGN_KINDS, Recipient
from pathways.models import Alert, EpdsCorrection
from pathways.perms import SEE_FAMILY
from pathways.reads.facts import Directory
from pathways.reads.routing import mood_score_agreed
from pathways.rules import day_of
from territories.models import Member
from visits import perms
from visits.enums import VisitKind
from visits.models import Addendum, Delivery, Report, ReportCopy, SealedAnswers, Visit
from visits.questionnaire import Block, Line, Questionnaire, ReportContext, printable
from visits.questionnaire.alerts import SIGNAL, alert_book
from visits.questionnaire.document import EPDS_TOTAL, TEAM
from visits.questionnaire.model import Item
from visits.questionnaire.sheet import ALERT, CHILD, Row, Sheet
from visits.questionnaire.wording import answer_text, label_of
from visits.reads.context import facts_of, form_name, questionnaire_of
from visits.reads.fingerprint import fingerprint_of, fingerprint_of_addendum
from visits.reads.frozen import thawed
from visits.reads.households import Household, household_of
from visits.reads.needs_decided import decision_lines
from visits.reads.of_the_living import told_of_living
from visits.rules import ClockState, ReportClock, report_clock

ALONE = "who.alone"
# Whose copy it is, outside the team.
READER_WORDS = {
    "L": "la sage-femme libérale",
    "M": "la PMI",
    "G": "le médecin traitant",
    "P": "le médecin de l’enfant",
}


@dataclass(frozen=True)
class AddendumView:
    """A completion, as shown and printed with the report."""

    author: str
    at: datetime
    reason: str
    text: str


@dataclass(frozen=True)
class DeliveryView:
    """Where the report, or its addendum, went; dates are None until the step happened."""

    structure: str
    is_addendum: bool
    delivered_at: datetime | None
    opened_at: datetime | None
    opened_by: str

    @property
    def words(self) -> str:
        """The last thing that happened to it."""
        if self.opened_at:
            told = f"Ouvert par {self.opened_by}, {french.moment(self.opened_at)}"
        else:
            told = f"Pas encore ouvert, {self.structure}" if self.delivered_at else f"En route vers {self.structure}"
        return f"Complément{NBSP}: {inner(told)}" if self.is_addendum else told


@dataclass(frozen=True)
class ReportPage:
    """A signed report for one reader. `letter` is the recipient whose copy it is; `has_moved`: another territory
    follows the family, and the protected compartment is the binôme's alone."""

    public_id: UUID
    letter: str
    kind: str
    short_kind: str
    day: int
    reference: str
    household: Household
    zone: str
    author: str
    team: str
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    delivered_at: datetime | None
    clock: ReportClock
    signed_at: datetime
    proof: tuple[ProofStep, ...]
    deliveries: tuple[DeliveryView, ...]
    blocks: tuple[Block, ...]
    addenda: tuple[AddendumView, ...]
    form_version: str
    fingerprint: str
    is_untouched: bool
    has_sealed: bool
    may_read_sealed: bool
    has_moved: bool
    may_open: bool
    may_open_copy: bool
    may_see_family: bool

    @property
    def is_on_time(self) -> bool:
        """Whether it reached the team within the 24 hours."""
        return self.clock.state == ClockState.ON_TIME

    @property
    def recipient(self) -> str:
        """Whose copy it is, in the first lines of the document."""
        return READER_WORDS.get(self.letter, f"l’équipe de référence, {self.team}")

    @property
    def remember(self) -> tuple[Line, ...]:
        """The three lines to read first."""
        return next((block.lines for block in self.blocks if block.code == "remember"), ())

    @property
    def chapters(self) -> list[Block]:
        """What stands between the head, which the page's own title says, and the foot."""
        return [block for block in self.blocks if block.code not in {"head", "remember", "foot"}]

    @property
    def printed(self) -> list[Block]:
        """The same on paper, with what to read first and the last sentence in their place."""
        return [block for block in self.blocks if block.code != "head"]

    @property
    def foot(self) -> str:
        """The sentence every copy ends with."""
        return " ".join(line.text for block in self.blocks if block.code == "foot" for line in block.lines)

    @property
    def has_alert(self) -> bool:
        """Whether this copy tells of a danger sign."""
        return any(block.code == "alerts" for block in self.blocks)


def short_kind(kind: str) -> str:
    """The visit as file names and titles say it: V1, V2, V3, UE."""
    return "UE" if kind == VisitKind.ULTRA_EARLY else kind


def context_of(report: Report) -> ReportContext:
    """The context it was signed in; for a report written without one, the facts as they stood at its signature."""
    if report.context:
        return thawed(report.context)
    return facts_of(report.visit_id, report.form_id, report.signed_at or report.saved_at).context


def blocks_for(
    report: Report, letter: str, *, without: tuple[str, ...] = (), is_quiet: bool = True
) -> tuple[Block, ...]:
    """What this recipient reads. Sealed answers never come near it: they are not given to the printer.

    `without`: beginnings of questions that are left out. `is_quiet` False: the family had an alert around
    the visit, so that nothing says that there is nothing to report.

    Outside the team the mother's own flag opens the mood score, as it stands now and not as it stood at the signature;
    and nothing is told of a child who has died since (`told_of_living`).
    """
    answers, context = report.answers, context_of(report)
    if letter != TEAM:
        answers, context = told_of_living(report, answers, context)
        context = replace(context, epds_recipients=_reads_mood_score(report, letter))
    answers = _without(answers, without) if without else answers
    blocks = printable(questionnaire_of(report.form_id), answers, context, letter, is_quiet=is_quiet)
    return tuple(_with_correction(report, block) for block in _with_decisions(report, letter, blocks))


def _with_correction(report: Report, block: Block) -> Block:
    """The EPDS as it was signed, marked where the team has accepted a correction since; asked where a total stands."""
    place = next((at for at, line in enumerate(block.lines, start=1) if line.label == EPDS_TOTAL), 0)
    visit = Visit.objects.filter(pk=report.visit_id).values("public_id")
    accepted = EpdsCorrection.objects.filter(screening__source_id__in=visit, is_accepted=True)
    last = accepted.order_by("-decided_at").values_list("decided_at", flat=True).first() if place else None
    if last is None:
        return block
    mark = Line(label="", text=f"Corrigé le {french.full_day(last)}{NBSP}: ce total est celui de la première saisie.")
    return replace(block, lines=(*block.lines[:place], mark, *block.lines[place:]))


def _with_decisions(report: Report, letter: str, blocks: list[Block]) -> Iterator[Block]:
    """The needs, followed by what the team has decided about them since (documents.md 1, block 11)."""
    for block in blocks:
        lines = decision_lines(report, letter) if block.code == "needs" else ()
        yield replace(block, lines=(*block.lines, *lines))


def _without(answers: Mapping[str, Any], beginnings: tuple[str, ...]) -> dict[str, Any]:
    rows = [
        {key: value for key, value in row.items() if not key.startswith(beginnings)} for row in answers.get(CHILD, ())
    ]
    kept = {key: value for key, value in answers.items() if not key.startswith(beginnings)}
    return {**kept, CHILD: rows}


_RECIPIENTS = {
    "L": Recipient.LIBERAL_MIDWIFE,
    "M": Recipient.PMI,
    "P": Recipient.PAEDIATRICIAN,
    "G": Recipient.GENERAL_PRACTITIONER,
}
_LETTERS = {recipient: letter for letter, recipient in _RECIPIENTS.items()}


def _reads_mood_score(report: Report, letter: str) -> tuple[str, ...]:
    recipient = _RECIPIENTS.get(letter, Recipient.GENERAL_PRACTITIONER)
    return (letter,) if mood_score_agreed(family_id=report.family_id, recipient=recipient) else ()


def report_page(report: Report, member: Member, at: datetime) -> ReportPage:
    """Everything the page of a signed report shows to this member; a fixed number of queries."""
    letter = perms.reader_letter(member, report.family_id)
    return _page(report, letter, member.territory.time_zone, at, member)


def copy_page(report: Report, recipient: str, zone: str, at: datetime) -> ReportPage:
    """The same for a recipient (Recipient) without an account, who opens it by a link."""
    return _page(report, _LETTERS[Recipient(recipient)], zone, at, None)


def _page(report: Report, letter: str, zone: str, at: datetime, member: Member | None) -> ReportPage:
    (visit,), deliveries, addenda, signs, *sealed = _rows(report, letter)
    directory = _directory(report, visit, deliveries, addenda)
    signed_at = report.signed_at or report.saved_at
    has_sealed = any(sealed)
    return ReportPage(
        public_id=report.public_id,
        letter=letter,
        kind=str(VisitKind(visit.kind).label),
        short_kind=short_kind(visit.kind),
        day=day_of(visit.pathway__birth__day, clock.local_date(visit.ended_at or signed_at, zone)),
        reference=visit.family__reference,
        household=household_of(visit.pathway__birth_id, report.family_id),
        zone=zone,
        author=directory.name(report.author_id),
        team=directory.place(visit.pathway__carrier_id).name,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        due_at=visit.report_due_at,
        delivered_at=visit.report_delivered_at,
        clock=report_clock(visit.report_due_at, visit.report_delivered_at, at),
        signed_at=signed_at,
        proof=_proof(report, visit.report_delivered_at, deliveries),
        deliveries=tuple(_delivery(one, directory) for one in deliveries),
        blocks=blocks_for(report, letter, is_quiet=not signs),
        addenda=tuple(AddendumView(directory.name(row.author_id), row.at, row.reason, row.text) for row in addenda),
        form_version=form_name(report.form_id),
        fingerprint=next((one.fingerprint for one in deliveries if one.fingerprint), ""),
        is_untouched=_is_untouched(report, deliveries, addenda),
        # Outside the team nobody learns that there is a compartment.
        has_sealed=has_sealed,
        may_read_sealed=has_sealed and _reads_sealed(report, member),
        has_moved=visit.family__moved_at is not None,
        may_open=member is not None and _may_open(report, deliveries, member),
        may_open_copy=member is not None and _may_open_copy(report, member),
        # Not every author holds the file: whoever made the visit for the PMI may not (R077).
        may_see_family=member is not None and _may_see_family(report, member),
    )


def _rows(report: Report, letter: str) -> list[list[Any]]:
    """Its visit, deliveries, addenda and the signs around it; for the team whether there is a protected part."""
    reads = (_visits, _deliveries_of, _addenda_of, _signs, *((_sealed,) if letter == TEAM else ()))
    since, until = _around(report)
    given = {"visit": report.visit_id, "report": report.pk, "family": report.family_id}
    return together(*reads, **given, since=since, until=until)


@Prepared
def _visits(visit: Any) -> Any:
    """The visit of a report, with the day of birth, the team and the family."""
    asked = ("kind", "started_at", "ended_at", "report_due_at", "report_delivered_at")
    around = (
        "pathway__birth_id",
        "pathway__birth__day",
        "pathway__carrier_id",
        "family__reference",
        "family__moved_at",
    )
    return Visit.objects.filter(pk=visit).order_by("pk").values_list(*asked, *around)


@Prepared
def _deliveries_of(report: Any) -> Any:
    """Those of the report and of its addenda."""
    rows = Delivery.objects.filter(report=report).order_by("pk")
    return rows.values_list("structure_id", "addendum_id", "fingerprint", "delivered_at", "opened_at", "opened_by_id")


@Prepared
def _addenda_of(report: Any) -> Any:
    rows = Addendum.objects.filter(report=report).order_by("at", "pk")
    return rows.values_list("pk", "public_id", "author_id", "at", "reason", "text")


@Prepared
def _sealed(report: Any) -> Any:
    return SealedAnswers.objects.filter(report=report).exclude(answers={}).order_by("pk").values_list("pk")


@Prepared
def _signs(family: Any, since: Any, until: Any) -> Any:
    """Signs of the family that were raised or still to answer meanwhile, told by the report or not."""
    signs = Alert.objects.filter(family=family, kind__in=sorted(SIGN_KINDS))
    return signs.alive_between(since, until).order_by("pk").values_list("pk")


def _around(report: Report) -> tuple[datetime, datetime]:
    """From the first instant of the local day of the visit to the last one of the day of the signature."""
    context, signed_at = context_of(report), report.signed_at or report.saved_at
    zone = context.zone.key
    began, signed = (clock.local_date(one, zone) for one in (context.started_at or signed_at, signed_at))
    return clock.day_bounds(began, zone)[0], clock.day_bounds(signed, zone)[1]


def _proof(report: Report, delivered_at: datetime | None, deliveries: list[Any]) -> tuple[ProofStep, ...]:
    """Written, sent, delivered, opened: what was written in time and sent late shows as such (design.md 3.5)."""
    opened = [one.opened_at for one in deliveries if one.opened_at and not one.addendum_id]
    return (
        ProofStep("Écrit", report.saved_at),
        ProofStep("Envoyé", report.signed_at),
        ProofStep("Remis", delivered_at),
        ProofStep("Ouvert", min(opened, default=None)),
    )


def _delivery(row: Any, directory: Directory) -> DeliveryView:
    structure, reader = directory.place(row.structure_id), directory.name(row.opened_by_id)
    return DeliveryView(structure.name, row.addendum_id is not None, row.delivered_at, row.opened_at, reader)


def _directory(report: Report, visit: Any, deliveries: list[Any], addenda: list[Any]) -> Directory:
    directory = Directory()
    directory.expect(people=[report.author_id], places=[visit.pathway__carrier_id])
    directory.expect(people=(one.opened_by_id for one in deliveries), places=(one.structure_id for one in deliveries))
    directory.expect(people=(row.author_id for row in addenda))
    return directory


def _may_open(report: Report, deliveries: list[Any], member: Member) -> bool:
    """Whether her team has received it and nobody there has said so yet."""
    to_her_team = [one for one in deliveries if one.structure_id == member.structure_id and one.delivered_at]
    return any(one.opened_at is None for one in to_her_team) and perms.OPEN_REPORT.allows(member, report)


def _may_open_copy(report: Report, member: Member) -> bool:
    """Whether she, or her PMI service, has received it and has not said that she read it."""
    if not perms.OPEN_COPY.is_held_by(member):
        return False
    unread = ReportCopy.objects.addressed_to(member).filter(report=report, opened_at=None)
    return bool(unread.exists()) and perms.OPEN_COPY.allows(member, report)


def _reads_sealed(report: Report, member: Member | None) -> bool:
    return member is not None and bool(perms.READ_SEALED.rows(member).filter(report=report).exists())


def _may_see_family(report: Report, member: Member) -> bool:
    return report.author_id != member.pk or bool(SEE_FAMILY.rows(member).filter(pk=report.family_id).exists())


def _is_untouched(report: Report, deliveries: list[Any], addenda: list[Any]) -> bool:
    """Whether the report and its addenda still are what was handed over: today's fingerprints against those of then."""
    kept = {(one.addendum_id, one.fingerprint) for one in deliveries if one.fingerprint}
    today = {None: fingerprint_of(report)} if kept else {}
    today |= {row.pk: fingerprint_of_addendum(_addendum(row, report)) for row in addenda if kept}
    return all(today[addendum_id] == then for addendum_id, then in kept)


def _addendum(row: Any, report: Report) -> Addendum:
    known = {name: getattr(row, name) for name in ("pk", "public_id", "author_id", "at", "reason", "text")}
    return Addendum(report=report, **known)


def file_name(page: ReportPage) -> str:
    """Name of the PDF: reference, visit and day, never a name (documents.md 1). The date is the territory's."""
    ended_on = clock.local_date(page.ended_at or page.signed_at, page.zone)
    return f"CR_{page.reference}_{page.short_kind}_{ended_on.isoformat()}.pdf"


# ---- The sealed compartment -------------------------------------------------------------------------------
@dataclass(frozen=True)
class SealedLine:
    """One sealed answer in words; `first` is what was entered before a correction (E1), "" otherwise."""

    label: str
    text: str
    first: str = ""


@dataclass(frozen=True)
class SealedPage:
    """The compartment of one report, for a named reader."""

    public_id: UUID
    short_kind: str
    household: Household
    author: str
    signed_at: datetime
    lines: tuple[SealedLine, ...]


def sealed_page(sealed: SealedAnswers) -> SealedPage:
    """What only named readers read; reaching this page was logged by `fetch`."""
    report = (
        Report.objects.select_related("visit__pathway", "author__user", "form")
        .defer("form__definition")
        .get(pk=sealed.report_id)
    )
    questionnaire, context = questionnaire_of(report.form_id), context_of(report)
    return SealedPage(
        public_id=report.public_id,
        short_kind=short_kind(report.visit.kind),
        household=household_of(report.visit.pathway.birth_id, report.family_id),
        author=report.author.user.get_full_name(),
        signed_at=report.signed_at or report.saved_at,
        lines=(*_sealed_lines(questionnaire, sealed, context), *_alone_line(questionnaire, report, sealed, context)),
    )


def _sealed_lines(questionnaire: Questionnaire, sealed: SealedAnswers, context: ReportContext) -> Iterator[SealedLine]:
    """The answers of the compartment in the order of the form; what the platform computed is not repeated."""
    sheet = Sheet(questionnaire, sealed.answers, context)
    for item in questionnaire.by_id.values():
        if item.is_group or item.is_hidden or item.source:
            continue
        for row in sheet.places(item):
            if item.link_id not in (row.answers if row else sealed.answers):
                continue
            text = answer_text(item, sheet.answer(item, row), context)
            first = sealed.first_answers.get(item.link_id, {}).get("value")
            was = "" if first is None or str(first) == text else str(first)
            yield SealedLine(_sealed_label(item, row, context), text, was)


def _alone_line(
    questionnaire: Questionnaire, report: Report, sealed: SealedAnswers, context: ReportContext
) -> Iterator[SealedLine]:
    """Beside a protected situation, whether the mother could speak alone (G3)."""
    if sealed.answers.get(SIGNAL) is True and (answer := report.answers.get(ALONE)):
        item = questionnaire.by_id[ALONE]
        yield SealedLine(label_of(item, None, context), answer_text(item, answer, context))


def _sealed_label(item: Item, row: Row | None, context: ReportContext) -> str:
    label = label_of(item, row, context, alone=True)
    family = alert_book().families.get(row.key) if row is not None and row.group == ALERT else None
    return f"{family.name}, {inner(label)}" if family else label

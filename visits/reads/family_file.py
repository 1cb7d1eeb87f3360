"""The file of a family: its 21 days, what really happened, what to know before calling, and why she sees it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from copa.kernel import clock
from copa.kernel.french import capitalised, full_day, hour
from copa.kernel.french import day as short_day
from copa.kernel.look import Lane, ProofStep, Thread
from pathways.enums import CalendarStatus, PathwayState, ProposalAnswer, Recipient, RelayState, SafeChannel
from pathways.models import Family
from pathways.reads.alert_rows import AlertRow
from pathways.reads.alerts import recent_signs
from pathways.reads.contact import contact_now
from pathways.reads.facts import BirthFacts, FamilyFacts, RelayFacts
from pathways.rules import ContactDecision, course_words, day_of, relay_refusal
from territories.models import Member
from visits import rules
from visits.enums import COUNTED_KINDS, VISIT_RUNNING, VisitState
from visits.perms import READ_KEPT
from visits.reads import family_reasons, family_story
from visits.reads.day import TELL
from visits.reads.family_actions import Actions, actions
from visits.reads.family_circle import CirclePerson, circle_of
from visits.reads.family_material import (
    HOME_LETTERS,
    Material,
    SignedReport,
    VisitRow,
    is_quiet,
    material_of,
    to_make,
)
from visits.reads.family_reasons import Reasons
from visits.reads.family_story import StoryDay
from visits.reads.households import child_age, followed_names
from visits.reads.thread import file_thread, named_kind, pmi_words, short_kind, visit_at
from visits.reads.whom_to_call import Call, calls


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A signed report of the family; `public_id` is None when this member may not read it."""

    kind: str
    author: str
    signed_at: datetime
    delivered_at: datetime | None
    public_id: UUID | None
    has_sealed: bool


@dataclass(frozen=True, slots=True)
class ReportProof:
    """The 24 hours of one report, with each step of its delivery."""

    title: str
    due_at: datetime
    ended_at: datetime
    delivered_at: datetime | None
    steps: tuple[ProofStep, ...]
    receiver: str


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The visit to come or under way; `pmi` is the part of the PMI in it, "" when it has none."""

    public_id: UUID
    kind: str
    state: str
    at: datetime
    length: timedelta
    is_mine: bool
    is_today: bool
    pmi: str


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What was written for a visit when its pathway stopped, and nobody has to finish."""

    visit_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class LivingChild:
    """The child, or the twins, of a mother who died, for who follows them: names, age, exams of the first days."""

    names: str
    age: str
    exams: tuple[str, ...]


@dataclass(frozen=True)
class FamilyFile:
    """The whole page. `birth` is None for a family without a birth; `proof` None before the first visit ends.

    `has_changed`: a child died and the path goes on for the others; said neutrally to whoever holds the file.
    """

    facts: FamilyFacts
    title: str
    thread: Thread | None
    story: list[StoryDay]
    reports: list[ReportRow]
    proof: ReportProof | None
    circle: list[CirclePerson]
    reasons: Reasons
    contact: ContactDecision
    shows_home: bool
    is_inside: bool
    actions: Actions
    next_visit: NextVisit | None
    children: str
    age: str
    place: str
    told: str
    told_at: str
    is_quiet: bool
    living: LivingChild | None
    has_changed: bool
    kept: tuple[KeptDraft, ...]
    signs: list[AlertRow]
    calls: tuple[Call, ...]

    @property
    def birth(self) -> BirthFacts | None:
        return self.facts.birth

    @property
    def story_of_reports(self) -> list[StoryDay]:
        """The days and events that are about reports."""
        return [
            replace(day, events=events)
            for day in self.story
            if (events := [event for event in day.events if event.part == family_story.REPORTS])
        ]


def family_file(family: Family, member: Member, *, at: datetime, zone: str) -> FamilyFile:
    """The file as this member may see it; the same number of queries however long the story."""
    material = material_of(family, member, at, zone)
    facts = material.facts
    birth = facts.birth
    is_silent = is_quiet(facts)
    told, told_at = ("", "") if is_silent else _told(material)
    signs = recent_signs(material.alerts, member, at)
    called = calls(material, member, at)
    comes_home = material.letter in HOME_LETTERS
    return FamilyFile(
        facts=facts,
        title=title_of(material),
        thread=_thread(material) if birth and not is_silent else None,
        story=family_story.story(material),
        reports=[_report_row(report, material) for report in material.reports],
        proof=_proof(material, at),
        circle=circle_of(material, member, called),
        reasons=family_reasons.reasons(material, member),
        contact=_contact(facts, signs, at=at, zone=zone),
        shows_home=comes_home,
        is_inside=material.is_inside,
        actions=actions(material, member),
        next_visit=_next_visit(material, member),
        children="" if is_silent else followed_names(facts.children),
        age=child_age(birth.day, material.today) if birth and not is_silent else "",
        place=material.place_of(birth) if birth else "",
        told=told,
        told_at=told_at,
        is_quiet=is_silent,
        living=_living(material),
        has_changed=facts.has_changed,
        kept=_kept(facts, member),
        signs=signs,
        calls=called,
    )


def _living(material: Material) -> LivingChild | None:
    """None unless the mother died, a child lives, and this reader is of those who follow it."""
    birth = material.facts.birth
    if birth is None or not material.sees_living_child:
        return None
    names = followed_names(birth.children, tells_hospital=True)
    exams = tuple(lane.text for lane in _exams(birth, material))
    return LivingChild(names, child_age(birth.day, material.today), exams)


def _contact(facts: FamilyFacts, signs: list[AlertRow], *, at: datetime, zone: str) -> ContactDecision:
    """Whether she may be rung now, by this reader."""
    running = [one for one in signs if one.is_running]
    return contact_now(
        facts,
        SafeChannel.CALL,
        at=at,
        zone=zone,
        has_sign=bool(running),
        is_answering=any(one.may_take or one.may_instruct or one.may_close for one in running),
    )


def _kept(facts: FamilyFacts, member: Member) -> tuple[KeptDraft, ...]:
    if not facts.takes_nothing_new:
        return ()
    drafts = READ_KEPT.rows(member).filter(family=facts.pk).order_by("saved_at", "pk")
    found = drafts.values_list("visit__public_id", "visit__kind")
    return tuple(KeptDraft(visit_id, short_kind(kind)) for visit_id, kind in found)


def _thread(material: Material) -> Thread:
    birth, pathway = material.facts.birth, material.facts.pathway
    assert birth is not None
    current = [visit for visit in material.visits if pathway and visit.pathway_id == pathway.pk]
    is_active = pathway is not None and pathway.state == PathwayState.ACTIVE
    relay = birth.relay if pathway and not pathway.is_stopped else None
    names = followed_names(material.facts.children)
    return file_thread(
        birth_day=birth.day,
        visits=current,
        today=material.today,
        zone=material.zone,
        relay_on=relay.due_on if relay else None,
        name=names or material.facts.name,
        is_active=is_active,
        promised=to_make(pathway) if pathway else (),
        lanes=_exams(birth, material),
        elsewhere=pathway.elsewhere if pathway else (),
        early_on=material.early_days[0] if material.early_days else None,
        relay_refusal=_relay_refusal(relay, material),
    )


def _relay_refusal(relay: RelayFacts | None, material: Material) -> str:
    """That she said no to the PMI, or was not asked: told inside the team alone (A16)."""
    if relay is None or not material.is_inside or relay.state in {RelayState.ACCEPTED, RelayState.NOT_NEEDED}:
        return ""
    answer = material.facts.answers[Recipient.PMI]
    return relay_refusal(is_agreed=relay.is_agreed, answer=answer)[0]


def _exams(birth: BirthFacts, material: Material) -> tuple[Lane, ...]:
    """The two examinations of the first days (K01, K02), done once the calendar knows it of every child.

    A signed report lands there: nothing else says what became of them. Nothing for whoever does not read it.
    """
    if material.calendar is None:
        return ()
    children = {child.public_id for child in birth.children if not child.is_closed}
    done = {(line.child_id, line.code) for line in material.calendar if line.status == CalendarStatus.DONE}
    return tuple(
        _lane(birth, exam, is_done=bool(children) and all((child, exam[0]) in done for child in children))
        for exam in EXAMS
    )


# (line of the calendar, first day, last day, words): domain.md 5.
EXAMS = (("K01", 0, 8, "Examen des 8 jours"), ("K02", 7, 13, "Examen 2ᵉ sem."))


def _lane(birth: BirthFacts, exam: tuple[str, int, int, str], *, is_done: bool) -> Lane:
    _, first, last, words = exam
    if is_done:
        return Lane(first, last, f"{words} : fait", "ok", "check")
    until = birth.day + timedelta(days=last)
    return Lane(first, last, f"{words}, d’ici au {full_day(until)}")


# ---- Title -----------------------------------------------------------------------------------------------
_NUMBERS = {2: "deux", 3: "trois"}
_RANKS = {"V1": "première visite", "V2": "deuxième visite", "V3": "troisième visite", "U": "visite ultra-précoce"}
_ANSWERS: dict[str, str] = {
    ProposalAnswer.PENDING: "réponse attendue",
    ProposalAnswer.YES: "à inclure",
    ProposalAnswer.NO: "CoPa refusé",
}
_AGE_SHOWN_DAYS = 60


def title_of(material: Material) -> str:
    """The answer: the child's age and what comes next; the name alone in mourning (A38)."""
    facts = material.facts
    names = followed_names(facts.children, tells_hospital=material.letter in HOME_LETTERS)
    if is_quiet(facts) or facts.birth is None or not names:
        return f"Famille {facts.name}"
    days = day_of(facts.birth.day, material.today)
    if days > _AGE_SHOWN_DAYS:
        return capitalised(f"{names}, naissance le {full_day(facts.birth.day)}")
    verb = "ont" if sum(not child.is_closed for child in facts.children) > 1 else "a"
    born = f"{names} {verb} {child_age(facts.birth.day, material.today)}" if days > 0 else f"{names}, naissance du jour"
    following = _what_next(material)
    return capitalised(f"{born}, {following}" if following else born)


def _what_next(material: Material) -> str:
    facts = material.facts
    pathway = facts.pathway
    if pathway is None:
        return _before_inclusion(facts)
    if pathway.state != PathwayState.ACTIVE:
        return course_words(pathway.state)
    if material.early_days:
        return f"visite ultra-précoce à fixer {_days(material.early_days, material)}"
    running = {v.kind: v for v in material.visits if v.pathway_id == pathway.pk and v.state in VISIT_RUNNING}
    for visit in sorted(running.values(), key=visit_at):
        rank = _RANKS[short_kind(visit.kind)]
        if visit.state == VisitState.STARTED:
            return f"{rank} en cours"
        if visit.state == VisitState.PLANNED:
            return f"{rank} {_when(visit.planned_at, material)}"
    promised = to_make(pathway)
    missing = next((kind for kind in promised if kind not in running), None)
    if missing:
        return f"{_RANKS[short_kind(missing)]} à fixer"
    made = sum(kind in running for kind in COUNTED_KINDS)
    return f"les {_NUMBERS[made]} visites sont faites" if made in _NUMBERS else "les visites sont faites"


def _days(days: tuple[date, date], material: Material) -> str:
    words = {0: "aujourd’hui", 1: "demain"}
    said = (words.get((day - material.today).days, short_day(day)) for day in dict.fromkeys(days))
    return " ou ".join(said)


def _when(at: datetime, material: Material) -> str:
    days = (clock.local_date(at, material.zone) - material.today).days
    day = {0: "aujourd’hui", 1: "demain"}.get(days, short_day(at))
    return f"{day} à {hour(at)}"


def _before_inclusion(facts: FamilyFacts) -> str:
    proposal = facts.birth.proposal if facts.birth else None
    if proposal is None:
        return "CoPa pas encore proposé"
    return _ANSWERS.get(proposal.answer, "")


# ---- Side column -----------------------------------------------------------------------------------------
def _report_row(report: SignedReport, material: Material) -> ReportRow:
    return ReportRow(
        kind=short_kind(report.visit.kind),
        author=material.directory.name(report.author_id),
        signed_at=report.signed_at,
        delivered_at=report.visit.report_delivered_at,
        public_id=report.public_id if report.pk in material.readable else None,
        has_sealed=report.pk in material.sealed,
    )


def _told(material: Material) -> tuple[str, str]:
    """What the last readable report promised for the next visit, and at which visit."""
    readable = [report for report in material.reports if report.pk in material.readable]
    if not readable:
        return "", ""
    return str(readable[-1].answers.get(TELL) or ""), short_kind(readable[-1].visit.kind)


def _proof(material: Material, at: datetime) -> ReportProof | None:
    """The report still owed, else the last one delivered."""
    ended = [visit for visit in material.visits if visit.report_due_at and visit.ended_at]
    owed = [visit for visit in ended if visit.report_delivered_at is None]
    if not ended:
        return None
    return _proof_of(owed[0] if owed else ended[-1], material, at)


def _proof_of(visit: VisitRow, material: Material, at: datetime) -> ReportProof:
    report = next((one for one in material.reports if one.visit == visit), None)
    sent = [one for one in material.deliveries if report and one.report_id == report.pk]
    opened = [one.opened_at for one in sent if one.opened_at]
    state = rules.report_clock(visit.report_due_at, visit.report_delivered_at, at).state
    words = {
        rules.ClockState.ON_TIME: "remis à temps",
        rules.ClockState.DELIVERED_LATE: "remis en retard",
        rules.ClockState.LATE: "en retard",
    }.get(state, "attendu")
    assert visit.report_due_at is not None
    assert visit.ended_at is not None
    return ReportProof(
        title=f"Compte rendu de la {named_kind(visit.kind)} : {words}",
        due_at=visit.report_due_at,
        ended_at=visit.ended_at,
        delivered_at=visit.report_delivered_at,
        steps=(
            ProofStep("Écrit", report.signed_at if report else None),
            ProofStep("Envoyé", min((one.sent_at for one in sent if one.sent_at), default=None)),
            ProofStep("Remis", visit.report_delivered_at),
            ProofStep("Ouvert", min(opened, default=None)),
        ),
        receiver=material.directory.place(sent[0].structure_id).name if sent else "",
    )


def _next_visit(material: Material, member: Member) -> NextVisit | None:
    coming = [v for v in material.visits if v.state in {VisitState.PLANNED, VisitState.STARTED}]
    if not coming:
        return None
    visit = min(coming, key=visit_at)
    return NextVisit(
        visit.public_id,
        short_kind(visit.kind),
        visit.state,
        visit_at(visit),
        timedelta(minutes=visit.planned_minutes),
        visit.ap_id == member.pk,
        clock.local_date(visit_at(visit), material.zone) <= material.today,
        pmi_words(visit.partner_state, visit.partner_reason) if material.letter in HOME_LETTERS else "",
    )

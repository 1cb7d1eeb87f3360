"""Blocks of the relay file that do not come from the last report: how to be understood, exams, needs, people, EPDS."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.french import NBSP, capitalised, full_day, full_stop, hour, inner, normalised, phone
from pathways.enums import (
    AlertPerson,
    CircleRole,
    Document,
    EpdsStatus,
    GridDomain,
    GridValue,
    NeedAbout,
    OrientationState,
    RelayStepKind,
    ScreenedPerson,
)
from pathways.models import (
    Alert,
    CareCircleMember,
    EpdsScreening,
    GridAnswer,
    Need,
    Orientation,
    Pathway,
    PmiRelay,
    RelayStep,
)
from pathways.reads.calendar import Line as CalendarLine
from pathways.reads.calendar import calendar_of
from pathways.reads.facts import BirthFacts
from pathways.reads.facts.words import words
from pathways.reads.routing import relay_routing
from pathways.rules.screening import ITEM_10_ALERT
from territories.catalogue import NEEDS, TYPES, NeedCategory
from visits.enums import VISIT_RUNNING, PartnerState, ThirdVisitMotive, VisitKind, VisitState
from visits.models import Report, Visit
from visits.questionnaire import Line
from visits.questionnaire.document import THIRD_VISIT
from visits.questionnaire.wording import answer_text
from visits.reads.context import questionnaire_of
from visits.reads.report import context_of

# The letter of the PMI in the columns of the report form: what stands in its copy, and nothing else.
LETTER = "M"
# visit-report.md 9: addictions are said to the team and the liberal midwife, never to the PMI (columns E and L).
NOT_FOR_PMI = frozenset({GridDomain.V5})
# Needs and orientations of the PMI's column: the co-parent's go to the team alone (documents.md 1, block 11).
_ABOUTS = (NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.FAMILY)


def opened(report: Report, link_id: str, answers: Mapping[str, Any] | None = None) -> Iterator[Line]:
    """One answer of a report, or of one row of it, as a line; none unless the form opens the question to the PMI."""
    item = questionnaire_of(report.form_id).by_id.get(link_id)
    if item is None or LETTER not in item.prints_for:
        return
    answer = (report.answers if answers is None else answers).get(link_id)
    if text := answer_text(item, answer, context_of(report)):
        yield Line(label=item.text, text=text)


def answered(reports: list[Report], link_id: str) -> Iterator[Line]:
    """The last answer to a question among the reports of the course, as a line; nothing when nobody answered."""
    for report in reversed(reports):
        if lines := list(opened(report, link_id)):
            yield from lines
            return


def third_visit(relay: PmiRelay, birth: BirthFacts, zone: str) -> Iterator[Line]:
    """The third visit to come, as decided or planned: its day, with the PMI or not, and its motive (the PMI reads
    both in a report, column M); one that was made stands among the visits made."""
    running = Visit.objects.filter(pathway=relay.pathway_id, kind=VisitKind.V3, state__in=VISIT_RUNNING)
    visit = running.order_by("-planned_at", "-pk").first()
    if visit is None and birth.pathway and birth.pathway.is_third_decided:
        yield Line(label="Troisième visite", text="Décidée par l’équipe, date à fixer")
    if visit is None or visit.state == VisitState.ENDED:
        return
    day = full_day(clock.local_date(visit.planned_at, zone))
    told = [f"Prévue le {day} à {hour(visit.planned_at)}"]
    if visit.is_joint:
        part = f" ({inner(PartnerState(visit.partner_state).label)})" if visit.partner_state else ""
        told.append(f"avec la PMI{part}")
    if visit.motive:
        told.append(inner(ThirdVisitMotive(visit.motive).label))
    yield Line(label="Troisième visite", text=", ".join(told))


def refused_before(last: Report) -> tuple[str, ...]:
    """The questions to which a report says that no third visit is needed: left out once there is one."""
    return tuple(one for one in THIRD_VISIT if last.answers.get(one) == "NO")


def midwives(relay: PmiRelay, today: date) -> Iterator[Line]:
    """The liberal midwives of the circle (documents.md 2, block 3): by name, and how to call them at work."""
    rows = CareCircleMember.objects.running(today).filter(family=relay.family_id, role=CircleRole.LIBERAL_MIDWIFE)
    for one in rows.select_related("member__user", "entry").order_by("since", "pk"):
        number = f", {phone(one.number)}" if one.number else ""
        yield Line(label="Sage-femme libérale", text=f"{one.full_name}{number}")


def last_reason(relay: PmiRelay) -> str:
    """Why it was declined the last time, "" when nobody wrote it."""
    steps = RelayStep.objects.filter(relay=relay, kind=RelayStepKind.DECLINED).order_by("-at", "-pk")
    return steps.values_list("reason", flat=True).first() or ""


def present(relay: PmiRelay) -> list[GridAnswer]:
    """What is present in the grid of this birth, in its order: the last answer about each factor, whatever it came
    with (G4).

    Never a sealed one, which has its own table; nothing of the co-parent, nor what the form keeps from the PMI. What
    was noted around another birth goes to the PMI of that one.
    """
    answers = GridAnswer.objects.filter(_of_birth(relay.pathway), family=relay.family_id)
    told = answers.latest_of_each().select_related("factor", "child")
    rows = (row for row in told if row.value == GridValue.PRESENT and row.person != ScreenedPerson.COPARENT)
    here = (row for row in rows if row.factor.domain not in NOT_FOR_PMI and not (row.child and row.child.closed_at))
    return sorted(here, key=lambda row: (row.factor.position, row.pk))


def _of_birth(pathway: Pathway) -> Q:
    """Answers of the visits of its pathways; outside a visit, those noted while none of another birth had followed."""
    visits = Visit.objects.filter(pathway__birth=pathway.birth_id).values("public_id")
    rows = Pathway.objects.filter(family=pathway.family_id).order_by("included_at", "pk")
    included = list(rows.values_list("birth_id", "included_at"))
    first = min(at for birth, at in included if birth == pathway.birth_id)
    apart = Q(source_id=None)
    if any(at < first for _, at in included):
        apart &= Q(recorded_at__gte=first)
    if later := [at for birth, at in included if birth != pathway.birth_id and at > first]:
        apart &= Q(recorded_at__lt=min(later))
    return Q(source_id__in=visits) | apart


def factors(answers: list[GridAnswer], relay: PmiRelay) -> Iterator[Line]:
    """What makes them vulnerable, each with its day; no facts, and no strength among them."""
    for row in answers:
        if row.factor.domain != GridDomain.R:
            about = f"{row.child.first_name}, " if row.child and row.child.first_name else ""
            yield Line(label=row.factor.label, text=f"{about}noté le {_day(row.at, relay)}")


def spoken(relay: PmiRelay) -> Iterator[Line]:
    """What both teams told each other aloud: the day and who spoke, never what was said."""
    steps = RelayStep.objects.filter(relay=relay, kind=RelayStepKind.SPOKEN).order_by("at", "pk")
    for reason in steps.values_list("reason", flat=True):
        yield Line(label="Échange oral", text=reason)


def around(reports: list[Report], answers: list[GridAnswer]) -> Iterator[Line]:
    """The resources map (R003) and the strengths: whom they can count on and for what; how to reach them is not told.

    Somebody written again stands as last said; who no longer helps is left out.
    """
    yield from answered(reports, "res.helpers")
    known = {
        (row.get("res.entry.kind"), normalised(row.get("res.entry.role") or "")): (report, row)
        for report in reports
        for row in report.answers.get("res.entry") or []
        if row
    }
    yield from (_helper(report, row) for report, row in known.values() if row.get("res.entry.active") is not False)
    if strengths := [row.factor.label for row in answers if row.factor.domain == GridDomain.R]:
        yield Line(label="Ce qui va bien, leurs forces", text=", ".join(strengths))


def _helper(report: Report, row: Any) -> Line:
    """How to reach them is the team's alone: the column of each question says so, here as in the report's own copy."""
    kind, *rest = (
        ", ".join(line.text for line in opened(report, link_id, row))
        for link_id in ("res.entry.kind", "res.entry.service", "res.entry.role", "res.entry.contact")
    )
    return Line(label=kind or "Un appui", text=", ".join(one for one in rest if one) or "–")


def exams(relay: PmiRelay, birth: BirthFacts, today: date, zone: str) -> Iterator[Line]:
    """Exams of the children from the calendar: done, to come with their window, and their certificates."""
    state = birth.pathway.state if birth.pathway else ""
    found = calendar_of(relay.family_id, state=state, today=today, zone=zone)
    if found is None or found.birth.pk != relay.pathway.birth_id:
        return
    for somebody in found.people:
        for line in sorted(somebody.lines, key=lambda one: one.code):
            if line.key and line.is_noted:
                yield Line(label=f"{somebody.name}, {inner(line.label)}", text=_exam_words(line))


def _exam_words(line: CalendarLine) -> str:
    """As "En retard, du 3 nov. 2026 au 9 nov. 2026. Certificat de santé : pas regardé."."""
    told = [line.badge[2], "" if line.status else line.when]
    text = full_stop(capitalised(", ".join(one for one in told if one)))
    return f"{text} Certificat de santé{NBSP}: {full_stop(line.certificate_words)}" if line.certificate else text


def needs(relay: PmiRelay) -> Iterator[Line]:
    """Needs the team still has in hand; never a sealed one."""
    rows = Need.objects.running().filter(pathway=relay.pathway_id, about__in=_ABOUTS)
    for row in rows.exclude(category=NeedCategory.SEALED).order_by("spotted_at", "pk"):
        yield Line(label=NEEDS[row.code].label, text=row.words or f"noté le {_day(row.spotted_at, relay)}")


def orientations(relay: PmiRelay) -> Iterator[Line]:
    """What was asked of somebody else: to whom, sent, answered, first contact; never a sealed one."""
    rows = Orientation.objects.filter(pathway=relay.pathway_id, closed_at=None, need__about__in=_ABOUTS)
    rows = rows.filter(need__in=Need.objects.told().filter(pathway=relay.pathway_id).values("pk"))
    for row in rows.exclude(need__category=NeedCategory.SEALED).select_related("entry").order_by("proposed_at", "pk"):
        told = [words(OrientationState, row.state)]
        if row.sent_at:
            told.append(f"envoyée le {_day(row.sent_at, relay)}")
        if row.first_contact_on:
            told.append(f"premier contact le {full_day(row.first_contact_on)}")
        yield Line(label=row.entry.name if row.entry else TYPES[row.target_type].label, text=", ".join(told))


def scale(relay: PmiRelay, reports: list[Report], zone: str) -> Iterator[Line]:
    """That the questionnaire was proposed, and filled or not; its total only where her own flag opens it to the PMI.

    No total beside a tenth answer that alerted: low, it would reassure, and what was answered is sealed.
    """
    may_tell = relay_routing(relay, Document.MOOD_SCORE).allowed
    tenth = Alert.objects.filter(pathway=relay.pathway_id, code=ITEM_10_ALERT).exclude(about=AlertPerson.COPARENT)
    has_alerted = may_tell and tenth.exists()
    shows_total = may_tell and not has_alerted
    rows = EpdsScreening.objects.filter(pathway=relay.pathway_id, person=ScreenedPerson.MOTHER).order_by("at", "pk")
    told = {
        clock.local_date(row.at, zone): _scale_words(
            row.total if shows_total else None, is_done=row.status == EpdsStatus.DONE
        )
        for row in rows
    }
    for report in reports:
        if status := report.answers.get("epds.status"):
            on = clock.local_date(report.visit.ended_at or report.saved_at, zone)
            told.setdefault(on, _scale_words(None, is_done=status == "DONE"))
    for on in sorted(told):
        yield Line(label=f"Proposé le {full_day(on)}", text=told[on])
    if has_alerted:
        yield Line(label="À savoir", text=f"Le total n’est pas écrit ici{NBSP}: appelez l’équipe de référence.")


def _scale_words(total: int | None, *, is_done: bool) -> str:
    done = "Fait" if is_done else "Non fait"
    return f"{done}, total{NBSP}: {total}" if total is not None else done


def _day(at: Any, relay: PmiRelay) -> str:
    return full_day(clock.local_date(at, relay.territory.time_zone))

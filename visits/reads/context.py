"""What the report form must know about a visit, read from the database in a fixed number of queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from copa.kernel import french
from copa.kernel.clock import local_date
from copa.kernel.prepared import together
from pathways.enums import HOME_MIDWIVES, Agreement, FeedingWish, Recipient
from pathways.models import CareCircleMember, Child, FamilyGrant, HospitalStay, Pathway, RecipientConsent
from pathways.reads.calendar import KnownLine, known_of, known_rows
from pathways.reads.calls import second_lines
from pathways.reads.emergency import lines_by_word
from pathways.reads.epds import filled_by_mother, loaded_languages, loaded_wordings, sheet_languages
from pathways.reads.inclusion_answers import goals_given
from pathways.reads.needs_noted import noted_needs
from pathways.reads.team_lines import number_now
from pathways.reads.thresholds import current_thresholds
from pathways.rules import day_of, epds_moment, is_in_mourning
from territories.catalogue import NEEDS, TYPES
from territories.models import DirectoryEntry
from visits.enums import VISIT_RUNNING, ReportState, VisitKind, VisitState
from visits.models import Report, ReportForm, Visit
from visits.questionnaire import (
    ChildRef,
    EntryRef,
    NeedRef,
    Questionnaire,
    RaisedAlert,
    ReportContext,
    ScaleWords,
    TeamCall,
    load,
)
from visits.questionnaire.alerts import MOTHER
from visits.questionnaire.context import with_late_children
from visits.reads.signs import recorded_alerts
from visits.reads.windows import clock_deviations
from visits.rules import ClockState, is_epds_due, report_clock, was_third_before_second

# visit-report.md 13 bis: the days from which an examination or a certificate is asked for.
FIRST_EXAM_FROM_DAY = 2
SECOND_EXAM_FROM_DAY = 7
BREAST_MILK = {"BREAST", "MIXED"}
_CONSENTS: dict[str, str] = {Agreement.YES: "YES", Agreement.NO: "NO"}


@lru_cache(maxsize=32)
def questionnaire_of(form_id: int) -> Questionnaire:
    """The form as the engine reads it. A stored version never changes, so each process reads it once."""
    return load(ReportForm.objects.get(pk=form_id).definition)


@lru_cache(maxsize=32)
def form_name(form_id: int) -> str:
    """Its code and version, as printed on every copy; each process reads them once."""
    return " ".join(ReportForm.objects.values_list("code", "version").get(pk=form_id))


def form_for(at: datetime, version: str = "") -> ReportForm:
    """The form of a new report: the version asked for, else the last one that became usable.

    Raises DoesNotExist when none is loaded.
    """
    usable = ReportForm.objects.filter(valid_from__lte=at).defer("definition").order_by("-valid_from", "-pk")
    asked = usable.filter(version=version).first() if version else None
    return asked or usable[:1].get()


@dataclass(frozen=True)
class VisitFacts:
    """A visit with all that surrounds its form. `visit` carries its pathway, birth, carrier, family and AP.

    `alerts` are all those of the visit, also about somebody who died since: `context` has those still told.
    """

    visit: Visit
    questionnaire: Questionnaire
    context: ReportContext
    children: tuple[Child, ...]
    alerts: tuple[RaisedAlert, ...]

    @property
    def is_in_mourning(self) -> bool:
        """Nothing is asked nor owed any more (A38)."""
        return is_in_mourning(is_silent=self.visit.pathway.birth.is_silent, state=self.visit.pathway.state)

    @property
    def silent_subjects(self) -> frozenset[str]:
        """Subjects of alerts about whom nothing is raised any more: children who died, the mother if she did."""
        return _silent(self.visit.pathway, self.children)

    @property
    def standing(self) -> str:
        """What a page was drawn for: when it is no longer this, the page is to be drawn anew."""
        return standing_words(self.visit.pathway, self.children)

    @property
    def writable(self) -> ReportContext:
        """The context in which a document is kept: with those who died since the visit began."""
        return replace(with_late_children(self.context), recorded_alerts=self.alerts)


def facts_of(visit_id: int, form_id: int, at: datetime) -> VisitFacts:
    """The visit and everything the engine compares at this instant; always the same number of queries."""
    questionnaire = questionnaire_of(form_id)
    visit = (
        Visit.objects.select_related(
            "territory", "pathway__birth", "pathway__rules", "pathway__carrier", "family__commune", "ap__user"
        )
        .order_by("pk")
        .get(pk=visit_id)
    )
    children = _children(visit)
    alerts = tuple(recorded_alerts(questionnaire, visit, children))
    told = tuple(alert for alert in alerts if alert.subject not in _closed(children))
    context = _context(visit, children, _past(visit), told, at)
    return VisitFacts(visit, questionnaire, context, children, alerts)


def standing_words(pathway: Pathway, children: tuple[Child, ...]) -> str:
    """State of the pathway and who is silent, in a word that two screens compare; `pathway` carries its birth."""
    return " ".join([pathway.state, *sorted(_silent(pathway, children))])


def _silent(pathway: Pathway, children: tuple[Child, ...]) -> frozenset[str]:
    closed = _closed(children)
    has_lost_mother = pathway.birth.is_silent and len(closed) < len(children)
    return frozenset(closed | {MOTHER}) if has_lost_mother else frozenset(closed)


def _closed(children: Iterable[Child]) -> set[str]:
    return {str(child.public_id) for child in children if child.closed_at is not None}


@dataclass(frozen=True)
class _Past:
    """What happened on the pathway before this visit. Answers: her goal at the inclusion, then signed reports.

    `epds_done_on` is the last local day on which the mood questionnaire was filled in, None when it never was.
    """

    is_first: bool
    has_third: bool
    third_before_second: bool | None
    answers: tuple[Mapping[str, Any], ...]
    epds_done_on: date | None
    calendar: tuple[KnownLine, ...]

    def last(self, link_id: str) -> Any:
        """The last answer given to a question that is asked once, None when it never was."""
        return next((given[link_id] for given in reversed(self.answers) if link_id in given), None)

    def of_child(self, ref: str, link_id: str) -> list[Any]:
        """Every answer given about one child, oldest first."""
        rows = [row for given in self.answers for row in given.get("child", ()) if row.get("child.ref") == ref]
        return [row[link_id] for row in rows if link_id in row]


def _past(visit: Visit) -> _Past:
    others = Visit.objects.filter(pathway=visit.pathway_id).exclude(pk=visit.pk).order_by("pk")
    known = list(others)
    moment = visit.started_at or visit.planned_at
    before = [one for one in known if one.state == VisitState.ENDED and one.started_at and one.started_at < moment]
    by_kind = {one.kind: one for one in [*known, visit] if one.state in VISIT_RUNNING}
    third, second = by_kind.get(VisitKind.V3), by_kind.get(VisitKind.V2)
    reports = Report.objects.filter(visit__in=others.order_by(), state=ReportState.SIGNED, visit__started_at__lt=moment)
    signed = reports.order_by("visit__started_at", "pk").values_list("answers", flat=True)
    lines, scales, goals = together(
        known_rows, filled_by_mother, goals_given, family=visit.family_id, pathways=[visit.pathway_id]
    )
    filled = [one.at for one in scales if one.at < moment]
    return _Past(
        is_first=not before,
        has_third=third is not None and third.pk != visit.pk,
        third_before_second=was_third_before_second(second, third),
        answers=(*_said_at_inclusion(goals), *signed),
        epds_done_on=local_date(filled[-1], visit.territory.time_zone) if filled else None,
        calendar=tuple(known_of(lines)),
    )


def _said_at_inclusion(goals: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Her goal as the form would have it; one that is not whole, or not decided, is asked at the first visit."""
    for one in goals:
        if one.wish == FeedingWish.NO or (one.wish == FeedingWish.YES and one.goal_kind):
            said = {
                "feed.goal.wish": one.wish,
                "feed.goal.kind": one.goal_kind,
                "feed.goal.weeks": one.goal_weeks,
                "feed.goal.exclusive": one.goal_is_exclusive,
            }
            yield {link_id: answer for link_id, answer in said.items() if answer not in ("", None)}


def _context(
    visit: Visit, children: tuple[Child, ...], past: _Past, alerts: tuple[RaisedAlert, ...], at: datetime
) -> ReportContext:
    zone = ZoneInfo(visit.territory.time_zone)
    today = (visit.started_at or at).astimezone(zone).date()
    day = day_of(visit.pathway.birth.day, today)
    thresholds = current_thresholds(at)
    return ReportContext(
        visit_kind=visit.kind,
        day=day,
        rules=visit.pathway.rules.code,
        now=at,
        zone=zone,
        phone_region=visit.territory.phone_region,
        **_whom(visit, children, past, day),
        needs=_needs(visit),
        entries=_entries(visit, today),
        first_visit=past.is_first,
        **_scale(visit, past, today),
        epds_threshold=thresholds.alert,
        epds_threshold_version=thresholds.version,
        goal_known=past.last("feed.goal.wish") is not None,
        was_breast=_was_breast(past),
        sleep_quiz_due=past.is_first and past.last("sleep.back") is None,
        pmi_consent=_pmi_consent(visit),
        pmi_presented=visit.pathway.is_pmi_presented or past.last("pmi.presented") in {"YES", "ALREADY"},
        sfl_known=_has_midwife(visit, at),
        v3_planned=past.has_third,
        joint_planned=visit.is_joint,
        planned_on=visit.planned_at.astimezone(zone).date(),
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        outcome="NOT_DONE" if visit.state == VisitState.NOT_DONE else "DONE",
        report_late=report_clock(visit.report_due_at, visit.report_delivered_at, at).state == ClockState.LATE,
        goal_text=_goal_text(past),
        circle_text=_circle_text(past),
        recorded_alerts=alerts,
        **_deviations(visit),
    )


def _scale(visit: Visit, past: _Past, today: date) -> dict[str, Any]:
    """Whether the mood questionnaire is due, and the languages of its sheets."""
    is_due = _is_epds_due(visit, past, today)
    return {"epds_due": is_due, "epds_languages": _sheet_languages() if is_due else ()}


def _sheet_languages() -> tuple[tuple[str, str], ...]:
    """Among which the language of the sheet is chosen; none while the team has the paper alone."""
    loaded = loaded_languages()
    return tuple(sheet_languages(loaded)) if loaded else ()


def scale_words(context: ReportContext) -> tuple[ScaleWords, ...]:
    """The scale in each language that is loaded, for the page on which its ten answers are written."""
    if not context.epds_languages:
        return ()
    return tuple(
        ScaleWords(
            language=row.language,
            notice=f"{row.title}. {row.permission}.",
            texts={f"epds.{key}": str(item["text"]) for key, item in row.items.items()},
            labels={
                f"epds.{key}": {str(one["points"]): str(one["label"]) for one in item["options"]}
                for key, item in row.items.items()
            },
        )
        for row in loaded_wordings()
    )


def _whom(visit: Visit, children: tuple[Child, ...], past: _Past, day: int) -> dict[str, Any]:
    """The children who have a block, and those who no longer have one (A38)."""
    return {
        "children": tuple(_child(child, visit.pathway, past, day) for child in children if child.closed_at is None),
        "closed_child_refs": tuple(str(child.public_id) for child in children if child.closed_at is not None),
        "late_children": tuple(_child(child, visit.pathway, past, day) for child in children if _is_late(child, visit)),
    }


def _deviations(visit: Visit) -> dict[str, Any]:
    found = clock_deviations(visit)
    return {"dev_duration": found.duration, "dev_window": found.window}


def _children(visit: Visit) -> tuple[Child, ...]:
    """Those of the birth, each with `was_in_hospital` on the day of this visit: between coming in and going home."""
    day = local_date(visit.started_at or visit.planned_at, visit.territory.time_zone)
    stays = HospitalStay.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), child=OuterRef("pk"), starts_on__lte=day)
    rows = Child.objects.filter(birth=visit.pathway.birth_id).annotate(was_in_hospital=Exists(stays))
    return tuple(rows.order_by("rank", "pk"))


def _needs(visit: Visit) -> tuple[NeedRef, ...]:
    """Those the AP of this visit may know of, by name of the need and of whom it is about; none in mourning (A38)."""
    if is_in_mourning(is_silent=visit.pathway.birth.is_silent, state=visit.pathway.state):
        return ()
    return tuple(
        NeedRef(
            ref=str(need.public_id),
            label=f"{need.label}, {need.who}",
            about=need.about,
            target=need.target,
        )
        for need in noted_needs(visit.pathway_id, visit.ap)
    )


# A report goes to many, the co-parent among them: what answers a sealed need alone is not named in it (R003, G6).
_NAMED_TYPES = [
    one.code
    for one in TYPES.values()
    if one.takes_families and not one.is_secret and any(not NEEDS[code].is_sealed for code in one.needs)
]


def _entries(visit: Visit, today: date) -> tuple[EntryRef, ...]:
    """The services open on the day of the visit, by name."""
    rows = DirectoryEntry.objects.valid_on(today).filter(type__in=_NAMED_TYPES).order_by("search", "pk")
    home = visit.family.commune.code if visit.family.commune else ""
    columns = ("public_id", "name", "type", "phone", "communes", "radius_km")
    return tuple(
        EntryRef(
            ref=str(public_id),
            name=name,
            type=kind,
            type_label=TYPES[kind].label,
            phone=phone,
            comes_here=not home or home in communes or (not communes and radius is None),
        )
        for public_id, name, kind, phone, communes, radius in rows.values_list(*columns)
    )


def _is_late(child: Child, visit: Visit) -> bool:
    """Whether the child died since this visit began, or as it began."""
    return child.closed_at is not None and visit.started_at is not None and child.closed_at >= visit.started_at


def _pmi_consent(visit: Visit) -> str:
    """YES, NO or UNKNOWN; « plus tard » is not an answer yet (A16)."""
    given = RecipientConsent.objects.filter(family=visit.family_id, recipient=Recipient.PMI).order_by("pk")
    return _CONSENTS.get(given.values_list("answer", flat=True).last() or "", "UNKNOWN")


def _has_midwife(visit: Visit, at: datetime) -> bool:
    """Whether a midwife follows the family at home: with an account or of the directory, or typed by hand (R068)."""
    today = local_date(at, visit.territory.time_zone)
    named = CareCircleMember.objects.running(today).filter(family=visit.family_id, role__in=HOME_MIDWIVES)
    grants = FamilyGrant.objects.running(at).to_midwives().of_followers().filter(content_object=visit.family_id)
    # One query, whichever of the two knows her.
    return bool(named.order_by().values("pk").union(grants.order_by().values("pk"), all=True).exists())


def _child(child: Any, pathway: Pathway, past: _Past, day: int) -> ChildRef:
    ref = str(child.public_id)
    weights = past.of_child(ref, "child.weight_g")
    # What somebody noted in the calendar beside the reports leaves nothing to ask either.
    known = {line.code: line for line in past.calendar if line.child_id == child.public_id}
    seen = {
        exam: "DONE_SEEN" in past.of_child(ref, f"child.exam.{exam}") or (code in known and known[code].is_seen)
        for code, exam in (("K01", "k01"), ("K02", "k02"))
    }
    is_filled = "FILLED_SEEN" in past.of_child(ref, "child.cert.cs8")
    return ChildRef(
        ref=ref,
        first_name=child.shown_name,
        k01_open=day >= FIRST_EXAM_FROM_DAY and not seen["k01"],
        k02_open=day >= SECOND_EXAM_FROM_DAY and not seen["k02"],
        cs8_open=day >= FIRST_EXAM_FROM_DAY and not is_filled,
        birth_on=pathway.birth.day,
        last_weight_g=weights[-1] if weights else child.birth_weight_g,
        is_in_hospital=child.was_in_hospital,
    )


def _is_epds_due(visit: Visit, past: _Past, day: date) -> bool:
    """A09, R058: at V2, or at V3 when that was decided first; at V3 also when it has not been filled in before."""
    version = visit.pathway.rules
    moment = epds_moment(
        visit.kind,
        version.epds_visit,
        moves_to_third=version.epds_moves_to_third,
        third_decided_before_v2=past.third_before_second,
    )
    return is_epds_due(moment, done_on=past.epds_done_on, day=day)


def _was_breast(past: _Past) -> bool:
    if not past.answers:
        return False
    rows = past.answers[-1].get("child", ())
    return any(row.get("child.feed.now") in BREAST_MILK for row in rows)


def _goal_text(past: _Past) -> str:
    """Her own goal as she said it last, "" when she has not said."""
    wish = past.last("feed.goal.wish")
    if wish is None:
        return ""
    if wish != "YES":
        return {"NO": "ne souhaite pas allaiter", "UNDECIDED": "ne sait pas encore"}.get(wish, "")
    weeks = past.last("feed.goal.weeks")
    if past.last("feed.goal.kind") == "DURATION" and weeks:
        return f"allaiter {french.plural(weeks, 'semaine')}"
    return "allaiter, au jour le jour" if past.last("feed.goal.kind") == "NO_TERM" else "allaiter au début"


# Whom they can count on, as the form names it again at the next visit.
HELPERS = {
    "COPARENT": "coparent",
    "GRANDPARENTS": "grands-parents",
    "FAMILY": "famille",
    "FRIENDS": "amis",
    "NEIGHBOURS": "voisins",
    "SERVICE": "un service ou une association",
    "NOBODY": "personne",
}


def _circle_text(past: _Past) -> str:
    """The helpers they named last, "" when they were not asked."""
    codes = past.last("res.helpers") or ()
    return ", ".join(HELPERS[code] for code in codes if code in HELPERS)


def call_of(visit: Visit) -> TeamCall:
    """Whom to call about this visit, by which numbers."""
    commune = visit.family.commune
    place = f", {commune.postal_code} {commune.name}" if commune else ""
    carrier = visit.pathway.carrier
    # The pack of the day is read without network: the number is the one that answers during the visit (rule A0).
    during = visit.started_at or visit.planned_at
    number = number_now(carrier, during, visit.territory)
    return TeamCall(
        team_name=carrier.name,
        phone_href=number,
        phone_label=french.phone(number) if number else "",
        address=f"{visit.family.address}{place}".strip(", "),
        ap_first_name=visit.ap.user.first_name,
        numbers={word: line.phone for word, line in lines_by_word().items()},
        seconds=tuple((one.label, one.href) for one in second_lines(visit.pathway, number, during)),
    )

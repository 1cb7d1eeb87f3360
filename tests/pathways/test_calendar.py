"""The calendar of a family: who notes, what lands, what is silent, and the midwife beside CoPa."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import strip_tags

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import calendar as actions
from pathways.enums import CalendarSource, CalendarStatus, HalfDay, RelayState
from pathways.models import CalendarItem, Child, MidwifeVisit
from pathways.perms import NOTE_CALENDAR, SEE_CALENDAR
from pathways.reads.calendar import calendar_of
from pathways.reads.story import told
from pathways.rules import LineState
from territories.models import HistoryEvent
from tests import factories, queries
from tests.factories import who
from tests.pathways.addresses import address
from tests.visits import questionnaires, reports
from tests.visits.planning.plans import AT, BORN, local, plan
from visits.actions import planning
from visits.actions.questions import MIDWIFE

DONE = actions.Known(status=CalendarStatus.DONE, source=CalendarSource.BOOKLET)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Any:
    return factories.make_pathway(ap=who("amal"), days_ago=10)


def note(birth: Any, code: str, child: Child | None = None, **known: Any) -> CalendarItem:
    values = {"status": CalendarStatus.DONE, "source": CalendarSource.BOOKLET} | known
    return actions.note_item(
        birth=birth, child=child, code=code, known=actions.Known(**values), by=who("amal"), at=clock.now()
    )


def lines(birth: Any) -> dict[tuple[str, str], LineState]:
    shown = calendar_of(birth.family_id, state="active", today=timezone.localdate(), zone="Europe/Paris")
    assert shown is not None
    return {(somebody.name, line.code): line.state for somebody in shown.people for line in somebody.lines}


def test_noting_twice_keeps_one_row_and_its_history(pathway: Any) -> None:
    child = Child.objects.get()
    note(pathway.birth, "K01", child, status=CalendarStatus.PLANNED, on=timezone.localdate() + timedelta(days=1))
    item = note(pathway.birth, "K01", child, certificate="filled")

    assert CalendarItem.objects.get() == item
    assert (item.status, item.on, item.certificate) == ("done", None, "filled")
    events = HistoryEvent.objects.filter(table_name="pathways_calendaritem", row_id=item.pk).order_by("id")
    assert [event.operation for event in events] == ["insert", "update"]


def test_interview_done_leaves_the_consultation_open(pathway: Any) -> None:
    note(pathway.birth, "K08")
    states = lines(pathway.birth)
    mother = next(name for name, code in states if code == "K08")

    assert states[mother, "K08"] == LineState.DONE
    assert states[mother, "K10"] == LineState.TO_COME


def test_first_examination_not_noted_is_overdue_for_each_child(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=10, children=2)
    first = Child.objects.order_by("rank").first()
    note(birth, "K01", first)
    states = lines(birth)

    assert (states["Noé1", "K01"], states["Noé2", "K01"]) == (LineState.DONE, LineState.OVERDUE)


@pytest.mark.parametrize(
    ("code", "known", "refusal"),
    [
        ("K14", {}, "unknown_line"),
        ("K99", {}, "unknown_line"),
        ("K01", {"status": "perhaps"}, "unknown_status"),
        ("K01", {"source": "gossip"}, "unknown_source"),
        ("K01", {"on": date(2100, 1, 1)}, "future"),
        ("K01", {"status": "planned", "on": date(2100, 1, 1)}, "far_from_birth"),
        ("K01", {"status": "refused", "on": date(2026, 1, 1)}, "far_from_birth"),
        ("K01", {"on": "the day before"}, "before_birth"),
        ("K02", {"status": "planned", "on": "the day before"}, "before_birth"),
        ("K02", {"certificate": "filled"}, "no_certificate"),
        ("K01", {"certificate": "filled", "certificate_on": date(2100, 1, 1)}, "certificate_day"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    pathway: Any, code: str, known: dict[str, Any], refusal: str
) -> None:
    if known.get("on") == "the day before":
        known = known | {"on": pathway.birth.day - timedelta(days=1)}

    with pytest.raises(BusinessError) as refused:
        note(pathway.birth, code, Child.objects.get(), **known)

    assert refused.value.code == refusal
    assert not CalendarItem.objects.exists()


def test_refused_line_with_a_day_is_refused_by_the_database(pathway: Any) -> None:
    with pytest.raises(BusinessError) as refused:
        note(pathway.birth, "K01", Child.objects.get(), status="refused", on=timezone.localdate())

    assert refused.value.message == "Seul ce qui est fait ou prévu a une date."


def test_child_of_another_family_is_refused(pathway: Any) -> None:
    other = factories.make_birth()

    with pytest.raises(BusinessError) as refused:
        note(pathway.birth, "K01", Child.objects.get(birth=other))

    assert refused.value.code == "unknown_line"


# ---- Mourning -------------------------------------------------------------------------------------------------
def test_dead_child_is_silent_and_its_twin_is_not(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=10, children=2)
    factories.make_pathway(birth, ap=who("amal"))
    first, second = Child.objects.order_by("rank")
    note(birth, "K01", first)
    note(birth, "K01", second)
    factories.make_death(birth, first)

    assert {name for name, _ in lines(birth)} & {"Noé1", "Noé2"} == {"Noé2"}
    with pytest.raises(BusinessError) as refused:
        note(birth, "K02", first)
    assert refused.value.code == "mourning"
    assert [event.title for event in told(birth.family, who("amal")) if event.page == "pathways:calendar"] == [
        "Examen des 8 premiers jours, Noé2\u00a0: fait"
    ]


def test_mother_keeps_her_own_calendar_when_her_child_died_and_nothing_is_late(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=70)
    factories.make_death(birth, Child.objects.get())
    states = lines(birth)

    assert {code for _, code in states} >= {"K08", "K10"}
    assert LineState.OVERDUE not in states.values()


def test_dead_mother_is_not_in_the_calendar(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=10)
    factories.make_death(birth)

    assert {name for name, _ in lines(birth)} == {"Noé1"}
    with pytest.raises(BusinessError) as refused:
        note(birth, "K08")
    assert refused.value.code == "mourning"


# ---- Who ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "sees", "notes"),
    [
        ("amal", True, True),
        ("bea", False, False),
        ("farid", True, True),
        ("fanny", False, False),
        ("elise", True, True),
        ("nora", True, False),
        ("ines", True, True),
        ("iris", False, False),
        ("gaelle", True, False),
        ("marc", False, False),
        ("jeanne", False, False),
    ],
)
def test_who_sees_and_who_notes(pathway: Any, name: str, *, sees: bool, notes: bool) -> None:
    factories.make_grant(pathway.family, to=who("ines"))

    assert SEE_CALENDAR.allows(who(name), pathway.family) is sees
    assert NOTE_CALENDAR.allows(who(name), pathway.family) is notes


def test_pmi_notes_once_it_has_taken_the_relay(pathway: Any) -> None:
    factories.make_relay(pathway, state=RelayState.ACCEPTED, answered_at=clock.now(), answered_by=who("gaelle"))

    assert NOTE_CALENDAR.allows(who("gaelle"), pathway.family)
    assert not NOTE_CALENDAR.allows(who("gina"), pathway.family)


def test_one_tap_says_done_and_keeps_the_certificate(as_: Any, pathway: Any) -> None:
    child = Child.objects.get()
    note(pathway.birth, "K01", child, status="unknown", certificate="filled")
    tap = {"tap": "1", "code": "K01", "child": str(child.public_id), "status": "done"}

    response = as_("amal").post(address("calendar_note", pathway.family.public_id), tap)

    item = CalendarItem.objects.get()
    assert response.url == address("calendar", pathway.family.public_id)
    assert (item.status, item.source, item.certificate) == ("done", "parents", "filled")


def test_form_of_a_line_asks_for_what_is_missing_and_stores_the_interview(as_: Any, pathway: Any) -> None:
    client, url = as_("amal"), address("calendar_note", pathway.family.public_id)
    answers = {"code": "EPP", "child": "", "status": "done", "source": "parents", "professional": "Mme Roy"}

    assert client.post(url, {"code": "EPP"}).status_code == 422
    assert client.post(url, answers | {"is_transmitted": "yes"}).status_code == 302
    item = CalendarItem.objects.get()
    assert (item.child, item.professional, item.is_transmitted) == (None, "Mme Roy", True)


@pytest.mark.parametrize(("day", "warns"), [(21, True), (22, False)])
def test_interview_noted_before_it_counts_is_told(as_: Any, vallees: scope.Scope, day: int, *, warns: bool) -> None:
    """K08: proposed from day 28, counted from day 22."""
    birth = factories.make_birth(days_ago=40)
    family = factories.make_pathway(birth, ap=who("amal")).family
    on = (birth.day + timedelta(days=day)).isoformat()
    typed = {"code": "K08", "child": "", "status": "done", "source": "parents", "on": on}

    page = as_("amal").post(address("calendar_note", family.public_id), typed, follow=True).content.decode()

    assert ("C’est avant ses dates" in page) is warns
    assert CalendarItem.objects.get().status == "done"


def test_each_choice_and_certificate_is_said_in_words(as_: Any, pathway: Any) -> None:
    page = as_("amal").get(address("calendar", pathway.family.public_id)).content.decode()

    assert "Certificat du 8e\u00a0jour" in page
    assert "CS8" not in strip_tags(page)
    assert re.findall(r'aria-label="Examen des 8 premiers jours, [^"]*: (\w+)"', page) == [
        "Fait", "Prévu", "Refusé", "Inconnu",
    ]  # fmt: skip


@pytest.mark.parametrize("asked", [{}, {"code": "K01", "child": "x"}, {"code": "K14"}, {"code": "K01"}])
def test_address_of_no_line_leads_back_to_the_calendar(as_: Any, pathway: Any, asked: dict[str, str]) -> None:
    url = address("calendar_note", pathway.family.public_id)

    assert as_("amal").get(url, asked).url == address("calendar", pathway.family.public_id)
    assert as_("amal").post(url, asked | {"tap": "1"}).url == address("calendar", pathway.family.public_id)


def test_page_asks_the_same_queries_with_one_fact_and_with_ten(as_: Any, pathway: Any) -> None:
    child = Child.objects.get()
    client, url = as_("amal"), address("calendar", pathway.family.public_id)
    note(pathway.birth, "K01", child)
    one = queries.count(client, url)
    for code in ("K02", "K03", "K04.2", "K04.3", "K05"):
        note(pathway.birth, code, child)
    for code in ("EPP", "K08", "K09", "K10"):
        note(pathway.birth, code)

    assert queries.count(client, url) == one


# ---- What a report says ---------------------------------------------------------------------------------------
def test_signed_report_lands_in_the_calendar_once(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(days=9)
    child = Child.objects.get()
    row = questionnaires.child(str(child.public_id), child__exam__k02="BOOKED", child__cert__cs8="FILLED_SEEN")
    seen_on = (timezone.localdate() - timedelta(days=3)).isoformat()
    row |= {"child.exam.k01": "DONE_SEEN", "child.exam.k01_on": seen_on}
    reports.sign(visit, reports.answers(visit, child=[row]))
    known = {item.code: item for item in CalendarItem.objects.filter(child=child).order_by("code")}

    assert (known["K01"].status, known["K01"].source, known["K01"].certificate) == ("done", "booklet", "filled")
    assert str(known["K01"].on) == seen_on
    assert (known["K02"].status, known["K02"].source) == ("planned", "parents")
    assert known["K01"].noted_by == who("amal")


def test_report_never_weakens_what_the_calendar_knows(pathway: Any) -> None:
    child = Child.objects.get()
    note(pathway.birth, "K01", child, on=timezone.localdate() - timedelta(days=2), certificate="filled")
    seen = actions.Seen(code="K01", status="planned", source="parents", on=None, certificate="unknown")

    actions.land_seen(birth=pathway.birth, child=child, seen=seen, by=who("amal"), at=clock.now())

    item = CalendarItem.objects.get()
    assert (item.status, item.source, item.certificate) == ("done", "booklet", "filled")


# ---- The midwife at home --------------------------------------------------------------------------------------
@time_machine.travel(AT, tick=False)
def test_same_half_day_as_the_midwife_is_confirmed_first(vallees: scope.Scope) -> None:
    held = factories.make_pathway(factories.make_birth(at=BORN), ap=who("amal"))
    midwife = {"birth": held.birth, "by": who("amal"), "at": AT}
    actions.expect_midwife(on=date(2026, 11, 5), half=HalfDay.AFTERNOON, **midwife)

    with pytest.raises(BusinessError) as refused:
        plan(held, at=local(5, 14))
    assert refused.value.code == MIDWIFE
    visit = plan(held, at=local(5, 9))
    with pytest.raises(BusinessError) as moved:
        planning.move_visit(visit=visit, planned_at=local(5, 15), window_reason="", at=AT)
    assert moved.value.code == MIDWIFE
    assert planning.move_visit(
        visit=visit, planned_at=local(5, 15), window_reason="", at=AT, confirmed={MIDWIFE}
    ).planned_at == datetime(2026, 11, 5, 14, 0, tzinfo=UTC)


def test_midwife_page_notes_prado_and_visits(as_: Any, pathway: Any) -> None:
    client, url = as_("ines"), address("midwife", pathway.family.public_id)
    factories.make_grant(pathway.family, to=who("ines"))
    day = str(timezone.localdate() + timedelta(days=1))

    assert client.post(url, {"act": "prado", "prado": "yes"}).status_code == 302
    assert client.post(url, {"act": "expect", "on": day, "half": "morning"}).status_code == 302
    # The same twice, a day years away, and nothing at all.
    assert client.post(url, {"act": "expect", "on": day, "half": "morning"}).status_code == 422
    assert client.post(url, {"act": "expect", "on": "2090-01-01", "half": "morning"}).status_code == 422
    assert client.post(url, {"act": "expect"}).status_code == 422
    pathway.birth.refresh_from_db()
    assert pathway.birth.is_prado is True
    expected = MidwifeVisit.objects.get()
    assert client.post(url, {"act": "forget", "visit": str(expected.public_id)}).status_code == 302
    assert not MidwifeVisit.objects.exists()


def test_pilots_read_both_versions_side_by_side(as_: Any, vallees: scope.Scope) -> None:
    page = as_("nora").get(address("rules")).content.decode()

    assert "CoPa v1 (2021-2025)" in page
    assert "3 visites de 1 h 15" in page
    assert "2 h 15, le jour de la sortie ou le lendemain" in page
    assert "conseillée entre 6 et 24 h de vie" in page
    assert "avant 24 h de vie" in page

"""Planning: the window, the order, the AP's other visits, Sundays and holidays; moving and cancelling."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from copa.kernel.errors import BusinessError
from copa.kernel.holidays import day_note, easter, holidays
from pathways.models import Pathway
from tests import queries
from tests.factories import make_birth, make_discharge, make_pathway, make_visit, who
from visits import rules
from visits.actions import planning
from visits.actions.planning import OVERLAP, WINDOW, Slot
from visits.enums import VisitState
from visits.models import Visit

# Tuesday 3 November 2026, 9 h in Paris. A birth three days before: the window is 2 to 21 November.
AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
BORN = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def pathway(vallees) -> Pathway:
    with time_machine.travel(AT, tick=False):
        yield make_pathway(make_birth(at=BORN), ap=who("amal"))


def local(day: int, hour: int = 14, month: int = 11, year: int = 2026) -> datetime:
    """An hour of Paris in winter."""
    return datetime(year, month, day, hour - 1, 0, tzinfo=UTC)


def plan(pathway: Pathway, kind: str = "V1", at: datetime | None = None, *, ap: str = "amal", **options) -> Visit:
    slot = Slot(kind=kind, planned_at=at or local(5), window_reason=options.pop("window_reason", ""))
    return planning.plan_visit(pathway=pathway, ap=who(ap), slot=slot, by=who("elise"), at=AT, **options)


def test_visit_takes_the_minutes_of_the_rules(pathway) -> None:
    visit = plan(pathway)

    assert (visit.planned_minutes, visit.state, visit.window_reason) == (75, VisitState.PLANNED, "")


@pytest.mark.parametrize("day", [8, 11])  # a Sunday, then Armistice day
def test_sundays_and_holidays_are_planned_like_any_day(pathway, day: int) -> None:
    assert plan(pathway, at=local(day)).pk


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (local(2, 10), "in_the_past"),
        (local(22), "window_reason_missing"),
        (local(20, year=2027), "too_far"),
    ],
)
def test_impossible_moment_is_refused_beside_its_field(pathway, at: datetime, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=at)

    assert refusal.value.code == code
    assert not Visit.objects.filter(pathway=pathway).exists()


def test_earlier_today_may_still_be_planned(pathway) -> None:
    assert plan(pathway, at=local(3, 8)).pk


def test_last_local_day_of_the_window_is_inside(pathway) -> None:
    # 21 November, 23 h 30 in Paris.
    assert plan(pathway, at=datetime(2026, 11, 21, 22, 30, tzinfo=UTC)).window_reason == ""


def test_first_minute_after_the_window_is_outside(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=datetime(2026, 11, 21, 23, 0, tzinfo=UTC))

    assert refusal.value.code == "window_reason_missing"


def test_outside_the_window_needs_a_reason_then_a_yes(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(24), window_reason="CHILD_HOSPITAL")

    visit = plan(pathway, at=local(24), window_reason="CHILD_HOSPITAL", confirmed={WINDOW})

    assert refusal.value.code == WINDOW
    assert visit.window_reason == "CHILD_HOSPITAL"


def test_unknown_window_reason_is_no_reason(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(24), window_reason="BECAUSE", confirmed={WINDOW})

    assert refusal.value.code == "window_reason_missing"


def test_v2_waits_for_v1(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "V2", local(12))

    assert refusal.value.code == "earlier_visit_missing"


def test_v2_is_never_before_v1(pathway) -> None:
    plan(pathway, "V1", local(12))

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "V2", local(5))

    assert refusal.value.code == "out_of_order"


def test_v1_is_never_moved_after_v2(pathway) -> None:
    first = plan(pathway, "V1", local(5))
    plan(pathway, "V2", local(12))

    with pytest.raises(BusinessError) as refusal:
        planning.move_visit(visit=first, planned_at=local(13), window_reason="", at=AT)

    assert refusal.value.code == "out_of_order"


def test_second_v1_is_refused(pathway) -> None:
    plan(pathway)

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(9))

    assert refusal.value.code == "visit_kind_once"
    assert Visit.objects.filter(pathway=pathway).count() == 1


def test_v1_may_be_planned_again_after_nobody_was_there(pathway) -> None:
    make_visit(pathway, state=VisitState.NOT_DONE, planned_at=local(3, 10))

    assert plan(pathway).pk


def test_both_visits_or_none(pathway) -> None:
    slots = [Slot(kind="V1", planned_at=local(5)), Slot(kind="V2", planned_at=local(23))]

    with pytest.raises(BusinessError) as refusal:
        planning.plan_visits(pathway=pathway, ap=who("amal"), slots=slots, by=who("elise"), at=AT)

    assert refusal.value.field == "window_reason_v2"
    assert not Visit.objects.filter(pathway=pathway).exists()


@pytest.mark.parametrize(
    ("minutes_later", "is_free"),
    [(0, False), (74, False), (75, True), (-74, False), (-75, True)],
)
def test_ap_is_busy_during_her_other_visits(pathway, minutes_later: int, is_free: bool) -> None:
    other = make_pathway(ap=who("amal"))
    make_visit(other, planned_at=local(5))
    at = local(5) + timedelta(minutes=minutes_later)

    if is_free:
        assert plan(pathway, at=at).pk
    else:
        with pytest.raises(BusinessError) as refusal:
            plan(pathway, at=at)
        assert refusal.value.code == OVERLAP


def test_two_visits_at_once_are_kept_when_confirmed(pathway) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=local(5))

    assert plan(pathway, confirmed={OVERLAP}).pk


def test_cancelled_visit_leaves_the_ap_free(pathway) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=local(5), state=VisitState.CANCELLED)

    assert plan(pathway).pk


def test_moving_a_visit_onto_itself_is_no_conflict(pathway) -> None:
    visit = plan(pathway)

    moved = planning.move_visit(visit=visit, planned_at=local(5, 15), window_reason="", at=AT)

    assert moved.planned_at == local(5, 15)


@pytest.mark.parametrize("name", ["elise", "farid"])
def test_only_an_ap_visits(pathway, name: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, ap=name)

    assert (refusal.value.code, refusal.value.field) == ("not_an_ap", "ap")


def test_ap_whose_rights_end_before_the_visit_is_refused(pathway) -> None:
    amal = who("amal")
    amal.ends_on = date(2026, 11, 4)
    amal.save(update_fields=["ends_on"])

    with pytest.raises(BusinessError) as refusal:
        plan(pathway)

    assert refusal.value.code == "not_an_ap"


def test_stopped_pathway_takes_no_visit(pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(state="suspended")

    with pytest.raises(BusinessError) as refusal:
        plan(pathway)

    assert refusal.value.code == "pathway_not_active"


def test_pathway_follows_the_ap_who_visits_and_her_visits_too(pathway) -> None:
    plan(pathway, "V1", local(5))

    plan(pathway, "V2", local(12), ap="bea")

    assert Pathway.objects.get(pk=pathway.pk).ap == who("bea")
    assert set(Visit.objects.filter(pathway=pathway).values_list("ap", flat=True)) == {who("bea").pk}


def test_ultra_early_visit_follows_an_ultra_early_discharge_only(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "ULTRA_EARLY", local(3, 15))

    assert refusal.value.code == "no_ultra_early_discharge"


def test_ultra_early_visit_lasts_135_minutes_until_the_day_after_discharge(vallees) -> None:
    # R054: discharge on Monday at 23 h 30, the visit may be on Tuesday until 23 h 59, not on Wednesday.
    with time_machine.travel(AT, tick=False):
        birth = make_birth(at=datetime(2026, 11, 2, 6, 0, tzinfo=UTC))
        make_discharge(
            birth, at=datetime(2026, 11, 2, 22, 30, tzinfo=UTC), kind="ULTRA_EARLY", has_medical_agreement=True
        )
        pathway = make_pathway(birth, ap=who("amal"))

        with pytest.raises(BusinessError) as refusal:
            plan(pathway, "ULTRA_EARLY", local(4, 8))
        visit = plan(pathway, "ULTRA_EARLY", datetime(2026, 11, 3, 22, 59, tzinfo=UTC))

    assert refusal.value.code == "window_reason_missing"
    assert visit.planned_minutes == 135


def test_cancelled_visit_keeps_its_reason_and_frees_its_place(pathway) -> None:
    visit = plan(pathway)

    planning.cancel_visit(visit=visit, reason="FAMILY_CANCELLED")

    visit.refresh_from_db()
    assert (visit.state, visit.not_done_reason) == ("cancelled", "FAMILY_CANCELLED")
    assert plan(pathway).pk


def test_visit_under_way_is_neither_moved_nor_cancelled(pathway) -> None:
    visit = make_visit(pathway, state=VisitState.STARTED)

    with pytest.raises(BusinessError):
        planning.cancel_visit(visit=visit, reason="OTHER")
    with pytest.raises(BusinessError):
        planning.move_visit(visit=visit, planned_at=local(9), window_reason="", at=AT)


# ---- Days ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_a_year_has_eleven_holidays_and_overseas_one_more() -> None:
    assert len(holidays(2026)) == 11
    assert date(2026, 12, 20) in holidays(2026, "04")
    assert date(2026, 12, 20) not in holidays(2026, "44")


def test_day_note_says_what_the_day_is() -> None:
    assert day_note(date(2026, 5, 14)) == "férié (Ascension)"
    assert day_note(date(2026, 11, 8)) == "dimanche"
    assert day_note(date(2026, 11, 9)) == ""


@pytest.mark.parametrize(("kind", "before"), [("V1", set()), ("V3", {"V1", "V2"}), ("ULTRA_EARLY", set())])
def test_order_of_visits(kind: str, before: set[str]) -> None:
    assert rules.kinds_before(kind) == before


# ---- Pages -----------------------------------------------------------------------------------------------
def plan_url(pathway: Pathway) -> str:
    return f"/t/vallees/pathways/{pathway.public_id}/plan/"


def both(who_visits: str = "amal", **changed: str) -> dict[str, str]:
    """The form filled for V1 on the 5th and V2 on the 12th, at 14 h."""
    filled = {
        "ap": str(who(who_visits).public_id),
        "planned_at_v1": "2026-11-05",
        "hour_v1": "14:00",
        "planned_at_v2": "2026-11-12",
        "hour_v2": "14:00",
    }
    return filled | changed


def errors(response) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("elise", 200), ("amal", 200), ("farid", 200), ("olga", 200),
        ("bea", 403), ("nora", 403), ("jeanne", 403), ("gaelle", 403),
        ("chloe", 404), ("fanny", 404), ("iris", 404), ("dora", 404), ("emma", 404),
    ],
)  # fmt: skip
def test_planning_form_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(plan_url(pathway)).status_code == status


def test_both_visits_are_planned_at_local_hours(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(plan_url(pathway), both())

    assert response.url == f"/t/vallees/families/{pathway.family.public_id}/"
    planned = dict(Visit.objects.filter(pathway=pathway).values_list("kind", "planned_at"))
    assert planned == {"V1": local(5), "V2": local(12)}


def test_only_v1_may_be_planned(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    client.post(plan_url(pathway), both(planned_at_v2="", hour_v2=""))

    assert list(Visit.objects.filter(pathway=pathway).values_list("kind", flat=True)) == ["V1"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"planned_at_v1": ""}, "planned_at_v1"),
        ({"hour_v1": "25:00"}, "hour_v1"),
        ({"hour_v2": ""}, "hour_v2"),
        ({"planned_at_v2": ""}, "planned_at_v2"),
        ({"planned_at_v1": "2026-02-30"}, "planned_at_v1"),
        ({"planned_at_v1": "2026-11-02"}, "planned_at_v1"),
        ({"planned_at_v2": "2026-11-23"}, "window_reason_v2"),
        ({"planned_at_v2": "2026-11-04"}, "planned_at_v2"),
        ({"ap": "00000000-0000-0000-0000-000000000000"}, "ap"),
        ({"ap": ""}, "ap"),
    ],
)
def test_bad_plan_is_refused_beside_its_field_and_stores_nothing(pathway, client, cast, changed, field: str) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(plan_url(pathway), both(**changed))

    assert response.status_code == 422
    assert field in errors(response)
    assert not Visit.objects.filter(pathway=pathway).exists()


def test_ap_of_another_structure_is_not_offered(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(plan_url(pathway), both("chloe"))

    assert "ap" in errors(response)


def test_ap_plans_for_herself_only(pathway, client, cast) -> None:
    client.force_login(cast["amal"].user)

    response = client.post(plan_url(pathway), both("bea"))

    assert "ap" in errors(response)
    assert client.post(plan_url(pathway), both("amal")).status_code == 302


def test_outside_the_window_the_page_asks_why_then_to_confirm(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    outside = both(planned_at_v2="2026-11-23")

    asked = client.post(plan_url(pathway), outside)
    warned = client.post(plan_url(pathway), outside | {"window_reason_v2": "PRETERM"})
    stored = client.post(plan_url(pathway), outside | {"window_reason_v2": "PRETERM", WINDOW: "on"})

    assert "Pourquoi hors des dates" in asked.content.decode()
    assert f'name="{WINDOW}"' not in asked.content.decode()
    assert f'name="{WINDOW}"' in warned.content.decode()
    assert stored.status_code == 302


def test_overlap_is_confirmed_on_the_page(pathway, client, cast) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=local(5))
    client.force_login(cast["elise"].user)

    warned = client.post(plan_url(pathway), both())
    stored = client.post(plan_url(pathway), both(**{OVERLAP: "on"}))

    assert f'name="{OVERLAP}"' in warned.content.decode()
    assert "2026-11-12" in warned.content.decode()
    assert stored.status_code == 302


def test_page_tells_sundays_and_holidays_of_the_window(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    text = client.get(plan_url(pathway)).content.decode()

    assert "férié (Armistice)" in text
    assert "dimanche" in text


def test_visit_is_moved_then_cancelled_and_its_history_says_by_whom(pathway, client, cast) -> None:
    visit = plan(pathway)
    url = f"/t/vallees/visits/{visit.public_id}/change/"
    client.force_login(cast["elise"].user)

    moved = client.post(url, {"do": "deplacer", "planned_at": "2026-11-06", "hour": "09:30"})
    page = client.get(url).content.decode()
    cancelled = client.post(url, {"do": "annuler", "reason": "FAMILY_CANCELLED"})

    visit.refresh_from_db()
    assert (moved.status_code, cancelled.status_code) == (302, 302)
    assert (visit.state, visit.planned_at) == ("cancelled", datetime(2026, 11, 6, 8, 30, tzinfo=UTC))
    assert "Déplacée à ven." in page
    assert "Elise Martin" in page


@pytest.mark.parametrize(
    "posted",
    [
        {"do": "deplacer", "planned_at": "2026-11-01", "hour": "09:30"},
        {"do": "deplacer", "planned_at": "2026-12-24", "hour": "09:30"},
        {"do": "annuler", "reason": ""},
        {"do": "annuler", "reason": "ABSENT"},
    ],
)
def test_bad_change_is_refused(pathway, client, cast, posted: dict[str, str]) -> None:
    visit = plan(pathway)
    client.force_login(cast["elise"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/change/", posted)

    visit.refresh_from_db()
    assert response.status_code == 422
    assert (visit.state, visit.planned_at) == ("planned", local(5))


@pytest.mark.parametrize(
    ("name", "status"), [("elise", 200), ("amal", 200), ("bea", 403), ("chloe", 404), ("dora", 404)]
)
def test_change_page_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    visit = plan(pathway)
    client.force_login(cast[name].user)

    assert client.get(f"/t/vallees/visits/{visit.public_id}/change/").status_code == status


def test_visit_of_another_territory_is_not_to_be_known(pathway, client, cast) -> None:
    visit = plan(pathway)
    client.force_login(cast["emma"].user)

    assert client.get(f"/t/lagon/visits/{visit.public_id}/change/").status_code == 404
    assert client.get(f"/t/lagon/pathways/{pathway.public_id}/plan/").status_code == 404


# ---- The week --------------------------------------------------------------------------------------------
WEEK = "/t/vallees/planning/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("elise", 200), ("olga", 200), ("farid", 200), ("amal", 200), ("nora", 403), ("gaelle", 403), ("ines", 403)],
)
def test_week_answers_each_person(client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(WEEK).status_code == status


def test_week_runs_from_monday_to_sunday(pathway, client, cast) -> None:
    plan(pathway, at=datetime(2026, 11, 8, 22, 30, tzinfo=UTC))
    client.force_login(cast["elise"].user)

    week = client.get(WEEK, {"semaine": "2026-11-05"}).context["week"]

    assert [str(head.on) for head in week.days][::6] == ["2026-11-02", "2026-11-08"]
    amal = next(row for row in week.rows if row.name.startswith("Amal"))
    assert [len(cell.visits) for cell in amal.cells] == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("name", "names"),
    [("elise", ["Amal", "Bea", "Chloe"]), ("farid", ["Amal", "Bea"]), ("fanny", ["Chloe"]), ("amal", ["Amal"])],
)
def test_each_person_plans_for_her_own(pathway, client, cast, name: str, names: list[str]) -> None:
    client.force_login(cast[name].user)

    rows = client.get(WEEK).context["week"].rows

    assert sorted(row.name.split()[0] for row in rows) == names


def test_families_without_date_stand_beside_the_week(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    week = client.get(WEEK).context["week"]

    assert [row.pathway_id for row in week.unplanned] == [pathway.public_id]
    assert week.unplanned[0].missing == "V1 et V2"


@pytest.mark.parametrize("query", ["?semaine=hier", "?ap=1", "?page=x", "?semaine=0001-01-01"])
def test_forged_week_shows_one(client, cast, query: str) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"{WEEK}{query}").status_code == 200


def test_ten_visits_cost_the_queries_of_one(pathway, client, cast) -> None:
    plan(pathway)
    client.force_login(cast["elise"].user)
    one = queries.count(client, WEEK)
    for n in range(9):
        make_visit(make_pathway(ap=who("bea")), planned_at=local(5 + n % 2))

    assert queries.count(client, WEEK) == one

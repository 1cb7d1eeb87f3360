"""The form that plans the visits of a family, and the one that moves or cancels a visit."""

from datetime import UTC, datetime

import pytest

from pathways.models import Pathway
from tests.factories import make_pathway, make_visit, who
from tests.visits.planning.plans import local, plan
from visits.actions.questions import HOUR, OVERLAP, SAME_DAY, WINDOW
from visits.models import Visit


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


def test_two_visits_out_of_their_dates_are_told_together(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(plan_url(pathway), both(planned_at_v1="2026-11-24", planned_at_v2="2026-11-26"))

    assert {"window_reason_v1", "window_reason_v2"} <= set(errors(response))


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


def test_two_visits_of_a_family_on_one_day_are_confirmed_on_the_page(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    same = both(planned_at_v2="2026-11-05", hour_v2="17:00")

    warned = client.post(plan_url(pathway), same)
    refused = Visit.objects.count()
    stored = client.post(plan_url(pathway), same | {SAME_DAY: "on"})

    assert (warned.status_code, refused) == (422, 0)
    assert f'name="{SAME_DAY}"' in warned.content.decode()
    assert "La visite 2 serait le même jour que la visite 1" in warned.content.decode()
    assert (stored.status_code, Visit.objects.count()) == (302, 2)


def test_every_question_of_two_visits_is_asked_at_once(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    odd = both(hour_v1="06:30", planned_at_v2="2026-11-05", hour_v2="20:30")

    warned = client.post(plan_url(pathway), odd)
    refused = Visit.objects.count()
    stored = client.post(plan_url(pathway), odd | {HOUR: "on", SAME_DAY: "on"})

    text = warned.content.decode()
    assert (warned.status_code, refused) == (422, 0)
    assert f'name="{HOUR}"' in text
    assert f'name="{SAME_DAY}"' in text
    assert "Confirmez pour garder 6\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in text
    assert "Confirmez pour garder 20\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in text
    assert (stored.status_code, Visit.objects.count()) == (302, 2)


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


def test_third_visit_asks_why_on_the_page(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    client.post(plan_url(pathway), both())
    third = {"ap": str(who("amal").public_id), "planned_at_v3": "2026-11-16", "hour_v3": "14:00"}

    asked = client.post(plan_url(pathway), third)

    assert "motive_v3" in errors(asked)
    said = third | {"motive_v3": "PARENTS_REQUEST", "joint_v3": "JOINT"}
    assert client.post(plan_url(pathway), said).status_code == 302
    visit = Visit.objects.get(kind="V3")
    assert (visit.motive, visit.is_joint, visit.partner_state) == ("PARENTS_REQUEST", True, "asked")


def test_hour_of_the_night_becomes_a_box_to_tick(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    asked = client.post(plan_url(pathway), both(hour_v1="03:00"))

    assert f'name="{HOUR}"' in asked.content.decode()
    assert client.post(plan_url(pathway), both(hour_v1="03:00", **{HOUR: "on"})).status_code == 302


def test_reason_that_is_asked_for_is_not_called_optional(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    asked = client.post(plan_url(pathway), both(planned_at_v2="2026-11-23"))

    assert asked.context["form"]["window_reason_v2"].field.required


def test_full_pathway_is_not_offered_another_visit(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    for kind in ("V1", "V2", "V3"):
        make_visit(pathway, kind)

    shown = client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()

    assert "Fixer une visite" not in shown

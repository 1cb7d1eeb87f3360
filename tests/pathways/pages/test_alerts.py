"""The list of alerts, and taking one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from copa.kernel import clock, french, scope
from pathways.enums import AlertKind
from pathways.models import Alert, AlertStep
from territories.models import AccessLog, OutgoingMessage, User
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


def test_open_alerts_come_by_urgency_then_age(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    at = clock.now()
    hour = timedelta(hours=1)
    factories.make_alert(pathway, AlertKind.REPORT_DUE_SOON, raised_at=at - 9 * hour, raised_by=None)
    factories.make_alert(pathway, AlertKind.REPORT_OVERDUE, raised_at=at - 2 * hour, raised_by=None)
    factories.make_alert(pathway, AlertKind.CHILD_SIGN, facts="récente", raised_at=at, answer_due_at=at + hour)
    factories.make_alert(pathway, AlertKind.MOTHER_SIGN, facts="pressante", raised_at=at, answer_due_at=at - hour)
    factories.make_alert(pathway, AlertKind.CHILD_SIGN, acknowledged_at=at, acknowledged_by=factories.who("farid"))

    page = as_("elise").get(address("alerts")).context["page"]

    assert [row.facts or row.title for row in page.object_list] == [
        "pressante",
        "récente",
        "Pâleur vue au domicile.",
        "Pâleur vue au domicile.",
    ]
    assert [row.is_late for row in page.object_list] == [True, False, False, False]


def test_open_alerts_come_by_danger_and_the_worklist_names_the_first(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    at, hour = clock.now(), timedelta(hours=1)
    waiting = [
        ("PROTECTED:HOME_VIOLENCE_TOLD", AlertKind.PROTECTED, 17),
        ("MOTHER_URGENT:MOTHER_SCAR", AlertKind.MOTHER_SIGN, 3),
        ("CHILD_VITAL:CHILD_BLUE_GREY:1", AlertKind.CHILD_SIGN, 1),
        ("REPORT", AlertKind.REPORT_OVERDUE, 20),
        ("DEATH", AlertKind.DEATH, 1),
    ]
    for code, kind, hours in waiting:
        factories.make_alert(pathway, kind, code=code, raised_at=at - hours * hour, answer_due_at=at - hours * hour)
    client = as_("elise")

    keys = [row.public_id for row in client.get(address("alerts")).context["page"].object_list]
    first = client.get("/t/vallees/").context["list"].sign_alert

    codes = dict(Alert.objects.order_by("pk").values_list("public_id", "code"))
    assert [codes[key].partition(":")[0] for key in keys] == [
        "CHILD_VITAL", "MOTHER_URGENT", "PROTECTED", "DEATH", "REPORT",
    ]  # fmt: skip
    assert first.public_id == keys[0]


@pytest.mark.parametrize(
    ("who", "is_hidden"), [("elise", False), ("farid", False), ("nora", True), ("olga", True), ("amal", True)]
)
def test_sealed_alert_says_only_whom_to_call(as_: Any, vallees: scope.Scope, who: str, is_hidden: bool) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_shift()
    factories.make_alert(pathway, AlertKind.MOTHER_SIGN, is_sealed=True, facts="Faits protégés", code="SECRET")

    page = as_(who).get(address("alerts")).content.decode()

    assert ("Faits protégés" not in page) is is_hidden
    assert ("appelez l’équipe" in page) is is_hidden
    assert ("Signe d’alerte chez la mère" not in page) is is_hidden


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("fanny", 404),  # answers alerts too, for another maternity
        ("chloe", 404),  # an AP with another family, elsewhere in the territory
        ("bea", 403),  # an AP with another family, in the same structure: she knows of this one
        ("iris", 404),  # a midwife of another family
        ("marc", 404),  # follows nobody here
        ("emma", 404),  # coordinates the other territory
        ("dora", 404),
    ],
)
def test_alert_of_a_family_that_is_not_hers_is_not_taken_and_the_try_is_logged(
    as_: Any, vallees: scope.Scope, who: str, status: int
) -> None:
    for name in ("bea", "chloe"):
        factories.make_pathway(ap=factories.who(name))
    alert = factories.make_alert(answer_due_at=clock.now() + timedelta(minutes=10))
    url, before = address("take_alert", alert.public_id), Alert.objects.values().get()

    answer = as_(who).post(url, {"instruction": "J’arrive."})

    assert answer.status_code == status
    assert Alert.objects.values().get() == before
    assert not AlertStep.objects.exists()
    assert not OutgoingMessage.objects.exists()
    [line] = AccessLog.objects.filter(is_refused=True)
    assert (line.user.email, line.route) == (f"{who}@copa.example", f"POST {url}")

    # The same sending by somebody who answers it.
    assert as_("farid").post(url, {"instruction": "J’arrive."}).status_code == 302
    assert Alert.objects.get().acknowledged_by == factories.who("farid")


def test_alert_is_taken_by_name(as_: Any, vallees: scope.Scope) -> None:
    alert = factories.make_alert()
    url = address("take_alert", alert.public_id)

    taken = as_("farid").post(url, {"instruction": "Faites le 15, je rappelle."})
    late = as_("elise").post(url, {"instruction": "Je viens."})

    assert taken.status_code == 302
    assert late.status_code == 422
    assert "Farid Martin a déjà pris cette alerte" in late.content.decode()
    assert "Faites le 15, je rappelle." in as_("amal").get(address("alerts"), {"etat": "prises"}).content.decode()
    assert Alert.objects.get().acknowledged_by == factories.who("farid")


def test_alert_of_a_neighbour_is_not_listed(as_: Any, vallees: scope.Scope) -> None:
    factories.make_alert(factories.make_pathway(ap=factories.who("bea")))

    assert not as_("amal").get(address("alerts")).context["page"].object_list
    assert as_("farid").get(address("alerts")).context["page"].object_list
    assert not as_("fanny").get(address("alerts")).context["page"].object_list


def test_the_midwife_sees_on_her_pages_that_a_sign_of_her_families_waits(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"), recipient="LIBERAL_MIDWIFE")
    factories.make_alert(factories.make_pathway(), code="CHILD_VITAL:CHILD_BLUE_GREY")
    assert "attend une réponse" not in as_("ines").get("/t/vallees/families/").content.decode()
    factories.make_alert(pathway, code="CHILD_VITAL:CHILD_BLUE_GREY")

    page = as_("ines").get("/t/vallees/families/").content.decode()

    assert "1\u00a0signe de danger attend une réponse" in page
    assert "Voir et appeler l’équipe" in page
    assert "attend une réponse" not in as_("iris").get("/t/vallees/families/").content.decode()
    team = as_("elise").get("/t/vallees/families/").content.decode()
    assert "Voir et choisir" in team
    assert "Je prends l’alerte" in team
    assert "Je prends l’alerte" not in page


def test_empty_alert_list_says_what_will_appear(as_: Any, vallees: scope.Scope) -> None:
    for shelf in ("ouvertes", "prises", "finies", "toutes"):
        assert b'class="card empty"' in as_("amal").get(address("alerts"), {"etat": shelf}).content


def test_alert_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    factories.make_alert()
    client = as_("elise")
    one = count(client, address("alerts"))
    for _ in range(9):
        factories.make_alert(factories.make_pathway(ap=factories.who("bea")))

    assert count(client, address("alerts")) == one


def test_open_alerts_are_one_fact_for_the_planner(db: None) -> None:
    """Of two clauses it expects the product of their shares, and lists of open alerts begin with every pathway."""
    sql = str(Alert.unscoped.open().query)
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_statisticsobjdef(oid) from pg_statistic_ext where stxname = 'alert_is_open'")
        (statistics,) = cursor.fetchone()
        cursor.execute("select indexdef from pg_indexes where indexname = 'alert_open'")
        (index,) = cursor.fetchone()

    assert 'COALESCE("pathways_alert"."acknowledged_at", "pathways_alert"."ended_at") IS NULL' in sql
    assert "COALESCE(acknowledged_at, ended_at)" in statistics
    assert "COALESCE(acknowledged_at, ended_at) IS NULL" in index


@pytest.mark.parametrize(
    "shelf, title",
    [
        ("ouvertes", "1\u00a0alerte attend une réponse"),
        ("prises", "2\u00a0alertes prises à clore"),
        ("closes", "Aucune alerte close ces 90 jours"),
        ("finies", "Aucune alerte finie d’elle-même ces 90 jours"),
        ("toutes", "3\u00a0alertes ces 90 jours"),
    ],
)
def test_title_says_what_the_chosen_shelf_holds(shelf: str, title: str, as_: Any, vallees: scope.Scope) -> None:
    factories.make_alert()
    for _ in range(2):
        factories.make_alert(acknowledged_at=clock.now(), acknowledged_by=factories.who("farid"))

    page = as_("elise").get(address("alerts"), {"etat": shelf}).content.decode()

    assert f"<h1>{title}" in page


def test_the_team_calls_whoever_saw_the_sign_and_she_calls_the_team(as_: Any, vallees: scope.Scope) -> None:
    amal = factories.who("amal")
    amal.user.phone = "+33199003100"
    amal.user.save()
    pathway = factories.make_pathway(ap=amal)
    factories.make_alert(pathway, raised_by=amal)

    assert 'href="tel:+33199003100"' in as_("farid").get(address("alerts")).content.decode()
    hers = as_("amal").get(address("alerts")).content.decode()
    assert 'href="tel:+33199003100"' not in hers
    assert f'href="tel:{pathway.carrier.phone}"' in hers


def test_the_team_reads_the_family_of_a_protected_alert_on_its_page_alone(as_: Any, vallees: scope.Scope) -> None:
    factories.make_shift()
    pathway = factories.make_pathway(ap=factories.who("amal"))
    alert = factories.make_alert(
        pathway, AlertKind.PROTECTED, is_sealed=True, facts="", code="PROTECTED:HOME_VIOLENCE_TOLD"
    )

    page = as_("farid").get(address("take_alert", alert.public_id)).content.decode()
    assert "Situation protégée" in page
    assert "appelez l’équipe" not in page
    assert "Situation protégée" not in as_("farid").get(address("alerts")).content.decode()
    for name in ("olga", "amal"):
        assert "Situation protégée" not in as_(name).get(address("alert", alert.public_id)).content.decode()


def test_the_watch_of_every_page_answers_only_when_it_says_something_else(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_alert(pathway)
    client, watch = as_("farid"), address("alert_watch")
    shown = client.get("/t/vallees/families/").content.decode()
    seen = re.search(r'name="vu" value="(\w+)"', shown)
    assert seen is not None

    # With « Je prends l’alerte », whose form has another token in every answer.
    same = client.get(watch, {"vu": seen[1]})
    factories.make_alert(pathway)
    other = client.get(watch, {"vu": seen[1]})

    assert "csrfmiddlewaretoken" in other.content.decode()
    assert (same.status_code, same.content) == (204, b"")
    assert "2\u00a0signes de danger attendent une réponse" in other.content.decode()


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        (AlertKind.CHILD_SIGN, "amal", "team"),
        (AlertKind.CHILD_SIGN, "ines", "team"),
        (AlertKind.CHILD_SIGN, "farid", "amal"),
        (AlertKind.DEATH, "farid", "amal"),
    ],
)
def test_page_of_an_alert_offers_the_call_of_each(
    as_: Any, vallees: scope.Scope, kind: str, name: str, called: str
) -> None:
    """The team calls whoever is at the mother's side; everybody else calls the team."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    User.objects.filter(email="amal@copa.example").update(phone="+33199000177")
    alert = factories.make_alert(pathway, kind, raised_by=factories.who("amal"))
    numbers = {"team": pathway.carrier.phone, "amal": "+33199000177"}

    html = as_(name).get(address("alert", alert.public_id)).content.decode()

    head = html[html.index("<h1") : html.index('aria-labelledby="h-facts"')]
    assert re.findall(r'href="(tel:[^"]+)"', head) == [french.tel(numbers[called])]

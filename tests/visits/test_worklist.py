"""The coordinator's worklist: what waits, for whom, in how many queries."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from copa.kernel import clock
from pathways.enums import AlertKind, PathwayState, ProposalAnswer
from pathways.models import NotProposed, Pathway, ProgrammeRules
from pathways.reads import births as birth_reads
from pathways.reads.births import BirthStep
from tests import queries
from tests.factories import (
    make_alert,
    make_birth,
    make_discharge,
    make_family,
    make_pathway,
    make_proposal,
    make_report,
    make_visit,
    structure,
    who,
)
from visits.enums import VisitState
from visits.models import Visit
from visits.reads import planning
from visits.reads import worklist as reads
from visits.reads.family_file import family_file
from visits.reads.worklist import Filters

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ZONE = "Europe/Paris"


@pytest.fixture
def at(vallees):
    with time_machine.travel(AT, tick=False):
        yield AT


def page(**filters) -> reads.Worklist:
    return reads.worklist(who("elise"), filters=Filters(**filters), at=AT, zone=ZONE)


def planned(pathway: Pathway) -> Pathway:
    """Both visits have their date: nothing to decide."""
    make_visit(pathway, "V1", planned_at=AT + timedelta(days=1))
    make_visit(pathway, "V2", planned_at=AT + timedelta(days=5))
    return pathway


# ---- Cards -----------------------------------------------------------------------------------------------
def test_nothing_waits_in_an_empty_territory(at) -> None:
    shown = page()

    assert shown.waiting == 0
    assert [card.total for card in (shown.births, shown.proposals, shown.unplanned, shown.reports, shown.alerts)] == [
        0
    ] * 5
    assert shown.sign_alert is None


def test_birth_without_proposal_waits_until_its_21st_day(at) -> None:
    make_birth(days_ago=21)
    make_birth(days_ago=22)

    assert page().births.total == 1


def test_birth_in_silence_is_never_proposed(at) -> None:
    make_birth(is_silent=True)

    assert page().births.total == 0


def test_mothers_who_went_home_come_first(at) -> None:
    make_birth(days_ago=5)
    home = make_birth(days_ago=3)
    make_discharge(home, hours=48)

    first = page().births.rows[0]

    assert (first.public_id, first.words) == (home.public_id, "déjà sortie")


def test_card_shows_three_rows_and_counts_all(at) -> None:
    for _ in range(5):
        make_birth()

    assert (page().births.total, len(page().births.rows)) == (5, 3)


def test_births_and_proposals_wait_as_on_the_list_of_births(at, cast) -> None:
    make_birth()
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING)
    make_proposal(make_birth(), answer=ProposalAnswer.YES)
    make_proposal(make_birth(), answer=ProposalAnswer.NO)
    elise, today = cast["elise"].member, date(2026, 11, 3)

    shown = page()

    listed = birth_reads.birth_counts(elise, today, None)
    assert shown.births.total == listed[BirthStep.TO_PROPOSE] == 1
    assert shown.proposals.total == listed[BirthStep.WAITING] + listed[BirthStep.TO_INCLUDE] == 2


def test_inclusion_waits_until_both_visits_have_a_date(at) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, "V1", planned_at=AT + timedelta(days=1))

    waiting = page().unplanned
    make_visit(pathway, "V2", planned_at=AT + timedelta(days=5))

    assert (waiting.total, waiting.rows[0].text[:2]) == (1, "V2")
    assert page().unplanned.total == 0


def test_same_family_lacks_nothing_under_v2_and_a_third_visit_under_v1(at) -> None:
    old = planned(make_pathway(ap=who("amal"), rules=ProgrammeRules.objects.get(code="v1")))
    planned(make_pathway(ap=who("amal")))

    shown, week = page(), planning.week_of(who("elise"), on=None, ap=None, page="1", at=AT, zone=ZONE, region="44")

    assert [row.household.family_id for row in shown.rows] == [old.family_id]
    assert shown.unplanned.rows[0].text.startswith("V3 à fixer")
    assert [row.missing for row in week.unplanned] == ["V3"]


def test_birth_marked_not_proposed_waits_no_more(at) -> None:
    birth = make_birth()
    make_birth()
    NotProposed.objects.create(
        birth=birth, family_id=birth.family_id, reason="TRANSFERRED", noted_by=who("elise"), noted_at=AT
    )

    listed = birth_reads.birth_counts(who("elise"), date(2026, 11, 3), None)

    assert page().births.total == listed[BirthStep.TO_PROPOSE] == 1


def test_births_are_shared_between_their_maternities(at) -> None:
    make_birth()
    make_birth(make_family(maternity=structure("Maternité Montreval")))
    make_birth(make_family(maternity=structure("Maternité Montreval")))

    places = page().births.places

    assert [(place.name, place.total) for place in places] == [("Maternité Montreval", 2), ("Maternité Saint-Rémi", 1)]


@pytest.mark.parametrize("state", [VisitState.CANCELLED, VisitState.NOT_DONE])
def test_visit_that_fell_leaves_its_place_to_fill(at, state: str) -> None:
    pathway = planned(make_pathway(ap=who("amal")))
    first = Visit.objects.get(pathway=pathway, kind="V1")
    first.state, first.not_done_reason = state, "ABSENT"
    first.save(update_fields=["state", "not_done_reason"])

    assert page().unplanned.total == 1


def test_stopped_pathway_waits_for_nothing(at) -> None:
    make_pathway(state=PathwayState.SUSPENDED)
    make_pathway(state=PathwayState.BEREAVED)

    assert page().unplanned.total == 0
    assert page(view="toutes").counts.every == 0


def test_owed_report_waits_late_or_not_and_delivered_one_does_not(at) -> None:
    late = make_visit(
        make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=24, seconds=1)
    )
    make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=24))
    done = make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=5))
    make_report(done, delivered_at=AT - timedelta(hours=1))

    shown = page().reports

    assert (shown.total, shown.urgent) == (2, 1)
    assert shown.rows[0].due_at == late.report_due_at


def test_open_sign_stands_above_everything(at) -> None:
    pathway = make_pathway(ap=who("amal"))
    other = make_alert(pathway, AlertKind.REPORT_OVERDUE, raised_at=AT - timedelta(hours=3))
    sign = make_alert(pathway, AlertKind.CHILD_SIGN, raised_at=AT - timedelta(minutes=18))

    shown = page()

    assert shown.sign_alert.public_id == sign.public_id
    assert (shown.alerts.total, [row.public_id for row in shown.alerts.rows]) == (1, [other.public_id])
    assert (shown.sign_alert.raised_at, shown.sign_alert.facts) == (
        AT - timedelta(minutes=18),
        "Pâleur vue au domicile.",
    )


def test_banner_says_how_many_wait_and_shows_the_most_vital_first(at) -> None:
    make_alert(make_pathway(ap=who("amal")), code="CHILD_URGENT:CHILD_FEVER", raised_at=AT - timedelta(hours=2))
    vital = make_alert(make_pathway(ap=who("amal")), code="CHILD_VITAL:CHILD_FLOPPY", raised_at=AT)
    make_alert(make_pathway(ap=who("amal")), AlertKind.REPORT_OVERDUE, raised_at=AT - timedelta(hours=3))

    shown = page()

    assert shown.sign_alert.public_id == vital.public_id
    assert (shown.sign_alert.total, shown.alerts.total) == (3, 2)
    assert shown.sign_alert.title.startswith("3\u00a0alertes attendent")


def test_page_says_once_how_many_alerts_wait(client, cast, vallees) -> None:
    """The band of the other pages, the one of this page and the card told three counts of the same alerts."""
    for hours in (1, 2):
        make_alert(make_pathway(ap=who("amal")), raised_at=clock.now() - timedelta(hours=hours))
    make_alert(make_pathway(ap=who("amal")), AlertKind.REPORT_OVERDUE, raised_at=clock.now() - timedelta(hours=3))
    client.force_login(cast["elise"].user)

    whole = client.get("/t/vallees/").content.decode()
    band = client.get("/t/vallees/todo/alerts/watch/").content.decode()

    assert re.findall(r"[^<>]*attend(?:ent)? une réponse", whole) == ["3\u00a0alertes attendent une réponse"]
    assert "2</b> autres alertes sans réponse" in whole
    assert "3\u00a0alertes attendent une réponse" in band


def test_protected_alert_tells_no_fact(at) -> None:
    make_alert(make_pathway(ap=who("amal")), AlertKind.PROTECTED, is_sealed=True, facts="secret")

    assert page().sign_alert.facts == ""


def test_taken_alert_waits_no_more(at) -> None:
    make_alert(make_pathway(ap=who("amal")), acknowledged_at=AT, acknowledged_by=who("farid"))

    assert page().alerts.total == 0


def test_each_family_is_counted_once(at) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, state=VisitState.ENDED, ended_at=AT - timedelta(hours=30))
    make_alert(pathway)

    assert page().waiting == 1


# ---- Table -----------------------------------------------------------------------------------------------
def test_table_shows_what_is_to_be_decided_first(at) -> None:
    planned(make_pathway(ap=who("amal")))
    lacking = make_pathway(ap=who("amal"))

    shown = page()

    assert [row.household.family_id for row in shown.rows] == [lacking.family_id]
    assert (shown.counts.todo, shown.counts.every) == (1, 2)
    assert shown.on_course == 1


def test_pathway_whose_visits_are_done_and_delivered_is_to_be_closed(at) -> None:
    pathway = make_pathway(make_birth(days_ago=15), ap=who("amal"))
    for kind, days in (("V1", 9), ("V2", 2)):
        visit = make_visit(pathway, kind, VisitState.ENDED, ended_at=AT - timedelta(days=days))
        make_report(visit, delivered_at=AT - timedelta(days=days, hours=-2))

    row = page(view="fin").rows[0]

    assert (row.decision.words, row.decision.page) == ("Clore le parcours", "visits:close_pathway")


def test_family_whose_days_are_over_is_to_be_closed_and_no_more_to_be_planned(at) -> None:
    pathway = make_pathway(make_birth(days_ago=30), ap=who("amal"))
    visit = make_visit(pathway, "V1", VisitState.ENDED, ended_at=AT - timedelta(days=20))
    make_report(visit, delivered_at=AT - timedelta(days=19, hours=12))

    shown = page(view="toutes")

    assert shown.rows[0].decision.page == "visits:close_pathway"
    assert shown.unplanned.total == 0
    main = family_file(pathway.family, who("elise"), at=AT, zone="Europe/Paris").actions.main
    assert main.page == "visits:close_pathway"


def test_family_included_late_and_never_visited_is_to_be_planned(at) -> None:
    pathway = make_pathway(make_birth(days_ago=30), ap=who("amal"))

    shown = page(view="toutes")

    assert (shown.rows[0].decision.words, shown.unplanned.total) == ("V1 hors dates", 1)
    main = family_file(pathway.family, who("elise"), at=AT, zone="Europe/Paris").actions.main
    assert main.page == "visits:plan"


def test_week_view_holds_monday_to_sunday(at) -> None:
    # 3 November is a Tuesday: Sunday the 8th at 23 h 59 is inside, Monday the 9th at 0 h is not.
    inside, outside = make_pathway(ap=who("amal")), make_pathway(ap=who("amal"))
    make_visit(inside, planned_at=datetime(2026, 11, 8, 22, 59, tzinfo=UTC))
    make_visit(outside, planned_at=datetime(2026, 11, 8, 23, 0, tzinfo=UTC))

    assert [row.household.family_id for row in page(view="semaine").rows] == [inside.family_id]


def test_most_advanced_family_comes_first_or_last(at) -> None:
    old, young = make_pathway(make_birth(days_ago=18)), make_pathway(make_birth(days_ago=2))

    assert [row.household.family_id for row in page().rows] == [old.family_id, young.family_id]
    assert [row.day for row in page(order="jour").rows] == [2, 18]


def test_filters_by_ap_and_sector(at) -> None:
    mine = make_pathway(ap=who("amal"))
    make_pathway(ap=who("bea"))

    found = page(ap=who("amal").public_id)

    assert [row.household.family_id for row in found.rows] == [mine.family_id]
    assert page(sector=who("amal").public_id).rows == []


# ---- Page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [("elise", 200), ("nora", 200), ("olga", 200), ("amal", 302), ("farid", 302), ("gaelle", 302), ("emma", 404)],
)
def test_worklist_answers_each_person(client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get("/t/vallees/").status_code == status


@pytest.mark.parametrize(
    ("name", "page"), [("amal", "day"), ("farid", "reports"), ("gaelle", "pmi"), ("ines", "families")]
)
def test_address_of_the_territory_leads_each_to_her_first_page(client, cast, name: str, page: str) -> None:
    client.force_login(cast[name].user)

    answer = client.get("/t/vallees/", follow=True)

    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"/t/vallees/{page}/")


def test_page_says_how_many_families_wait(client, cast, vallees) -> None:
    make_pathway(ap=who("amal"))
    make_alert(make_pathway(ap=who("bea")))
    client.force_login(cast["elise"].user)

    text = client.get("/t/vallees/").content.decode()

    assert "2\u00a0familles attendent une décision" in text
    assert "Je prends l’alerte" in text


def test_only_those_who_may_take_an_alert_see_the_button(client, cast, vallees) -> None:
    make_alert(make_pathway(ap=who("amal")))
    client.force_login(cast["olga"].user)

    assert "Je prends l’alerte" not in client.get("/t/vallees/").content.decode()


def test_protected_alert_and_its_author_are_two_sentences(client, cast, vallees) -> None:
    make_alert(make_pathway(ap=who("amal")), kind=AlertKind.PROTECTED, is_sealed=True, raised_by=who("amal"))
    client.force_login(cast["elise"].user)

    text = " ".join(client.get("/t/vallees/").content.decode().split())

    assert "appelez l’équipe. Signalée par" in text


@pytest.mark.parametrize("name", ["elise", "nora", "olga"])
def test_no_link_of_the_worklist_is_refused(client, cast, vallees, name: str) -> None:
    everything()
    planned(make_pathway(ap=who("amal")))
    make_pathway()
    over = make_pathway(ap=who("amal"), days_ago=15)
    for kind in ("V1", "V2"):
        make_report(make_visit(over, kind, state=VisitState.ENDED), delivered_at=clock.now())
    client.force_login(cast[name].user)

    links = links_of(client, "/t/vallees/?vue=toutes") | links_of(client, "/t/vallees/births/?etat=toutes")

    assert len(links) > 10
    assert {link: client.get(link).status_code for link in sorted(links)} == dict.fromkeys(sorted(links), 200)


def links_of(client, url: str) -> set[str]:
    """The pages of this territory that a page leads to."""
    text = client.get(url).content.decode()
    return set(re.findall(r'href="(/t/vallees/[^"?#]*)', text))


@pytest.mark.parametrize("query", ["?vue=nimporte", "?ap=1", "?page=zero", "?tri=nom", "?secteur=%00"])
def test_forged_address_shows_the_list(client, cast, query: str) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/vallees/{query}").status_code == 200


def everything() -> None:
    """One of each thing that waits."""
    make_birth()
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING)
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, state=VisitState.ENDED, ended_at=clock.now() - timedelta(hours=2))
    make_alert(pathway)


def test_ten_families_cost_the_queries_of_one(client, cast, vallees) -> None:
    everything()
    client.force_login(cast["elise"].user)
    one = queries.count(client, "/t/vallees/")
    for _ in range(9):
        everything()

    ten = queries.count(client, "/t/vallees/")

    assert ten == one
    assert ten <= 40


def test_band_answers_only_when_it_says_something_else(vallees, as_) -> None:
    with time_machine.travel(AT, tick=False):
        pathway = make_pathway(ap=who("amal"))
        make_alert(pathway)
        shown = as_("elise").get("/t/vallees/").content.decode()
    seen = re.search(r'name="vu" value="(\w+)"', shown)
    assert seen is not None

    with time_machine.travel(AT + timedelta(minutes=2), tick=False):
        same = as_("elise").get("/t/vallees/todo/alerts/watch/", {"vu": seen[1]})
        make_alert(make_pathway(ap=who("amal")))
        other = as_("elise").get("/t/vallees/todo/alerts/watch/", {"vu": seen[1]})

    assert (same.status_code, same.content) == (204, b"")
    assert "2 alertes attendent une réponse" in other.content.decode().replace("\u00a0", " ")

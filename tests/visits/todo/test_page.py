"""« Tâches »: the page itself, its counts, its filters, its queries."""

from datetime import timedelta

from pathways.enums import PathwayState
from tests import queries
from tests.factories import (
    make_alert,
    make_birth,
    make_decision,
    make_early_call,
    make_meeting,
    make_meeting_item,
    make_need,
    make_orientation,
    make_pathway,
    make_proposal,
    make_relay,
    make_visit,
    who,
)
from tests.visits.todo.lines import AT, TODAY, call, page, planned, scale, suggest


# ---- The page --------------------------------------------------------------------------------------------
def everything() -> None:
    """One of each thing that waits."""
    make_birth()
    make_proposal(make_birth())
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, "V1", "ended", ended_at=AT - timedelta(hours=30))
    make_alert(pathway)
    suggest(pathway)
    scale(pathway, TODAY)
    need = make_need(pathway)
    make_orientation(need)
    make_orientation(need, target_type="CPAM", state="SENT", proposed_at=AT - timedelta(days=20))
    make_decision(make_meeting_item(make_meeting(is_validated=True), pathway.family), owner=who("elise"))
    make_relay(planned(), state="declined")
    make_early_call(planned())
    call(planned(), 1)
    make_pathway(days_ago=22, state=PathwayState.NO_NEWS)
    make_pathway(days_ago=30, state=PathwayState.CLOSED, closed_at=AT - timedelta(days=8))


def test_twelve_families_of_everything_cost_the_queries_of_one(as_, at) -> None:
    everything()
    one = {name: queries.count(as_(name), "/t/vallees/todo/") for name in ("elise", "farid", "amal", "gaelle", "nora")}
    for _ in range(11):
        everything()

    assert {name: queries.count(as_(name), "/t/vallees/todo/") for name in one} == one


def test_page_counts_filters_and_survives_a_forged_address(client, cast, at) -> None:
    everything()
    client.force_login(cast["elise"].user)

    whole = client.get("/t/vallees/todo/").content.decode()
    some = client.get("/t/vallees/todo/?sujet=orientations").content.decode()

    total = page().total
    assert f"{total}\u00a0choses à faire" in whole
    assert sum(page().counts.values()) == total
    assert "Décider une orientation" in some
    assert "Présenter CoPa" not in some
    for query in ("?sujet=nimporte", "?sujet=%00", "?page=zero", "?page=999"):
        assert client.get(f"/t/vallees/todo/{query}").status_code == 200


def test_first_page_of_the_coordinator_asks_for_the_other_subjects(client, cast, at) -> None:
    everything()
    client.force_login(cast["elise"].user)

    first = client.get("/t/vallees/").content.decode()
    rest = client.get("/t/vallees/todo/rest/").content.decode()

    assert 'hx-get="/t/vallees/todo/rest/"' in first
    assert "/t/vallees/todo/?sujet=orientations" in rest
    assert "sujet=naissances" not in rest
    assert "hx-get" not in rest


def test_empty_page_says_what_will_come(client, cast, at) -> None:
    client.force_login(cast["marc"].user)

    assert "Rien ne vous attend" in client.get("/t/vallees/todo/").content.decode()

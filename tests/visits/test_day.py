"""The AP's day: her tour in order, the signs of her families, the reports she owes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways.actions.stops import withdraw_pathway
from pathways.models import Child, InclusionAnswers
from territories.models import Structure
from tests import queries
from tests.cast import LAGON, inside
from tests.factories import (
    make_alert,
    make_birth,
    make_circle_member,
    make_death,
    make_family,
    make_pathway,
    make_report,
    make_visit,
    who,
)
from tests.pathways import screening
from visits.enums import VisitState
from visits.reads import day as reads
from visits.reads.context import facts_of

AT = datetime(2026, 11, 3, 13, 22, tzinfo=UTC)  # 14 h 22 in Paris
ZONE = "Europe/Paris"
URL = "/t/vallees/day/"


@pytest.fixture
def now(vallees):
    with time_machine.travel(AT, tick=False):
        yield AT


def tour(name: str = "amal", **options) -> reads.Day:
    return reads.day_of(who(name), on=options.pop("on", None), at=AT, zone=ZONE)


# ---- The tour --------------------------------------------------------------------------------------------
def test_tour_is_in_order_and_unfolds_the_next_stop(now) -> None:
    later = make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=3))
    sooner = make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=1))
    make_visit(make_pathway(ap=who("bea")), planned_at=AT + timedelta(hours=1))

    stops = tour().stops

    assert [stop.public_id for stop in stops] == [sooner.public_id, later.public_id]
    assert [stop.is_next for stop in stops] == [True, False]
    assert stops[1].gap == timedelta(minutes=45)


def test_time_between_two_visits_is_not_called_travel(client, cast, now) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=1))
    make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=3))
    client.force_login(cast["amal"].user)

    text = client.get(URL).content.decode()

    assert "45\u00a0min entre les deux visites" in text
    assert "pour la route" not in text


def test_next_visit_of_a_family_says_how_long_it_lasts(client, cast, now) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, planned_at=AT + timedelta(hours=1), planned_minutes=75)
    client.force_login(cast["amal"].user)

    text = client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()

    assert "à\u00a015\u00a0h\u00a022, dure 1\u00a0h\u00a015" in text


def test_visit_under_way_comes_before_the_planned_ones(now) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=AT - timedelta(hours=2))
    make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, planned_at=AT - timedelta(hours=4))
    started = make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED)

    stops = tour().stops

    assert next(stop for stop in stops if stop.is_next).public_id == started.public_id
    assert stops[0].public_id == started.public_id
    assert [stop.planned_at for stop in stops[1:]] == sorted(stop.planned_at for stop in stops[1:])


def test_visit_entered_yesterday_and_never_left_is_still_there(now) -> None:
    forgotten = make_visit(
        make_pathway(ap=who("amal")),
        state=VisitState.STARTED,
        planned_at=AT - timedelta(days=1),
        started_at=AT - timedelta(days=1),
    )

    assert [stop.public_id for stop in tour().stops] == [forgotten.public_id]


def test_day_ends_at_local_midnight(now) -> None:
    # 23 h 30 in Paris is today, 0 h 30 is tomorrow.
    make_visit(make_pathway(ap=who("amal")), planned_at=datetime(2026, 11, 3, 22, 30, tzinfo=UTC))
    make_visit(make_pathway(ap=who("amal")), planned_at=datetime(2026, 11, 3, 23, 30, tzinfo=UTC))

    assert len(tour().stops) == 1


def test_day_of_the_lagoon_ends_at_its_own_midnight(db) -> None:
    # 20 h 30 UTC is 0 h 30 of the next day in Réunion.
    at = datetime(2026, 11, 3, 20, 30, tzinfo=UTC)
    with scope.opened(inside(LAGON)), time_machine.travel(at, tick=False):
        dora = who("dora")
        make_visit(make_pathway(ap=dora), planned_at=at + timedelta(hours=1))

        shown = reads.day_of(dora, on=None, at=at, zone="Indian/Reunion")

    assert shown.today.isoformat() == "2026-11-04"
    assert len(shown.stops) == 1


def test_missed_visit_stays_on_the_tour(now) -> None:
    missed = make_visit(make_pathway(ap=who("amal")), state=VisitState.NOT_DONE, planned_at=AT)

    assert [stop.public_id for stop in tour().stops] == [missed.public_id]


def test_stop_repeats_what_the_last_report_promised(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    first = make_visit(pathway, "V1", VisitState.ENDED, ended_at=AT - timedelta(days=4))
    make_report(first, delivered_at=AT - timedelta(days=3), answers={"next.tell": "Demander pour les tétées"})
    make_visit(pathway, "V2", planned_at=AT + timedelta(hours=1))

    (stop,) = tour().stops

    assert (stop.told, stop.told_at, stop.has_epds) == ("Demander pour les tétées", "V1", True)


def test_scale_filled_at_the_office_is_not_announced_again(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    visit = make_visit(pathway, "V2", planned_at=AT + timedelta(hours=1))
    screening.fill_epds(pathway, at=AT - timedelta(days=2))

    assert [stop.has_epds for stop in tour().stops] == [False]
    assert facts_of(visit.pk, make_report(visit).form_id, AT + timedelta(hours=1)).context.epds_due is False


@pytest.mark.parametrize(
    ("said", "is_known", "text"),
    [
        ({"wish": "NO"}, True, "ne souhaite pas allaiter"),
        (
            {"wish": "YES", "goal_kind": "DURATION", "goal_weeks": 9, "goal_is_exclusive": True},
            True,
            "allaiter 9 semaines",
        ),
        # A goal left for the first visit, and a wish not made up yet, are asked there.
        ({"wish": "YES"}, False, ""),
        ({"wish": "UNDECIDED"}, False, ""),
        (None, False, ""),
    ],
)
def test_goal_told_at_the_inclusion_is_not_asked_again(
    said: dict[str, Any] | None, *, is_known: bool, text: str, now
) -> None:
    visit = make_visit(make_pathway(ap=who("amal")))
    if said is not None:
        InclusionAnswers.objects.create(
            family=visit.family, pathway=visit.pathway, vulnerability="NO", answered_at=AT, **said
        )

    context = facts_of(visit.pk, make_report(visit).form_id, AT).context

    assert (context.goal_known, context.goal_text.replace("\u00a0", " ")) == (is_known, text)


@pytest.mark.parametrize(
    ("fields", "is_known"),
    [
        ({}, True),
        ({"role": "PMI_MIDWIFE"}, True),
        ({"since": date(2099, 1, 1)}, False),
        (None, False),
    ],
)
def test_midwife_named_without_an_account_is_a_midwife(fields: dict[str, Any] | None, *, is_known: bool, now) -> None:
    """R068: typed by hand at the inclusion, she opens no file; the form asks after her all the same."""
    visit = make_visit(make_pathway(ap=who("amal")))
    if fields is not None:
        make_circle_member(visit.family, name="Jeanne Sage", **({"role": "LIBERAL_MIDWIFE"} | fields))

    assert facts_of(visit.pk, make_report(visit).form_id, clock.now()).context.sfl_known is is_known


def test_stop_repeats_neither_a_later_visit_nor_a_draft(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, "V1", VisitState.ENDED, ended_at=AT - timedelta(hours=20))
    second = make_visit(pathway, "V2", VisitState.ENDED, ended_at=AT - timedelta(hours=2))
    make_report(second, delivered_at=AT - timedelta(hours=1), answers={"next.tell": "Pour la troisième"})
    other = make_pathway(ap=who("amal"))
    unsigned = make_visit(other, "V1", VisitState.ENDED, ended_at=AT - timedelta(hours=19))
    make_report(unsigned, signed=False, answers={"next.tell": "Pas encore relu"})
    make_visit(other, "V2", planned_at=AT + timedelta(hours=1))

    shown = tour()

    assert [(stop.kind, stop.told) for stop in shown.stops] == [("V2", ""), ("V2", "")]
    assert [(stop.kind, stop.told) for stop in shown.owed] == [("V1", ""), ("V1", "")]


def test_reports_of_other_days_wait_below_with_their_clock(now) -> None:
    owed = make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=20))
    done = make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=30))
    make_report(done, delivered_at=AT - timedelta(hours=20))

    shown = tour()

    assert [stop.public_id for stop in shown.owed] == [owed.public_id]


def test_report_owed_names_the_child_beside_a_neighbour_of_the_same_name(as_: Any, now) -> None:
    owed = make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=AT - timedelta(hours=20))
    Child.objects.filter(birth=owed.pathway.birth_id).update(first_name="Aaron")

    page = as_("amal").get(URL)

    [stop] = page.context["day"].owed
    assert stop.children == "Aaron"
    assert f"{stop.family.name}, Aaron, V1" in page.content.decode()


def test_signs_of_her_families_stand_above_the_tour(now) -> None:
    make_alert(make_pathway(ap=who("amal")))
    make_alert(make_pathway(ap=who("bea")))

    assert [sign.facts for sign in tour().signs] == ["Pâleur vue au domicile."]


def test_sign_of_a_life_in_danger_stands_before_an_older_one(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_alert(
        pathway, "mother_sign", code="MOTHER_URGENT:MOTHER_SCAR", facts="Cicatrice", raised_at=AT - timedelta(hours=1)
    )
    make_alert(pathway, "mother_sign", code="MOTHER_VITAL:MOTHER_BLEEDING", facts="Saigne", raised_at=AT)

    assert [sign.facts for sign in tour().signs] == ["Saigne", "Cicatrice"]


def test_unanswered_sign_is_red_and_has_its_number_on_the_page_of_the_family(now, client, cast) -> None:
    pathway = make_pathway(ap=who("amal"))
    Structure.objects.filter(pk=pathway.carrier_id).update(phone="+33199003107")
    make_alert(pathway, raised_at=AT)
    client.force_login(cast["amal"].user)

    page = client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()

    signs = page.partition("Alertes de la famille")[2].partition("</section>")[0]
    assert 'data-state="bad"' in signs
    assert 'href="tel:+33199003107"' in signs


def test_protected_sign_shows_neither_sign_nor_facts(now) -> None:
    make_alert(make_pathway(ap=who("amal")), "mother_sign", is_sealed=True)

    (sign,) = tour().signs

    assert (sign.kind, sign.facts) == ("Alerte protégée\u00a0: appelez l’équipe", "")


# ---- Pages -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", [URL, "/t/vallees/emergency/"])
@pytest.mark.parametrize(("name", "status"), [("amal", 200), ("elise", 403), ("farid", 403), ("dora", 404)])
def test_day_is_the_ap_s(client, cast, url: str, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(url).status_code == status


def test_every_visit_to_come_today_may_be_entered(vallees, client, cast) -> None:
    visits = [make_visit(make_pathway(ap=who("amal")), planned_at=clock.now() + timedelta(minutes=n)) for n in (1, 2)]
    client.force_login(cast["amal"].user)

    text = client.get(URL).content.decode()

    for visit in visits:
        assert f'action="/t/vallees/visits/{visit.public_id}/enter/"' in text


def test_every_visit_in_progress_may_be_left(vallees, client, cast) -> None:
    at = clock.now()
    visits = [
        make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED, planned_at=at - timedelta(hours=n))
        for n in (4, 3, 2, 1)
    ]
    withdraw_pathway(pathway=visits[1].pathway, by=who("elise"), at=at)
    birth = visits[2].pathway.birth
    make_death(birth, Child.objects.get(birth=birth))
    client.force_login(cast["amal"].user)

    text = client.get(URL).content.decode()

    for visit in visits:
        assert f'action="/t/vallees/visits/{visit.public_id}/leave/"' in text
        assert f'href="/t/vallees/visits/{visit.public_id}/report/"' in text
        file = f"/t/vallees/families/{visit.family.public_id}/"
        assert f'href="{file}"' in text
        assert client.get(file).status_code == 200


def test_time_between_two_visits_is_told_only_while_both_are_to_come(now) -> None:
    make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, planned_at=AT, ended_at=AT - timedelta(hours=5))
    make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=2), planned_minutes=60)
    make_visit(make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=4))

    assert [stop.gap for stop in tour().stops] == [None, None, timedelta(hours=1)]


def test_day_page_shows_address_contact_rules_and_buttons(vallees, client, cast) -> None:
    family = make_family(name="Colin", access_hint="Portail vert", no_voice_mail=True, contact_hours=["MORNING"])
    make_visit(make_pathway(make_birth(family), ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["amal"].user)

    text = client.get(URL).content.decode()

    for words in ("Portail vert", "Pas de message vocal.", "Le matin seulement.", "J’entre chez la famille"):
        assert words in text


@pytest.mark.parametrize("asked", ["2026-02-30", "hier", "", "9999-99-99"])
def test_impossible_date_shows_today(client, cast, asked: str) -> None:
    client.force_login(cast["amal"].user)

    assert client.get(URL, {"date": asked}).context["day"].is_today


def test_emergency_page_names_numbers_and_team(vallees, client, cast) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["amal"].user)

    text = client.get("/t/vallees/emergency/").content.decode()

    for number in ("tel:15", "tel:112", "sms:114", "tel:3114", "tel:119", "tel:+33199001248"):
        assert number in text


def test_ten_stops_cost_the_queries_of_one(vallees, client, cast) -> None:
    def one_more(n: int) -> None:
        pathway = make_pathway(ap=who("amal"))
        make_visit(pathway, planned_at=clock.now() + timedelta(minutes=n))
        other = make_pathway(ap=who("amal"))
        make_visit(other, state=VisitState.ENDED, ended_at=clock.now() - timedelta(days=2))
        make_alert(pathway)

    one_more(1)
    client.force_login(cast["amal"].user)
    one = queries.count(client, URL)
    for n in range(9):
        one_more(n)

    assert queries.count(client, URL) == one
    # Four of them ask for early discharges, for signs that somebody answers, for the line that answers now and for
    # deviations to code; they find nothing on most days.
    assert one <= 19

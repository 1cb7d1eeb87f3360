"""After a death: every screen falls silent at once, nothing is owed, nothing written before is lost (A38)."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.html import strip_tags

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import deaths
from pathways.actions.stops import withdraw_pathway
from pathways.enums import AlertKind, PathwayState
from pathways.models import Alert, Birth, Child, Death, Pathway
from territories.models import OutgoingMessage
from tests.factories import make_birth, make_death, make_family, make_pathway, make_visit, who
from tests.guards import GuardedClient
from tests.visits import reports
from tests.visits.questionnaires import child
from visits import tasks
from visits.actions import conduct
from visits.actions.report import sign_report
from visits.enums import VisitState
from visits.models import Report, Visit
from visits.reads.report import report_page

DEAD = {"child__flag_any": "NOT_SEEN", "child__absent": "DECEASED"}


def under_way(children: int = 1, kind: str = "V2", **options: Any) -> Visit:
    """Amal is in the home of a family; its first child is Noé1."""
    birth = make_birth(make_family(name="Silence"), days_ago=11, children=children)
    state = options.pop("state", VisitState.STARTED)
    visit: Visit = make_visit(make_pathway(birth, ap=who("amal")), kind, state, **options)
    return visit


def children_of(visit: Visit) -> list[Child]:
    return list(Child.objects.filter(birth=visit.pathway.birth_id).order_by("rank"))


def dead_row(child_: Child, **more: Any) -> dict[str, Any]:
    return {"child.ref": str(child_.public_id), "child.flag_any": "NOT_SEEN", "child.absent": "DECEASED"} | more


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    return under_way()


@pytest.fixture
def twins(vallees: scope.Scope) -> Visit:
    return under_way(2)


def url(visit: Visit, tail: str = "report/") -> str:
    return f"/t/vallees/visits/{visit.public_id}/{tail}"


def put(client: GuardedClient, visit: Visit, answers: dict[str, Any], **more: Any) -> Any:
    body = {"form": "copa-visit-report", "revision": 0, "screen": "tablet", "answers": answers} | more
    return client.put(url(visit, "report/draft/"), json.dumps(body), content_type="application/json")


# ---- Noted in the report ---------------------------------------------------------------------------------
def test_child_noted_dead_in_the_report_falls_silent_with_that_saving(visit: Visit) -> None:
    (lubin,) = children_of(visit)

    reports.save(visit, {"child": [dead_row(lubin)]})

    death = Death.objects.get()
    assert (death.child, death.noted_by, death.confirmed_by) == (lubin, visit.ap, None)
    assert Birth.objects.get().is_silent
    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert [alert.kind for alert in Alert.objects.all()] == [AlertKind.DEATH]


def test_saving_again_notes_it_once_and_a_mistake_taken_back_is_not_noted_anew(visit: Visit) -> None:
    (lubin,) = children_of(visit)
    reports.save(visit, {"child": [dead_row(lubin)]})
    reports.save(visit, {"child": [dead_row(lubin)]}, revision=1)
    deaths.undo_death(death=Death.objects.get(), reason="Autre case.", by=who("farid"), at=clock.now())

    later = reports.save(visit, {"child": [dead_row(lubin)]}, revision=2, base={"child": [dead_row(lubin)]})

    assert Death.objects.count() == 1
    assert not Birth.objects.get().is_silent
    assert "child.absent" not in later.answers["child"][0]


def test_twin_noted_dead_leaves_the_form_and_the_other_one_stays(as_: Any, twins: Visit) -> None:
    first, second = children_of(twins)
    drawn = as_("amal").get(url(twins)).context["page"].standing

    reply = put(as_("amal"), twins, {"child": [dead_row(first), {"child.ref": str(second.public_id)}]}).json()
    page = as_("amal").get(url(twins))

    assert reply["standing"] != drawn
    assert page.context["page"].standing == reply["standing"]
    html = page.content.decode()
    assert "Noé1" not in html
    assert "Noé2" in html
    assert f"child/{first.public_id}" not in html
    assert Pathway.objects.get().state == PathwayState.ACTIVE


def test_what_was_written_about_the_child_before_is_kept_whatever_is_saved_after(twins: Visit) -> None:
    first, second = children_of(twins)
    reports.save(twins, {"child": [child(str(first.public_id)), child(str(second.public_id))]})
    make_death(twins.pathway.birth, first)

    newer_page = reports.save(twins, {"child": [child(str(second.public_id), child__feed__now="FORMULA")]}, revision=1)

    rows = {row["child.ref"]: row["child.feed.now"] for row in newer_page.answers["child"]}
    assert rows == {str(first.public_id): "BREAST", str(second.public_id): "FORMULA"}


def test_what_was_written_survives_a_page_drawn_during_the_silence(twins: Visit) -> None:
    first, second = children_of(twins)
    reports.save(twins, {"child": [child(str(first.public_id)), child(str(second.public_id))]})
    death = make_death(twins.pathway.birth, first)
    drawn = {"child": [child(str(second.public_id))]}
    deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=clock.now())

    after = reports.save(
        twins, {"child": [child(str(second.public_id), child__feed__now="FORMULA")]}, revision=1, base=drawn
    )

    assert {row["child.ref"] for row in after.answers["child"]} == {str(first.public_id), str(second.public_id)}


def test_child_whose_answers_are_cleared_leaves_the_document(twins: Visit) -> None:
    rows = [child(str(one.public_id)) for one in children_of(twins)]
    reports.save(twins, {"child": rows})

    after = reports.save(twins, {"child": rows[1:]}, revision=1, base={"child": rows})

    assert [row["child.ref"] for row in after.answers["child"] if len(row) > 1] == [rows[1]["child.ref"]]


def test_signed_report_of_a_twin_begins_with_the_death_and_asks_nothing_of_it(vallees: scope.Scope) -> None:
    visit = under_way(2, "V1", state=VisitState.ENDED)
    first, _ = children_of(visit)
    before = reports.answers(visit)
    reports.save(visit, before)
    rows = [dead_row(first), before["child"][1]]

    reports.save(visit, before | {"child": rows}, revision=1)
    signed = sign_report(visit=visit, author=visit.ap, at=clock.now())
    page = report_page(signed, who("farid"), clock.now())

    assert (page.remember[0].label, page.remember[0].text) == ("Décès", "Noé1")
    before_death = next(block for block in page.blocks if block.code == "before")
    assert any("Décédé" in line.text for line in before_death.lines)
    assert "Noé1" not in str(next(block for block in page.blocks if block.code == "head").lines)


# ---- Noted by the team while she is inside ---------------------------------------------------------------
def test_open_report_learns_it_with_the_next_saving_and_keeps_what_she_typed(as_: Any, visit: Visit) -> None:
    (lubin,) = children_of(visit)
    drawn = as_("amal").get(url(visit)).context["page"].standing
    make_death(visit.pathway.birth, lubin, by=who("elise"))

    typed = {"child": [child(str(lubin.public_id), child__flag_any="SOME", child__flags=["CHILD_BLUE_GREY"])]}
    reply = put(as_("amal"), visit, typed)

    assert reply.status_code == 200
    assert reply.json()["standing"] != drawn
    assert Report.objects.get().answers["child"][0]["child.flags"] == ["CHILD_BLUE_GREY"]
    assert not Alert.objects.exclude(kind=AlertKind.DEATH).exists()


def test_page_of_the_report_says_it_at_once_and_asks_nothing(as_: Any, visit: Visit) -> None:
    make_death(visit.pathway.birth, children_of(visit)[0], by=who("elise"))

    html = as_("amal").get(url(visit)).content.decode()

    assert "Cette famille est en deuil" in html
    assert "Aucun compte rendu n’est attendu" in html
    assert "J11" not in strip_tags(html)
    for word in ("Noé1", "11 jours", "data-copa-question", "data-copa-clock"):
        assert word not in html


def test_free_note_is_kept_beside_what_was_written_and_may_be_taken_back(as_: Any, visit: Visit) -> None:
    (lubin,) = children_of(visit)
    reports.save(visit, {"child": [child(str(lubin.public_id))], "who.present": ["MOTHER"]})
    make_death(visit.pathway.birth, lubin)

    answer = as_("amal").post(url(visit, "report/note/"), {"note": "Je suis restée jusqu’à l’arrivée du père."})

    assert answer.status_code == 302
    kept = Report.objects.get().answers
    assert kept["note.free"] == "Je suis restée jusqu’à l’arrivée du père."
    assert kept["who.present"] == ["MOTHER"]
    assert kept["child"][0]["child.feed.now"] == "BREAST"
    as_("amal").post(url(visit, "report/note/"), {"note": ""})
    assert "note.free" not in Report.objects.get().answers


def test_note_that_is_too_long_stays_on_the_page(as_: Any, visit: Visit) -> None:
    make_death(visit.pathway.birth, children_of(visit)[0])

    answer = as_("amal").post(url(visit, "report/note/"), {"note": "a" * 601})

    assert answer.status_code == 422
    assert "a" * 601 in answer.content.decode()
    assert not Report.objects.exists()


def test_report_is_neither_signed_nor_lost_in_mourning(as_: Any, visit: Visit) -> None:
    (lubin,) = children_of(visit)
    reports.save(visit, reports.answers(visit))
    make_death(visit.pathway.birth, lubin)

    answer = as_("amal").post(url(visit, "report/sign/"), {"who.present": "MOTHER"}, follow=True)

    assert "Cette famille est en deuil" in answer.content.decode()
    assert Report.objects.get().state == "draft"
    with pytest.raises(BusinessError, match="Aucun compte rendu"):
        sign_report(visit=visit, author=visit.ap, at=clock.now())


def test_she_leaves_whatever_sign_waits_and_owes_nothing(as_: Any, visit: Visit) -> None:
    (lubin,) = children_of(visit)
    typed = {"child": [child(str(lubin.public_id), child__flag_any="SOME", child__flags=["CHILD_BLUE_GREY"])]}
    reports.save(visit, typed | {"mother.flag_any": "SOME", "mother.flags": ["MOTHER_BLEEDING"]})
    make_death(visit.pathway.birth, lubin)

    answer = as_("amal").post(url(visit, "leave/"))

    left = Visit.objects.get()
    assert answer.url == "/t/vallees/day/"
    assert (left.state, left.report_due_at) == (VisitState.ENDED, None)
    with time_machine.travel(clock.now() + timedelta(hours=30), tick=False):
        tasks.watch_report_deadlines(str(scope.current_territory_id()))
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="report").exists()
    assert not Alert.objects.filter(kind=AlertKind.REPORT_OVERDUE).exists()


def test_sign_of_the_dead_child_waits_no_more_and_that_of_its_twin_does(twins: Visit) -> None:
    first, second = children_of(twins)
    rows = [
        child(str(one.public_id), child__flag_any="SOME", child__flags=["CHILD_BLUE_GREY"]) for one in (first, second)
    ]
    reports.save(twins, {"child": rows})
    death = make_death(twins.pathway.birth, first)

    (waiting,) = Alert.objects.open()
    assert waiting.code.endswith(":2")
    deaths.undo_death(death=death, reason="Erreur.", by=who("farid"), at=clock.now())
    assert Alert.objects.open().count() == 2


def test_report_already_owed_is_owed_no_more_until_the_mistake_is_taken_back(vallees: scope.Scope) -> None:
    visit = reports.ended_visit()
    death = make_death(visit.pathway.birth, children_of(visit)[0])
    assert not Visit.objects.report_missing().exists()

    deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=clock.now())

    owed = Visit.objects.report_missing().get()
    assert owed.report_due_at - clock.now() > timedelta(hours=23, minutes=59)


# ---- Every screen ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("amal", "day/"),
        ("amal", "planning/"),
        ("amal", "families/"),
        ("amal", "emergency/"),
        ("amal", "family"),
        ("elise", ""),
        ("elise", "families/"),
        ("elise", "births/?tout=1"),
        ("elise", "planning/"),
        ("elise", "alerts/?etat=toutes"),
        ("elise", "relays/"),
        ("elise", "reports/"),
        ("elise", "family"),
        ("farid", "reports/?etat=attendus"),
        ("farid", "alerts/"),
        ("farid", "family"),
        ("gaelle", "relays/"),
    ],
)
def test_no_screen_names_the_child_or_its_age(as_: Any, visit: Visit, person: str, page: str) -> None:
    make_visit(visit.pathway, "V3", planned_at=clock.now() + timedelta(hours=4))
    make_death(visit.pathway.birth, children_of(visit)[0], by=who("amal"), is_confirmed=False)
    address = f"families/{visit.family.public_id}/" if page == "family" else page

    answer = as_(person).get(f"/t/vallees/{address}")

    html = answer.content.decode()
    assert answer.status_code == 200
    for word in ("Noé1", "11 jours", "compte rendu attendu", "Compte rendu attendu"):
        assert word not in html


def test_day_card_of_a_family_in_mourning_offers_to_leave_and_a_word(as_: Any, visit: Visit) -> None:
    make_death(visit.pathway.birth, children_of(visit)[0])

    html = as_("amal").get("/t/vallees/day/").content.decode()

    assert "Cette famille est en deuil" in html
    assert "Je sors" in html
    assert "Un mot à l’équipe" in html
    assert "J’entre" not in html


def test_bereaved_file_says_the_name_once_in_its_head(as_: Any, visit: Visit) -> None:
    make_death(visit.pathway.birth, children_of(visit)[0])

    html = as_("elise").get(f"/t/vallees/families/{visit.family.public_id}/").content.decode()
    head = html[html.index("<h1>") : html.index("</h1>") + 600]

    assert head.count("Famille Silence") == 1


def test_line_for_the_team_is_no_alarm_of_the_auxiliary(as_: Any, visit: Visit) -> None:
    make_death(visit.pathway.birth, children_of(visit)[0], by=who("amal"), is_confirmed=False)

    for page in ("alerts/", "day/"):
        assert "Deuil dans une famille" not in as_("amal").get(f"/t/vallees/{page}").content.decode()
    told = as_("farid").get("/t/vallees/alerts/").content.decode()
    assert told.count("<h2>Deuil dans une famille") == 1
    assert "À confirmer" in told


@pytest.mark.parametrize("person", ["elise", "farid"])
def test_team_reads_what_she_had_written(as_: Any, visit: Visit, person: str) -> None:
    (lubin,) = children_of(visit)
    reports.save(visit, {"child": [child(str(lubin.public_id))], "note.free": "Le bébé dormait."})
    make_death(visit.pathway.birth, lubin)
    link = url(visit, "report/kept/")

    assert link in as_(person).get(f"/t/vallees/families/{visit.family.public_id}/").content.decode()
    html = as_(person).get(link).content.decode()

    assert "Le bébé dormait." in html
    assert "Lait maternel seulement" in html


def test_draft_of_a_running_pathway_is_nobody_elses(as_: Any, visit: Visit) -> None:
    reports.save(visit, {"note.free": "En cours."})

    assert as_("farid").get(url(visit, "report/kept/")).status_code == 403


# ---- At the door -----------------------------------------------------------------------------------------
def test_visit_not_done_offers_a_death_and_asks_who(as_: Any, vallees: scope.Scope) -> None:
    visit = under_way(2, "V1", state=VisitState.PLANNED, planned_at=clock.now())

    assert "Un décès" in as_("amal").get(url(visit, "not-done/")).content.decode()
    asked = as_("amal").post(url(visit, "not-done/"), {"reason": "BEREAVEMENT"})
    page = as_("amal").get(asked.url).content.decode()

    assert Visit.objects.get().state == VisitState.PLANNED
    for words in ("Je suis désolée. Je suis là.", "La mère, Samira", "Noé1", "Noé2"):
        assert words in page


def test_death_told_at_the_door_marks_the_visit_and_silences_at_once(as_: Any, vallees: scope.Scope) -> None:
    visit = under_way(1, "V1", state=VisitState.PLANNED, planned_at=clock.now())
    make_visit(visit.pathway, "V2", planned_at=clock.now() + timedelta(days=3))
    (lubin,) = children_of(visit)

    as_("amal").post(url(visit, "death/"), {"who": str(lubin.public_id), "pas_faite": "1"})

    first, second = Visit.objects.order_by("kind")
    assert (first.state, first.not_done_reason) == (VisitState.NOT_DONE, "BEREAVEMENT")
    assert second.state == VisitState.CANCELLED
    assert Birth.objects.get().is_silent
    assert Death.objects.get().confirmed_at is None


def test_death_told_during_the_visit_leaves_her_inside(as_: Any, visit: Visit) -> None:
    as_("amal").post(url(visit, "death/"), {"who": "mother"})

    assert Visit.objects.get().state == VisitState.STARTED
    assert Death.objects.get().child is None


def test_nobody_chosen_changes_nothing(as_: Any, visit: Visit) -> None:
    assert as_("amal").post(url(visit, "death/"), {"pas_faite": "1"}).status_code == 422
    assert not Death.objects.exists()
    assert Visit.objects.get().state == VisitState.STARTED


# ---- The mother withdraws while she is inside ------------------------------------------------------------
def test_withdrawal_during_the_visit_is_told_and_starts_no_clock(as_: Any, visit: Visit) -> None:
    drawn = as_("amal").get(url(visit)).context["page"].standing
    withdraw_pathway(pathway=visit.pathway, by=who("elise"), at=clock.now())

    reply = put(as_("amal"), visit, {"who.present": ["MOTHER"]})
    report = as_("amal").get(url(visit)).content.decode()
    day = as_("amal").get("/t/vallees/day/").content.decode()
    as_("amal").post(url(visit, "leave/"))

    assert reply.json()["standing"] != drawn
    assert Report.objects.get().answers["who.present"] == ["MOTHER"]
    for page in (report, day):
        assert "La mère a arrêté CoPa" in page
        assert "aucun compte rendu n’est attendu" in page
    assert Visit.objects.get().report_due_at is None
    assert not Visit.objects.report_missing().exists()


def test_withdrawal_after_the_visit_leaves_its_report_owed(vallees: scope.Scope) -> None:
    visit = reports.ended_visit()

    withdraw_pathway(pathway=visit.pathway, by=who("elise"), at=clock.now())

    assert Visit.objects.report_missing().get() == visit


def test_leaving_after_the_other_twin_died_still_owes_the_report(twins: Visit) -> None:
    make_death(twins.pathway.birth, children_of(twins)[0])

    left = conduct.end_visit(visit=twins, at=clock.now())

    assert left.report_due_at is not None

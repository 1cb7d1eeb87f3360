"""A draft loses nothing, is never refused for being unfinished, and raises its alerts at the tap."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import scope
from pathways.enums import AlertKind
from pathways.models import Alert, Family
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from tests.visits.questionnaires import child
from visits.actions.report import Origin, StaleRevision, save_draft
from visits.models import Report, SealedAnswers, Visit


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    return reports.ended_visit()


def url(visit: Visit, tail: str = "") -> str:
    return f"/t/vallees/visits/{visit.public_id}/report/{tail}"


def put(client: GuardedClient, visit: Visit, answers: dict[str, Any], **more: Any) -> Any:
    body = {"form": "copa-visit-report", "revision": 0, "screen": "tablet", "answers": answers} | more
    return client.put(url(visit, "draft/"), json.dumps(body), content_type="application/json")


@pytest.fixture
def amal(client: GuardedClient, cast: dict[str, Person]) -> GuardedClient:
    client.force_login(cast["amal"].user)
    return client


def test_opening_the_form_writes_nothing(amal: GuardedClient, visit: Visit) -> None:
    response = amal.get(url(visit))

    assert response.status_code == 200
    assert not Report.objects.exists()


def test_first_saving_makes_the_draft_and_says_its_revision(amal: GuardedClient, visit: Visit) -> None:
    reply = put(amal, visit, {"who.present": ["MOTHER"]}).json()

    report = Report.objects.get(visit=visit)
    assert reply["revision"] == report.revision == 1
    assert report.answers["who.present"] == ["MOTHER"]
    assert report.author_id == visit.ap_id


def test_unfinished_answers_are_kept_as_typed(amal: GuardedClient, visit: Visit) -> None:
    """« 38, » is half a temperature: the page gets it back with a sentence beside it."""
    baby = child(str(factories.Child.objects.get(birth=visit.pathway.birth_id).public_id), child__flag_any="SOME")
    reply = put(amal, visit, {"child": [baby | {"child.temp": "38,"}]})

    assert reply.status_code == 200
    assert list(reply.json()["errors"].values())[-1] == "Écrivez un nombre, par exemple 12,4."
    assert list(Report.objects.get().typed.values()) == ["38,"]
    assert b'value="38,"' in amal.get(url(visit)).content


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({"mother.secret": "x"}, "mother.secret"),
        ({"epds.total": 3, "ctx.day": 4}, "ctx.day"),
        ({"who.alone": "PERHAPS"}, "who.alone"),
        ({"who.present": [{"code": "MOTHER"}]}, "who.present"),
        ({"note.free": 12}, "note.free"),
        ({"child": [{"child.ref": "somebody-else", "child.flag_any": "NONE"}]}, "child/0"),
        ({"child": "NONE"}, "child"),
        ({"alert/__row__/alert.facts": "x"}, "alert/__row__/alert.facts"),
        ({"alert.facts": "x"}, "alert.facts"),
        ({"alert": [{"alert.family": ["CHILD"]}]}, "alert/0"),
    ],
)
def test_what_the_form_never_offered_is_refused_and_nothing_is_kept(
    amal: GuardedClient, visit: Visit, answers: dict[str, Any], path: str
) -> None:
    response = put(amal, visit, {"who.present": ["MOTHER"]} | answers)

    assert response.status_code == 400
    assert response.json()["code"] == "refused_answers"
    assert path in response.json()["fields"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["alert/__row__/alert.facts", "need.item/__row__/need.item.facts", "secret"])
def test_a_field_of_no_question_refuses_the_whole_page_and_the_draft_stands(
    amal: GuardedClient, visit: Visit, name: str
) -> None:
    put(amal, visit, {"who.present": ["MOTHER"]})

    as_page = amal.post(url(visit), {"who.present": "MOTHER", "_revision": "1", "_screen": "tablet", name: "x"})
    as_json = put(amal, visit, {"who.present": ["MOTHER"], name: "x"}, revision=1)

    assert (as_page.status_code, as_json.status_code) == (400, 400)
    assert set(as_json.json()) == {"code", "message", "fields"}
    assert Report.objects.get().revision == 1


def test_a_nul_in_what_cannot_be_read_is_dropped(amal: GuardedClient, visit: Visit) -> None:
    baby = child(str(factories.Child.objects.get(birth=visit.pathway.birth_id).public_id), child__flag_any="SOME")

    reply = put(amal, visit, {"child": [baby | {"child.temp": "38,\x00"}]}, screen="tab\x00let")

    assert reply.status_code == 200
    assert list(Report.objects.get().typed.values()) == ["38,"]


def test_the_reply_says_the_hour_of_the_territory(amal: GuardedClient, visit: Visit) -> None:
    with time_machine.travel(datetime(2026, 11, 3, 8, 5, tzinfo=UTC), tick=False):
        reply = put(amal, visit, {"who.present": ["MOTHER"]}).json()

    assert reply["saved_words"] == "Gardé à 9\u00a0h\u00a005"


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b'{"answers": 3}',
        pytest.param(b'{"answers": {"note.free": "\\ud800"}}', id="half a surrogate pair"),
        pytest.param(b'{"answers": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="nested without end"),
        pytest.param(b'{"answers": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}", id="nested too deep"),
    ],
)
def test_an_unreadable_sending_gets_the_error_shape(amal: GuardedClient, visit: Visit, body: bytes) -> None:
    response = amal.put(url(visit, "draft/"), body, content_type="application/json")

    assert response.status_code == 400
    assert set(response.json()) == {"code", "message", "fields"}


def test_sealed_answers_are_stored_apart(amal: GuardedClient, visit: Visit) -> None:
    put(amal, visit, {"who.present": ["MOTHER"], "home.flags": ["HOME_VIOLENCE_TOLD"]})

    report = Report.objects.get()
    assert "VIOLENCE" not in json.dumps(report.answers)
    sealed = {"alert": [{"alert.family": "PROTECTED"}], "home.flags": ["HOME_VIOLENCE_TOLD"]}
    assert SealedAnswers.objects.get(report=report).answers == sealed
    assert b"HOME_VIOLENCE_TOLD" in amal.get(url(visit)).content


# ---- Two screens ------------------------------------------------------------------------------------------
def test_another_screen_saved_meanwhile_both_versions_are_shown_and_nothing_is_lost(
    amal: GuardedClient, visit: Visit
) -> None:
    put(amal, visit, {"who.present": ["MOTHER"]}, screen="phone")

    response = put(amal, visit, {"who.present": ["MOTHER", "COPARENT"]}, screen="tablet")

    assert response.status_code == 409
    reply = response.json()
    assert reply["code"] == "stale_revision"
    assert reply["theirs"]["revision"] == 1
    assert reply["theirs"]["differences"] == [
        {"path": "who.present", "label": "Qui était là\u202f?", "mine": "Mère, Coparent", "theirs": "Mère"}
    ]
    assert Report.objects.get().answers["who.present"] == ["MOTHER"]


def test_choosing_ones_own_version_after_a_conflict_keeps_it(amal: GuardedClient, visit: Visit) -> None:
    put(amal, visit, {"who.present": ["MOTHER"]}, screen="phone")
    theirs = put(amal, visit, {"who.present": ["COPARENT"]}).json()["theirs"]

    response = put(amal, visit, {"who.present": ["COPARENT"]}, revision=theirs["revision"])

    assert response.status_code == 200
    assert Report.objects.get().answers["who.present"] == ["COPARENT"]


def test_a_saving_whose_answer_was_lost_on_the_road_is_not_a_conflict(amal: GuardedClient, visit: Visit) -> None:
    put(amal, visit, {"who.present": ["MOTHER"]})

    response = put(amal, visit, {"who.present": ["MOTHER", "SIBLINGS"]}, revision=0)

    assert response.json()["revision"] == 2


def test_a_conflict_does_not_silence_a_danger_sign(vallees: scope.Scope, visit: Visit) -> None:
    reports.save(visit, {"who.present": ["MOTHER"]}, screen="phone")

    with pytest.raises(StaleRevision):
        save_draft(
            visit=visit,
            author=visit.ap,
            document={"who.present": ["MOTHER"], "mother.flag_any": "SOME", "mother.flags": ["MOTHER_BLEEDING"]},
            origin=Origin(revision=0, screen="tablet"),
            at=visit.ended_at,
        )

    assert Alert.objects.get().code == "MOTHER_VITAL:MOTHER_BLEEDING"


def test_page_without_script_keeps_the_draft_and_shows_a_conflict(amal: GuardedClient, visit: Visit) -> None:
    kept = amal.post(url(visit), {"who.present": ["MOTHER"], "_revision": "0", "_screen": "a"})
    stale = amal.post(url(visit), {"who.present": ["COPARENT"], "_revision": "0", "_screen": "b"})

    assert kept.status_code == 302
    assert Report.objects.get().answers["who.present"] == ["MOTHER"]
    assert stale.status_code == 409
    assert "modifié sur un autre écran" in stale.content.decode()
    assert re.search(rb'name="_revision"\s+value="1"', stale.content)


# ---- Alerts at the tap ------------------------------------------------------------------------------------
def test_a_danger_sign_raises_its_alert_while_the_report_is_written(vallees: scope.Scope, visit: Visit) -> None:
    baby = child(str(factories.Child.objects.get().public_id), child__flag_any="SOME")
    reports.save(visit, {"child": [baby | {"child.flags": ["CHILD_BLUE_GREY"]}]})

    alert = Alert.objects.get()
    assert (alert.kind, alert.code) == (AlertKind.CHILD_SIGN, "CHILD_VITAL:CHILD_BLUE_GREY")
    assert alert.facts == "Noé1\u00a0: Bleu, gris, ou très pâle"
    assert alert.subject_id == visit.public_id
    assert (alert.answer_due_at - alert.raised_at).total_seconds() == 300
    assert not alert.is_sealed


def test_unticking_closes_nothing_and_saving_again_raises_nothing_new(vallees: scope.Scope, visit: Visit) -> None:
    sign = {"who.present": ["MOTHER"], "mother.flag_any": "SOME", "mother.flags": ["MOTHER_FEVER"]}
    reports.save(visit, sign)
    reports.save(visit, {"who.present": ["MOTHER"], "mother.flag_any": "NONE"}, revision=1)
    reports.save(visit, sign, revision=2)

    assert Alert.objects.get().ended_at is None


def test_a_second_sign_is_a_second_alert(vallees: scope.Scope, visit: Visit) -> None:
    base = {"who.present": ["MOTHER"], "mother.flag_any": "SOME"}
    reports.save(visit, base | {"mother.flags": ["MOTHER_FEVER"]})
    reports.save(visit, base | {"mother.flags": ["MOTHER_FEVER", "MOTHER_LEG"]}, revision=1)

    codes = Alert.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["MOTHER_URGENT:MOTHER_FEVER", "MOTHER_URGENT:MOTHER_LEG"]


def test_each_twin_has_an_alert_of_her_own(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=6, children=2)
    visit = reports.ended_visit(pathway=factories.make_pathway(birth, ap=factories.who("amal")))
    rows = [
        child(str(one.public_id), child__flag_any="SOME") | {"child.flags": ["CHILD_FEVER"]}
        for one in factories.Child.objects.filter(birth=birth).order_by("rank")
    ]

    reports.save(visit, {"child": rows})

    alerts = Alert.objects.order_by("pk")
    assert [alert.code for alert in alerts] == ["CHILD_URGENT:CHILD_FEVER", "CHILD_URGENT:CHILD_FEVER:2"]
    assert [alert.facts[:4] for alert in alerts] == ["Noé1", "Noé2"]


def test_item_10_raises_a_sealed_alert_whatever_the_total_and_keeps_what_was_first_copied(
    vallees: scope.Scope,
) -> None:
    visit = reports.ended_visit("V2", days=12)
    due = {"who.present": ["MOTHER"], "epds.status": "DONE"}
    reports.save(visit, due | {"epds.i10": 2})
    reports.save(visit, due | {"epds.i10": 0}, revision=1)

    alert = Alert.objects.get()
    assert (alert.kind, alert.code) == (AlertKind.PROTECTED, "MIND_VITAL:EPDS_ITEM10")
    assert alert.is_sealed
    assert alert.facts == ""
    sealed = SealedAnswers.objects.get()
    assert sealed.answers["epds.i10"] == 0
    assert sealed.first_answers["epds.i10"]["value"] == 2


def test_a_visit_that_has_not_begun_has_no_draft(amal: GuardedClient, vallees: scope.Scope) -> None:
    planned = factories.make_visit(factories.make_pathway(ap=factories.who("amal")))

    assert put(amal, planned, {}).json()["code"] == "not_started"
    assert not Report.objects.exists()


# ---- Who --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("amal", 200),
        ("bea", 403),  # same structure, same role, follows another family
        ("elise", 403),  # coordinates: reads, does not write
        ("farid", 403),
        ("chloe", 404),  # same territory, other structure
        ("dora", 404),  # other territory
    ],
)
def test_writing_answers_each_person(
    client: GuardedClient, cast: dict[str, Person], visit: Visit, who: str, status: int
) -> None:
    client.force_login(cast[who].user)

    assert client.get(url(visit)).status_code == status
    assert put(client, visit, {}).status_code == status


def test_the_form_costs_the_same_queries_with_one_child_and_with_four(
    amal: GuardedClient, vallees: scope.Scope, visit: Visit
) -> None:
    birth = factories.make_birth(days_ago=6, children=4)
    many = reports.ended_visit(pathway=factories.make_pathway(birth, ap=factories.who("amal")))
    amal.get(url(visit))

    with CaptureQueriesContext(connection) as one:
        amal.get(url(visit))
    with CaptureQueriesContext(connection) as four:
        amal.get(url(many))

    assert len(one) == len(four)


def test_a_call_that_is_not_safe_tightens_the_contact_rules_once(visit: Visit) -> None:
    Family.objects.filter(pk=visit.family_id).update(may_sms=True, is_discreet=False)
    protected = {"grid.s3_signal": True, "grid.s3_safe": "NO"}

    reports.save(visit, protected, screen="a")

    family = Family.objects.get(pk=visit.family_id)
    assert (family.may_sms, family.is_discreet, family.no_voice_mail) == (True, True, True)
    assert family.through_team_since is not None
    # What the team decides afterwards stands: the same answer saved again changes nothing.
    Family.objects.filter(pk=visit.family_id).update(through_team_since=None)
    reports.save(visit, protected | {"note.free": "Suite."}, screen="a")
    assert Family.objects.get(pk=visit.family_id).through_team_since is None

"""The tenth answer at 1 or more is an alert, whichever way it came in and whatever the total; nothing takes it away.

And nobody but its named readers learns of it: in no list, mail, export, copy, story or address of the API.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import epds
from pathways.actions.alerts import Taking, take_alert
from pathways.actions.landing import land_screening
from pathways.enums import AlertKind, AlertNoteKind
from pathways.models import Alert, AlertNote, EpdsScreening, Pathway
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT
from territories.models import HistoryEvent, OutgoingMessage
from tests.cast import VALLEES
from tests.factories import make_alert, make_grant, make_shift, who
from tests.pathways.screening import fill_epds
from tests.visits import reports
from visits.actions.report import signed_visit
from visits.models import Report, SealedAnswers, Visit
from visits.reads.report import blocks_for

DUE = {"who.present": ["MOTHER"], "epds.status": "DONE"}
LINKS = [f"epds.{key}" for key in EPDS_ITEMS]
CALLS = [{"alert.family": "MIND_VITAL", "alert.spoke_to": "NO_ANSWER", "alert.called_15": True,
          "alert.sfl_told": "BY_EMR", "alert.facts": "Elle pleurait"}]  # fmt: skip


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    """A V2 of Amal that has just ended, in a family open to Inès; Farid is on duty."""
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    visit = reports.ended_visit("V2", days=12)
    make_grant(visit.family, to=who("ines"), recipient="LIBERAL_MIDWIFE")
    return visit


# ---- Every way in -----------------------------------------------------------------------------------------
def by_form(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    at = (clock.now() - timedelta(hours=1)).isoformat(timespec="minutes")[:16]
    sent = {"status": "DONE", "at": at, "source": "office", "presence": "ALONE", "reason": "", "is_missing": "on"}
    sent |= {key: str(value) for key, value in values.items()}
    as_("farid").post(reverse("pathways:epds_new", args=[VALLEES, visit.family.public_id]), sent)


def by_autosave(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    body = {"revision": 0, "answers": DUE | {f"epds.{key}": value for key, value in values.items()}}
    url = reverse("visits:report_draft", args=[VALLEES, visit.public_id])
    as_("amal").post(url, json.dumps(body), content_type="application/json")


def by_page_without_script(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    sent = {"who.present": "MOTHER", "epds.status": "DONE"} | {f"epds.{key}": str(one) for key, one in values.items()}
    as_("amal").post(reverse("visits:report_edit", args=[VALLEES, visit.public_id]), sent)


def by_landing(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    """A report whose tap raised nothing, as one signed before alerts were raised at the tap."""
    report = reports.save(visit, DUE | {"epds.alone": "ALONE"})
    answers = {f"epds.{key}": value for key, value in values.items()}
    SealedAnswers.objects.create(report=report, family=visit.family, answers=answers)
    land_screening(visit=signed_visit(visit, report, visit.ap), at=clock.now())


def by_action(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    fill_epds(visit.pathway, *(values.get(key) for key in EPDS_ITEMS))


def by_correction(as_: Any, visit: Visit, values: dict[str, Any]) -> None:
    screening = fill_epds(visit.pathway, *([0] * 10))
    url = reverse("pathways:epds_correction", args=[VALLEES, screening.public_id])
    for key, value in values.items():
        if value:
            as_("farid").post(url, {"item": key, "value": str(value), "reason": "mal lu", "total": "0"})


WAYS = [by_form, by_autosave, by_page_without_script, by_landing, by_action, by_correction]
Way = Callable[[Any, Visit, dict[str, Any]], None]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("others", "tenth", "is_raised"), [(0, 1, True), (0, 3, True), (3, 2, True), (3, 0, False)])
def test_every_way_in_alerts_from_1_whatever_the_total(
    as_: Any, visit: Visit, way: Way, others: int, tenth: int, is_raised: bool
) -> None:
    way(as_, visit, dict.fromkeys(EPDS_ITEMS, others) | {"i10": tenth})

    assert list(Alert.objects.values_list("code", "is_sealed", "facts").order_by("pk")) == (
        [(ITEM_10_ALERT, True, "")] if is_raised else []
    )


CAUSE = "la dixième réponse vaut 1 ou plus"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "is_told"), [("farid", True), ("elise", True), ("nora", False), ("amal", False)])
def test_whichever_way_it_came_its_named_readers_read_the_cause(
    as_: Any, visit: Visit, way: Way, name: str, is_told: bool
) -> None:
    way(as_, visit, dict.fromkeys(EPDS_ITEMS, 0) | {"i10": 1})
    alert, client = Alert.objects.get(), as_(name)

    for page in ("pathways:alert", "pathways:take_alert"):
        answer = client.get(reverse(page, args=[VALLEES, alert.public_id]))
        assert (CAUSE in answer.content.decode()) is is_told
    compartment = client.get(reverse("pathways:sealed_screening", args=[VALLEES, visit.family.public_id]))
    assert (CAUSE in compartment.content.decode()) is is_told
    assert CAUSE not in client.get(reverse("pathways:alerts", args=[VALLEES])).content.decode()


def test_an_alert_of_before_its_words_were_kept_says_its_cause_too(as_: Any, visit: Visit) -> None:
    alert = make_alert(visit.pathway, AlertKind.PROTECTED, code=ITEM_10_ALERT, is_sealed=True, facts="")

    page = as_("elise").get(reverse("pathways:take_alert", args=[VALLEES, alert.public_id])).content.decode()

    assert CAUSE in page


@pytest.mark.parametrize("way", [by_autosave, by_page_without_script])
@pytest.mark.parametrize(("name", "is_told"), [("farid", True), ("amal", True), ("nora", False), ("olga", False)])
def test_before_its_report_arrives_the_screening_says_it_to_who_may_know_and_nothing_to_others(
    as_: Any, visit: Visit, way: Way, name: str, is_told: bool
) -> None:
    way(as_, visit, {"i10": 1})

    page = as_(name).get(reverse("pathways:screening", args=[VALLEES, visit.family.public_id])).content.decode()

    assert ("réponse 10" in page) is is_told
    assert ("Aucun résultat n’est arrivé" in page) is not is_told


def test_once_its_report_has_arrived_the_screening_says_it_once(as_: Any, visit: Visit) -> None:
    reports.sign(visit, reports.second_answers(visit, *([0] * 9), 2) | {"alert": CALLS})

    page = as_("elise").get(reverse("pathways:screening", args=[VALLEES, visit.family.public_id])).content.decode()

    assert page.count("réponse 10") == 1


@pytest.mark.parametrize("way", [by_form, by_autosave, by_page_without_script, by_landing, by_action])
def test_alone_of_the_ten_it_alerts_and_makes_no_total(as_: Any, visit: Visit, way: Way) -> None:
    way(as_, visit, {"i10": 1})

    assert Alert.objects.get().code == ITEM_10_ALERT
    assert not EpdsScreening.objects.filter(total__isnull=False).exists()


@pytest.mark.parametrize("way", [by_autosave, by_page_without_script, by_landing])
def test_a_report_that_says_it_again_alerts_once(as_: Any, visit: Visit, way: Way) -> None:
    values = dict.fromkeys(EPDS_ITEMS, 1)
    way(as_, visit, values)
    by_autosave(as_, visit, values)

    assert Alert.objects.count() == 1


@pytest.mark.parametrize("value", [-1, 4, 10, 1.5, True, "1", "x", None, [1], {"code": 1}, "\x00"])
def test_what_is_no_value_of_the_scale_stores_nothing_by_the_autosave(as_: Any, visit: Visit, value: object) -> None:
    by_autosave(as_, visit, dict.fromkeys(EPDS_ITEMS, 0) | {"i10": value})

    assert not Alert.objects.filter(code=ITEM_10_ALERT).exists() or value in {1, "1"}
    kept = [row.answers.get("epds.i10") for row in SealedAnswers.objects.order_by("pk")]
    assert all(one in {None, 0, 1, 2, 3} and type(one) is not bool for one in kept)


@pytest.mark.parametrize("total", [0, 30, "30", None])
def test_the_total_of_a_report_is_added_up_here(visit: Visit, total: object) -> None:
    document = reports.second_answers(visit, *([1] * 9), 0) | {"epds.total": total}
    reports.sign(visit, document)

    assert EpdsScreening.objects.get().total == 9


# ---- Nothing takes it away --------------------------------------------------------------------------------
def test_lowered_in_the_draft_then_another_answer_edited_the_alert_stays(visit: Visit) -> None:
    for revision, changes in enumerate(({"epds.i10": 3}, {"epds.i10": 3, "epds.i05": 2}, {"epds.i10": 0}, {})):
        reports.save(visit, DUE | changes, revision=revision)

    alert = Alert.objects.get()
    assert (alert.ended_at, alert.acknowledged_at, alert.next_step_at is not None) == (None, None, True)


def test_a_correction_back_to_0_asked_and_accepted_takes_nothing_away(visit: Visit) -> None:
    screening = fill_epds(visit.pathway, *([0] * 10))
    ask = {"screening": screening, "item": "i10", "reason": "mal lu", "by": who("amal"), "at": clock.now()}
    epds.ask_correction(value=1, **ask)
    lowered = epds.ask_correction(value=0, **ask)
    epds.decide_correction(correction=lowered, is_accepted=True, by=who("farid"), at=clock.now())

    assert Alert.objects.open().count() == 1


def test_corrected_upwards_while_it_waits_is_the_same_alert_and_after_the_answer_a_new_one(visit: Visit) -> None:
    screening = fill_epds(visit.pathway, *([0] * 9), 1)
    alert = Alert.objects.get()
    ask = {"screening": screening, "item": "i10", "reason": "mal lu", "by": who("amal"), "at": clock.now()}
    epds.ask_correction(value=2, **ask)
    assert Alert.objects.count() == 1
    assert AlertNote.objects.get().kind == AlertNoteKind.AGAIN
    due_at = clock.now() + timedelta(hours=1)
    taking = Taking(instruction="Restez.", decision="call_mother", due_at=due_at)
    take_alert(alert=alert, by=who("farid"), taking=taking, at=clock.now())
    epds.ask_correction(value=1, **ask)
    assert Alert.objects.count() == 1

    epds.ask_correction(value=3, **ask)

    assert Alert.objects.count() == 2
    assert Alert.objects.open().get().code == ITEM_10_ALERT


@pytest.mark.parametrize("value", [-1, 4, True, "1", 1.0, None])
def test_a_correction_outside_the_scale_is_refused_and_stores_nothing(visit: Visit, value: Any) -> None:
    screening = fill_epds(visit.pathway, *([0] * 10))

    with pytest.raises(BusinessError, match="0, 1, 2 ou 3"):
        epds.ask_correction(screening=screening, item="i10", value=value, reason="x", by=who("amal"), at=clock.now())
    assert not Alert.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_address_of_the_api_takes_a_value(as_: Any, visit: Visit, method: str) -> None:
    client = as_("amal")
    report = reports.save(visit, DUE)
    urls = [reverse("api:report-list", args=[VALLEES]), reverse("api:report-detail", args=[VALLEES, report.public_id])]

    for url in urls:
        answer = getattr(client, method)(url, json.dumps({"epds.i10": 3}), content_type="application/json")
        assert answer.status_code in {403, 404, 405}
    assert not Alert.objects.exists()


# ---- Who learns of it -------------------------------------------------------------------------------------
TOLD = ("EPDS_ITEM10", "dixième", "epds.i10", "MIND_VITAL", "questionnaire sur le moral", "Elle pleurait", "item 10")


@pytest.fixture
def secret(visit: Visit) -> Pathway:
    """Its report is signed and delivered, with the alert and the call in it."""
    report = reports.sign(visit, reports.second_answers(visit, *([0] * 9), 2) | {"alert": CALLS})
    reports.deliver(report)
    return visit.pathway


def addresses(pathway: Pathway) -> list[str]:
    """Every page, copy and list of this family, and every list of the territory an alert may stand in."""
    alert, report = Alert.objects.get(), Report.objects.get()
    family = pathway.family.public_id
    about = {
        "pathways:alert": alert.public_id, "visits:family": family, "pathways:screening": family,
        "visits:report": report.public_id, "pathways:calendar": family, "pathways:reads": family,
        "pathways:coordination": family, "pathways:needs": family, "pathways:circle": family,
    }  # fmt: skip
    lists = (
        "pathways:alerts", "visits:worklist", "visits:day", "visits:emergency", "visits:reports", "visits:families",
        "pathways:suggestions", "pathways:relays", "pathways:meetings", "pathways:births", "visits:planning",
        "visits:pmi", "visits:funnel", "reporting:quarter", "pathways:alert_watch",
    )  # fmt: skip
    api = [
        reverse("api:report-detail", args=[VALLEES, report.public_id]),
        reverse("api:family-detail", args=[VALLEES, family]),
        reverse("api:pathway-detail", args=[VALLEES, pathway.public_id]),
        *(reverse(f"api:{name}-list", args=[VALLEES]) for name in ("report", "family", "pathway", "visit")),
    ]
    pages = [reverse(name, args=[VALLEES, key]) for name, key in about.items()]
    return [*pages, *(reverse(name, args=[VALLEES]) for name in lists), *api]


# Amal copied it from the sheet and reads its procedure; Inès reads the family of alert, on her alerts alone.
@pytest.mark.parametrize("name", ["amal", "bea", "olga", "gaelle", "gina", "ines", "iris", "marc", "jeanne", "chloe"])
def test_nobody_else_reads_it_on_any_page_list_or_address_of_the_api(as_: Any, secret: Pathway, name: str) -> None:
    client = as_(name)
    leaks = {
        (url, word)
        for url in addresses(secret)
        for word in TOLD
        if (answer := client.get(url)).status_code == 200 and word in answer.content.decode()
    }

    assert leaks == set()


def test_its_named_readers_read_it_and_the_midwife_whom_to_call(as_: Any, secret: Pathway) -> None:
    """Farid is on duty; the mother's item 10 is not the PMI doctor's (alerts.md 1)."""
    url = reverse("pathways:alert", args=[VALLEES, Alert.objects.get().public_id])

    for name in ("farid", "elise"):
        assert "Ne pas laisser seule" in as_(name).get(url).content.decode()
    assert "Ne pas laisser seule" not in as_("nora").get(url).content.decode()
    midwife = as_("ines").get(url).content.decode()
    assert "«\u00a0Ne pas laisser seule\u00a0»\u00a0: appelez l’équipe" in midwife
    assert "Ne pas laisser seule" not in as_("olga").get(url).content.decode()


def test_no_message_and_no_history_says_it(secret: Pathway) -> None:
    sent = " ".join(f"{one.to} {one.subject} {one.body}" for one in OutgoingMessage.objects.order_by("pk"))
    assert sent
    assert [word for word in (*TOLD, "Ne pas laisser", "moral", "mère") if word in sent] == []
    written = json.dumps(
        list(HistoryEvent.objects.exclude(table_name="pathways_alert").order_by("pk").values_list("after", flat=True)),
        ensure_ascii=False,
    )
    assert [word for word in ("Elle pleurait", '"epds.i10"', '"i10": 2') if word in written] == []


@pytest.mark.parametrize("letter", ["L", "G", "M", "P", "C"])
def test_no_copy_but_the_teams_prints_it(secret: Pathway, letter: str) -> None:
    text = str(blocks_for(Report.objects.get(), letter))

    assert [word for word in (*TOLD, "Ne pas laisser") if word in text] == []

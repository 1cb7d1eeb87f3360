"""The EPDS as it is stored: its total and thresholds, the alert of its tenth answer, corrections, wording."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import epds
from pathways.enums import PathwayState, ScreenedPerson, SuggestionKind
from pathways.models import (
    Alert,
    EpdsCorrection,
    EpdsScreening,
    EpdsValues,
    EpdsWording,
    Pathway,
    SealedAlertFacts,
    Suggestion,
)
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT, Thresholds
from territories.models import HistoryEvent, OutgoingMessage
from tests.factories import make_pathway, who
from tests.pathways.screening import HIGH, LOW, fill_epds

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=14)


def test_total_is_computed_and_kept_with_its_thresholds(pathway: Pathway) -> None:
    screening = fill_epds(pathway, *LOW)

    assert (screening.total, screening.day, screening.repeat_on) == (4, 14, None)
    kept = (screening.thresholds_version, screening.watch, screening.alert, screening.high)
    assert kept == ("CoPa 2026.1", 9, 11, 13)


def test_missing_answer_leaves_no_total_and_is_proposed_again(pathway: Pathway) -> None:
    screening = fill_epds(pathway, *LOW[:-1], None)

    assert screening.total is None
    assert screening.repeat_on is not None


@pytest.mark.parametrize("value", [-1, 4, True, "2"])
def test_value_outside_the_scale_stores_nothing(pathway: Pathway, value: object) -> None:
    with pytest.raises(BusinessError, match="0, 1, 2 ou 3"):
        fill_epds(pathway, *LOW[:-1], value)  # type: ignore[arg-type]

    assert not EpdsScreening.objects.exists()


@pytest.mark.parametrize("value", [-1, 4])
def test_database_refuses_a_value_outside_the_scale(pathway: Pathway, value: int) -> None:
    screening = fill_epds(pathway, *LOW)
    EpdsScreening.objects.create(
        pathway=pathway, family=pathway.family, status="DONE", at=screening.at, day=1, recorded_at=screening.at,
        author=who("farid"), source="office",
    )  # fmt: skip
    other = EpdsScreening.objects.order_by("pk").last()

    with pytest.raises(IntegrityError), transaction.atomic():
        EpdsValues.objects.create(screening=other, family=pathway.family, i04=value)


def test_total_sent_among_the_values_is_refused(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="0, 1, 2 ou 3"):
        fill_epds(pathway, values=dict(zip(EPDS_ITEMS, LOW, strict=True)) | {"total": 30})


@pytest.mark.parametrize("tenth", [1, 2, 3])
def test_tenth_answer_alerts_whatever_the_total(pathway: Pathway, tenth: int) -> None:
    screening = fill_epds(pathway, *([0] * 9), tenth)

    alert = Alert.objects.get()
    assert (alert.subject_id, alert.code, alert.is_sealed, alert.facts) == (
        screening.public_id, ITEM_10_ALERT, True, "",
    )  # fmt: skip
    assert alert.answer_due_at == screening.recorded_at + 5 * MINUTE


def test_tenth_answer_at_zero_alerts_nobody(pathway: Pathway) -> None:
    fill_epds(pathway, *([3] * 9), 0)

    assert not Alert.objects.exists()


def test_correction_to_zero_closes_nothing_and_changes_no_value(pathway: Pathway) -> None:
    screening = fill_epds(pathway, *([0] * 9), 2)
    at = clock.now()

    correction = epds.ask_correction(
        screening=screening, item="i10", value=0, reason="erreur de recopie", by=who("amal"), at=at
    )
    epds.decide_correction(correction=correction, is_accepted=True, by=who("farid"), at=at)

    assert EpdsValues.objects.get(screening=screening).i10 == 2
    assert EpdsScreening.objects.get().total == 2
    assert Alert.objects.open().count() == 1
    with pytest.raises(BusinessError, match="déjà été décidée"):
        epds.decide_correction(correction=correction, is_accepted=False, by=who("elise"), at=at)


def test_correction_upwards_of_the_tenth_answer_alerts_at_once(pathway: Pathway) -> None:
    screening = fill_epds(pathway, *LOW)

    epds.ask_correction(screening=screening, item="i10", value=1, reason="mal lu", by=who("amal"), at=clock.now())

    assert Alert.objects.get().code == ITEM_10_ALERT


def test_values_and_screenings_are_only_added(pathway: Pathway) -> None:
    fill_epds(pathway, *LOW)

    for model, column in ((EpdsValues, "i10"), (EpdsScreening, "total")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.update(**{column: 0})
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_total_at_the_cut_off_is_a_suggestion_and_no_alert(pathway: Pathway) -> None:
    fill_epds(pathway, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0)

    waiting = Suggestion.objects.order_by("kind").values_list("kind", "cause", "is_same_day")
    assert list(waiting) == [("team_review", "epds", False), ("third_visit", "epds", False)]
    assert not Alert.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_total_at_the_highest_cut_off_asks_for_a_call_the_same_day(pathway: Pathway) -> None:
    fill_epds(pathway, *HIGH)

    assert Suggestion.objects.get(kind=SuggestionKind.TEAM_REVIEW).is_same_day


def test_total_below_the_cut_off_suggests_nothing(pathway: Pathway) -> None:
    fill_epds(pathway, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0)

    assert not Suggestion.objects.exists()


def test_new_thresholds_leave_former_results_as_they_were(pathway: Pathway) -> None:
    before = fill_epds(pathway, *LOW)
    stricter = Thresholds(version="Vallées 2", watch=3, alert=4, high=6)
    epds.validate_thresholds(thresholds=stricter, is_offered_to_coparent=False, by=who("elise"), at=clock.now())

    after = fill_epds(pathway, *LOW)

    assert EpdsScreening.objects.get(pk=before.pk).thresholds_version == "CoPa 2026.1"
    assert (after.thresholds_version, after.alert) == ("Vallées 2", 4)
    assert Suggestion.objects.count() == 2


@pytest.mark.parametrize(("watch", "alert", "high"), [(11, 9, 13), (9, 14, 13), (0, 9, 13), (9, 11, 31)])
def test_thresholds_out_of_order_are_refused(pathway: Pathway, watch: int, alert: int, high: int) -> None:
    thresholds = Thresholds(version="faux", watch=watch, alert=alert, high=high)

    with pytest.raises(BusinessError, match="dans l’ordre"):
        epds.validate_thresholds(thresholds=thresholds, is_offered_to_coparent=False, by=who("elise"), at=clock.now())


def test_co_parent_is_asked_only_where_the_pilots_say_so(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="co-parent"):
        fill_epds(pathway, *LOW, person=ScreenedPerson.COPARENT)

    thresholds = Thresholds(version="avec co-parent")
    epds.validate_thresholds(thresholds=thresholds, is_offered_to_coparent=True, by=who("nora"), at=clock.now())
    assert fill_epds(pathway, *LOW, person=ScreenedPerson.COPARENT).person == ScreenedPerson.COPARENT


@pytest.mark.parametrize(("person", "is_his"), [(ScreenedPerson.MOTHER, False), (ScreenedPerson.COPARENT, True)])
def test_tenth_answer_says_when_it_is_the_co_parents(pathway: Pathway, person: str, *, is_his: bool) -> None:
    thresholds = Thresholds(version="avec co-parent")
    epds.validate_thresholds(thresholds=thresholds, is_offered_to_coparent=True, by=who("nora"), at=clock.now())

    fill_epds(pathway, *([0] * 9), 1, person=person)

    assert ("EPDS du co-parent" in SealedAlertFacts.objects.get().words) is is_his


COPARENT = ScreenedPerson.COPARENT


def offer(name: str, coparent: Thresholds | None = None) -> None:
    """The pilots propose the scale to the co-parent, with cut-offs of his own or none."""
    epds.validate_thresholds(
        thresholds=Thresholds(version=name), is_offered_to_coparent=True, by=who("nora"), at=clock.now(),
        coparent=coparent,
    )  # fmt: skip


def test_a_co_parents_total_is_kept_unread_while_no_cut_off_is_his(pathway: Pathway) -> None:
    offer("sans les siens")

    screening = fill_epds(pathway, *HIGH, person=COPARENT)

    assert (screening.total, screening.thresholds_version, screening.alert) == (13, "", None)
    assert screening.repeat_on is None
    assert not Suggestion.objects.exists()


def test_a_co_parents_own_cut_offs_call_the_team_and_never_a_third_visit(pathway: Pathway) -> None:
    offer("les siens", Thresholds(version="les siens", watch=5, alert=7, high=20))

    screening = fill_epds(pathway, *HIGH, person=COPARENT)
    mother = fill_epds(pathway, *HIGH)

    assert (screening.thresholds_version, screening.alert) == ("les siens", 7)
    found = set(Suggestion.objects.order_by("pk").values_list("kind", "cause", "source_id", "is_same_day"))
    assert found == {
        (SuggestionKind.TEAM_REVIEW, "coparent_epds", screening.public_id, False),
        (SuggestionKind.TEAM_REVIEW, "epds", mother.public_id, True),
        (SuggestionKind.THIRD_VISIT, "epds", mother.public_id, False),
    }


def test_a_result_keeps_the_co_parents_cut_offs_of_its_day(pathway: Pathway) -> None:
    offer("un", Thresholds(version="un", watch=5, alert=14, high=20))
    before = fill_epds(pathway, *HIGH, person=COPARENT)
    offer("deux", Thresholds(version="deux", watch=5, alert=7, high=10))

    after = fill_epds(pathway, *HIGH, person=COPARENT)

    before.refresh_from_db()
    assert (before.thresholds_version, before.alert) == ("un", 14)
    assert (after.thresholds_version, after.alert) == ("deux", 7)


@pytest.mark.parametrize(("watch", "alert", "high"), [(5, 4, 9), (0, 4, 9), (5, 7, 31)])
def test_co_parents_thresholds_out_of_order_are_refused(pathway: Pathway, watch: int, alert: int, high: int) -> None:
    with pytest.raises(BusinessError, match="co-parent"):
        offer("faux", Thresholds(version="faux", watch=watch, alert=alert, high=high))


def test_database_wants_a_mothers_total_with_its_thresholds(pathway: Pathway) -> None:
    kept = fill_epds(pathway, *LOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        EpdsScreening.objects.create(
            pathway=pathway, family=pathway.family, status="DONE", at=kept.at, day=1, recorded_at=kept.at,
            author=who("farid"), source="office", total=4,
        )  # fmt: skip


def test_refusal_needs_a_reason(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="pourquoi"):
        fill_epds(pathway, status="REFUSED", values={}, presence="")

    refused = fill_epds(pathway, status="REFUSED", reason="REFUSED", values={}, presence="")
    assert (refused.total, refused.reason) == (None, "REFUSED")
    assert not EpdsValues.objects.exists()


def test_values_never_stand_in_the_history(pathway: Pathway) -> None:
    screening = fill_epds(pathway, *([3] * 10))
    epds.ask_correction(screening=screening, item="i10", value=0, reason="recopie", by=who("amal"), at=clock.now())

    tables = [EpdsValues._meta.db_table, EpdsCorrection._meta.db_table]
    written = list(HistoryEvent.objects.filter(table_name__in=tables).order_by("pk").values_list("after", flat=True))
    told = [after[key] for after in written for key in (*EPDS_ITEMS, "item", "value", "reason") if key in after]
    assert set(told) == {"…"}
    assert len(told) == 13


def test_suggestion_is_silent_in_mourning_but_the_tenth_answer_is_not(vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), state=PathwayState.BEREAVED)

    fill_epds(pathway, *([1] * 10))
    fill_epds(pathway, *([1] * 9), 2)

    assert not Suggestion.objects.exists()
    assert Alert.objects.filter(code=ITEM_10_ALERT).count() == 2


# ---- Wording ----------------------------------------------------------------------------------------------
def wording(**changes: object) -> dict[str, object]:
    """A made-up scale: neutral words, as no other stands in the repository."""
    options = [{"label": f"choix {points}", "points": points} for points in (3, 1, 0, 2)]
    items = {key: {"text": f"question {key}", "options": options} for key in EPDS_ITEMS}
    return {"language": "fr", "title": "Essai", "permission": "Accord n° 12", "items": items} | changes


def test_wording_is_stored_for_its_territory(vallees: scope.Scope) -> None:
    epds.load_wording(document=wording(), at=clock.now())

    assert EpdsWording.objects.get().items["i03"]["options"][0] == {"label": "choix 3", "points": 3}


@pytest.mark.parametrize(
    "changes",
    [
        {"items": {}},
        {"permission": ""},
        {"items": {key: {"text": "x", "options": []} for key in EPDS_ITEMS}},
        {"items": {key: {"text": "x", "options": [{"label": "a", "points": 1}] * 4} for key in EPDS_ITEMS}},
        {"items": dict.fromkeys(EPDS_ITEMS, "x")},
        {"items": [1]},
    ],
)
def test_wording_that_does_not_hold_together_is_refused(vallees: scope.Scope, changes: dict[str, object]) -> None:
    with pytest.raises(BusinessError):
        epds.load_wording(document=wording(**changes), at=clock.now())

    assert not EpdsWording.objects.exists()

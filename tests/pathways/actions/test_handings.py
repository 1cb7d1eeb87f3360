"""What the mother answers on the tablet: kept as given, read by nobody before it is back, erased once taken up."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import epds, handings, stops
from pathways.enums import EpdsStatus, HandedKind, HandedOutcome, Presence, ScreeningSource
from pathways.models import Alert, HandedAnswer, Handing, Pathway
from pathways.reads.handings import given_back, handed_page, handing_of
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT
from territories.models import HistoryEvent
from tests.factories import make_pathway, make_shift, who
from tests.pathways.handings import fill, hand_epds

NINE = (1, 1, 0, 1, 0, 1, 0, 1, 0)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    return make_pathway(ap=who("amal"), days_ago=12)


def back(pathway: Pathway, by: str = "farid", **changes: Any) -> Any:
    fields = {"kind": HandedKind.EPDS, "at": clock.now()} | changes
    return given_back(who(by), pathway.family_id, **fields)


def test_each_answer_is_kept_and_the_screen_takes_up_where_she_was(pathway: Pathway) -> None:
    handing = hand_epds(pathway, language="tr")

    fill(handing, 2, "")
    page = handed_page(handing, None)

    assert (page.step, page.number, page.total) == ("question", 3, 10)
    assert page.question is not None
    assert page.question.text == "Deneme cümlesi 3"
    # Points, never a position.
    assert page.question.options[0] == ("3", "Seçenek a")
    assert handed_page(handing, 1).chosen == "2"
    assert handed_page(handing, 2).chosen == ""
    assert handed_page(handing, 9).number == 3


def test_last_answer_ends_it_and_nothing_is_turned_back_to(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE, 0)

    handings.keep_answer(handing=handing, item="i01", value="3", at=clock.now())

    found = handing_of(handing.public_id, who("farid"))
    assert found is not None
    page = handed_page(found, 1)
    assert (page.step, page.question, page.chosen) == ("done", None, None)
    assert HandedAnswer.objects.get(handing=handing, item="i01").value == "1"


def test_author_reads_only_once_the_tablet_is_back(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE, 0)

    assert back(pathway) is None
    handings.give_back(handing=handing, at=clock.now())

    given = back(pathway)
    assert [given.answers[key] for key in EPDS_ITEMS] == [str(one) for one in (*NINE, 0)]
    assert not given.has_skipped


def test_author_reads_what_was_left_untouched_for_a_quarter_of_an_hour(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, 1)
    touched_at = Handing.objects.get(pk=handing.pk).touched_at

    assert back(pathway, at=touched_at + timedelta(minutes=15)) is None
    given = back(pathway, at=touched_at + timedelta(minutes=15, seconds=1))

    assert (given.answers, given.answered, given.has_skipped) == ({"i01": "1"}, 1, True)


@pytest.mark.parametrize("other", ["elise", "amal", "gaelle", "fanny"])
def test_nobody_but_the_author_reads_it(pathway: Pathway, other: str) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE, 0)
    handings.give_back(handing=handing, at=clock.now())

    assert back(pathway, other) is None
    assert not Handing.objects.visible_to(who(other)).exists()


def test_tenth_answer_is_an_alert_at_once_and_the_sheet_raises_no_other(pathway: Pathway) -> None:
    handing = hand_epds(pathway)

    fill(handing, *([0] * 9), 1)

    assert list(Alert.objects.values_list("code", "raised_by__user__first_name")) == [(ITEM_10_ALERT, "Farid")]
    handings.give_back(handing=handing, at=clock.now())
    sheet = epds.EpdsSheet(
        status=EpdsStatus.DONE,
        values={key: int(value) for key, value in back(pathway).answers.items()},
        presence=Presence.ALONE,
        source=ScreeningSource.OFFICE,
        submission_id=handing.public_id,
    )
    at = clock.now()
    epds.record_epds(pathway=pathway, sheet=sheet, author=who("farid"), at=at, recorded_at=at, zone="Europe/Paris")
    assert Alert.objects.filter(code=ITEM_10_ALERT).count() == 1


@pytest.mark.parametrize("last", [0, ""])
def test_tenth_answer_of_nought_or_kept_back_is_no_alert(pathway: Pathway, last: int | str) -> None:
    fill(hand_epds(pathway), *NINE, last)

    assert not Alert.objects.exists()


@pytest.mark.parametrize(("item", "value"), [("i01", "4"), ("i01", "x"), ("i11", "1"), ("PMI", "YES")])
def test_answer_that_is_not_of_the_screen_is_refused(pathway: Pathway, item: str, value: str) -> None:
    handing = hand_epds(pathway)

    with pytest.raises(BusinessError):
        handings.keep_answer(handing=handing, item=item, value=value, at=clock.now())

    assert not HandedAnswer.objects.exists()


def test_after_a_withdrawal_nothing_is_kept_nor_given_back_but_danger_is_told(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE)
    stops.withdraw_pathway(pathway=pathway, by=who("elise"), at=clock.now())

    found = handing_of(handing.public_id, who("farid"))
    assert found is not None
    handings.keep_answer(handing=found, item="i10", value="2", at=clock.now())
    handings.give_back(handing=found, at=clock.now())

    assert handed_page(found, None).step == "over"
    assert not HandedAnswer.objects.filter(item="i10").exists()
    assert back(pathway) is None
    assert Alert.objects.filter(code=ITEM_10_ALERT).exists()


def test_nothing_is_handed_once_it_has_stopped(pathway: Pathway) -> None:
    stops.withdraw_pathway(pathway=pathway, by=who("elise"), at=clock.now())

    with pytest.raises(BusinessError) as refused:
        hand_epds(Pathway.objects.get(pk=pathway.pk))

    assert refused.value.code == "stopped"


def test_second_handing_waits_until_the_answers_of_the_first_are_taken_up(pathway: Pathway) -> None:
    hand_epds(pathway)
    second = hand_epds(pathway)
    fill(second, 1)

    with pytest.raises(BusinessError) as refused:
        hand_epds(pathway)

    assert refused.value.code == "handing_one_at_a_time"
    assert list(Handing.objects.order_by("pk").values_list("outcome", flat=True)) == [HandedOutcome.CANCELLED, ""]


def test_taken_up_they_are_erased_and_no_history_holds_them(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE, 3)
    handings.give_back(handing=handing, at=clock.now())

    handings.use_handed(family_id=pathway.family_id, kind=HandedKind.EPDS, by=who("farid"), at=clock.now())

    assert not HandedAnswer.objects.exists()
    assert Handing.objects.get().outcome == HandedOutcome.USED
    events = HistoryEvent.objects.filter(table_name="pathways_handedanswer")
    assert events.count() == 20
    assert {str(event.before | event.after) for event in events if "value" in event.before | event.after} != set()
    assert all((event.before | event.after).get("value", "…") == "…" for event in events)


def test_nobody_came_within_seven_days_and_they_are_erased(pathway: Pathway) -> None:
    handing = hand_epds(pathway)
    fill(handing, *NINE, 0)

    assert handings.erase_old_handings(at=handing.begun_at + timedelta(days=7)) == 0
    assert handings.erase_old_handings(at=handing.begun_at + timedelta(days=7, seconds=1)) == 1

    assert not HandedAnswer.objects.exists()
    assert Handing.objects.get().outcome == HandedOutcome.EXPIRED


def test_recipients_are_asked_in_french_with_yes_no_and_later(pathway: Pathway) -> None:
    handing = handings.hand_agreements(family=pathway.family, pathway=pathway, by=who("amal"), at=clock.now())

    page = handed_page(handing, None)
    handings.keep_answer(handing=handing, item="LIBERAL_MIDWIFE", value="YES", at=clock.now())
    handings.keep_answer(handing=handing, item="PMI", value="NO", at=clock.now())
    handings.give_back(handing=handing, at=clock.now())

    assert (page.step, page.language, page.total) == ("begin", "fr", 6)
    assert back(pathway, "amal", kind=HandedKind.AGREEMENTS).answers == {"LIBERAL_MIDWIFE": "YES", "PMI": "NO"}
    assert not Alert.objects.exists()

"""Saying why: one code, corrected, taken back; who may, and what a race does."""

from datetime import UTC, datetime

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from territories.models import HistoryEvent
from tests import factories
from tests.cast import Person
from visits import perms, rules
from visits.actions.coding import code_deviation, take_back_coding
from visits.models import Deviation

NOON = datetime(2026, 11, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def short(vallees: scope.Scope) -> Deviation:
    """A visit of Amal that was too short, without a reason."""
    return factories.make_deviation()


def code(deviation: Deviation, reason: str = "ROAD", *, note: str = "", seen: str = "", by: str = "amal") -> Deviation:
    return code_deviation(
        deviation=deviation, reason=reason, note=note, seen=seen, by=factories.who(by), at=clock.now()
    )


def test_one_code_is_enough(short: Deviation) -> None:
    code(short)

    row = Deviation.objects.get()
    assert (row.reason, row.source, row.coded_by.user.first_name, row.note) == ("ROAD", "tap", "Amal", "")


@pytest.mark.parametrize("note", ["", "abc", "    a    "])
def test_other_asks_for_a_few_words(short: Deviation, note: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        code(short, "OTHER", note=note)

    assert (refusal.value.code, refusal.value.field) == ("note_missing", "note")
    assert Deviation.objects.get().reason == ""


def test_other_keeps_its_words_and_another_code_drops_them(short: Deviation) -> None:
    code(short, "OTHER", note=" Panne d’ascenseur. ")
    assert Deviation.objects.get().note == "Panne d’ascenseur."

    code(short, "ROAD", note="Panne d’ascenseur.", seen="OTHER")
    assert Deviation.objects.get().note == ""


@pytest.mark.parametrize("reason", ["", "NO_AP", "REFUSED", "<script>"])
def test_code_of_another_list_is_refused(short: Deviation, reason: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        code(short, reason)

    assert refusal.value.code == "unknown_reason"


def test_too_many_words_are_refused(short: Deviation) -> None:
    with pytest.raises(BusinessError) as refusal:
        code(short, "OTHER", note="a" * (rules.DEVIATION_NOTE_LETTERS + 1))

    assert refusal.value.code == "note_too_long"


def test_colleague_who_was_faster_is_not_overwritten(short: Deviation) -> None:
    code(short, "ROAD", by="elise")

    with pytest.raises(BusinessError) as refusal:
        code(short, "ALERT", seen="")

    assert refusal.value.code == "coded_meanwhile"
    assert Deviation.objects.get().reason == "ROAD"


def test_same_code_sent_twice_changes_nothing(short: Deviation) -> None:
    first = code(short)
    code(short)

    assert Deviation.objects.get().coded_at == first.coded_at


def test_correction_and_undoing_leave_their_history(short: Deviation) -> None:
    code(short, "ROAD")
    code(short, "ALERT", seen="ROAD", by="elise")
    take_back_coding(deviation=short, seen="ALERT")

    row = Deviation.objects.get()
    assert (row.reason, row.source, row.coded_by, row.coded_at) == ("", "", None, None)
    events = HistoryEvent.objects.filter(table_name="visits_deviation", operation="update").order_by("pk")
    assert [event.after["reason"] for event in events] == ["ROAD", "ALERT", ""]


def test_lifted_one_takes_no_code(short: Deviation) -> None:
    Deviation.objects.filter(pk=short.pk).update(lifted_at=NOON, lifted_why="facts")

    with pytest.raises(BusinessError) as refusal:
        code(short)

    assert refusal.value.code == "lifted"


# ---- Who may ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "sees", "codes", "lists"),
    [
        ("amal", True, True, False),
        ("bea", False, False, False),
        ("chloe", False, False, False),
        ("elise", True, True, True),
        ("nora", True, True, True),
        ("olga", True, False, True),
        ("farid", True, False, False),
        ("fanny", False, False, False),
        ("gaelle", False, False, False),
        ("ines", False, False, False),
        ("jeanne", False, False, False),
        ("marc", False, False, False),
    ],
)
def test_who_sees_and_who_codes(
    short: Deviation, cast: dict[str, Person], who: str, *, sees: bool, codes: bool, lists: bool
) -> None:
    factories.make_grant(short.family, to=cast["ines"].member)
    member = cast[who].member

    assert perms.SEE_DEVIATION.allows(member, short) is sees
    assert perms.CODE_DEVIATION.allows(member, short) is codes
    assert perms.LIST_DEVIATIONS.allows(member, short) is lists


def test_ap_of_the_visit_keeps_her_own_when_the_family_has_another(short: Deviation, cast: dict[str, Person]) -> None:
    pathway = short.pathway
    pathway.ap = cast["bea"].member
    pathway.save()

    assert perms.CODE_DEVIATION.allows(cast["amal"].member, short)
    assert not perms.CODE_DEVIATION.allows(cast["bea"].member, short)


def test_missing_visit_is_asked_of_the_ap_of_the_family(vallees: scope.Scope, cast: dict[str, Person]) -> None:
    missing = factories.make_deviation(kind="SECOND_VISIT")

    assert perms.CODE_DEVIATION.allows(cast["amal"].member, missing)
    assert not perms.CODE_DEVIATION.allows(cast["bea"].member, missing)


def test_nobody_is_asked_in_mourning(short: Deviation, cast: dict[str, Person]) -> None:
    factories.make_death(short.pathway.birth)

    for name in ("amal", "elise"):
        assert not perms.CODE_DEVIATION.allows(cast[name].member, short)
        assert perms.CODE_DEVIATION.comes_too_late(cast[name].member, short)

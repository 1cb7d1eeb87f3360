"""The duty roster: who is on duty at an instant, what a week lacks, who may plan it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories import actions, reads
from territories.enums import DutyPlace
from territories.models import DutyShift, Member
from territories.reads.duty import gaps_between
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
MONDAY = date(2026, 11, 2)
HOUR = timedelta(hours=1)


def add(name: str = "farid", place: int = DutyPlace.FIRST, starts_at: datetime = AT, hours: float = 12) -> DutyShift:
    return actions.add_shift(
        structure=factories.structure(),
        member=who(name),
        place=place,
        starts_at=starts_at,
        ends_at=starts_at + hours * HOUR,
        at=AT,
    )


def test_a_shift_holds_its_first_instant_and_not_its_last(vallees: scope.Scope) -> None:
    shift = add()
    place = shift.structure_id

    assert reads.on_duty(place, DutyPlace.FIRST, AT - timedelta(seconds=1)) == []
    assert reads.on_duty(place, DutyPlace.FIRST, AT) == [who("farid")]
    assert reads.on_duty(place, DutyPlace.FIRST, AT + 12 * HOUR - timedelta(seconds=1)) == [who("farid")]
    assert reads.on_duty(place, DutyPlace.FIRST, AT + 12 * HOUR) == []
    assert reads.on_duty(place, DutyPlace.SECOND, AT) == []


def test_somebody_whose_rights_have_ended_is_not_on_duty(vallees: scope.Scope) -> None:
    shift = add(hours=48)
    Member.objects.filter(pk=shift.member_id).update(ends_on=date(2026, 11, 3))

    assert reads.on_duty(shift.structure_id, DutyPlace.FIRST, AT) == [who("farid")]
    assert reads.on_duty(shift.structure_id, DutyPlace.FIRST, AT + 24 * HOUR) == []


def test_one_person_at_a_place_and_two_shifts_may_touch(vallees: scope.Scope) -> None:
    add()
    add("elise", starts_at=AT + 12 * HOUR)
    add("elise", DutyPlace.SECOND)

    with pytest.raises(BusinessError) as refusal:
        add("elise", starts_at=AT + 11 * HOUR, hours=1)

    assert (refusal.value.code, refusal.value.field) == ("duty_one_at_a_time", "starts_at")
    assert DutyShift.objects.count() == 3


def test_the_database_itself_refuses_two_at_one_place(vallees: scope.Scope) -> None:
    shift = add()

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.create(
            structure=shift.structure,
            member=who("elise"),
            place=DutyPlace.FIRST,
            starts_at=AT + HOUR,
            ends_at=AT + 2 * HOUR,
        )


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [
        ("amal", DutyPlace.FIRST, "not_for_this_place"),
        ("fanny", DutyPlace.FIRST, "not_for_this_place"),
        ("nora", DutyPlace.SECOND, "not_for_this_place"),
        ("chloe", DutyPlace.AP, "not_for_this_place"),
        ("farid", DutyPlace.AP, "not_for_this_place"),
        ("nora", DutyPlace.DOCTOR, None),
        ("elise", DutyPlace.DOCTOR, None),
        ("bea", DutyPlace.AP, None),
    ],
)
def test_who_may_stand_where(vallees: scope.Scope, name: str, place: int, code: str | None) -> None:
    try:
        add(name, place)
        found = None
    except BusinessError as refusal:
        found = refusal.code

    assert found == code


@pytest.mark.parametrize(
    ("starts_in", "hours", "code"),
    [(0, 0, "duty_ends_after_start"), (-5, 5, "shift_over"), (0, 24 * 7 + 1, "shift_too_long"), (-5, 6, None)],
)
def test_span_of_a_shift(vallees: scope.Scope, starts_in: int, hours: int, code: str | None) -> None:
    try:
        add(starts_at=AT + starts_in * HOUR, hours=hours)
        found = None
    except BusinessError as refusal:
        found = refusal.code

    assert found == code


def test_removing_a_shift_keeps_what_has_been(vallees: scope.Scope) -> None:
    running, to_come, over = add(starts_at=AT - HOUR), add("elise", DutyPlace.SECOND, AT + HOUR), None
    actions.remove_shift(shift=running, at=AT)
    actions.remove_shift(shift=to_come, at=AT)

    over = DutyShift.objects.get()
    assert (over.starts_at, over.ends_at) == (AT - HOUR, AT)
    with pytest.raises(BusinessError, match="finie"):
        actions.remove_shift(shift=over, at=AT)


def test_a_week_comes_again_once_at_the_same_hours_across_the_change_of_clocks(vallees: scope.Scope) -> None:
    # 8 h on Monday 19 October 2026 is 6 h UTC; a week later, after the change of clocks, 7 h UTC.
    at = datetime(2026, 10, 18, 12, tzinfo=UTC)
    start = datetime(2026, 10, 19, 6, tzinfo=UTC)
    factories.make_shift(who("farid"), starts_in=timedelta(0), at=start, hours=24)
    again = {"structure": factories.structure(), "monday": date(2026, 10, 19), "zone": "Europe/Paris", "at": at}

    first, second = actions.repeat_week(**again), actions.repeat_week(**again)

    assert (first.added, first.left_out) == (1, 0)
    assert (second.added, second.left_out) == (0, 1)
    copied = DutyShift.objects.latest("starts_at")
    assert copied.starts_at == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert copied.ends_at == datetime(2026, 10, 27, 7, tzinfo=UTC)


def test_gaps_are_what_no_shift_covers() -> None:
    spans = [(AT, AT + 2 * HOUR), (AT + HOUR, AT + 3 * HOUR), (AT + 5 * HOUR, AT + 6 * HOUR)]

    found = [
        ((gap.starts_at - AT) / HOUR, (gap.ends_at - AT) / HOUR)
        for gap in gaps_between(spans, AT - HOUR, AT + 8 * HOUR)
    ]

    assert found == [(-1, 0), (3, 5), (6, 8)]
    assert gaps_between([(AT - HOUR, AT + 9 * HOUR)], AT, AT + HOUR) == []


def test_page_says_who_answers_now_and_what_is_missing(client: Any, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    url = reverse("territories:duty", args=[VALLEES])
    with time_machine.travel(AT, tick=False):
        empty = client.get(url).content.decode()
        with scope.opened(inside(VALLEES)):
            add()
        held = client.get(url).content.decode()
        other = client.get(f"{url}?structure=nonsense&semaine=nonsense")

    assert "Personne n’est de garde maintenant" in empty
    assert "Farid Martin répond aux alertes jusqu’à" in held
    assert "Il manque quelqu’un" in held
    assert other.status_code == 200


def test_week_asks_the_same_queries_for_one_shift_and_twelve(vallees: scope.Scope) -> None:
    reader, place = who("elise"), factories.structure()
    add(hours=1)
    with CaptureQueriesContext(connection) as one:
        reads.duty_week(reader, place, MONDAY, AT)
    for number in range(1, 12):
        add(starts_at=AT + number * HOUR, hours=1)

    with CaptureQueriesContext(connection) as twelve:
        reads.duty_week(reader, place, MONDAY, AT)

    assert len(one) == len(twelve) == 2


def test_a_team_plans_its_own_roster_only(client: Any, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        mine, theirs = factories.structure(), factories.structure("Maternité Montreval")
    client.force_login(cast["fanny"].user)

    answers = [
        client.get(reverse("territories:add_shift", args=[VALLEES, one.public_id])).status_code
        for one in (theirs, mine)
    ]

    assert answers == [200, 403]


def test_shift_is_noted_from_the_page_and_a_neighbour_of_another_territory_is_unknown(
    client: Any, cast: dict[str, Person]
) -> None:
    with scope.opened(inside(VALLEES)):
        url = reverse("territories:add_shift", args=[VALLEES, factories.structure().public_id])
    with scope.opened(inside(LAGON)):
        stranger = who("emma")
    client.force_login(cast["farid"].user)
    typed = {"place": "1", "starts_at": "2026-11-03T20:00", "ends_at": "2026-11-04T08:00"}

    with time_machine.travel(AT, tick=False):
        refused = client.post(url, typed | {"member": str(stranger.public_id)})
        noted = client.post(url, typed | {"member": str(cast["farid"].member.public_id)})

    assert (refused.status_code, noted.status_code) == (422, 302)
    with scope.opened(inside(VALLEES)):
        shift = DutyShift.objects.get()
        assert (shift.starts_at, shift.ends_at) == (
            datetime(2026, 11, 3, 19, tzinfo=UTC),
            datetime(2026, 11, 4, 7, tzinfo=UTC),
        )


def test_number_is_hers_or_the_administrators_to_write(client: Any, cast: dict[str, Person]) -> None:
    url = reverse("territories:phone", args=[VALLEES, cast["bea"].member.public_id])
    answers = {}
    for name in ("amal", "bea", "jeanne"):
        client.force_login(cast[name].user)
        answers[name] = client.post(url, {"phone": "01 99 00 31 07"}).status_code
    wrong = client.post(url, {"phone": "12"})

    cast["bea"].user.refresh_from_db()
    assert answers == {"amal": 403, "bea": 302, "jeanne": 302}
    assert cast["bea"].user.phone == "+33199003107"
    assert wrong.status_code == 422

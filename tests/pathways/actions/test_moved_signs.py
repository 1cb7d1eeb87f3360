"""A danger seen in a family whose transfer was accepted meanwhile: answered by those it calls, until it is closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from copa.kernel import access, clock, scope
from pathways.enums import AlertKind, LadderStep, ToldBy
from pathways.models import Alert, AlertNotice, Child, FamilyTransfer, TransferCall
from pathways.tasks import climb_ladders, settle_transfers
from territories.enums import DutyPlace
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.actions.test_transfers import accept, rows_of_family
from tests.pathways.actions.thirds import third
from tests.visits.questionnaires import child
from tests.visits.red_button import page
from tests.visits.reports import save
from visits.actions.deaths import note_death_at_visit
from visits.models import Visit
from visits.reads.day import day_of
from visits.reads.todo.base import Now
from visits.reads.todo.page import waiting_for

SIGN = "CHILD_BLUE_GREY"


@pytest.fixture
def offered(cast: dict[str, Person]) -> FamilyTransfer:
    """A family of the valleys offered to the lagoon while Amal still owes the report of its V1; Inès follows it."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=6)
        factories.make_grant(pathway.family, to=factories.who("ines"))
        factories.make_shift(factories.who("farid"), DutyPlace.FIRST)
        factories.make_visit(pathway, "V1", "ended", ended_at=clock.now() - timedelta(hours=1))
        return factories.make_transfer(pathway)


@contextmanager
def moved(offered: FamilyTransfer, *, is_settled: bool = True) -> Iterator[Visit]:
    """The lagoon has accepted; the visit whose report Amal still owes, in the valleys."""
    with scope.opened(inside(LAGON)):
        accept(offered)
    if is_settled:
        settle_transfers(str(offered.territory_id))
    with scope.opened(inside(VALLEES)):
        yield Visit.objects.select_related("pathway__birth", "ap__user").get(ended_at__isnull=False)


def ticked(visit: Visit) -> Alert:
    """The sign she ticks in the report that was open at that hour."""
    baby = str(Child.objects.get().public_id)
    save(visit, {"child": [child(baby, child__flag_any="SOME") | {"child.flags": [SIGN]}]})
    found: Alert = Alert.objects.order_by("-pk")[:1].get()
    return found


def allowed(name: str, alert: Alert, *codes: str) -> set[str]:
    member = factories.who(name)
    return {code for code in codes if access.permission(f"pathways.{code}").allows(member, alert)}


ALL = ("see_alerts", "take_alert", "instruct_alert", "close_alert", "note_call")


@pytest.mark.parametrize("is_settled", [True, False])
def test_sign_ticked_after_the_move_is_answered_by_those_it_calls_and_read_by_whoever_raised_it(
    offered: FamilyTransfer, is_settled: bool
) -> None:
    with moved(offered, is_settled=is_settled) as visit:
        alert = ticked(visit)

        told = set(
            AlertNotice.objects.filter(step__step=LadderStep.RAISED).values_list("member__user__email", flat=True)
        )
        assert told == {"farid@copa.example"}
        assert allowed("farid", alert, *ALL) == set(ALL)
        assert allowed("elise", alert, *ALL) == set(ALL)
        assert allowed("olga", alert, *ALL) == {"see_alerts"}
        assert allowed("amal", alert, *ALL) == {"see_alerts", "note_call"}
        assert access.permission("visits.see_procedure").allows(factories.who("amal"), alert)
        # A vital sign is told to the midwife to whom the file was open, whatever her mother has answered.
        assert allowed("ines", alert, *ALL) == {"see_alerts"}
        for name in ("bea", "chloe", "fanny", "gaelle", "iris", "marc", "jeanne"):
            assert allowed(name, alert, *ALL) == set(), name
            assert not Alert.objects.visible_to(factories.who(name)).exists(), name


def test_nothing_else_of_the_file_comes_with_the_sign(offered: FamilyTransfer) -> None:
    of_alerts = {code for code, perm in access.registry.items() if perm.model == "pathways.Alert"}
    # What she has still to send of her visit was hers already.
    of_visit = {"visits.conduct_visit", "visits.see_day", "visits.see_visits", "visits.send_report"}
    with moved(offered) as visit:
        before = {name: rows_left(name) for name in ("amal", "farid", "ines", "olga")}
        ticked(visit)

        for name, rows in before.items():
            assert rows_left(name) - of_alerts == rows, name
        assert before["amal"] == of_visit | {"visits.raise_sign_in_visit"}
        assert not before["farid"] | before["ines"] | before["olga"]


def rows_left(name: str) -> set[str]:
    """Every permission of the product that still gives this person a row of a family."""
    return set(rows_of_family(factories.who(name)))


def test_sign_raised_before_the_move_waits_for_its_answer_too(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        alert = factories.make_alert(offered.pathway, code="CHILD_VITAL:BREATH")
        reminder = factories.make_alert(offered.pathway, kind=AlertKind.REPORT_OVERDUE, code="")
        factories.make_alert(offered.pathway, code="CHILD_VITAL:COLOUR", ended_at=clock.now())

    with moved(offered):
        assert allowed("farid", alert, "take_alert") == {"take_alert"}
        assert allowed("farid", reminder, "see_alerts") == set()
        assert [one.public_id for one in Alert.objects.visible_to(factories.who("farid"))] == [alert.public_id]
        # The settling of the transfer asks that the team be called.
        assert TransferCall.objects.count() == 1


def test_sign_is_answered_from_the_list_and_gone_once_it_is_closed(
    offered: FamilyTransfer, as_: Callable[[str], Any]
) -> None:
    with moved(offered) as visit:
        alert, family = ticked(visit), visit.family.public_id
    place = f"/t/{VALLEES}/alerts/"
    farid = as_("farid")
    shown = farid.get(place).content.decode()
    assert str(alert.public_id) in shown
    assert f"/families/{family}/" not in shown

    assert farid.post(f"{place}{alert.public_id}/take/").status_code == 302
    instruct = farid.post(f"{place}{alert.public_id}/instruction/", {"instruction": "Appelez le 15."})
    assert farid.get(instruct.url).status_code == 200
    assert "Appelez le 15." in as_("amal").get(f"{place}{alert.public_id}/").content.decode()
    sent = {"outcome": "Transport aux urgences.", "is_false_alarm": ""}
    closed = as_("farid").post(f"{place}{alert.public_id}/close/", sent)

    assert closed.url == place
    assert as_("farid").get(f"{place}{alert.public_id}/").status_code == 404
    # The last step of the ladder tells whoever raised it that it is over: she reads for a day what was done.
    assert "Transport aux urgences." in as_("amal").get(f"{place}{alert.public_id}/").content.decode()
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        assert as_("amal").get(f"{place}{alert.public_id}/").status_code == 404


def test_day_of_whoever_raised_it_shows_her_sign_without_a_way_to_the_file(
    offered: FamilyTransfer, as_: Callable[[str], Any]
) -> None:
    with moved(offered) as visit:
        alert = ticked(visit)
        day = day_of(factories.who("amal"), on=None, at=clock.now(), zone="Europe/Paris")
        family = visit.family.public_id

    assert [(sign.public_id, sign.is_left) for sign in day.signs] == [(alert.public_id, True)]
    shown = as_("amal").get(page("day")).content.decode()
    assert str(alert.public_id) in shown
    assert f"/families/{family}/" not in shown
    procedure = as_("amal").get(page("procedure", alert.public_id))
    assert procedure.status_code == 200
    assert f"/families/{family}/" not in procedure.content.decode()


def test_death_told_at_the_door_after_the_move_calls_the_team_which_takes_it(offered: FamilyTransfer) -> None:
    with moved(offered) as visit:
        baby = Child.objects.get()
        note_death_at_visit(visit=visit, child=baby, is_not_done=False, by=factories.who("amal"), at=clock.now())

        alert = Alert.objects.get(kind=AlertKind.DEATH)
        assert allowed("farid", alert, "see_alerts", "take_alert") == {"see_alerts", "take_alert"}
        assert allowed("amal", alert, "see_alerts") == set()
        assert TransferCall.objects.count() == 1


# ---- The red button ----------------------------------------------------------------------------------------
def test_red_button_opened_before_the_move_still_raises_the_sign_of_her_visit(
    offered: FamilyTransfer, as_: Callable[[str], Any]
) -> None:
    with moved(offered) as visit:
        baby = str(Child.objects.get().public_id)
    place = page("red_button", offered.pathway.public_id)
    sent = {"who": baby, "signs": [SIGN], "key": str(uuid4())}

    assert as_("bea").post(place, sent).status_code in {403, 404}
    answer = as_("amal").post(place, sent)

    assert answer.status_code == 302
    assert as_("amal").get(answer.url).status_code == 200
    with scope.opened(inside(VALLEES)):
        assert Alert.objects.get().raised_by == factories.who("amal")
    alarm = as_("amal").get(f"{page('alarm')}?de=visits:{visit.public_id}")
    assert alarm.url == page("visit_alarm", visit.public_id)
    assert as_("amal").get(alarm.url).status_code == 200


# ---- The territory that follows her -------------------------------------------------------------------------
def test_receiving_territory_is_told_once_to_call_the_team_and_reads_nothing_of_why(offered: FamilyTransfer) -> None:
    with moved(offered) as visit:
        ticked(visit)
        assert TransferCall.objects.count() == 1

    for _ in range(2):
        settle_transfers(str(offered.to_territory_id))
        settle_transfers(str(offered.territory_id))

    with scope.opened(inside(LAGON)):
        assert not Alert.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pathways_alert")
            assert cursor.fetchone() == (0,)
        told = OutgoingMessage.objects.filter(dedup_key__startswith="transfer-call:").order_by("pk")
        assert {(one.channel, one.to) for one in told} >= {("email", "emma@copa.example")}
        assert len({(one.channel, one.to) for one in told}) == len(told)
        for one in told:
            assert not any(word in one.body for word in ("Haddad", "Samira", "Noé", "Respire", "alerte", "Rémi"))
        line = next(
            one for one in waiting_for(factories.who("emma"), now()) if one.words.startswith("Appeler l’équipe")
        )
        assert "Maternité Saint-Rémi" in line.detail
        assert line.family_id is not None
        with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
            assert not [one for one in waiting_for(factories.who("emma"), now()) if "qui suivait" in one.words]


def now() -> Now:
    at = clock.now()
    return Now(at, clock.local_date(at, "Indian/Reunion"), "Indian/Reunion")


def test_call_is_read_by_its_destination_alone_and_written_by_nobody_else(offered: FamilyTransfer) -> None:
    with moved(offered) as visit:
        ticked(visit)

    with third():
        assert not TransferCall.incoming.exists()
    with scope.opened(inside(LAGON)):
        assert TransferCall.incoming.count() == 1
        assert not TransferCall.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update pathways_transfercall set team = 'x'")


def test_sign_of_a_family_that_is_here_calls_no_other_territory(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        ticked(Visit.objects.select_related("pathway__birth", "ap__user").get())

        assert not TransferCall.objects.exists()


def test_ladder_goes_on_after_the_move_and_whom_it_calls_reads_it(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_shift(factories.who("nora"), DutyPlace.SECOND, structure=factories.who("farid").structure)
    with moved(offered) as visit:
        alert = ticked(visit)
        due = alert.answer_due_at
    assert due is not None
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        climb_ladders(str(offered.territory_id))

        with scope.opened(inside(VALLEES)):
            rows = AlertNotice.objects.filter(step__step=LadderStep.SECOND, channel=ToldBy.APP)
            assert [one.member for one in rows.order_by("pk")] == [factories.who("nora")]
            assert allowed("nora", alert, "take_alert") == {"take_alert"}


@pytest.mark.parametrize("is_settled", [True, False])
def test_midwife_told_of_a_death_after_the_move_is_sent_to_no_page(offered: FamilyTransfer, is_settled: bool) -> None:
    """Until the job comes round her opening still runs, and the file is closed already."""
    with moved(offered, is_settled=is_settled) as visit:
        death = factories.make_death(visit.pathway.birth, Child.objects.get())
        told = OutgoingMessage.objects.filter(to="ines@copa.example", dedup_key__startswith=f"death:{death.public_id}")
        mails = list(told.order_by("pk"))

    assert len(mails) == (not is_settled)
    for mail in mails:
        assert "Il n’y a rien à ouvrir" in mail.body

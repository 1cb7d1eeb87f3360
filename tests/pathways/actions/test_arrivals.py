"""What comes along with a family from another territory: codes and dates she agreed to, never a right to read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from copa.kernel.french import full_day, moment
from pathways.actions import transfers
from pathways.actions.answer_links import make_link
from pathways.actions.transfers import Agreed, offer_transfer
from pathways.enums import NeedSource, NeedState
from pathways.models import (
    Birth,
    CalendarItem,
    CareCircleMember,
    Child,
    Discharge,
    EarlyCall,
    FamilyGrant,
    FamilyTransfer,
    Mother,
    Need,
    Pathway,
    ReceivedFile,
    TransferAnswer,
)
from pathways.reads.circle import circle_page
from pathways.reads.facts import family_facts
from pathways.reads.transfers import offered as read_offer
from pathways.tasks import settle_transfers
from territories.models import Member, Territory
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.actions.steps import include, team_of
from tests.pathways.actions.thirds import third
from visits.enums import VisitState

# Noon of a winter day in Paris; the family was born six days before, the AP came on the third.
AT = datetime(2026, 11, 16, 11, 0, tzinfo=UTC)
BORN = AT - timedelta(days=6)


def offered_family(covers: list[str] | None = None, **birth: Any) -> FamilyTransfer:
    """A family of the valleys with something in every part of its file, offered to the lagoon."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(factories.make_birth(at=BORN, **birth), ap=factories.who("amal"))
        family, child = pathway.family, Child.objects.get(birth=pathway.birth)
        factories.make_discharge(pathway.birth, hours=60)
        Mother.objects.update(language="ar", access_needs=["INTERPRETER"])
        done = factories.make_visit(pathway, "V1", VisitState.ENDED, ended_at=AT - timedelta(days=3))
        factories.make_report(done, delivered_at=AT)
        note(
            pathway.birth, child, "K01", on=date(2026, 11, 14), certificate="filled", certificate_on=date(2026, 11, 14)
        )
        note(pathway.birth, None, "K05", status="planned", on=date(2026, 12, 30))
        factories.make_need(pathway, "PERINEUM")
        factories.make_need(pathway, "MIND_SEALED")
        factories.make_need(pathway, "COPARENT_MOOD", about="COPARENT")
        factories.make_need(pathway, "MONEY", about="FAMILY", state=NeedState.MET)
        factories.make_circle_member(family, member=factories.who("ines"))
        factories.make_circle_member(family)
        factories.make_grant(family, to=factories.who("ines"))
        codes = ["VISITS", "CALENDAR", "NEEDS", "CIRCLE"] if covers is None else covers
        agreed = Agreed(covers=codes, on=pathway.birth.day, mode="ORAL", needs="Un lit pour le bébé.")
        lagon = Territory.objects.get(slug=LAGON)
        return offer_transfer(pathway=pathway, to=lagon, agreed=agreed, by=factories.who("farid"), at=AT)


def note(birth: Birth, child: Child | None, code: str, **known: Any) -> CalendarItem:
    values = {"status": "done", "source": "booklet", "noted_by": factories.who("amal"), "noted_at": AT} | known
    return CalendarItem.objects.create(birth=birth, family_id=birth.family_id, child=child, code=code, **values)


def accept(offered: FamilyTransfer) -> Birth:
    return transfers.accept_transfer(
        transfer=offered,
        maternity=factories.structure("Maternité du Lagon"),
        commune=factories.commune("Saint-Éloi-du-Lagon"),
        address="2 chemin des Filaos",
        is_other_family=False,
        by=factories.who("emma"),
        at=AT,
    )


def included(birth: Birth, at: datetime = AT) -> Pathway:
    factories.make_proposal(birth)
    return include(birth, team=team_of("Maternité du Lagon", ap="dora"), by="emma", at=at)


@pytest.fixture(autouse=True)
def at(cast: dict[str, Person]) -> Any:
    with time_machine.travel(AT, tick=False):
        yield


# ---- What leaves -----------------------------------------------------------------------------------------
def test_sealed_and_coparent_needs_names_of_doctors_and_phones_stay_behind() -> None:
    payload = offered_family().payload

    assert [need["code"] for need in payload["need_codes"]] == ["PERINEUM"]
    assert payload["circle"] == [
        {"name": "Ines Martin", "role": "LIBERAL_MIDWIFE"},
        {"name": "Dr Simon", "role": "GENERAL_PRACTITIONER"},
    ]
    assert {line["code"]: (line["status"], line["child"]) for line in payload["calendar"]} == {
        "K01": ("done", 1),
        "K05": ("planned", None),
    }
    assert "professional" not in payload["calendar"][0]


def test_what_she_does_not_agree_to_does_not_leave() -> None:
    payload = offered_family(covers=[]).payload

    assert [payload[part] for part in ("visits", "calendar", "needs", "need_codes", "circle")] == [[], [], "", [], []]
    assert payload["discharge"]["kind"] == "STANDARD"


def test_destination_reads_in_words_what_comes_along() -> None:
    offered_family()

    with scope.opened(inside(LAGON)):
        told = read_offer(FamilyTransfer.incoming.get())

    assert told.along.visits == (f"visite 1 le {full_day(date(2026, 11, 13))}",)
    assert told.along.left == f"Habituelle, {moment(BORN + timedelta(hours=60))}"
    assert any(f"fait le {full_day(date(2026, 11, 14))}" in line for line in told.along.calendar)
    assert told.along.circle[1] == "Dr Simon, médecin traitant"
    assert told.along.needs == ("Périnée, fuites, rééducation, pour la mère",)


# ---- What stands there -----------------------------------------------------------------------------------
def test_way_home_and_calendar_stand_in_the_new_file_as_they_were_said() -> None:
    offered = offered_family()

    with scope.opened(inside(LAGON)):
        birth = accept(offered)

        left = Discharge.objects.get(birth=birth)
        assert (left.at, left.kind, left.recorded_by) == (BORN + timedelta(hours=60), "STANDARD", factories.who("emma"))
        exam = CalendarItem.objects.get(code="K01")
        assert (exam.child, exam.status, exam.on, exam.source) == (
            Child.objects.get(),
            "done",
            date(2026, 11, 14),
            "booklet",
        )
        assert (exam.certificate, exam.certificate_on) == ("filled", date(2026, 11, 14))
        assert CalendarItem.objects.get(code="K05").child is None
        assert Mother.objects.get().language == "ar"


def test_needs_in_hand_become_needs_with_the_inclusion_once() -> None:
    offered = offered_family()

    with scope.opened(inside(LAGON)):
        birth = accept(offered)
        assert not Need.objects.exists()
        pathway = included(birth)

        need = Need.objects.get()
        assert (need.code, need.about, need.state, need.source) == (
            "PERINEUM",
            "MOTHER",
            NeedState.OPEN,
            NeedSource.MOVED,
        )
        assert need.pathway == pathway


def test_circle_arrives_as_names_and_opens_nothing() -> None:
    offered = offered_family()

    with scope.opened(inside(LAGON)):
        birth = accept(offered)

        assert not CareCircleMember.objects.exists()
        assert not FamilyGrant.objects.exists()
        facts = family_facts(birth.family_id, AT)
        arrived = circle_page(birth.family, facts, AT, "Indian/Reunion").arrived
        assert arrived is not None
        assert arrived.origin == "Vallées de l’Est"
        assert arrived.circle[1] == "Dr Simon, médecin traitant"


def test_child_who_lives_elsewhere_does_so_there_too() -> None:
    with scope.opened(inside(VALLEES)):
        birth = factories.make_birth(at=BORN)
        Child.objects.filter(birth=birth).update(situation="PLACED", situation_at=AT)
        pathway = factories.make_pathway(birth, ap=factories.who("amal"))
        offered = factories.make_transfer(pathway)

    with scope.opened(inside(LAGON)):
        accept(offered)

        assert Child.objects.get().situation == "PLACED"


def test_offer_made_before_there_were_more_parts_is_accepted() -> None:
    offered = offered_family()
    old = {"mother", "contact", "birth", "visits", "needs", "caller"}
    with scope.opened(inside(VALLEES)):
        payload = {name: part for name, part in offered.payload.items() if name in old}
        FamilyTransfer.objects.update(payload=payload)

    with scope.opened(inside(LAGON)):
        waiting = FamilyTransfer.incoming.get()
        assert read_offer(waiting).along.circle == ()
        birth = accept(waiting)
        assert ReceivedFile.objects.get(birth=birth).circle == []
        assert not Discharge.objects.exists()


def test_ultra_early_visit_made_elsewhere_calls_nobody_here() -> None:
    offered = offered_family()
    with scope.opened(inside(VALLEES)):
        left = {**offered.payload["discharge"], "kind": "ULTRA_EARLY", "has_medical_agreement": True}
        left["at"] = (AT - timedelta(hours=5)).isoformat()
        visits = [{"kind": "ULTRA_EARLY", "on": "2026-11-16"}]
        FamilyTransfer.objects.update(payload={**offered.payload, "discharge": left, "visits": visits})

    with scope.opened(inside(LAGON)):
        included(accept(FamilyTransfer.incoming.get()))

        assert not EarlyCall.objects.exists()


# ---- The walls -------------------------------------------------------------------------------------------
def test_origin_reads_that_it_was_accepted_and_nothing_of_what_it_had_sent() -> None:
    offered = offered_family()
    with scope.opened(inside(LAGON)):
        accept(offered)
    settle_transfers(str(offered.territory_id))

    with scope.opened(inside(VALLEES)), connection.cursor() as cursor:
        answer = TransferAnswer.received.get()
        assert answer.summary == {}
        cursor.execute("select count(*) from pathways_receivedfile")
        assert cursor.fetchone()[0] == 0
        assert FamilyTransfer.objects.get().payload == {}


def test_links_of_outside_professionals_open_nothing_behind_the_family() -> None:
    offered = offered_family()
    with scope.opened(inside(VALLEES)):
        orientation = factories.make_orientation(Need.objects.get(code="PERINEUM"), state="SENT")
        link = make_link(orientation=orientation, by=factories.who("farid"), at=AT)
    with scope.opened(inside(LAGON)):
        accept(offered)

    settle_transfers(str(offered.territory_id))

    with scope.opened(inside(VALLEES)):
        link.refresh_from_db()
        assert link.killed_at is not None


def test_third_territory_neither_reads_nor_answers_nor_stands_in_the_way() -> None:
    offered = offered_family()
    with third() as thea:
        with pytest.raises(BusinessError, match="déjà sa réponse, ou a été annulé"):
            transfers.decline_transfer(transfer=offered, reason="Chez nous.", by=thea, at=AT)
        # Even a row of its own, with a number that nobody gave it, answers nothing.
        answer_of(offered, thea)
    settle_transfers(str(offered.territory_id))

    with scope.opened(inside(LAGON)):
        accept(offered)
    with third(), connection.cursor() as cursor:
        for table in ("familytransfer", "receivedfile", "mother", "calendaritem", "discharge", "need"):
            cursor.execute(f"select count(*) from pathways_{table}")
            assert cursor.fetchone()[0] == 0, table


def test_row_of_a_third_territory_does_not_keep_the_origin_from_taking_its_offer_back() -> None:
    offered = offered_family()
    with third() as thea:
        answer_of(offered, thea)

    with scope.opened(inside(VALLEES)):
        transfers.cancel_transfer(transfer=offered, at=AT)

        assert FamilyTransfer.objects.get().payload == {}


def answer_of(offered: FamilyTransfer, by: Member) -> None:
    """A refusal written by hand in a territory that was asked nothing."""
    about = {"transfer": offered.public_id, "from_territory_id": offered.territory_id}
    TransferAnswer.objects.create(is_accepted=False, reason="Chez nous.", answered_by=by, answered_at=AT, **about)

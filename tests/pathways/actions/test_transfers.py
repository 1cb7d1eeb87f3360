"""A family moves to another territory: two walls, one family, nothing left readable behind but the record."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from copa.kernel import access, clock, one_time, scope
from copa.kernel.errors import BusinessError
from pathways.actions import answer_links, deaths, needs, transfers
from pathways.enums import PathwayState, TransferState
from pathways.models import (
    AnswerLink,
    Birth,
    Child,
    CoParent,
    CoParentConsent,
    CoParentTransfer,
    Family,
    FamilyTransfer,
    Mother,
    Pathway,
    ReceivedFile,
    TransferAnswer,
)
from pathways.reads import transfers as reads
from pathways.reads.facts import family_facts
from pathways.tasks import settle_transfers
from territories.enums import TerritoryStatus, Typology
from territories.models import HistoryEvent, Member, OutgoingMessage, Region, Structure, Territory
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.actions.thirds import third
from visits.enums import VisitState
from visits.models import Visit


@pytest.fixture
def offered(cast: dict[str, Person]) -> FamilyTransfer:
    """A family of the valleys offered to the lagoon: V1 done, V2 planned, opened to Inès."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
        factories.make_grant(pathway.family, to=factories.who("ines"))
        done = factories.make_visit(pathway, "V1", VisitState.ENDED)
        factories.make_report(done, delivered_at=clock.now())
        factories.make_visit(pathway, "V2")
        farid, at = factories.who("farid"), clock.now()
        taken = {"acknowledged_by": farid, "acknowledged_at": at, "instruction": "Rappelez-nous."}
        factories.make_alert(pathway, **taken, closed_by=farid, closed_at=at, outcome="Vue par l’équipe.")
        orientation = factories.make_orientation(factories.make_need(pathway), state="SENT")
        answer_links.make_link(orientation=orientation, by=factories.who("farid"), at=clock.now())
        return factories.make_transfer(pathway)


def accept(offered: FamilyTransfer, **changes: Any) -> Birth:
    values: dict[str, Any] = {
        "maternity": factories.structure("Maternité du Lagon"),
        "commune": factories.commune("Saint-Éloi-du-Lagon"),
        "address": "2 chemin des Filaos",
        "is_other_family": False,
        "by": factories.who("emma"),
        "at": clock.now(),
    }
    return transfers.accept_transfer(transfer=offered, **(values | changes))


def settle(offered: FamilyTransfer) -> None:
    settle_transfers(str(offered.territory_id))


def seen(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


# ---- The walls -------------------------------------------------------------------------------------------
def test_destination_reads_the_offer_and_nothing_else_of_the_origin(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        found = FamilyTransfer.incoming.get()
        assert found.payload["mother"]["first_names"] == "Samira"
        assert not FamilyTransfer.objects.exists()
        for table in ("pathways_family", "pathways_mother", "pathways_pathway", "visits_visit", "pathways_alert"):
            assert seen(table) == 0
        with connection.cursor() as cursor:
            cursor.execute("update pathways_familytransfer set covers = '[]'")
            assert cursor.rowcount == 0
            cursor.execute("delete from pathways_familytransfer")
            assert cursor.rowcount == 0


def test_third_territory_sees_neither_offer_nor_answer(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)

    with third():
        assert seen("pathways_familytransfer") == 0
        assert seen("pathways_transferanswer") == 0
        assert not FamilyTransfer.incoming.exists()


def test_origin_reads_the_answer_and_nothing_of_the_new_family(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        birth = accept(offered)

    with scope.opened(inside(VALLEES)):
        assert TransferAnswer.received.get().is_accepted
        assert not Family.unscoped.filter(pk=birth.family_id).exists()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update pathways_transferanswer set reason = 'x'")


def test_offer_is_not_read_any_more_once_it_is_settled(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        transfers.cancel_transfer(transfer=offered, at=clock.now())
        assert FamilyTransfer.objects.get().payload == {}

    with scope.opened(inside(LAGON)):
        assert seen("pathways_familytransfer") == 0
        with pytest.raises(BusinessError, match="annulé"):
            accept(offered)
        assert not Birth.objects.exists()


def test_payload_holds_nothing_protected_and_nobody_else(offered: FamilyTransfer) -> None:
    known = {"mother", "help", "contact", "birth", "discharge", "caller"}
    parts = {"visits", "calendar", "needs", "need_codes", "circle", "coparents", "is_coparent_left_out", "reports"}
    assert set(offered.payload) == known | parts
    assert [visit["kind"] for visit in offered.payload["visits"]] == ["V1"]
    assert "Julien" not in str(offered.payload)
    assert "Pâleur" not in str(offered.payload)


# ---- The other parent -------------------------------------------------------------------------------------
def with_coparents(*answers: str, needs: tuple[str, ...] = ("COPARENT",)) -> FamilyTransfer:
    """A family of the valleys, with as many co-parents as there are answers; "" for one nobody asked."""
    with scope.opened(inside(VALLEES)):
        family = factories.make_family(coparents=len(answers))
        pathway = factories.make_pathway(factories.make_birth(family, days_ago=9), ap=factories.who("amal"))
        for about in needs:
            factories.make_need(pathway, "CHILDCARE", about=about)
        people = CoParent.objects.order_by("pk")
        said = {one.public_id: answer for one, answer in zip(people, answers, strict=True) if answer}
        return factories.make_transfer(pathway, coparents=said)


@pytest.mark.parametrize("answer", ["", "NOT_ASKED", "NO"])
def test_nothing_of_the_other_parent_leaves_without_his_own_yes(cast: dict[str, Person], answer: str) -> None:
    offered = with_coparents(answer)

    assert "Julien" not in str(offered.payload)
    assert "+33199003108" not in str(offered.payload)
    assert offered.payload["need_codes"] == []
    with scope.opened(inside(VALLEES)):
        kept = CoParentTransfer.objects.get()
        assert (kept.answer, kept.noted_by, kept.noted_at) == (
            answer or "NOT_ASKED", factories.who("farid"), offered.offered_at,
        )  # fmt: skip
    with scope.opened(inside(LAGON)):
        shown = reads.offered(FamilyTransfer.incoming.get())
        assert (shown.coparents, shown.is_coparent_left_out) == ((), True)
        accept(offered)
        assert not CoParent.objects.exists()


def test_his_own_yes_brings_his_name_his_number_and_his_needs(cast: dict[str, Person]) -> None:
    offered = with_coparents("YES")

    with scope.opened(inside(LAGON)):
        shown = reads.offered(FamilyTransfer.incoming.get())
        assert ([name.split()[0] for name, _ in shown.coparents], shown.is_coparent_left_out) == (["Julien"], False)
        accept(offered)

        assert CoParent.objects.get().phone == "+33199003108"
        # His adhesion named people of the other territory: it is his to give again.
        assert not CoParentConsent.objects.exists()
        assert [need["about"] for need in ReceivedFile.objects.get().need_codes] == ["COPARENT"]


def test_of_two_the_one_who_said_yes_leaves_alone_and_no_need_that_may_be_the_others(cast: dict[str, Person]) -> None:
    offered = with_coparents("NO", "YES", needs=("COPARENT", "MOTHER"))

    assert [one["name"][-1] for one in offered.payload["coparents"]] == ["1"]
    assert offered.payload["is_coparent_left_out"] is True
    assert [need["about"] for need in offered.payload["need_codes"]] == ["MOTHER"]


def test_a_family_without_another_parent_says_nothing_of_one(cast: dict[str, Person]) -> None:
    offered = with_coparents()

    with scope.opened(inside(LAGON)):
        shown = reads.offered(FamilyTransfer.incoming.get())
        assert (shown.coparents, shown.is_coparent_left_out) == ((), False)
    with scope.opened(inside(VALLEES)):
        assert not CoParentTransfer.objects.exists()
    assert offered.payload["coparents"] == []


def test_an_answer_of_no_list_stores_nothing(cast: dict[str, Person]) -> None:
    with pytest.raises(BusinessError, match="réponses de la liste"):
        with_coparents("YES PLEASE")

    with scope.opened(inside(VALLEES)):
        assert not FamilyTransfer.objects.exists()
        assert not CoParentTransfer.objects.exists()


def test_his_answer_stays_behind_the_wall_and_never_changes(cast: dict[str, Person]) -> None:
    with_coparents("YES")

    with scope.opened(inside(LAGON)):
        assert seen("pathways_coparenttransfer") == 0
    with (
        scope.opened(inside(VALLEES)),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update pathways_coparenttransfer set answer = 'NO'")


# ---- Accepted --------------------------------------------------------------------------------------------
def test_accepted_family_is_opened_there_and_her_adhesion_is_asked_anew(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        birth = accept(offered)

        assert Mother.objects.get().first_names == "Samira"
        assert Child.objects.get().first_name == "Noé1"
        assert Family.objects.get().may_sms
        assert ReceivedFile.objects.get().needs == "Un lit pour le bébé."
        assert birth.at == Birth.objects.get().at
        assert not CoParent.objects.exists()
        assert not Pathway.objects.exists()


def test_rule_of_the_team_goes_along(cast: dict[str, Person]) -> None:
    since = clock.now() - timedelta(days=1)
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
        Family.objects.update(through_team_since=since)
        transfer = factories.make_transfer(pathway)

    with scope.opened(inside(LAGON)):
        accept(transfer)

        assert Family.objects.get().through_team_since == since


def test_nothing_stays_readable_behind_but_the_record(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)
    settle(offered)

    with scope.opened(inside(VALLEES)):
        transfer, pathway = FamilyTransfer.objects.get(), Pathway.objects.get()
        assert (transfer.state, transfer.payload, pathway.state) == (TransferState.ACCEPTED, {}, PathwayState.MOVED)
        assert not Visit.objects.filter(state=VisitState.PLANNED).exists()
        others = [factories.who(name) for name in ("amal", "bea", "farid", "gaelle", "ines", "marc", "olga", "jeanne")]
        assert not [str(member) for member in others if Family.objects.visible_to(member).exists()]
        assert {str(member): rows_of_family(member) for member in others} == {str(member): [] for member in others}
        for name in ("elise", "nora"):
            assert access.permission("pathways.see_family").allows(factories.who(name), transfer.family), name


def test_answer_itself_closes_the_file_before_any_job_has_run(offered: FamilyTransfer) -> None:
    at = clock.now()
    with scope.opened(inside(LAGON)):
        birth = accept(offered, at=at)
        # The way across the wall leads back: what follows in the same transaction is written here.
        assert Family.objects.get().pk == birth.family_id
        assert Family.objects.get().moved_at is None
        assert seen("pathways_family") == 1

    with scope.opened(inside(VALLEES)):
        family = Family.objects.get()
        assert (family.moved_at, FamilyTransfer.objects.get().state) == (at, TransferState.WAITING)
        others = [factories.who(name) for name in ("amal", "bea", "farid", "gaelle", "ines", "marc", "olga", "jeanne")]
        assert {str(member): rows_of_family(member) for member in others} == {str(member): [] for member in others}
        link = AnswerLink.objects.get()
        assert (link.killed_at, answer_links.alive_link(orientation_id=link.orientation_id, at=at)) == (None, None)
        assert answer_links.link_of(token=one_time.token_of(link.public_id), at=at) is None
        assert not answer_links.use_up(link=link, at=at)
        for name in ("elise", "nora"):
            assert access.permission("pathways.see_family").allows(factories.who(name), family), name
        written = HistoryEvent.objects.filter(table_name="pathways_family", row_id=family.pk).order_by("-pk").first()
        assert (written.territory_id, set(written.after)) == (family.territory_id, {"moved_at"})

    settle(offered)

    with scope.opened(inside(VALLEES)):
        assert Family.objects.get().moved_at == at
        assert not Visit.objects.filter(state=VisitState.PLANNED).exists()
        told = OutgoingMessage.objects.filter(dedup_key__startswith="ended:")
        assert offered.pathway.carrier.mailbox in {mail.to for mail in told}


def test_nobody_is_sent_to_a_page_that_the_move_has_closed(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)
    settle(offered)

    with scope.opened(inside(VALLEES)):
        told = {mail.to: mail.body for mail in OutgoingMessage.objects.filter(dedup_key__startswith="ended:")}
        mailbox = offered.pathway.carrier.mailbox
        assert set(told) == {mailbox, "farid@copa.example", "amal@copa.example", "ines@copa.example"}
        assert not [to for to, body in told.items() if "Connectez-vous" in body]
        assert all("rien à ouvrir sur la plateforme" in body for body in told.values())
        assert "Appelez-la" in told["amal@copa.example"]
        assert "coordination de votre territoire" in told[mailbox]


def test_only_a_yes_to_a_waiting_offer_by_its_own_destination_closes_the_file(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        maternity, commune = factories.structure("Maternité du Lagon"), factories.commune("Saint-Éloi-du-Lagon")
        family = factories.make_family(maternity=maternity, commune=commune)
        about = {"from_territory_id": offered.territory_id, "answered_by": factories.who("emma"), "family": family}
        TransferAnswer.objects.create(transfer=uuid4(), is_accepted=True, answered_at=clock.now(), **about)
        transfers.decline_transfer(transfer=offered, reason="Non.", by=factories.who("emma"), at=clock.now())
    with third() as thea:
        maternity = Structure.objects.create(kind="maternity", name="Maternité du Littoral")
        family = Family.objects.create(reference="L-1", maternity=maternity, created_at=clock.now())
        about = {"from_territory_id": offered.territory_id, "answered_by": thea, "family": family}
        TransferAnswer.objects.create(transfer=offered.public_id, is_accepted=True, answered_at=clock.now(), **about)

    with scope.opened(inside(VALLEES)):
        assert Family.objects.get().moved_at is None


def rows_of_family(member: Member) -> list[str]:
    """Every permission of the product that still gives this member a row of a family."""
    found = []
    for code, perm in sorted(access.registry.items()):
        fields = {field.name for field in apps.get_model(perm.model)._meta.concrete_fields}
        is_about_one = perm.model == "pathways.Family" or "family" in fields
        if is_about_one and perm.manager == "objects" and perm.rows(member).exists():
            found.append(code)
    return found


def test_settling_twice_changes_nothing(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)
    settle(offered)
    with scope.opened(inside(VALLEES)):
        before = FamilyTransfer.objects.get().settled_at

    settle(offered)

    with scope.opened(inside(VALLEES)):
        assert FamilyTransfer.objects.get().settled_at == before


def test_acceptance_that_dies_on_the_way_leaves_nothing_and_may_be_done_again(
    offered: FamilyTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = transfers._answer

    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        # After the answer was stored, and with it the closing of the file.
        broken.setattr(transfers, "_answer", lambda *args, **kwargs: die(answer(*args, **kwargs)))
        with pytest.raises(KeyboardInterrupt), scope.opened(inside(LAGON)):
            accept(offered)
    with scope.opened(inside(VALLEES)):
        assert Family.objects.get().moved_at is None
    with scope.opened(inside(LAGON)):
        assert not Family.objects.exists()
        accept(offered)

        assert Family.objects.count() == 1


def test_second_acceptance_opens_no_second_family(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)

        with pytest.raises(BusinessError, match="déjà sa réponse"):
            accept(offered, is_other_family=True)

        assert Family.objects.count() == 1


def test_offer_accepted_before_a_death_is_noted_is_settled_as_accepted(
    offered: FamilyTransfer,
) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)
    with scope.opened(inside(VALLEES)):
        deaths.note_death(
            birth=offered.pathway.birth, child=None, by=factories.who("farid"), at=clock.now(), is_confirmed=True
        )
        assert FamilyTransfer.objects.get().state == TransferState.WAITING

    settle(offered)

    with scope.opened(inside(VALLEES)):
        assert FamilyTransfer.objects.get().state == TransferState.ACCEPTED
        assert Pathway.objects.get().state == PathwayState.BEREAVED
        assert Family.objects.get().moved_at is not None


# ---- Declined, cancelled, left alone ---------------------------------------------------------------------
def test_declined_family_is_followed_as_before(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        with pytest.raises(BusinessError, match="pourquoi"):
            transfers.decline_transfer(transfer=offered, reason=" ", by=factories.who("emma"), at=clock.now())
        transfers.decline_transfer(
            transfer=offered, reason="Pas d’auxiliaire.", by=factories.who("emma"), at=clock.now()
        )
    settle(offered)

    with scope.opened(inside(VALLEES)):
        transfer = FamilyTransfer.objects.get()
        assert (transfer.state, transfer.payload) == (TransferState.DECLINED, {})
        assert transfer.decline_reason == "Pas d’auxiliaire."
        assert Pathway.objects.get().state == PathwayState.ACTIVE
        assert Visit.objects.filter(state=VisitState.PLANNED).exists()


def test_team_that_offered_the_family_is_told_once_that_it_is_declined(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        transfers.decline_transfer(
            transfer=offered, reason="Pas d’auxiliaire.", by=factories.who("emma"), at=clock.now()
        )
    settle(offered)
    settle(offered)

    with scope.opened(inside(VALLEES)):
        told = OutgoingMessage.objects.filter(dedup_key__startswith="transfer-declined")
        readers = {offered.offered_by.user.email, offered.pathway.carrier.mailbox, "amal@copa.example"}
        assert {mail.to for mail in told} == readers
        assert len(told) == len(readers)
        assert not any("auxiliaire" in mail.body or "Haddad" in mail.body for mail in told)
    with scope.opened(inside(LAGON)):
        assert not OutgoingMessage.objects.filter(dedup_key__startswith="transfer-declined").exists()


def test_offer_is_erased_after_thirty_days(offered: FamilyTransfer) -> None:
    for left, state in ((timedelta(seconds=1), TransferState.WAITING), (timedelta(0), TransferState.EXPIRED)):
        with time_machine.travel(offered.expires_at - left, tick=False):
            settle(offered)
        with scope.opened(inside(VALLEES)):
            transfer = FamilyTransfer.objects.get()
            assert transfer.state == state

    assert transfer.expires_at - transfer.offered_at == timedelta(days=30)
    assert transfer.payload == {}


@pytest.mark.parametrize("slug", [VALLEES, "littoral"])
def test_family_goes_to_another_active_territory(vallees: scope.Scope, slug: str) -> None:
    region = Region.objects.order_by("code").first()
    values = {"status": TerritoryStatus.PREPARING, "starts_on": "2025-12-01", "annual_births": 900}
    Territory.objects.create(slug="littoral", name="Littoral", region=region, typology=Typology.URBAN, **values)

    with pytest.raises(BusinessError, match="autre territoire"):
        factories.make_transfer(factories.make_pathway(), to=slug)

    assert not FamilyTransfer.objects.exists()


def test_one_offer_waits_at_a_time(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    factories.make_transfer(pathway)

    with pytest.raises(BusinessError, match="attend déjà"):
        factories.make_transfer(pathway)


def test_coordinators_there_are_told_once_that_a_family_arrives(offered: FamilyTransfer) -> None:
    lagon = str(offered.to_territory_id)

    for _ in range(2):
        settle_transfers(lagon)

    with scope.opened(inside(LAGON)):
        mail = OutgoingMessage.objects.get()
        assert mail.to == "emma@copa.example"
        assert "Haddad" not in mail.body


def test_maternity_that_follows_her_is_not_told_as_the_place_of_birth(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        birth = accept(offered)
        facts = family_facts(birth.family_id, clock.now()).birth

    assert facts is not None
    assert facts.place == f"dans un autre territoire, suivie par {facts.maternity}"


def test_nothing_new_is_noted_behind_from_the_answer_on(offered: FamilyTransfer) -> None:
    with scope.opened(inside(LAGON)):
        accept(offered)

    with scope.opened(inside(VALLEES)):
        family = Family.objects.get(pk=offered.family_id)
        assert Pathway.objects.get(family=family).state == PathwayState.ACTIVE
        with pytest.raises(BusinessError) as refusal:
            needs.spot_need(
                family=family,
                spotted=needs.Spotted(code="HOUSING", about="FAMILY"),
                by=factories.who("elise"),
                at=clock.now(),
            )

    assert refusal.value.code == "stopped"

"""What was written of her visits goes along with a family, by her own yes, to another territory."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import access, clock, scope
from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions import transfers
from pathways.enums import Agreement, PathwayState, TransferPart
from pathways.models import (
    Birth,
    CarriedReport,
    Child,
    CoParent,
    FamilyTransfer,
    Pathway,
    PmiRelay,
    ReceivedFile,
    RecipientConsent,
)
from pathways.reads.transfers import leaving, offered
from territories.models import Territory
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.addresses import address
from tests.visits.questionnaires import child, second_visit
from tests.visits.reports import answers, ended_visit, second_answers, sign
from visits.actions.report import add_addendum
from visits.models import Report, Visit
from visits.reads.carried import carried_reports
from visits.reads.context import form_for
from visits.reads.frozen import frozen

# What is written for the team alone, sealed, or about the co-parent.
ALONE = {
    "note.free": "Mot pour l’équipe seule.",
    "grid.status": "TO_NOTE",
    "grid.explored": ["SOCIAL", "FAMILY"],
    "grid.social": ["ISOLATED"],
    "grid.family": ["COPARENT_TIRED", "SIBLINGS_CLOSE"],
    "grid.facts": "Vu de mes yeux.",
    "coparent.says": "LOW",
}
SEALED = {
    "grid.s3_signal": True,
    "grid.s3_domain": ["VIOLENCE"],
    "grid.s3_facts": "Un mot protégé.",
    "grid.s3_safe": "YES",
}
SIGNS = {"mother.flag_any": "SOME", "mother.flags": ["MOTHER_LOW", "MOTHER_DEATH_TALK", "MOTHER_FEVER"]}


def need(code: str, about: str) -> dict[str, str]:
    return {"need.item.code": code, "need.item.about": about, "need.item.action": "INFO"}


NEEDS = {"need.any": "SOME", "need.item": [need("CHILDCARE", "COPARENT"), need("RIGHTS", "FAMILY")]}


def call(family: str, visit: Visit) -> dict[str, Any]:
    return {
        "alert.family": family,
        "alert.spoke_to": "EMR_MIDWIFE",
        "alert.spoke_at": visit.started_at.isoformat(),
        "alert.called_15": False,
        "alert.instruction": "SEEN_TODAY",
        "alert.sfl_told": "YES",
        "alert.family_told": "TOLD",
        "alert.facts": f"Faits {family}.",
    }


def reports_of(pathway: Pathway, *, with_coparent: bool = False) -> str:
    """Everything that would leave, as the bytes of the payload."""
    sent = carried_reports(pathway, with_coparent=with_coparent)
    return json.dumps(sent, ensure_ascii=False)


def offer(pathway: Pathway, *covers: str, coparents: dict[Any, str] | None = None, at: Any = None) -> FamilyTransfer:
    agreed = transfers.Agreed(
        covers=list(covers), on=pathway.birth.day, mode="ORAL", needs="", coparents=coparents or {}
    )
    return transfers.offer_transfer(
        pathway=pathway,
        to=Territory.objects.exclude(pk=pathway.territory_id).get(),
        agreed=agreed,
        by=factories.who("farid"),
        at=at or clock.now(),
    )


def accept(transfer: FamilyTransfer) -> Birth:
    return transfers.accept_transfer(
        transfer=transfer,
        maternity=factories.structure("Maternité du Lagon"),
        commune=factories.commune("Saint-Éloi-du-Lagon"),
        address="2 chemin des Filaos",
        is_other_family=False,
        by=factories.who("emma"),
        at=clock.now(),
    )


@pytest.fixture
def written(vallees: scope.Scope) -> Visit:
    """V1 of a family with a co-parent, whose report is signed."""
    visit = ended_visit()
    sign(visit)
    return visit


# ---- Leaving ---------------------------------------------------------------------------------------------
def test_nothing_of_a_report_leaves_without_her_own_yes_to_that_part(written: Visit) -> None:
    others = [part.value for part in TransferPart if part != TransferPart.REPORTS]

    transfer = offer(written.pathway, *others)

    assert transfer.payload["reports"] == []
    assert "Que boit" not in str(transfer.payload)


def test_signed_report_leaves_with_its_day_its_author_and_its_form(written: Visit) -> None:
    transfer = offer(written.pathway, "REPORTS")

    (sent,) = transfer.payload["reports"]
    assert (sent["kind"], sent["on"]) == ("V1", clock.local_date(written.ended_at, "Europe/Paris").isoformat())
    assert (sent["author"], sent["author_role"]) == ("Amal Martin", "ap")
    assert sent["written_in"] == "Vallées de l’Est"
    assert sent["form"].startswith("copa-visit-report ")
    assert {"child", "feeding", "themes", "links"} <= {block["code"] for block in sent["blocks"]}


def test_draft_and_report_of_a_visit_that_was_not_made_stay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_report(factories.make_visit(pathway, "V1", "ended"), signed=False)
    factories.make_report(factories.make_visit(pathway, "V2", "not_done"))

    assert carried_reports(pathway, with_coparent=False) == []


def test_addendum_goes_with_its_report(written: Visit) -> None:
    report, amal = Report.objects.get(visit=written), factories.who("amal")
    add_addendum(report=report, author=amal, reason="Oubli", text="Le carnet est rempli.", at=clock.now())

    (sent,) = offer(written.pathway, "REPORTS").payload["reports"]

    (added,) = sent["addenda"]
    assert (added["author"], added["reason"], added["text"]) == ("Amal Martin", "Oubli", "Le carnet est rempli.")


@pytest.mark.parametrize("with_coparent", [False, True])
def test_nothing_protected_nothing_of_the_mood_and_nothing_for_the_team_alone_leaves(
    vallees: scope.Scope, with_coparent: bool
) -> None:
    visit = ended_visit("V2", days=12)
    calls = [call(family, visit) for family in ("MIND_SOON", "MIND_VITAL", "MOTHER_URGENT", "PROTECTED")]
    needs = [need("MOOD", "MOTHER"), need("RIGHTS", "FAMILY")]
    written = ALONE | SEALED | SIGNS | {"need.any": "SOME", "need.item": needs, "alert": calls}
    sign(visit, second_answers(visit, **written))

    sent = reports_of(visit.pathway, with_coparent=with_coparent)

    for word in ("Faits MOTHER_URGENT.", "frissons", "Isolement", "Droits, démarches"):
        assert word in sent, word
    for word in (
        "EPDS", "sur 30", "Moral", "se sent", "MIND", "Faits MIND", "protégé", "transmise à l’équipe", "PROTECTED",
        "pour l’équipe seule", "Vu de mes yeux", "parler seule", "Violence", "Rien de particulier",
    ):  # fmt: skip
        assert word not in sent, word


@pytest.mark.parametrize("answer", ["", "NO", "NOT_ASKED"])
def test_what_concerns_the_coparent_stays_without_his_own_yes(vallees: scope.Scope, answer: str) -> None:
    visit = ended_visit()
    sign(visit, answers(visit, **ALONE, **NEEDS))
    said = {CoParent.objects.get().public_id: answer} if answer else {}

    (sent,) = offer(visit.pathway, "REPORTS", coparents=said).payload["reports"]

    written = json.dumps(sent, ensure_ascii=False).lower()
    assert sent["with_coparent"] == []
    for word in ("coparent", "co-parent", "autre parent", "garde"):
        assert word not in written.replace("with_coparent", ""), word


@pytest.mark.parametrize(
    ("around", "told"), [("coparent, famille", "Leur entourage noté\u00a0: famille."), ("coparent", "")]
)
def test_nothing_tells_by_its_question_that_the_coparent_is_there(vallees: scope.Scope, around: str, told: str) -> None:
    visit = ended_visit("V2", days=12)
    known = frozen(second_visit(circle_text=around, children=()))
    said = {"res.same": "SAME", "need.any": "SOME", "need.item": [need("CHILDCARE", "COPARENT")]}
    factories.make_report(visit, form=form_for(clock.now()), answers=said | {"visit.outcome": "DONE"}, context=known)

    sent = reports_of(visit.pathway)

    assert "besoin" not in sent
    assert "coparent" not in sent.lower().replace("with_coparent", "")
    assert ("entourage noté" in sent) is bool(told)
    assert told in sent


def test_his_own_yes_brings_what_concerns_him_to_the_team_alone(vallees: scope.Scope) -> None:
    visit = ended_visit()
    sign(visit, answers(visit, **NEEDS))
    said = {CoParent.objects.get().public_id: "YES"}

    (sent,) = offer(visit.pathway, "REPORTS", coparents=said).payload["reports"]

    (needs,) = [block for block in sent["with_coparent"] if block["code"] == "needs"]
    assert [line["for"] for line in needs["lines"] if "coparent" in line["text"].lower()] == ["E"]
    assert "coparent" not in json.dumps(sent["blocks"]).lower()


def test_reports_too_long_to_have_been_read_with_her_do_not_leave(
    written: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "REPORT_LETTERS", 100)

    with pytest.raises(BusinessError, match="trop longs"):
        offer(written.pathway, "REPORTS")

    assert not FamilyTransfer.objects.exists()


def test_two_signed_reports_agree_in_number(vallees: scope.Scope, as_: Callable[[str], Any]) -> None:
    second = ended_visit("V2", days=12)
    sign(second, second_answers(second))
    sign(ended_visit(pathway=second.pathway))

    page = as_("farid").get(address("transfer", second.pathway.public_id)).content.decode()

    assert "2\u00a0comptes rendus signés à ce jour" in page


def test_each_side_reads_how_many_leave(written: Visit, as_: Callable[[str], Any]) -> None:
    assert leaving(written.pathway, by=factories.who("farid"), at=clock.now()).reports == 1
    page = as_("farid").get(address("transfer", written.pathway.public_id)).content.decode()
    assert "1\u00a0compte rendu signé à ce jour" in page

    sent = {"to": "lagon", "covers": ["REPORTS"], "mode": "ORAL", "agreed_on": timezone.localdate().isoformat()}
    as_("farid").post(address("transfer", written.pathway.public_id), sent | {"is_agreed": "on"})

    transfer = FamilyTransfer.objects.get()
    assert offered(transfer).along.reports == 1
    received = as_("emma").get(f"/t/lagon/transfers/{transfer.public_id}/").content.decode()
    assert "1\u00a0compte rendu" in received


@pytest.mark.parametrize("end", ["cancelled", "declined", "expired"])
def test_offer_that_comes_to_nothing_leaves_nothing(written: Visit, end: str) -> None:
    transfer = offer(written.pathway, "REPORTS")
    if end == "cancelled":
        transfers.cancel_transfer(transfer=transfer, at=clock.now())
    elif end == "declined":
        with scope.opened(inside(LAGON)):
            by = factories.who("emma")
            transfers.decline_transfer(transfer=transfer, reason="Pas d’auxiliaire.", by=by, at=clock.now())
        transfers.settle_transfer(key=transfer.pk, at=clock.now())
    else:
        transfers.settle_transfer(key=transfer.pk, at=transfer.expires_at + timedelta(seconds=1))

    assert FamilyTransfer.objects.get().payload == {}
    with scope.opened(inside(LAGON)):
        assert not CarriedReport.objects.exists()


# ---- Received --------------------------------------------------------------------------------------------
def test_report_stands_in_the_new_file_and_in_no_list_of_reports(written: Visit, as_: Callable[[str], Any]) -> None:
    transfer = offer(written.pathway, "REPORTS")
    with scope.opened(inside(LAGON)):
        birth = accept(transfer)
        received = ReceivedFile.objects.get()
        kept = CarriedReport.objects.get()
        assert (kept.received, kept.family, kept.kind) == (received, birth.family, "V1")
        family = birth.family.public_id
    place = f"/t/{LAGON}/received/{received.public_id}/reports/"

    page = as_("emma").get(place)

    told = page.content.decode()
    assert "Comptes rendus de Vallées de l’Est" in told
    assert "Amal Martin, auxiliaire de puériculture" in told
    assert "Lait maternel" in told or "Au sein" in told or "Allaitement" in told
    assert as_("emma").get(f"{place}pdf/").content.startswith(b"%PDF")
    story = as_("emma").get(f"/t/{LAGON}/families/{family}/").content.decode()
    assert f"/received/{received.public_id}/reports/" in story
    assert "fait ailleurs" in story
    reads = as_("emma").get(f"/t/{LAGON}/families/{family}/reads/").content.decode()
    assert "comptes rendus reçus d’un autre territoire" in reads.lower()
    assert as_("dora").get(place).status_code in {403, 404}


def test_same_offer_accepted_again_adds_nothing(written: Visit) -> None:
    transfer = offer(written.pathway, "REPORTS")
    with scope.opened(inside(LAGON)):
        accept(transfer)
        with pytest.raises(BusinessError, match="déjà sa réponse"):
            accept(transfer)

        assert CarriedReport.objects.count() == 1


def test_offer_made_before_reports_could_go_along_is_accepted(written: Visit) -> None:
    transfer = offer(written.pathway, "VISITS")
    payload = {name: value for name, value in transfer.payload.items() if name != "reports"}
    FamilyTransfer.objects.filter(pk=transfer.pk).update(payload=payload)

    with scope.opened(inside(LAGON)):
        assert offered(FamilyTransfer.incoming.get()).along.reports == 0
        accept(transfer)

        assert ReceivedFile.objects.count() == 1
        assert not CarriedReport.objects.exists()


def test_origin_reads_nothing_of_what_it_had_sent(written: Visit, as_: Callable[[str], Any]) -> None:
    transfer = offer(written.pathway, "REPORTS")
    with scope.opened(inside(LAGON)):
        accept(transfer)
        received = ReceivedFile.objects.get()

    assert not CarriedReport.unscoped.exists()
    assert as_("elise").get(f"/t/{VALLEES}/received/{received.public_id}/reports/").status_code == 404


# ---- Who reads it ----------------------------------------------------------------------------------------
def readers(received: ReceivedFile, cast: dict[str, Person]) -> set[str]:
    perm = access.permission("visits.read_carried")
    here = {name for name, person in cast.items() if person.member and person.slug == VALLEES}
    return {name for name in here if perm.allows(cast[name].member, received)}


TEAM = {"elise", "nora", "olga", "farid", "amal"}


def test_same_people_read_it_as_what_is_written_here(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    received = factories.make_carried(pathway)
    report = factories.make_report(factories.make_visit(pathway, "V2", "ended"))

    found = readers(received, cast)

    here = access.permission("visits.read_report")
    members = {name: person.member for name, person in cast.items() if person.member and person.slug == VALLEES}
    assert found == {name for name, member in members.items() if here.allows(member, report)}
    assert found >= TEAM


def test_midwife_reads_it_with_the_mothers_yes_alone(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    received = factories.make_carried(pathway)
    assert "ines" in readers(received, cast)

    RecipientConsent.objects.filter(family=pathway.family).update(answer=Agreement.NO)

    assert "ines" not in readers(received, cast)


def test_pmi_does_not_read_it_before_the_relay(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    received = factories.make_carried(pathway)
    assert "gaelle" in readers(received, cast)

    PmiRelay.objects.filter(pathway=pathway).update(state="expected")

    assert "gaelle" not in readers(received, cast)


def test_outside_the_team_nobody_reads_of_a_child_who_has_died(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    received = factories.make_carried(pathway)

    Child.objects.filter(birth=pathway.birth).update(closed_at=clock.now())

    assert readers(received, cast) & {"ines", "gaelle"} == set()
    assert readers(received, cast) >= TEAM
    assert not carries_further(pathway)


def carries_further(pathway: Pathway) -> list[Any]:
    return list(offer(pathway, "REPORTS").payload["reports"])


def test_file_that_came_without_reports_opens_no_page(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway, there = factories.make_pathway(ap=factories.who("amal")), Territory.objects.get(slug=LAGON)
    received = ReceivedFile.objects.create(
        family=pathway.family, birth=pathway.birth, from_territory=there, received_at=clock.now()
    )

    assert readers(received, cast) == set()


def test_reader_finds_her_own_lines_and_no_others(vallees: scope.Scope, as_: Callable[[str], Any]) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    place = f"/t/{VALLEES}/received/{factories.make_carried(pathway).public_id}/reports/"

    assert "Appeler le soir" in as_("farid").get(place).content.decode()
    midwife = as_("ines").get(place).content.decode()
    assert "Lait maternel" in midwife
    assert "Appeler le soir" not in midwife


def test_record_left_behind_is_read_by_the_binome_alone(cast: dict[str, Person], vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    received = factories.make_carried(pathway)

    Pathway.objects.filter(pk=pathway.pk).update(state=PathwayState.MOVED)
    type(pathway.family).objects.filter(pk=pathway.family_id).update(moved_at=clock.now())

    assert readers(received, cast) == {"elise", "nora"}


# ---- From one territory to the next ----------------------------------------------------------------------
def test_what_came_from_elsewhere_goes_on_with_what_is_written_here(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=12)
    told = [{"code": "child", "number": 5, "title": "L’enfant", "lines": []}]
    factories.make_carried(pathway, with_coparent=told)
    visit = factories.make_visit(pathway, "V2", "ended", ended_at=clock.now() - timedelta(hours=1))
    sign(visit, second_answers(visit, child=[child(str(Child.objects.get().public_id), child__exam__k02="BOOKED")]))

    without = offer(pathway, "REPORTS")
    transfers.cancel_transfer(transfer=without, at=clock.now())
    with_his = offer(pathway, "REPORTS", coparents={CoParent.objects.get().public_id: "YES"})

    assert leaving(pathway, by=factories.who("farid"), at=clock.now()).reports == 2
    assert [one["written_in"] for one in without.payload["reports"]] == ["Lagon", "Vallées de l’Est"]
    assert without.payload["reports"][0]["with_coparent"] == []
    assert with_his.payload["reports"][0]["with_coparent"] == told

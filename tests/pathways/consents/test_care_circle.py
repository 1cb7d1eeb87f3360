"""Who stands around a family, who sees what until when, and the file opened in an emergency."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from copa.pages.tabs import TABS
from pathways.actions.circle import Newcomer, join_circle, leave_circle, open_in_emergency
from pathways.enums import CircleRole, Recipient
from pathways.models import CareCircleMember, Family, FamilyGrant, Mother, Pathway
from pathways.perms import (
    CHANGE_RECIPIENTS,
    EDIT_FAMILY,
    KEEP_CIRCLE,
    NOTE_CALENDAR,
    OPEN_FAMILY_TO,
    RECORD_EPDS,
    RECORD_SILENCE,
    SEE_FAMILY,
    SEE_READS,
    SPOT_NEED,
    STOP_PATHWAY,
    followed,
)
from pathways.reads.circle import circle_page
from pathways.reads.facts import family_facts
from territories.models import AccessLog, OutgoingMessage
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count
from visits.perms import READ_REPORT, READ_SEALED

WHY = "La mère appelle : le bébé ne tète plus, je dois savoir qui la suit."


# ---- Joining and leaving ---------------------------------------------------------------------------------
def test_midwife_typed_by_hand_joins_and_is_flagged(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    typed = {
        "work": "LIBERAL_MIDWIFE", "name": "Nadia Simon", "phone": "01 99 00 44 12", "why": "Suit à domicile",
        "since": timezone.localdate().isoformat(),
    }  # fmt: skip

    response = as_("amal").post(address("circle_join", family.public_id), typed)
    page = as_("amal").get(address("circle", family.public_id)).content.decode()

    assert response.status_code == 302
    assert "Nadia Simon" in page
    assert "sans identifiant" in page
    assert "Rien sur la plateforme" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"since": "2099-01-01"}, "since"), ({"work": ""}, "work"), ({"phone": "12"}, "phone")],
)
def test_bad_newcomer_is_refused_beside_its_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, str], field: str
) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    typed = {"name": "Nadia Simon", "since": timezone.localdate().isoformat()}

    response = as_("amal").post(address("circle_join", family.public_id), typed | {"work": "HOME_HELP"} | changes)

    assert field in response.context["form"].errors
    assert not CareCircleMember.objects.exists()


def test_leaving_closes_her_file_at_once_and_keeps_why(as_: Any, vallees: scope.Scope) -> None:
    ines = factories.who("ines")
    family = factories.make_pathway().family
    factories.make_grant(family, to=ines)
    person = factories.make_circle_member(family, member=ines)
    typed = {"until": timezone.localdate().isoformat(), "reason": "REPLACED"}

    as_("farid").post(address("circle_leave", person.public_id), typed)

    assert not Family.objects.visible_to(ines).exists()
    page = as_("farid").get(address("circle", family.public_id)).content.decode()
    assert "Quelqu’un d’autre a pris le relais" in page


def test_nobody_leaves_twice_nor_without_a_reason_nor_tomorrow(vallees: scope.Scope) -> None:
    family, elise, at = factories.make_family(), factories.who("elise"), clock.now()
    person = factories.make_circle_member(family)
    today = clock.local_date(at, "Europe/Paris")
    with pytest.raises(BusinessError, match="pas encore arrivée"):
        leave_circle(person=person, until=today + timedelta(days=1), reason="FINISHED", by=elise, at=at)
    with pytest.raises(BusinessError, match="précède"):
        leave_circle(person=person, until=today - timedelta(days=3), reason="FINISHED", by=elise, at=at)
    with pytest.raises(IntegrityError, match="circle_end_with_a_reason"), transaction.atomic():
        leave_circle(person=person, until=today, reason="", by=elise, at=at)

    leave_circle(person=person, until=today, reason="FINISHED", by=elise, at=at)

    with pytest.raises(BusinessError, match="déjà plus"):
        leave_circle(person=person, until=today, reason="FINISHED", by=elise, at=at)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "circle_member_named"),
        ({"end_reason": "FINISHED"}, "circle_end_with_a_reason"),
    ],
)
def test_database_refuses_half_a_person(vallees: scope.Scope, values: dict[str, Any], constraint: str) -> None:
    family = factories.make_family()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.make_circle_member(family, **values)


def test_same_person_is_not_added_twice(vallees: scope.Scope) -> None:
    family, ines = factories.make_family(), factories.who("ines")
    factories.make_circle_member(family, member=ines)
    today = clock.local_date(clock.now(), "Europe/Paris")

    with pytest.raises(BusinessError) as refusal:
        join_circle(
            family=family, newcomer=Newcomer(work=CircleRole.LIBERAL_MIDWIFE, member=ines), since=today,
            by=factories.who("elise"), at=clock.now(),
        )  # fmt: skip

    assert refusal.value.code == "circle_member_once"


def test_centre_of_the_pmi_chosen_as_a_midwife_is_the_midwife_of_the_pmi(vallees: scope.Scope) -> None:
    """Her reports are those the mother agreed to send to the PMI, not to a liberal midwife."""
    family, centre = factories.make_family(), factories.make_entry("PMI_CENTRE", name="PMI de Ligny")

    joined = join_circle(
        family=family,
        newcomer=Newcomer(work=CircleRole.LIBERAL_MIDWIFE, entry=centre),
        since=clock.local_date(clock.now(), "Europe/Paris"),
        by=factories.who("elise"),
        at=clock.now(),
    )

    assert joined.role == CircleRole.PMI_MIDWIFE


# ---- Who sees what ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("answer", "words"), [("YES", "et les comptes rendus"), ("NO", "sans les comptes rendus")])
def test_page_says_what_her_answer_opens(vallees: scope.Scope, answer: str, words: str) -> None:
    marc, at = factories.who("marc"), clock.now()
    family = factories.make_pathway().family
    factories.make_agreement(family, Recipient.PAEDIATRICIAN, answer)
    factories.make_grant(family, to=marc, recipient=Recipient.PAEDIATRICIAN)

    page = circle_page(family, family_facts(family.pk, at), at, "Europe/Paris")

    line = next(line for line in page.lines if line.name.startswith("Marc"))
    assert words in line.sees


@pytest.mark.parametrize(("days", "is_told"), [(3, True), (7, True), (8, False)])
def test_openings_that_end_within_a_week_are_looked_at_again(vallees: scope.Scope, days: int, *, is_told: bool) -> None:
    at = clock.now()
    family = factories.make_pathway().family
    factories.make_grant(family, to=factories.who("ines"), days=days)

    page = circle_page(family, family_facts(family.pk, at + timedelta(seconds=5)), at + timedelta(seconds=5), "UTC")

    assert bool(page.ending_soon) is is_told


def test_circle_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    factories.make_circle_member(family)
    url = address("circle", family.public_id)
    client = as_("farid")
    one = count(client, url)
    for number in range(8):
        factories.make_circle_member(family, name=f"Dr Martin {number}")
    factories.make_circle_member(family, member=factories.who("ines"))

    assert count(client, url) == one


# ---- Opened in an emergency ------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["fanny", "gina"])
def test_file_opens_for_three_hours_and_everybody_who_answers_knows(as_: Any, vallees: scope.Scope, who: str) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    assert as_(who).get(_file(family)).status_code == 404
    typed = {"reference": family.reference, "why": WHY, "knows": "on"}

    response = as_(who).post(address("emergency_opening"), typed)

    assert response.status_code == 302
    assert as_(who).get(_file(family)).status_code == 200
    told = set(OutgoingMessage.objects.filter(dedup_key__startswith="file-opened").values_list("to", flat=True))
    assert told == {"elise@copa.example", "maternity-saint-remi@copa.example"}
    bodies = " ".join(OutgoingMessage.objects.values_list("body", flat=True))
    assert family.reference not in bodies
    assert "tète" not in bodies
    log = AccessLog.objects.filter(family_id=family.pk, what="pathways.break_glass", is_refused=False)
    assert log.count() == 1
    assert "tète plus" in as_("farid").get(address("circle", family.public_id)).content.decode()


def test_family_is_found_by_what_the_mother_tells_and_a_near_miss_says_nothing(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family
    mother = Mother.objects.get(family=family)
    right = {"birth_name": mother.birth_name.upper(), "birth_on": mother.birth_on.isoformat()}
    wrong = right | {"birth_on": (mother.birth_on + timedelta(days=1)).isoformat()}

    missed = as_("gina").post(address("emergency_opening"), wrong | {"why": WHY, "knows": "on"})

    assert missed.status_code == 422
    assert not FamilyGrant.objects.exists()
    assert AccessLog.objects.filter(what="pathways.break_glass", is_refused=True).count() == 1
    found = as_("gina").post(address("emergency_opening"), right | {"why": WHY, "knows": "on"})
    assert found.status_code == 302
    assert FamilyGrant.objects.get().reason == "EMERGENCY"


@pytest.mark.parametrize(("minutes", "is_open"), [(179, True), (181, False)])
def test_it_ends_by_itself_after_three_hours(vallees: scope.Scope, minutes: int, *, is_open: bool) -> None:
    family, gina = factories.make_pathway().family, factories.who("gina")

    open_in_emergency(family=family, why=WHY, by=gina, at=clock.now() - timedelta(minutes=minutes))

    assert SEE_FAMILY.allows(gina, family) is is_open
    assert Family.objects.visible_to(gina).exists() is is_open


def test_team_that_broke_the_glass_reads_and_does_nothing_else(vallees: scope.Scope) -> None:
    fanny = factories.who("fanny")
    pathway = factories.make_pathway(ap=factories.who("amal"))
    report = factories.make_report(factories.make_visit(pathway, "V1", "ended", ended_at=clock.now()))
    open_in_emergency(family=pathway.family, why=WHY, by=fanny, at=clock.now())

    assert SEE_FAMILY.allows(fanny, pathway.family)
    assert READ_REPORT.allows(fanny, report)
    assert not READ_SEALED.rows(fanny).exists()
    for perm in (EDIT_FAMILY, CHANGE_RECIPIENTS, OPEN_FAMILY_TO, KEEP_CIRCLE, SEE_READS):
        assert not perm.allows(fanny, pathway.family), perm.code
    assert not STOP_PATHWAY.allows(fanny, Pathway.objects.get(pk=pathway.pk))
    assert not RECORD_SILENCE.allows(fanny, pathway.birth)


def test_pmi_that_broke_the_glass_reads_and_does_nothing_else(vallees: scope.Scope) -> None:
    gina = factories.who("gina")
    family = factories.make_pathway(ap=factories.who("amal")).family

    open_in_emergency(family=family, why=WHY, by=gina, at=clock.now())

    assert SEE_FAMILY.allows(gina, family)
    for perm in (SPOT_NEED, KEEP_CIRCLE, EDIT_FAMILY, RECORD_EPDS, NOTE_CALENDAR):
        assert not perm.rows(gina).exists(), perm.code


@pytest.mark.parametrize("who", ["fanny", "gina"])
def test_glass_does_not_open_what_another_territory_follows(as_: Any, vallees: scope.Scope, who: str) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    Family.objects.filter(pk=family.pk).update(moved_at=clock.now())

    response = as_(who).post(address("emergency_opening"), {"reference": family.reference, "why": WHY, "knows": "on"})

    assert response.status_code == 422
    assert "clos ici" in response.content.decode()
    assert not FamilyGrant.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_glass_opens_no_report_the_mother_kept_from_the_pmi(vallees: scope.Scope) -> None:
    gina = factories.who("gina")
    pathway = factories.make_pathway(ap=factories.who("amal"), agreed_pmi=False)
    report = factories.make_report(factories.make_visit(pathway, "V1", "ended", ended_at=clock.now()))

    open_in_emergency(family=pathway.family, why=WHY, by=gina, at=clock.now())

    assert SEE_FAMILY.allows(gina, pathway.family)
    assert not READ_REPORT.allows(gina, report)


@pytest.mark.parametrize("why", ["", "urgent", "              "])
def test_word_is_not_a_reason(vallees: scope.Scope, why: str) -> None:
    family = factories.make_family()

    with pytest.raises(BusinessError) as refusal:
        open_in_emergency(family=family, why=why, by=factories.who("gina"), at=clock.now())

    assert refusal.value.field == "why"
    assert not OutgoingMessage.objects.exists()


def test_who_may_read_it_anyway_breaks_nothing(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family

    response = as_("farid").post(
        address("emergency_opening"), {"reference": family.reference, "why": WHY, "knows": "on"}
    )

    assert response.status_code == 302
    assert not FamilyGrant.objects.exists()


@pytest.mark.parametrize(("why", "hours"), [("", 3), (WHY, 4)])
def test_database_refuses_a_longer_or_silent_opening(vallees: scope.Scope, why: str, hours: int) -> None:
    at = clock.now()

    with pytest.raises(IntegrityError, match="grant_emergency_reasoned"), transaction.atomic():
        factories.make_grant(
            factories.make_family(), to=factories.who("gina"), reason="EMERGENCY", why=why, granted_at=at,
            expires_at=at + timedelta(hours=hours),
        )  # fmt: skip


def _file(family: Family) -> str:
    return f"/t/vallees/families/{family.public_id}/"


@pytest.mark.parametrize("who", ["fanny", "gina"])
def test_file_opened_in_an_emergency_leads_nowhere_that_is_refused(as_: Any, vallees: scope.Scope, who: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_relay(pathway)
    family = pathway.family
    factories.make_report(factories.make_visit(pathway, "V1", "ended", ended_at=clock.now()))
    open_in_emergency(family=family, why=WHY, by=factories.who(who), at=clock.now())
    client = as_(who)

    page = client.get(f"/t/vallees/families/{family.public_id}/").content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    links = set(re.findall(r'href="(/t/vallees/[^"#]+)"', main))
    assert f"/t/vallees/families/{family.public_id}/?partie=comptes-rendus" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert not AccessLog.objects.filter(is_refused=True).exists()


def test_every_part_of_a_file_is_open_to_whoever_follows_the_family() -> None:
    """What lets the tabs ask one question for all of them."""
    assert {tab.perm.where for tab in TABS if tab.perm is not SEE_FAMILY} == {followed}

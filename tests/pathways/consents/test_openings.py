"""To whom of the circle a file opens, by whose hand: the mother's yes, and somebody who may open files."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import clock
from pathways.actions.families import change_recipients, revoke_grant
from pathways.actions.stops import withdraw_pathway
from pathways.enums import CircleRole, GrantReason, Recipient, WithdrawalReach
from pathways.models import CareCircleMember, Child, Family, FamilyGrant, Pathway
from pathways.reads.openings import waits_for_file
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count
from visits.reads import todo
from visits.reads.todo import Subject

pytestmark = pytest.mark.usefixtures("vallees")

WORDS = "Décider d’ouvrir le dossier"


def followed() -> Pathway:
    """Amal's family, whose mother said yes for her doctor."""
    pathway: Pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_agreement(pathway.family, Recipient.GENERAL_PRACTITIONER)
    return pathway


def joins(as_: Any, who: str, pathway: Pathway, **changes: str) -> str:
    """The page after `who` added Marc as her doctor."""
    typed = {
        "work": "GENERAL_PRACTITIONER",
        "member": f"member:{factories.who('marc').public_id}",
        "since": timezone.localdate().isoformat(),
    } | changes
    url = address("circle_join", pathway.family.public_id)
    return str(as_(who).post(url, typed, follow=True).content.decode())


def to_do(who: str) -> list[tuple[str, str]]:
    page = todo.todo_page(factories.who(who), Subject.COORDINATION, "1", at=clock.now(), zone="Europe/Paris")
    return [(row.words, row.detail) for row in page.page.object_list]


def waiting() -> list[str]:
    rows = waits_for_file(clock.now(), timezone.localdate()).order_by("pk")
    return [one.full_name for one in rows]


def test_auxiliary_adds_to_the_circle_and_the_team_decides_of_the_file(as_: Any) -> None:
    pathway = followed()
    file = f"/t/vallees/families/{pathway.family.public_id}/"

    page = joins(as_, "amal", pathway)

    assert "Marc Martin est dans le cercle. Rien\u00a0: le dossier ne lui est pas ouvert, l’équipe en décide." in page
    assert not FamilyGrant.objects.exists()
    assert as_("marc").get(file).status_code == 404
    assert to_do("farid") == to_do("elise") == [(WORDS, "Marc Martin, médecin traitant")]
    # The nearest neighbours: another team of the territory, and she who may not open.
    assert to_do("fanny") == to_do("amal") == []


def test_team_adds_to_the_circle_and_reads_who_reads_now(as_: Any) -> None:
    pathway = followed()

    page = joins(as_, "farid", pathway)

    assert "Marc Martin est dans le cercle. Lit désormais\u00a0: le dossier et les comptes rendus, jusqu’au" in page
    assert FamilyGrant.objects.get().granted_by == factories.who("farid")
    assert to_do("farid") == []


def test_one_who_joins_opens_nothing_to_another_who_waits(as_: Any) -> None:
    pathway = followed()
    factories.make_agreement(pathway.family, Recipient.PAEDIATRICIAN)
    joins(as_, "amal", pathway)

    joins(as_, "farid", pathway, work="PAEDIATRICIAN", member=f"member:{factories.who('ines').public_id}")
    change_recipients(
        family=pathway.family,
        agreements={Recipient.PSYCHOLOGIST: "YES", Recipient.GENERAL_PRACTITIONER: "YES"},
        by=factories.who("amal"),
        at=clock.now(),
    )

    assert not FamilyGrant.objects.filter(user=factories.who("marc").user_id).exists()
    assert waiting() == ["Marc Martin"]


def test_page_says_before_what_each_may_do(as_: Any) -> None:
    url = address("circle_join", followed().family.public_id)

    pages = {who: as_(who).get(url).content.decode() for who in ("amal", "farid")}

    assert [who for who, page in pages.items() if "l’équipe de référence décide" in page] == ["amal"]
    assert [who for who, page in pages.items() if "Le dossier s’ouvre à qui" in page] == ["farid"]


@pytest.mark.parametrize("how", ["opened", "closed again", "left", "no more yes", "mourning", "rights ended"])
def test_it_waits_until_the_team_has_decided_or_nothing_is_to_be_opened(as_: Any, how: str) -> None:
    pathway, marc, farid = followed(), factories.who("marc"), factories.who("farid")
    joins(as_, "amal", pathway)
    family = pathway.family
    assert waiting() == ["Marc Martin"]

    if how in {"opened", "closed again"}:
        factories.make_grant(family, to=marc, reason=GrantReason.FOLLOWS)
    if how == "closed again":
        revoke_grant(family=family, user_id=marc.user_id, at=clock.now())
    if how == "left":
        person, today = CareCircleMember.objects.get(), timezone.localdate().isoformat()
        as_("farid").post(address("circle_leave", person.public_id), {"until": today, "reason": "REPLACED"})
    if how == "no more yes":
        change_recipients(family=family, agreements={"GENERAL_PRACTITIONER": "NO"}, by=farid, at=clock.now())
    if how == "mourning":
        factories.make_death(pathway.birth)
    if how == "rights ended":
        type(marc).objects.filter(pk=marc.pk).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert waiting() == []
    assert to_do("farid") == []


def test_ten_who_wait_cost_the_queries_of_one(as_: Any) -> None:
    def one_more() -> None:
        factories.make_circle_member(
            followed().family, member=factories.who("marc"), role=CircleRole.GENERAL_PRACTITIONER
        )

    one_more()
    few = count(as_("elise"), "/t/vallees/todo/?sujet=coordination")
    for _ in range(9):
        one_more()

    assert count(as_("elise"), "/t/vallees/todo/?sujet=coordination") == few


# ---- A decision about the file, and one about an orientation ---------------------------------------------------
def says_yes(pathway: Pathway) -> None:
    agreed = {Recipient.LIBERAL_MIDWIFE: "YES"}
    change_recipients(family=pathway.family, agreements=agreed, by=factories.who("elise"), at=clock.now())


def midwife_later(**grant: Any) -> Pathway:
    """Inès stands in the circle, the mother said « plus tard », and the team opened the file to her, once."""
    pathway: Pathway = factories.make_pathway(agreed_midwife=False)
    ines = factories.who("ines")
    factories.make_circle_member(pathway.family, member=ines)
    factories.make_grant(pathway.family, to=ines, days=3, **grant)
    return pathway


def test_yes_opens_the_file_to_the_midwife_whom_an_orientation_had_sent() -> None:
    pathway = midwife_later(reason=GrantReason.ORIENTATION)

    says_yes(pathway)

    (grant,) = FamilyGrant.objects.running(clock.now()).receiving([Recipient.LIBERAL_MIDWIFE])
    assert grant.reason == GrantReason.LIBERAL_MIDWIFE
    assert grant.expires_at > clock.now() + timedelta(days=50)


@pytest.mark.parametrize("grant", [{"reason": GrantReason.LIBERAL_MIDWIFE}, {"reason": GrantReason.ORIENTATION}])
def test_yes_opens_nothing_that_the_team_has_closed(grant: dict[str, Any]) -> None:
    pathway = midwife_later(**grant)
    revoke_grant(family=pathway.family, user_id=factories.who("ines").user_id, at=clock.now())

    says_yes(pathway)

    assert not FamilyGrant.objects.running(clock.now()).exists()


# ---- What stays open without her yes, and what nobody may prolong ---------------------------------------------
def test_page_says_who_still_reads_the_file_once_she_said_no(as_: Any) -> None:
    pathway, ines = factories.make_pathway(ap=factories.who("amal")), factories.who("ines")
    factories.make_grant(pathway.family, to=ines)
    url = address("recipients", pathway.family.public_id)
    before = as_("farid").get(url).content.decode()
    typed = {"recipient": "LIBERAL_MIDWIFE", "named": "", "answer": "NO"}

    as_("amal").post(address("recipient_change", pathway.family.public_id), typed)
    team, auxiliary = (as_(who).get(url).content.decode() for who in ("farid", "amal"))

    assert "lit encore le dossier" not in before
    assert "Le dossier, lui, reste ouvert" in before
    assert "Ines Martin lit encore le dossier, jusqu’au" in team
    assert [address("open_family", pathway.family.public_id) in page for page in (team, auxiliary)] == [True, False]
    assert "l’équipe de référence peut le refermer" in auxiliary
    revoke_grant(family=pathway.family, user_id=ines.user_id, at=clock.now())
    assert "lit encore le dossier" not in as_("farid").get(url).content.decode()


LOOK_AGAIN = "À revoir cette semaine"


def test_nobody_is_asked_to_prolong_what_opens_no_more(as_: Any) -> None:
    pathway = factories.make_pathway()
    Family.objects.filter(pk=pathway.family_id).update(may_space=True)
    factories.make_grant(pathway.family, to=factories.who("ines"), days=3)
    url = address("circle", pathway.family.public_id)
    before = as_("farid").get(url).content.decode()

    reach = WithdrawalReach.VISITS_KEEP_SPACE
    withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now(), reach=reach)

    assert LOOK_AGAIN in before
    assert LOOK_AGAIN not in as_("farid").get(url).content.decode()


def test_opening_of_the_doctor_of_an_orphan_is_prolonged_and_nobody_elses(as_: Any) -> None:
    pathway, marc, ines = factories.make_pathway(), factories.who("marc"), factories.who("ines")
    factories.make_grant(pathway.family, to=marc, days=3, reason=GrantReason.FOLLOWS, recipient=Recipient.PAEDIATRICIAN)
    factories.make_grant(pathway.family, to=ines, days=3)
    factories.make_death(pathway.birth)
    circle, url = (address(name, pathway.family.public_id) for name in ("circle", "open_family"))
    until = timezone.localdate() + timedelta(days=40)
    typed = {"reason": "FOLLOWS", "until": until.isoformat(), "as_whom": ""}

    band = as_("farid").get(circle).content.decode().partition(LOOK_AGAIN)[2][:200]
    refused = as_("farid").post(url, typed | {"to": str(ines.public_id)})
    done = as_("farid").post(url, typed | {"to": str(marc.public_id)})

    assert ("Marc Martin" in band, "Ines Martin" in band) == (True, False)
    assert (refused.status_code, done.status_code) == (422, 302)
    grant = FamilyGrant.objects.get(user=marc.user_id)
    assert (timezone.localdate(grant.expires_at - timedelta(minutes=1)), grant.recipient) == (until, "PAEDIATRICIAN")


def test_opening_of_a_doctor_is_not_prolonged_once_the_child_died(as_: Any) -> None:
    pathway, marc = factories.make_pathway(), factories.who("marc")
    factories.make_grant(pathway.family, to=marc, days=3, recipient=Recipient.PAEDIATRICIAN)
    factories.make_death(pathway.birth, Child.objects.get(birth=pathway.birth))

    page = as_("farid").get(address("circle", pathway.family.public_id)).content.decode()

    assert LOOK_AGAIN not in page
    assert address("open_family", pathway.family.public_id) not in page

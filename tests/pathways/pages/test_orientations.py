"""Pages of needs and orientations: who reads what, and how many queries it takes."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.actions.orientations import close_orientation
from pathways.actions.stops import withdraw_pathway
from pathways.models import Need, Orientation, RecipientConsent
from territories.models import AccessLog
from tests import factories, queries
from tests.cast import VALLEES, Person, inside

HERE = f"/t/{VALLEES}"


@pytest.fixture
def pathway(cast: dict[str, Person]):
    """Amal's family, opened to Inès, handed to the PMI of Ligny."""
    with scope.opened(inside(VALLEES)):
        found = factories.make_pathway(ap=cast["amal"].member)
        factories.make_grant(found.family, to=cast["ines"].member)
    return found


def page_of(client, person: Person, pathway) -> str:
    client.force_login(person.user)
    return client.get(f"{HERE}/families/{pathway.family.public_id}/needs/").content.decode()


def test_need_of_one_adult_is_read_by_those_who_may(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_need(pathway, "PERINEUM", about="MOTHER")
        factories.make_need(pathway, "COPARENT_MOOD", about="COPARENT")

    read = {
        name: ("Périnée" in (page := page_of(client, cast[name], pathway)), "Moral du coparent" in page)
        for name in ("elise", "farid", "nora", "amal", "olga", "gaelle", "ines")
    }

    both, hers = (True, True), (True, False)
    assert read == dict.fromkeys(("elise", "farid", "nora", "amal"), both) | dict.fromkeys(
        ("olga", "gaelle", "ines"), hers
    )


def test_whoever_may_no_longer_read_them_is_not_told_that_there_is_none(
    client, cast: dict[str, Person], pathway
) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_need(pathway, "PERINEUM", about="MOTHER")
        factories.make_need(pathway, "COPARENT_MOOD", about="COPARENT")
        factories.make_need(pathway, "VIOLENCE_SEALED", words="des mots graves", by=cast["farid"].member)
        RecipientConsent.objects.filter(recipient="LIBERAL_MIDWIFE").update(answer="NO")

    hers, team = page_of(client, cast["ines"], pathway), page_of(client, cast["farid"], pathway)

    # One: the co-parent's own and the sealed one do not exist for her.
    assert "1 besoin en cours que vous ne lisez pas" in hers.replace("\N{NO-BREAK SPACE}", " ")
    assert "Aucun besoin en cours" not in hers
    assert "Rien à suivre" not in hers
    assert "que vous ne lisez pas" not in team


@pytest.mark.parametrize(
    ("abouts", "told"),
    [
        (("MOTHER", "FAMILY"), "2 besoins en cours que vous ne lisez pas : ici, vous lisez ceux de l’enfant."),
        # Neither the co-parent's own nor a sealed one: she may not know that they exist.
        (("COPARENT",), "Aucun besoin à lire pour l’instant"),
        ((), "Aucun besoin à lire pour l’instant"),
    ],
)
def test_doctor_outside_is_never_told_that_there_is_none(
    client, cast: dict[str, Person], pathway, abouts: tuple[str, ...], told: str
) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_agreement(pathway.family, "GENERAL_PRACTITIONER")
        factories.make_grant(pathway.family, to=cast["marc"].member)
        for about in abouts:
            factories.make_need(pathway, {"COPARENT": "COPARENT_MOOD"}.get(about, "PERINEUM"), about=about)
        factories.make_need(pathway, "VIOLENCE_SEALED", words="des mots graves", by=cast["farid"].member)

    page = page_of(client, cast["marc"], pathway).replace("\N{NO-BREAK SPACE}", " ")

    assert told in page
    assert [word for word in ("Aucun besoin en cours", "Rien à suivre", "Périnée", "coparent") if word in page] == []
    assert ("que vous ne lisez pas" in page) is bool(told.startswith("2"))


def test_doctor_the_mother_refused_is_told_no_count_of_what_is_not_the_child_s(
    client, cast: dict[str, Person], pathway
) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_agreement(pathway.family, "GENERAL_PRACTITIONER", "NO")
        factories.make_grant(pathway.family, to=cast["marc"].member)
        factories.make_need(pathway, "PERINEUM", about="MOTHER")

    page = page_of(client, cast["marc"], pathway)

    assert "que vous ne lisez pas" not in page
    assert "Aucun besoin en cours" not in page


@pytest.mark.parametrize("who", ["amal", "ines", "gaelle"])
def test_whoever_reads_no_sealed_need_is_not_told_that_there_is_none(
    client, cast: dict[str, Person], pathway, who: str
) -> None:
    """Sealed or not there at all, the page reads the same."""
    empty = "Aucun besoin à lire pour l’instant" in page_of(client, cast[who], pathway)
    with scope.opened(inside(VALLEES)):
        factories.make_need(pathway, "VIOLENCE_SEALED", words="des mots graves", by=cast["farid"].member)

    page = page_of(client, cast[who], pathway)

    assert empty
    assert "Aucun besoin à lire pour l’instant" in page
    assert "Aucun besoin en cours" not in page


def test_team_reads_that_there_is_none_when_there_is_none(client, cast: dict[str, Person], pathway) -> None:
    before = page_of(client, cast["farid"], pathway)
    with scope.opened(inside(VALLEES)):
        factories.make_need(pathway, "VIOLENCE_SEALED", words="des mots graves", by=cast["farid"].member)
    after = page_of(client, cast["farid"], pathway)

    assert ("Aucun besoin en cours" in before, "Rien à suivre" in before) == (True, True)
    assert ("Aucun besoin en cours" in after, "Rien à suivre" in after) == (False, False)


def test_sealed_need_does_not_exist_for_the_others(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway, "VIOLENCE_SEALED", words="des mots graves", by=cast["farid"].member)
        one = factories.make_orientation(need, target_type="SOCIAL_WORKER")

    told = {}
    for name in ("elise", "farid", "nora", "fanny", "amal", "bea", "olga", "gaelle", "ines", "jeanne"):
        page = page_of(client, cast[name], pathway)
        told[name] = (
            "Besoin protégé" in page,
            client.get(f"{HERE}/needs/{need.public_id}/sealed/").status_code,
            client.get(f"{HERE}/orientations/{one.public_id}/").status_code,
            client.post(f"{HERE}/needs/{need.public_id}/follow/", {"state": "MET"}).status_code,
        )
        assert "Violence" not in page
        assert "graves" not in page
    readers = {"elise", "farid", "nora"}
    assert {name for name, seen in told.items() if seen[:3] == (True, 200, 200)} == readers
    assert {seen for name, seen in told.items() if name not in readers} == {(False, 404, 404, 404)}


def test_reading_a_sealed_need_leaves_a_line(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway, "MIND_SEALED", by=cast["farid"].member)
    client.force_login(cast["farid"].user)

    client.get(f"{HERE}/needs/{need.public_id}/sealed/")

    with scope.opened(inside(VALLEES)):
        assert AccessLog.objects.filter(what="pathways.read_sealed_need", family_id=pathway.family_id).count() == 1


def test_sealed_need_is_in_no_list_story_or_menu(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway, "MIND_SEALED", by=cast["farid"].member)
        factories.make_orientation(need, target_type="EMPP")
    client.force_login(cast["farid"].user)

    listed = client.get(f"{HERE}/orientations/").content.decode()
    story = client.get(f"{HERE}/families/{pathway.family.public_id}/").content.decode()

    assert "0\u00a0orientation" in listed
    assert "Équipe mobile" not in listed + story
    assert "Santé psychique" not in listed + story


def test_sealed_codes_are_offered_to_their_readers_alone(client, cast: dict[str, Person], pathway) -> None:
    url = f"{HERE}/families/{pathway.family.public_id}/needs/new/"
    typed = {"code": "VIOLENCE_SEALED", "about": "MOTHER"}
    client.force_login(cast["amal"].user)

    assert client.post(url, typed).status_code == 422
    client.force_login(cast["farid"].user)
    assert client.post(url, typed).status_code == 302


def test_choices_leave_out_what_the_team_alone_opens_and_say_who_has_places(client, cast, pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway, "MOOD")
        factories.make_entry("EMPP", name="Équipe mobile du Nord")
        factories.make_entry("PSYCHOLOGIST", name="Cabinet Alpha", capacity_now="full")
        factories.make_entry("PSYCHOLOGIST", name="Cabinet Zoulou", capacity_now="waiting", delay_days=21)
    url = f"{HERE}/needs/{need.public_id}/orientation/"

    pages = {}
    for name in ("amal", "farid"):
        client.force_login(cast[name].user)
        pages[name] = client.get(url).content.decode()

    assert ("Équipe mobile du Nord" in pages["amal"], "type:EMPP" in pages["amal"]) == (False, False)
    assert ("Équipe mobile du Nord" in pages["farid"], "type:EMPP" in pages["farid"]) == (True, True)
    assert "type:CRIP" not in pages["farid"]
    assert pages["amal"].index("liste d’attente, 21\u00a0jours d’attente") < pages["amal"].index("complet en ce moment")
    client.force_login(cast["amal"].user)
    assert client.post(url, {"what": "ASK", "target": "type:EMPP", "agreement": "YES"}).status_code == 422


def test_auxiliary_asks_and_is_refused_the_decision(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway)
    client.force_login(cast["amal"].user)
    typed = {"what": "ASK", "target": "type:REHAB", "agreement": "YES"}
    client.post(f"{HERE}/needs/{need.public_id}/orientation/", typed)
    with scope.opened(inside(VALLEES)):
        one = Orientation.objects.get(need=need)
    decision = {"decision": "yes", "target": "type:REHAB"}

    refused = client.post(f"{HERE}/orientations/{one.public_id}/decide/", decision)

    with scope.opened(inside(VALLEES)):
        assert Orientation.objects.get(pk=one.pk).state == "PROPOSED"
        assert AccessLog.objects.filter(what="pathways.decide_orientation", is_refused=True).count() == 1
    assert refused.status_code == 403
    client.force_login(cast["farid"].user)
    assert client.post(f"{HERE}/orientations/{one.public_id}/decide/", decision).status_code == 302
    client.force_login(cast["amal"].user)
    assert "décidée" in client.get(f"{HERE}/orientations/{one.public_id}/").content.decode()


def test_refused_decision_keeps_what_was_typed(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        one = factories.make_orientation(factories.make_need(pathway))
    client.force_login(cast["farid"].user)

    response = client.post(
        f"{HERE}/orientations/{one.public_id}/decide/",
        {"decision": "no", "target": "type:REHAB", "letter_words": "Le matin"},
    )

    assert response.status_code == 422
    assert "Dites pourquoi cette orientation n’est pas retenue." in response.content.decode()
    assert "Le matin" in response.content.decode()


def test_whole_way_from_decision_to_code_on_screen(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        place = factories.make_entry("REHAB", name="Cabinet des Tilleuls")
        one = factories.make_orientation(factories.make_need(pathway))
    client.force_login(cast["farid"].user)
    url = f"{HERE}/orientations/{one.public_id}/"

    client.post(f"{url}decide/", {"decision": "yes", "target": f"entry:{place.public_id}"})
    letter = client.get(f"{url}letter/")
    client.post(f"{url}send/", {"how": "LINK"})
    page = client.get(url).content.decode()

    assert letter["Content-Type"] == "application/pdf"
    assert "empreinte" in PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    assert "Donnez ce code à part" in page


def test_neighbour_and_outsider_cannot_read(client, cast: dict[str, Person], pathway) -> None:
    client.force_login(cast["bea"].user)
    assert client.get(f"{HERE}/families/{pathway.family.public_id}/needs/").status_code == 403
    client.force_login(cast["chloe"].user)
    assert client.get(f"{HERE}/families/{pathway.family.public_id}/needs/").status_code == 404


def test_midwife_reads_nothing_once_the_mother_says_no(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_need(pathway, "PERINEUM")
        RecipientConsent.objects.filter(family=pathway.family, recipient="LIBERAL_MIDWIFE").update(answer="NO")

    assert "Périnée" not in page_of(client, cast["ines"], pathway)


def test_family_page_costs_the_same_with_one_need_and_ten(client, cast: dict[str, Person], pathway) -> None:
    codes = ["PERINEUM", "MOOD", "HOUSING", "CONTRACEPTION", "TOBACCO", "NUTRITION", "RIGHTS", "PAPERS", "COUPLE"]
    with scope.opened(inside(VALLEES)):
        factories.make_orientation(factories.make_need(pathway, "HARD_BIRTH"), target_type="PSYCHOLOGIST")
    client.force_login(cast["farid"].user)
    url = f"{HERE}/families/{pathway.family.public_id}/needs/"
    one = queries.count(client, url)
    with scope.opened(inside(VALLEES)):
        for code in codes:
            factories.make_orientation(factories.make_need(pathway, code), target_type="SOCIAL_WORKER")

    assert queries.count(client, url) == one


def test_list_costs_the_same_with_one_row_and_ten(client, cast: dict[str, Person], pathway) -> None:
    client.force_login(cast["elise"].user)
    with scope.opened(inside(VALLEES)):
        factories.make_orientation(factories.make_need(pathway))
    one = queries.count(client, f"{HERE}/orientations/")
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_orientation()

    assert queries.count(client, f"{HERE}/orientations/") == one


def listed(client, person: Person, shelf: str = "a-reorienter") -> str:
    client.force_login(person.user)
    return client.get(f"{HERE}/orientations/?etat={shelf}").content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(("state", "label"), [("NOT_COME", "Pas venue"), ("CANNOT_TAKE", "Ne peut pas prendre")])
def test_turned_down_orientation_stays_on_the_list_until_it_is_decided_again(
    client, cast: dict[str, Person], pathway, state: str, label: str
) -> None:
    at = clock.now()
    with scope.opened(inside(VALLEES)):
        one = factories.make_orientation(
            factories.make_need(pathway),
            state=state,
            proposed_at=at - timedelta(days=3),
            answered_at=at - timedelta(days=1),
            answer_words="complet",
        )

    for name in ("farid", "elise", "amal"):
        page = listed(client, cast[name])
        assert "1 orientation à réorienter" in page
        assert label in page
        assert "complet" in page
        assert "Orienter de nouveau" in client.get(f"{HERE}/orientations/{one.public_id}/").content.decode()
        assert "0 orientation terminée" in listed(client, cast[name], "terminees")
    assert "0 orientation à réorienter" in listed(client, cast["bea"])
    with scope.opened(inside(VALLEES)):
        factories.make_orientation(one.need, target_type="NURSE")
    assert "0 orientation à réorienter" in listed(client, cast["farid"])
    assert "1 orientation terminée" in listed(client, cast["farid"], "terminees")


@pytest.mark.parametrize("way", ["closed", "need_over"])
def test_turned_down_orientation_leaves_the_list_once_nothing_more_is_wanted(
    client, cast: dict[str, Person], pathway, way: str
) -> None:
    with scope.opened(inside(VALLEES)):
        one = factories.make_orientation(factories.make_need(pathway), state="CANNOT_TAKE", answered_at=clock.now())
        if way == "closed":
            close_orientation(orientation=one, words="", at=clock.now())
        else:
            Need.objects.filter(pk=one.need_id).update(state="DECLINED")

    assert "0 orientation à réorienter" in listed(client, cast["farid"])


def test_what_presses_comes_first_and_says_so(client, cast: dict[str, Person], pathway) -> None:
    at = clock.now()
    with scope.opened(inside(VALLEES)):
        for days, (urgency, name) in enumerate(
            [("TODAY", "Alpha"), ("THIS_WEEK", "Bravo"), ("", "Charlie"), ("ROUTINE", "Delta")]
        ):
            place = factories.make_entry("REHAB", name=name)
            need = factories.make_need(factories.make_pathway(ap=cast["amal"].member))
            factories.make_orientation(need, entry=place, urgency=urgency, proposed_at=at - timedelta(days=days))
        first = Orientation.objects.get(urgency="TODAY")

    page = listed(client, cast["farid"], "a-decider")

    places = [page.index(name) for name in ("Alpha", "Bravo", "Delta", "Charlie")]
    assert places == sorted(places)
    assert "Aujourd’hui" in page
    assert "Cette semaine" in page
    alone = client.get(f"{HERE}/orientations/{first.public_id}/").content.decode()
    assert "Pour quand" in alone
    assert "Aujourd’hui" in alone


def test_orientation_to_decide_is_counted_in_the_menu_of_deciders(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_orientation(factories.make_need(pathway))
    client.force_login(cast["elise"].user)

    page = client.get(f"{HERE}/orientations/").content.decode()

    assert "1\u00a0orientation à décider" in page


# ---- After a stop, and without her yes -----------------------------------------------------------------------
def orientation_of(client, person: Person, found: Orientation) -> str:
    client.force_login(person.user)
    return client.get(f"{HERE}/orientations/{found.public_id}/").content.decode()


def test_after_a_stop_nothing_is_offered_that_would_be_refused(client, cast: dict[str, Person], pathway) -> None:
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(pathway)
        asked = factories.make_orientation(need, state="PROPOSED")
    before = page_of(client, cast["elise"], pathway), orientation_of(client, cast["elise"], asked)
    with scope.opened(inside(VALLEES)):
        withdraw_pathway(pathway=pathway, by=cast["elise"].member, at=clock.now())

    after = page_of(client, cast["elise"], pathway), orientation_of(client, cast["elise"], asked)

    for offered in ("Noter un besoin", "Orienter"):
        assert (offered in before[0], offered in after[0]) == (True, False)
    for offered in ("Noter la décision", "Noter sa réponse"):
        assert (offered in before[1], offered in after[1]) == (True, False)
    assert "L’accompagnement est arrêté" in after[0]
    assert "il n’y a plus rien à décider" in after[1]
    # What waits may still be put away.
    assert "Dire où on en est" in after[0]
    assert "Clore l’orientation" in after[1]


@pytest.mark.parametrize(("answer", "leaves"), [("YES", True), ("NO", False)])
def test_what_she_refused_in_general_is_said_before_it_is_sent(
    client, cast: dict[str, Person], pathway, answer: str, *, leaves: bool
) -> None:
    with scope.opened(inside(VALLEES)):
        RecipientConsent.objects.filter(recipient="PMI").update(answer=answer)
        decided = factories.make_orientation(factories.make_need(pathway), target_type="PMI_CENTRE", state="ACCEPTED")

    page = orientation_of(client, cast["farid"], decided)

    assert ("<h2>Envoyer</h2>" in page) is leaves
    assert ("La mère ne souhaite pas que cette personne" in page) is not leaves

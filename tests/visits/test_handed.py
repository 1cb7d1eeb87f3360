"""The tablet in the mother's hands: one page until the code is given, then the action that was behind."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions import families, handings, stops
from pathways.actions.alerts import Taking, take_alert
from pathways.enums import HandedOutcome, Recipient
from pathways.models import Alert, Child, EpdsScreening, HandedAnswer, Handing, Mother, RecipientConsent
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT
from tests import world as world_module
from tests.access import ROWS
from tests.cast import VALLEES, Person, inside
from tests.factories import make_birth, make_pathway, make_proposal, make_shift, who
from tests.pathways.handings import load_wording
from tests.visits import reports
from visits.models import Visit
from visits.reads.drafts import draft_of

CODE = "2580"
LOW = (1, 1, 0, 1, 0, 1, 0, 1, 0, 0)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[VALLEES, *args])


OPEN_SIGN = "Une alerte de cette visite est ouverte"
HANDED, BACK = "/t/vallees/handed/", "/t/vallees/handed/back/"


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    """A V2 of Amal that has just ended; Farid is on duty; the scale is loaded in two languages."""
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    load_wording("fr")
    load_wording("tr")
    return reports.ended_visit("V2", days=12)


def hand(client: Any, address: str, **changes: str) -> Any:
    return client.post(address, {"code": CODE, "code_again": CODE, "presence": "ALONE", "language": "tr"} | changes)


def answer(client: Any, *values: int | str) -> None:
    for key, value in zip(EPDS_ITEMS, values, strict=False):
        sent = {"item": key, "number": key[1:]} | ({"value": str(value)} if value != "" else {"skip": "1"})
        assert client.post(HANDED, sent).status_code == 302


def give_code(client: Any, code: str = CODE) -> Any:
    return client.post(BACK, {"code": code})


# ---- Locked -----------------------------------------------------------------------------------------------
def test_every_address_of_the_session_is_the_handed_page(client: Any, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        world = world_module.build(cast)
    client.force_login(cast["amal"].user)
    hand(client, url("pathways:hand_agreements", world["family"]))
    client.post(url("visits:drop_handed", world["handing"]))
    assert hand(client, url("pathways:hand_agreements", world["family"])).status_code == 302
    ours = [reverse(row.name, args=[VALLEES, *([world[row.about]] if row.about else []), *row.extra]) for row in ROWS]
    libraries = [reverse(name) for name in ("account_logout", "account_login", "mfa_index", "admin:index", "home")]
    outside = [*libraries, "/t/lagon/day/", "/ars/", "/t/vallees/nowhere/", "/nowhere/", "/styleguide/"]

    for address in {*ours, *outside} - {HANDED}:
        for method in ("get", "post", "put", "delete"):
            if (method, address) == ("post", BACK):
                continue
            response = getattr(client, method)(address)
            if address.startswith("/api/"):
                assert (response.status_code, response.json()["code"]) == (423, "handed"), address
            else:
                assert (response.status_code, response.url) == (302, HANDED), f"{method} {address}"
            assert "no-store" in response["Cache-Control"]
    part = client.get(url("visits:day"), headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, HANDED)
    assert client.get(HANDED).status_code == 200


def test_page_says_her_first_name_and_nothing_else_of_the_file(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))

    begin = client.get(HANDED)
    question = client.get(HANDED, {"q": "1"})

    assert "no-store" in begin["Cache-Control"]
    text = begin.content.decode() + question.content.decode()
    assert "Deneme cümlesi 1" in text
    assert "1 sur 10" in text
    family = visit.family
    mother = Mother.objects.get(family=family)
    child = Child.objects.filter(family=family).order_by("pk")[0]
    assert f"Bonjour {mother.first_names.split()[0]}" in text
    hidden = (mother.birth_name, child.first_name, family.address, str(family.public_id), "Amal", "Se déconnecter")
    assert [word for word in hidden if word and word in text] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code_again": "2581"}, "différents"),
        ({"code": "1234", "code_again": "1234"}, "se devine"),
        ({"code": "12a4", "code_again": "12a4"}, "quatre chiffres"),
        ({"presence": ""}, "La maman est-elle seule"),
    ],
)
def test_code_mistyped_or_easy_hands_nothing(as_: Any, visit: Visit, changes: dict[str, str], said: str) -> None:
    client = as_("amal")

    response = hand(client, url("visits:hand_report", visit.public_id), **changes)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Handing.objects.exists()
    assert client.get(url("visits:day")).status_code == 200


def test_only_the_hash_of_the_code_is_kept_in_the_session(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))

    assert CODE not in str(dict(client.session))


# ---- The report of a visit --------------------------------------------------------------------------------
def test_her_answers_go_into_the_report_once_the_code_is_given(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id), presence="PARTNER_NEAR")
    answer(client, *LOW)
    assert "epds.i01" not in draft_of(visit, clock.now()).document

    response = give_code(client)

    assert response.url == url("visits:report_edit", visit.public_id)
    document = draft_of(visit, clock.now()).document
    assert [document[f"epds.{key}"] for key in EPDS_ITEMS] == list(LOW)
    assert (document["epds.status"], document["epds.alone"]) == ("DONE", "PARTNER_NEAR")
    assert (document["who.present"], document["epds.language"]) == (["MOTHER"], "tr")
    assert Handing.objects.get().outcome == HandedOutcome.USED
    assert not HandedAnswer.objects.exists()
    assert client.get(response.url).status_code == 200


def test_tenth_answer_alerts_before_any_code_and_once(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))

    answer(client, *([0] * 9), 2)

    found = Alert.objects.get()
    assert (found.code, found.subject_id, found.is_sealed) == (ITEM_10_ALERT, visit.public_id, True)
    give_code(client)
    assert Alert.objects.count() == 1
    assert "Rendez la tablette" not in client.get(url("visits:report_edit", visit.public_id)).content.decode()


def test_code_leads_first_to_the_procedure_of_her_tenth_answer_then_to_the_report(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *([0] * 9), 2)

    response = give_code(client)

    alert = Alert.objects.get()
    assert response.url == url("visits:procedure", alert.public_id)
    procedure = client.get(response.url).content.decode()
    assert "Appelez maintenant" in procedure
    assert url("visits:report_edit", visit.public_id) in procedure
    assert draft_of(visit, clock.now()).document["epds.i10"] == 2
    page = client.get(url("visits:report_edit", visit.public_id))
    assert OPEN_SIGN in page.content.decode()
    part = next(one for one in page.context["form"].sections if one.title == "Questionnaire EPDS")
    assert (part.state, part.is_folded) == ("bad", False)


def test_report_says_its_open_sign_until_the_team_takes_it(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *([0] * 9), 1)
    give_code(client)
    polled = url("visits:report_answered", visit.public_id)
    assert OPEN_SIGN in client.get(polled).content.decode()

    take_alert(alert=Alert.objects.get(), by=who("farid"), taking=Taking(), at=clock.now())

    assert OPEN_SIGN not in client.get(polled).content.decode()
    assert OPEN_SIGN not in client.get(url("visits:report_edit", visit.public_id)).content.decode()


def test_answers_taken_up_after_a_new_sign_in_lead_to_the_procedure_too(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *([0] * 9), 3)
    for _ in range(5):
        give_code(client, "0001")

    client = as_("amal")
    assert OPEN_SIGN in client.get(url("visits:report_edit", visit.public_id)).content.decode()
    response = client.post(url("visits:take_handed", Handing.objects.get().public_id))

    assert response.url == url("visits:procedure", Alert.objects.get().public_id)


def test_danger_told_after_a_withdrawal_leads_to_its_procedure(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *([0] * 9))
    stops.withdraw_pathway(pathway=visit.pathway, by=who("elise"), at=clock.now())
    client.post(HANDED, {"item": "i10", "number": "10", "value": "2"})

    response = give_code(client)

    assert response.url == url("visits:procedure", Alert.objects.get().public_id)
    assert "Appelez maintenant" in client.get(response.url).content.decode()


def test_answers_she_kept_back_leave_the_report_without_a_total(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, 1, "", *LOW[2:])
    give_code(client)

    document = draft_of(visit, clock.now()).document

    assert document["epds.missing"] is True
    assert "epds.i02" not in document
    assert "epds.total" not in document


def test_what_was_written_before_stays(as_: Any, visit: Visit) -> None:
    reports.save(visit, {"who.present": ["MOTHER", "COPARENT"], "note.free": "Elle dort peu."})
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *LOW)
    give_code(client)

    document = draft_of(visit, clock.now()).document

    assert (document["who.present"], document["note.free"]) == (["MOTHER", "COPARENT"], "Elle dort peu.")


def test_report_that_does_not_ask_for_the_scale_hands_nothing(as_: Any, visit: Visit) -> None:
    first = reports.ended_visit("V1", days=5)
    client = as_("amal")

    response = client.get(url("visits:hand_report", first.public_id))

    assert response.url == url("visits:report_edit", first.public_id)
    assert "Donner la tablette" not in client.get(response.url).content.decode()
    assert "Donner la tablette" in client.get(url("visits:report_edit", visit.public_id)).content.decode()


# ---- The code ---------------------------------------------------------------------------------------------
def test_fifth_wrong_code_signs_her_out_and_the_answers_wait_for_her(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, *LOW)

    for left in (4, 3, 2, 1):
        refused = give_code(client, "0001")
        assert refused.status_code == 422
        assert f"Encore {left} essai" in refused.content.decode()
    assert give_code(client, "0001").status_code == 302
    assert client.get(url("visits:day")).url.startswith("/accounts/login/")

    client = as_("amal")
    page = client.get(url("visits:report_edit", visit.public_id)).content.decode()
    assert "Reprendre ses réponses" in page
    client.post(url("visits:take_handed", Handing.objects.get().public_id))
    assert draft_of(visit, clock.now()).document["epds.i01"] == 1


def test_untouched_for_a_quarter_of_an_hour_it_is_signed_out(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    with time_machine.travel(clock.now(), tick=False) as travel:
        hand(client, url("visits:hand_report", visit.public_id))
        answer(client, 1)
        travel.shift(timedelta(minutes=15))
        assert client.get(HANDED).status_code == 200
        travel.shift(timedelta(minutes=15, seconds=1))
        assert client.get(HANDED).url.startswith("/accounts/login/")
        assert client.get(url("visits:day")).url.startswith("/accounts/login/")
        given = as_("amal").get(url("visits:handing", Handing.objects.get().public_id)).content.decode()

    assert "Elle n’a pas terminé" in given


def test_code_before_any_answer_takes_it_back_with_nothing(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))

    response = give_code(client)

    assert response.url == url("visits:report_edit", visit.public_id)
    assert Handing.objects.get().outcome == HandedOutcome.CANCELLED
    assert client.get(url("visits:day")).status_code == 200


def test_code_in_the_middle_asks_what_to_do_without_showing_an_answer(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, 2, 3)

    page = client.get(give_code(client).url).content.decode()
    client.post(url("visits:drop_handed", Handing.objects.get().public_id))

    assert "2 sur 10" in page
    assert "Seçenek" not in page
    assert not HandedAnswer.objects.exists()
    assert "epds.i01" not in draft_of(visit, clock.now()).document


def test_withdrawal_meanwhile_closes_it_with_nothing_noted(as_: Any, visit: Visit) -> None:
    client = as_("amal")
    hand(client, url("visits:hand_report", visit.public_id))
    answer(client, 1)
    stops.withdraw_pathway(pathway=visit.pathway, by=who("elise"), at=clock.now())

    page = client.get(HANDED).content.decode()
    give_code(client)

    assert "C’est terminé. Rendez la tablette." in page
    assert "arrêt" not in page
    assert Handing.objects.get().outcome == HandedOutcome.STOPPED
    assert not HandedAnswer.objects.exists()
    assert "epds.i01" not in draft_of(visit, clock.now()).document


# ---- The sheet of the office ------------------------------------------------------------------------------
def test_sheet_of_the_office_is_filled_in_and_recorded_by_its_usual_action(as_: Any, visit: Visit) -> None:
    client, family = as_("farid"), visit.family.public_id
    hand(client, url("pathways:hand_epds", family))
    answer(client, *([0] * 9), 1)

    page = client.get(give_code(client).url)
    form = page.context["form"]
    sent = {key: form[key].value() for key in (*EPDS_ITEMS, "key", "status", "presence")}
    sent |= {"source": "office", "at": form["at"].value().strftime("%Y-%m-%dT%H:%M"), "reason": ""}
    response = client.post(url("pathways:epds_new", family), sent)

    assert "La réponse 10 est transmise à l’équipe" in page.content.decode()
    assert response.status_code == 302, response.context["form"].errors
    screening = EpdsScreening.objects.get()
    assert (screening.total, screening.language, screening.presence) == (1, "tr", "ALONE")
    assert Alert.objects.filter(code=ITEM_10_ALERT).count() == 1
    assert Handing.objects.get().outcome == HandedOutcome.USED


def test_without_a_text_paper_stays_the_way(as_: Any, vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=12)
    client, family = as_("farid"), pathway.family.public_id

    response = client.get(url("pathways:hand_epds", family))

    assert response.url == url("pathways:epds_new", family)
    page = client.get(response.url).content.decode()
    assert "n’est pas chargé" in page
    assert "Donner la tablette" not in page


# ---- The recipients ---------------------------------------------------------------------------------------
def say(client: Any, **answers: str) -> None:
    for item in (*(one for one in Recipient if one != Recipient.OTHER), "MOOD_SCORE"):
        sent = {"value": answers[item]} if item in answers else {"skip": "1"}
        client.post(HANDED, {"item": str(item)} | sent)


def test_recipients_she_names_are_filled_in_for_the_usual_page(as_: Any, vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=12)
    client, family = as_("amal"), pathway.family.public_id
    hand(client, url("pathways:hand_agreements", family))
    say(client, LIBERAL_MIDWIFE="YES", PMI="NO", MOOD_SCORE="LATER")

    page = client.get(give_code(client).url)
    form = page.context["form"]
    assert form["recipient_LIBERAL_MIDWIFE"].value() == "YES"
    sent = {name: form[name].value() or "LATER" for name in form.fields if name.startswith("recipient_")}
    client.post(url("pathways:recipients_ask", family), sent | {"token": page.context["token"]})

    said = dict(RecipientConsent.objects.filter(family=pathway.family).values_list("recipient", "answer"))
    assert (said["LIBERAL_MIDWIFE"], said["PMI"], said["MOOD_SCORE"]) == ("YES", "NO", "LATER")
    assert Handing.objects.get().outcome == HandedOutcome.USED


def test_recipient_she_skipped_is_marked_and_stored_as_no_answer_of_hers(as_: Any, vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=12)
    known = {"GENERAL_PRACTITIONER": "YES", "PMI": "YES"}
    families.change_recipients(family=pathway.family, agreements=known, others={}, by=who("farid"), at=clock.now())
    doctor = RecipientConsent.objects.filter(family=pathway.family, recipient="GENERAL_PRACTITIONER")
    before = doctor.values("at", "collected_by").get()
    client, family = as_("amal"), pathway.family.public_id
    hand(client, url("pathways:hand_agreements", family))
    say(client, LIBERAL_MIDWIFE="YES", PMI="NO", MOOD_SCORE="LATER")

    page = client.get(give_code(client).url)
    form = page.context["form"]
    assert form["recipient_GENERAL_PRACTITIONER"].value() is None
    assert "elle a préféré ne pas répondre" in form["recipient_GENERAL_PRACTITIONER"].help_text
    assert "reste\u00a0: oui" in form["recipient_GENERAL_PRACTITIONER"].help_text
    assert form["recipient_GENERAL_PRACTITIONER"].help_text.strip() in unescape(page.content.decode())
    sent = {name: form[name].value() or "" for name in form.fields if name.startswith("recipient_")}
    response = client.post(url("pathways:recipients_ask", family), sent | {"token": page.context["token"]})

    assert response.status_code == 302, response.context["form"].errors
    assert doctor.values("at", "collected_by").get() == before
    said = dict(RecipientConsent.objects.filter(family=pathway.family).values_list("recipient", "answer"))
    assert said == {"GENERAL_PRACTITIONER": "YES", "PMI": "NO", "LIBERAL_MIDWIFE": "YES", "MOOD_SCORE": "LATER"}


def test_question_she_did_not_come_to_is_still_asked(as_: Any, vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=12)
    client = as_("amal")
    hand(client, url("pathways:hand_agreements", pathway.family.public_id))
    client.post(HANDED, {"item": "LIBERAL_MIDWIFE", "value": "YES"})
    give_code(client)

    form = client.get(url("pathways:recipients_ask", pathway.family.public_id)).context["form"]

    assert "Pas vue sur la tablette" in form["recipient_PMI"].help_text
    assert form.fields["recipient_PMI"].required


def test_recipients_she_names_before_her_inclusion_stand_on_its_page(as_: Any, vallees: scope.Scope) -> None:
    birth = make_birth(days_ago=2)
    make_proposal(birth)
    client = as_("amal")
    hand(client, url("pathways:hand_inclusion", birth.public_id))
    say(client, PMI="YES")

    response = give_code(client)
    form = client.get(response.url).context["form"]

    assert response.url == url("pathways:inclusion", birth.public_id)
    assert form["recipient_PMI"].value() == "YES"
    assert form["recipient_GENERAL_PRACTITIONER"].value() is None
    assert not form.fields["recipient_GENERAL_PRACTITIONER"].required
    assert "elle a préféré ne pas répondre" in form["recipient_GENERAL_PRACTITIONER"].help_text


@pytest.mark.parametrize("other", ["bea", "farid", "elise", "gaelle", "fanny"])
def test_nobody_else_takes_them_up(as_: Any, vallees: scope.Scope, other: str) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=12)
    handing = handings.hand_agreements(family=pathway.family, pathway=pathway, by=who("amal"), at=clock.now())
    handings.keep_answer(handing=handing, item="PMI", value="YES", at=clock.now())
    handings.give_back(handing=handing, at=clock.now())
    client = as_(other)

    assert client.get(url("visits:handing", handing.public_id)).status_code == 404
    assert client.post(url("visits:take_handed", handing.public_id)).status_code == 404
    assert client.post(url("visits:drop_handed", handing.public_id)).status_code == 404


def test_family_that_has_stopped_is_handed_nothing(as_: Any, visit: Visit) -> None:
    stops.withdraw_pathway(pathway=visit.pathway, by=who("elise"), at=clock.now())

    response = hand(as_("farid"), url("pathways:hand_epds", visit.family.public_id))

    assert response.status_code == 422
    assert not Handing.objects.exists()

"""The one-time link of an outside professional, attacked: replayed, guessed, expired, withdrawn meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from copa.kernel import clock, one_time, scope
from copa.kernel.french import tel
from pathways.actions import orientations, stops
from pathways.enums import OrientationState
from pathways.models import AnswerLink, LinkEvent, Orientation
from territories.models import HistoryEvent, OutgoingMessage
from territories.tasks import send_outgoing
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.pathways.addresses import address

NOTHING = (404, "")


@pytest.fixture
def sent(cast: dict[str, Person]) -> Orientation:
    """An orientation of Samira to a physiotherapist, sent by link."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(
            factories.make_birth(factories.make_family(name="Benali")), ap=cast["amal"].member
        )
        need = factories.make_need(pathway, words="depuis le portage")
        place = factories.make_entry("REHAB", name="Cabinet des Tilleuls", email="cabinet@kine.example")
        one = factories.make_orientation(need, entry=place, state="ACCEPTED", letter_words="Plutôt le matin")
        orientations.send_orientation(orientation=one, how="LINK", by=factories.who("farid"), at=clock.now())
    return one


def link_of(one: Orientation) -> AnswerLink:
    with scope.opened(inside(VALLEES)):
        return AnswerLink.objects.filter(orientation=one).order_by("-pk").first()


def url_of(one: Orientation) -> str:
    return f"/reponse/{VALLEES}/{one_time.token_of(link_of(one).public_id)}/"


def code_of(one: Orientation) -> str:
    return one_time.code_of(link_of(one).public_id)


def wrong(one: Orientation) -> str:
    return "000000" if code_of(one) != "000000" else "111111"


def answer(one: Orientation, **changes: str) -> dict[str, str]:
    today = clock.local_date(clock.now(), "Europe/Paris").isoformat()
    return {"code": code_of(one), "answer": "SEEN", "day": today, "words": "Revient mardi"} | changes


def state_of(one: Orientation) -> str:
    with scope.opened(inside(VALLEES)):
        return Orientation.objects.get(pk=one.pk).state


def steps(one: Orientation) -> list[str]:
    with scope.opened(inside(VALLEES)):
        return list(LinkEvent.objects.filter(link__orientation=one).order_by("pk").values_list("step", flat=True))


def test_mail_holds_the_link_that_opens_the_page(client, sent: Orientation) -> None:
    with scope.opened(inside(VALLEES)):
        territory = str(scope.current_territory_id())
    send_outgoing(territory)

    [letter] = [one for one in mail.outbox if one.to == ["cabinet@kine.example"]]

    assert url_of(sent) in letter.body
    assert code_of(sent) not in letter.body
    assert client.get(url_of(sent)).status_code == 200


def test_first_page_says_nothing_before_the_code(client, sent: Orientation) -> None:
    response = client.get(url_of(sent))

    page = response.content.decode()
    assert "six chiffres" in page
    assert not [word for word in ("Samira", "Benali", "Périnée", "Saint-Rémi", "Tilleuls", "portage") if word in page]
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    # Elsewhere the address is never told; "no-referrer" would have the browser's own form refused as a stranger's.
    assert response["Referrer-Policy"] == "same-origin"
    assert steps(sent) == ["OPENED"]


def test_for_when_it_was_asked_is_read_by_whoever_receives_her(client, sent: Orientation) -> None:
    with scope.opened(inside(VALLEES)):
        Orientation.objects.filter(pk=sent.pk).update(urgency="THIS_WEEK")

    page = client.post(url_of(sent), {"code": code_of(sent)}).content.decode()

    assert "<dt>Pour quand</dt><dd>Cette semaine</dd>" in page


def test_code_shows_the_least_that_lets_her_receive_somebody(client, sent: Orientation) -> None:
    page = client.post(url_of(sent), {"code": code_of(sent)}).content.decode()

    assert "Samira" in page
    assert "Périnée" in page
    assert "Plutôt le matin" in page
    assert not [word for word in ("Benali", "rue des Tanneurs", "+33199003107", "portage") if word in page]


@pytest.mark.parametrize(
    ("said", "state", "need"),
    [("SEEN", "SEEN", "FOLLOWED"), ("NOT_COME", "NOT_COME", "OPEN"), ("CANNOT_TAKE", "CANNOT_TAKE", "OPEN")],
)
def test_three_answers_close_the_loop_in_the_file(client, sent: Orientation, said: str, state: str, need: str) -> None:
    response = client.post(url_of(sent), answer(sent, answer=said))

    with scope.opened(inside(VALLEES)):
        one = Orientation.objects.select_related("need").get(pk=sent.pk)
        actors = HistoryEvent.objects.filter(table_name="pathways_orientation", row_id=sent.pk).order_by("-pk")
        actor = actors.first().actor
    assert response.status_code == 200
    assert (one.state, one.need.state, one.answer_words) == (state, need, "Revient mardi")
    assert (one.confirmed_by == "PROFESSIONAL", one.first_contact_on is not None) == (said == "SEEN", said == "SEEN")
    assert actor.startswith("link:")


@pytest.mark.parametrize(("said", "told"), [("SEEN", 0), ("NOT_COME", 1), ("CANNOT_TAKE", 1)])
def test_team_is_told_of_an_answer_that_is_to_be_decided_again(client, sent: Orientation, said: str, told: int) -> None:
    for _ in range(2):
        client.post(url_of(sent), answer(sent, answer=said))

    with scope.opened(inside(VALLEES)):
        found = list(OutgoingMessage.objects.filter(dedup_key__startswith="orientation-turned-down").order_by("pk"))
        mailbox = sent.pathway.carrier.mailbox
    assert [letter.to for letter in found] == [mailbox] * told
    for letter in found:
        words = ("Samira", "Benali", "Périnée", "Saint-Rémi", "Tilleuls", "portage", "mardi")
        assert not [word for word in words if word in f"{letter.subject} {letter.body}"]


def test_answer_is_good_for_once(client, sent: Orientation) -> None:
    client.post(url_of(sent), answer(sent, answer="NOT_COME"))

    replayed = client.post(url_of(sent), answer(sent, answer="SEEN"))
    opened = client.get(url_of(sent))

    assert state_of(sent) == OrientationState.NOT_COME
    for response in (replayed, opened):
        page = response.content.decode()
        assert "Vous avez déjà répondu" in page
        # Whom to call: the line of the team that sent it.
        assert "Maternité Saint-Rémi" in page
        assert not [word for word in ("Samira", "Périnée", "Tilleuls") if word in page]


def test_fifth_wrong_code_kills_the_link_even_for_the_right_one(client, sent: Orientation) -> None:
    url = url_of(sent)

    statuses = [client.post(url, {"code": wrong(sent)}).status_code for _ in range(5)]

    assert statuses == [422] * 5
    assert client.post(url, {"code": code_of(sent)}).status_code == 404
    assert client.get(url).status_code == 404
    assert steps(sent) == ["WRONG_CODE"] * 5


def test_team_reads_why_a_link_is_shut_after_five_wrong_codes(as_: Any, client: Any, sent: Orientation) -> None:
    for _ in range(5):
        client.post(url_of(sent), {"code": wrong(sent)})

    page = as_("farid").get(address("orientation", sent.public_id)).content.decode()

    assert "Cinq codes faux ont été tapés" in page
    assert "Envoyer un autre lien" in page


def test_answer_without_the_code_changes_nothing(client, sent: Orientation) -> None:
    for code in ("", wrong(sent)):
        assert client.post(url_of(sent), answer(sent, code=code)).status_code == 422

    assert state_of(sent) == OrientationState.SENT


def test_guessed_and_elsewhere_get_the_same_nothing(client, sent: Orientation) -> None:
    url = url_of(sent)
    guessed = client.get(f"/reponse/{VALLEES}/{'A' * 43}/")
    elsewhere = client.get(url.replace(VALLEES, "lagon"))
    nowhere = client.get(url.replace(VALLEES, "ailleurs"))
    other_kind = client.get(url.replace("reponse", "lecture"))
    places = client.get(f"/places/{VALLEES}/{'A' * 43}/")

    answers = (guessed, elsewhere, nowhere, other_kind, places)
    assert {response.status_code for response in answers} == {404}
    assert len({response.content for response in answers}) == 1
    page = guessed.content.decode()
    assert "Ce lien ne sert plus" in page
    assert not [word for word in ("Saint-Rémi", "tel:", "accueil") if word in page]


def _expire(one: Orientation) -> None:
    AnswerLink.objects.filter(orientation=one).update(expires_at=clock.now() - timedelta(seconds=1))


def _replace(one: Orientation) -> None:
    orientations.send_link_again(orientation=one, by=factories.who("farid"), at=clock.now())


def _try(one: Orientation) -> None:
    AnswerLink.objects.filter(orientation=one).update(wrong_codes=5)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("expire", "Il servait jusqu’au"),
        ("replace", "plus récent"),
        ("try", "codes faux"),
        # What happened to the family is told to nobody: these three read the same.
        ("withdraw", "n’attend plus"),
        ("mourn", "n’attend plus"),
        ("unagree", "n’attend plus"),
    ],
)
def test_whoever_holds_the_real_link_learns_why_it_is_dead_and_whom_to_call(
    client, sent: Orientation, end: str, words: str
) -> None:
    url = url_of(sent)
    ends = {"expire": _expire, "replace": _replace, "try": _try}
    with scope.opened(inside(VALLEES)):
        (ends | {"withdraw": _withdraw, "mourn": _mourn, "unagree": _unagree})[end](sent)
        team = sent.pathway.carrier

    response = client.get(url)

    page = response.content.decode()
    assert response.status_code == 404
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert words in page
    assert team.name in page
    assert not team.phone or f'href="{tel(team.phone)}"' in page
    assert not [word for word in ("Samira", "Benali", "Périnée", "Tilleuls", "portage", "décès") if word in page]


def test_link_lives_until_its_last_second(client, sent: Orientation) -> None:
    with time_machine.travel(link_of(sent).expires_at - timedelta(seconds=1), tick=False):
        assert client.get(url_of(sent)).status_code == 200


def _withdraw(one: Orientation) -> None:
    stops.withdraw_pathway(pathway=one.pathway, by=factories.who("farid"), at=clock.now())


def _mourn(one: Orientation) -> None:
    factories.make_death(one.pathway.birth)


def _unagree(one: Orientation) -> None:
    orientations.note_agreement(orientation=one, answer="NO", by=factories.who("farid"), at=clock.now())


@pytest.mark.parametrize("stop", [_withdraw, _mourn, _unagree])
def test_withdrawal_mourning_or_a_changed_answer_shut_the_link_at_once(client, sent: Orientation, stop: Any) -> None:
    typed = answer(sent)
    assert client.post(url_of(sent), {"code": code_of(sent)}).status_code == 200
    with scope.opened(inside(VALLEES)):
        stop(sent)

    # The page with the letter was open: what she sends now comes too late.
    assert client.post(url_of(sent), typed).status_code == 404
    assert client.get(url_of(sent)).status_code == 404
    assert state_of(sent) == OrientationState.SENT


def test_another_link_makes_the_former_one_nothing(client, sent: Orientation) -> None:
    former, code = url_of(sent), code_of(sent)
    with scope.opened(inside(VALLEES)):
        orientations.send_link_again(orientation=sent, by=factories.who("farid"), at=clock.now())

    assert client.get(former).status_code == 404
    assert client.post(url_of(sent), {"code": code}).status_code == 422


def test_day_to_come_is_refused_and_the_link_still_serves(client, sent: Orientation) -> None:
    response = client.post(url_of(sent), answer(sent, day="2099-01-01"))

    assert response.status_code == 422
    assert state_of(sent) == OrientationState.SENT
    assert client.post(url_of(sent), answer(sent)).status_code == 200


def test_answer_by_a_forged_form_without_its_token_is_refused(sent: Orientation) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(url_of(sent), answer(sent)).status_code == 403
    assert state_of(sent) == OrientationState.SENT


def test_many_tries_from_one_address_are_slowed(client, sent: Orientation) -> None:
    url = f"/reponse/{VALLEES}/{'A' * 43}/"

    statuses = [client.get(url).status_code for _ in range(32)]

    assert statuses == [404] * 30 + [429] * 2


def test_somebody_signed_in_gets_no_more_than_anybody(client, cast: dict[str, Person], sent: Orientation) -> None:
    client.force_login(cast["dora"].user)

    page = client.get(url_of(sent)).content.decode()

    assert "six chiffres" in page
    assert "Samira" not in page


def test_what_is_no_code_costs_no_try(client, sent: Orientation) -> None:
    for typed in ("abc", "12345", "1234567", "12 34 5a", "١٢٣٤٥٦"):
        assert client.post(url_of(sent), {"code": typed}).status_code == 422

    assert "WRONG_CODE" not in steps(sent)
    spaced = f"{code_of(sent)[:3]} {code_of(sent)[3:]}"
    assert "Samira" in client.post(url_of(sent), {"code": spaced}).content.decode()

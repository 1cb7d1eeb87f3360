"""Those who answer: the list, one conversation, its receipts and its log; nobody else knows that it exists (A36)."""

from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from copa.kernel import clock, qr, scope
from messaging.models import Message, MessageReading, ParentAccount, WorkingHours
from pathways.actions import stops
from pathways.models import Pathway
from territories.models import AccessLog
from tests import factories, queries
from tests.cast import VALLEES, Person, inside
from tests.messaging import spaces

DAY = "2026-11-03 10:00:00+01:00"


@pytest.fixture(autouse=True)
def _by_day():
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def account(cast: dict[str, Person]) -> ParentAccount:
    with scope.opened(inside(VALLEES)):
        return spaces.opened(spaces.followed().family)


def page(name: str, *args: object) -> str:
    return reverse(f"messaging:{name}", args=[VALLEES, *args])


def of(account: ParentAccount) -> str:
    with scope.opened(inside(VALLEES)):
        return page("conversation", spaces.conversation_of(account).public_id)


def wrote(account: ParentAccount, text: str = "Il a chaud.", **about: object) -> Message:
    with scope.opened(inside(VALLEES)):
        return spaces.write(account, text, **about)


def test_first_opening_by_each_is_kept_and_is_logged(as_, account) -> None:
    message = wrote(account)

    as_("farid").get(of(account))
    listed = as_("amal").get(page("conversations")).content.decode()
    opened = as_("elise").get(of(account)).content.decode()
    as_("amal").get(of(account))

    assert "1\u00a0conversation à lire" in listed
    assert "ouvert par Farid" in listed
    assert "· ouvert par Farid" in " ".join(opened.split())
    assert "· lu par Amal" in " ".join(as_("amal").get(of(account)).content.decode().split())
    with scope.opened(inside(VALLEES)):
        readers = MessageReading.objects.filter(message=message).order_by("pk").values_list("by", flat=True)
        assert list(readers) == [factories.who(who).pk for who in ("farid", "elise", "amal")]
        assert spaces.conversation_of(account).unread_since is None
        logged = AccessLog.objects.filter(what="messaging.read_conversation", family_id=account.family_id)
        assert logged.count() == 4


def test_answer_stands_in_her_space_with_the_name_of_its_author(client, as_, account) -> None:
    answer = {"text": "Prenez sa température.", "submission": str(uuid4())}

    as_("amal").post(of(account), answer)
    as_("amal").post(of(account), answer)
    client.logout()
    text = spaces.enter(client, account).get(spaces.HOME).content.decode()

    assert "Prenez sa température." in text
    assert "Amal Martin" in text
    with scope.opened(inside(VALLEES)):
        assert Message.objects.count() == 1
    assert "· lu" in as_("amal").get(of(account)).content.decode()


@pytest.mark.parametrize("who", ["bea", "chloe", "fanny", "gaelle", "ines", "nora", "olga", "jeanne", "marc"])
def test_whoever_else_knows_the_family_finds_no_conversation(as_, account, who: str) -> None:
    wrote(account)
    client = as_(who)

    assert client.get(of(account)).status_code == 404
    assert client.post(of(account), {"text": "Moi.", "submission": str(uuid4())}).status_code == 404
    assert "Il a chaud." not in client.get(f"/t/{VALLEES}/messages/").content.decode()


def test_auxiliary_who_no_longer_follows_loses_the_conversation_at_once(as_, account) -> None:
    assert as_("amal").get(of(account)).status_code == 200
    with scope.opened(inside(VALLEES)):
        pathway = Pathway.objects.get(family=account.family_id)
        stops.assign_ap(pathway=pathway, ap=factories.who("bea"), by=factories.who("elise"), at=clock.now())

    assert as_("amal").get(of(account)).status_code == 404
    assert as_("amal").post(of(account), {"text": "Encore.", "submission": str(uuid4())}).status_code == 404
    assert as_("bea").get(of(account)).status_code == 200


def test_one_tap_leads_to_the_red_button_of_the_family(as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = Pathway.objects.get(family=account.family_id)
    url = reverse("visits:red_button", args=[VALLEES, pathway.public_id])

    assert f'href="{url}"' in as_("amal").get(of(account)).content.decode()
    assert as_("amal").get(url).status_code == 200
    assert f'href="{url}"' not in as_("farid").get(of(account)).content.decode()


def test_unread_conversations_stand_first_and_are_counted_once_told(as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        read = spaces.opened(spaces.followed(name="Costa").family)
    wrote(account, at=clock.now())

    text = as_("amal").get(page("conversations")).content.decode()

    assert text.index("Benali") < text.index("Costa")
    assert "1\u00a0conversation à lire" in text
    assert read.pk != account.pk


def test_message_of_the_night_is_not_counted_before_the_morning(as_, account) -> None:
    wrote(account, at=clock.now() + timedelta(hours=12))

    assert as_("amal").get(reverse("visits:day", args=[VALLEES])).context["shell"].unread is None


def test_message_of_the_day_is_said_on_every_page_of_her_tablet(as_, account) -> None:
    wrote(account)

    response = as_("amal").get(reverse("visits:day", args=[VALLEES]))

    assert response.context["shell"].unread.count == 1
    assert f'href="{page("conversations")}"' in response.content.decode()


def test_long_list_costs_the_queries_of_a_short_one(as_, account) -> None:
    wrote(account)
    client = as_("amal")
    short = queries.count(client, page("conversations"))
    with scope.opened(inside(VALLEES)):
        for number in range(5):
            spaces.write(spaces.opened(spaces.followed(name=f"Costa{number}").family))

    assert queries.count(client, page("conversations")) == short


def test_long_conversation_costs_the_queries_of_a_short_one(as_, account) -> None:
    wrote(account)
    client = as_("amal")
    short = queries.count(client, of(account))
    for _ in range(10):
        wrote(account)
        client.get(of(account))

    assert queries.count(client, of(account)) == short


def test_space_is_opened_from_the_file_and_its_address_printed(as_, cast) -> None:
    with scope.opened(inside(VALLEES)):
        family = spaces.followed().family
    client = as_("amal")
    sent = {"who": "mother", "phone": "01 99 00 31 07", "is_hers_alone": "on", "way": "PAPER"}

    assert "Dites pour qui" in client.post(page("spaces", family.public_id), {}).content.decode()
    handed = client.post(page("spaces", family.public_id), sent, follow=True).content.decode()

    with scope.opened(inside(VALLEES)):
        account = ParentAccount.objects.get()
        assert (account.phone, account.opened_by) == (spaces.PHONE, factories.who("amal"))
        assert spaces.entry(account) in handed


def test_address_is_drawn_and_shown_by_a_tap(as_, account) -> None:
    page_of = as_("amal").get(page("address", account.public_id))

    text = page_of.content.decode()
    address = page_of.context["address"]
    assert address.endswith(spaces.entry(account))
    assert f'src="{qr.picture(address)}"' in text
    assert "Montrer l’adresse</summary>" in text
    # Dots hide what is typed beside somebody, never an address that is handed over.
    rules = Path(settings.BASE_DIR, "static/css/handed.css").read_text()
    assert [line for line in rules.splitlines() if line.strip().startswith(".secret")] == []


def test_qr_code_draws_its_address() -> None:
    drawn = b64decode(qr.picture("https://copa.example/entree/x/").partition(",")[2]).decode()

    assert drawn.count("<svg") == 1
    assert "M" in drawn
    assert qr.picture("https://copa.example/entree/x/") != qr.picture("https://copa.example/entree/y/")


def test_refusal_of_the_rules_stands_in_the_file(as_, cast) -> None:
    with scope.opened(inside(VALLEES)):
        family = spaces.followed(may_space=False).family

    text = as_("amal").get(page("spaces", family.public_id)).content.decode()

    assert "Elle n’a pas choisi l’espace parents." in text
    assert "Ouvrir un espace" not in text


def test_auxiliary_closes_it_and_the_session_with_it(client, as_, account) -> None:
    parent = spaces.enter(type(client)(), account)

    as_("amal").post(page("close_account", account.public_id))

    assert parent.get(spaces.HOME).status_code == 404


def test_hours_are_set_by_herself_or_the_coordination(as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        amal, bea = factories.who("amal").public_id, factories.who("bea").public_id
    week = {"opens_1": "08:30", "closes_1": "12:00"}

    assert as_("amal").get(page("hours", bea)).status_code == 403
    assert as_("amal").post(page("hours", amal), {"opens_1": "12:00", "closes_1": "08:00"}).status_code == 422
    assert as_("amal").post(page("hours", amal), {"opens_1": "12:00"}).status_code == 422
    assert as_("amal").post(page("hours", amal), week).status_code == 302
    assert as_("elise").post(page("hours", bea), week).status_code == 302

    with scope.opened(inside(VALLEES)):
        assert [row.week for row in WorkingHours.objects.order_by("pk")] == [{"1": ["08:30", "12:00"]}] * 2
    assert "le lundi, de 8\u00a0h\u00a030 à 12\u00a0h" in as_("amal").get(page("all_hours")).content.decode()


# ---- The story of the file -------------------------------------------------------------------------------
def titles(client, account) -> list[str]:
    url = reverse("visits:family", args=[VALLEES, account.family.public_id])
    story = client.get(url).context["file"].story
    return [event.title for day in story for event in day.events if event.page == "messaging:conversation"]


def test_story_tells_that_somebody_wrote_to_those_who_read_it(as_, account) -> None:
    for text in ("Un.", "Deux."):
        wrote(account, text)
    as_("amal").post(of(account), {"text": "Trois.", "submission": str(uuid4())})

    told = titles(as_("amal"), account)

    assert sorted(told) == ["2\u00a0messages de la mère", "Réponse d’Amal Martin"]
    assert titles(as_("farid"), account) == told
    for who in ("nora", "olga"):
        assert titles(as_(who), account) == []
    url = reverse("visits:family", args=[VALLEES, account.family.public_id])
    text = as_("farid").get(url).content.decode()
    assert [word for word in ("Un.", "Deux.", "Trois.") if word in text] == []


def test_file_leads_to_the_messages_for_those_who_read_them_alone(as_, account) -> None:
    url = reverse("visits:family", args=[VALLEES, account.family.public_id])
    part = f'href="{page("spaces", account.family.public_id)}"'

    shown = {who: part in as_(who).get(url).content.decode() for who in ("amal", "farid", "elise", "nora", "olga")}

    assert shown == {"amal": True, "farid": True, "elise": True, "nora": False, "olga": False}


@pytest.mark.parametrize(("carrier", "is_hers"), [("Maternité Saint-Rémi", True), ("CPP de Brécourt", False)])
def test_coordination_of_another_structure_reads_who_answers_and_opens_nothing(
    as_, cast, carrier: str, *, is_hers: bool
) -> None:
    with scope.opened(inside(VALLEES)):
        family = factories.make_pathway(carrier=factories.structure(carrier)).family
    client, url = as_("elise"), page("spaces", family.public_id)

    shown = client.get(url).content.decode()

    assert (f"l’équipe de référence, {carrier}" in shown) is not is_hers
    assert client.post(url, {}).status_code == (422 if is_hers else 403)

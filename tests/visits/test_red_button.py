"""The red button: from one tap to whom to call, whatever the tablet says of the hour."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.models import Alert, AlertStep, Pathway
from pathways.rules.device import DeviceClock
from tests import world as world_module
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import VALLEES, inside
from tests.factories import make_pathway, make_shift, make_visit, who
from tests.visits.red_button import KEY, child_of, page, press
from visits.actions import signs
from visits.enums import VisitState


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=6)


# ---- The whole flow ---------------------------------------------------------------------------------------
def test_from_the_emergency_page_to_the_procedure(as_: Any, pathway: Pathway) -> None:
    """Her family, the child, the sign, one button: then whom to call, what to say, what to do."""
    make_shift(who("farid"))
    client = as_("amal")
    url = page("red_button", pathway.public_id)

    assert url in client.get(page("emergency")).content.decode()
    assert f"?pour={child_of(pathway)}" in client.get(url).content.decode()
    form = client.get(url, {"pour": child_of(pathway)})
    assert "Bleu, gris, ou très pâle" in form.content.decode()
    key = form.context["form"]["key"].value()
    sent = client.post(url, {"key": key, "who": child_of(pathway), "signs": ["CHILD_BLUE_GREY", "CHILD_FLOPPY"]})

    alerts = list(Alert.objects.order_by("pk"))
    assert [alert.code for alert in alerts] == ["CHILD_VITAL:CHILD_BLUE_GREY", "CHILD_VITAL:CHILD_FLOPPY"]
    assert {alert.raised_by for alert in alerts} == {who("amal")}
    assert len({alert.subject_id for alert in alerts}) == 1
    assert AlertStep.objects.filter(alert__in=alerts, step="raised").count() == 2
    shown = client.get(sent["Location"]).content.decode()
    for words in (
        "Bébé\u00a0: urgence vitale",
        'href="tel:15"',
        f'href="tel:{pathway.carrier.phone}"',
        f"Je suis {who('amal').user.first_name}, auxiliaire CoPa",
        "L’enfant a 6 jours",
        "Bleu, gris, ou très pâle\u202f; Tout mou",
        pathway.family.address,
    ):
        assert words in shown, words


# Where she already is, or whom she calls: the button is the page.
THE_BUTTON_ITSELF = {"visits:red_button", "visits:emergency", "visits:alarm"}


def pages_of_an_auxiliary() -> list[Row]:
    """Every page that Amal may open."""
    return [
        row for row in ROWS if row.method == "get" and "amal" in row.allowed.split() and not row.name.startswith("api:")
    ]


def test_the_red_button_is_one_tap_away_on_every_page_of_an_auxiliary(as_: Any, cast: dict[str, Any]) -> None:
    """With the family of the page where it has one: no page of hers is without it."""
    with scope.opened(inside(VALLEES)):
        world = world_module.build(cast)
        hers = Pathway.objects.get(public_id=world["pathway"]).family_id
    client, without, astray = as_("amal"), [], []
    for row in pages_of_an_auxiliary():
        url = reverse(row.name, args=[VALLEES, *([world[row.about]] if row.about else []), *row.extra])
        answer = client.get(url)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if row.name in THE_BUTTON_ITSELF or answer.status_code != 200 or b"<main" not in text:
            continue
        link = re.search(r'href="([^"]*/alarm/[^"]*)"', text.decode())
        if link is None:
            without.append(row.name)
            continue
        leads_to = client.get(html.unescape(link[1]))["Location"]
        with scope.opened(inside(VALLEES)):
            families = {page("red_button", one.public_id): one.family_id for one in Pathway.objects.order_by("pk")}
        if row.about in {"family", "pathway", "birth", "report", "alert", "planned", "owed", "done"}:
            astray += [row.name] if families.get(leads_to) != hers else []
        else:
            assert leads_to == page("emergency") or families.get(leads_to) == hers

    assert (without, astray) == ([], [])


@pytest.mark.parametrize("asked", ["", "families", "families:", "families:x", "secrets:0", ":", "families:\x00"])
def test_an_address_that_names_no_family_of_hers_asks_which_one(as_: Any, pathway: Pathway, asked: str) -> None:
    assert as_("amal").get(page("alarm"), {"de": asked})["Location"] == page("emergency")


def test_from_her_day_it_leads_to_the_family_she_is_with(as_: Any, pathway: Pathway) -> None:
    other = make_pathway(ap=who("amal"))
    make_visit(pathway, state=VisitState.STARTED, started_at=clock.now() - timedelta(minutes=5))

    assert as_("amal").get(page("alarm"))["Location"] == page("red_button", pathway.public_id)
    asked = {"de": f"families:{other.family.public_id}"}
    assert as_("amal").get(page("alarm"), asked)["Location"] == page("red_button", other.public_id)
    shown = as_("amal").get(page("emergency")).content.decode()
    assert "(vous y êtes)" in shown
    assert shown.index(page("red_button", pathway.public_id)) < shown.index(page("red_button", other.public_id))


def test_the_family_of_somebody_else_is_not_opened_by_it(as_: Any, pathway: Pathway) -> None:
    other = make_pathway(ap=who("bea"))
    for kind, key in (("families", other.family.public_id), ("pathways", other.public_id)):
        assert as_("amal").get(page("alarm"), {"de": f"{kind}:{key}"})["Location"] == page("emergency")
    mine = as_("amal").get(page("alarm"), {"de": f"families:{pathway.family.public_id}"})
    assert mine["Location"] == page("red_button", pathway.public_id)
    assert as_("farid").get(page("alarm")).status_code == 403


def test_a_double_tap_raises_once_and_another_page_raises_again(as_: Any, pathway: Pathway) -> None:
    client, url = as_("amal"), page("red_button", pathway.public_id)
    sent = {"key": KEY, "who": "mother", "signs": ["MOTHER_FEVER"]}

    first, second = client.post(url, sent), client.post(url, sent)

    assert first["Location"] == second["Location"]
    assert Alert.objects.count() == 1
    client.post(url, sent | {"key": "another"})
    assert Alert.objects.count() == 2


def test_the_key_of_one_family_never_hides_the_alert_of_another(pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_FEVER")
    press(make_pathway(ap=who("amal")), "mother", "MOTHER_FEVER")
    press(pathway, "home", "HOME_BASIC")

    assert Alert.objects.count() == 3


def test_without_a_key_the_alert_leaves_all_the_same(as_: Any, pathway: Pathway) -> None:
    as_("amal").post(page("red_button", pathway.public_id), {"who": "mother", "signs": ["MOTHER_FEVER"]})

    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "mother"},
        {"who": "mother", "signs": ["CHILD_FEVER"]},
        {"who": "mother", "signs": ["MOTHER_FEVER", "NOTHING"]},
        {"who": "", "signs": ["MOTHER_FEVER"]},
        {"who": "9" * 36, "signs": ["CHILD_FEVER"]},
        {},
    ],
)
def test_what_is_not_a_sign_stores_nothing(as_: Any, pathway: Pathway, sent: dict[str, Any]) -> None:
    answer = as_("amal").post(page("red_button", pathway.public_id), {"key": KEY, **sent})

    assert answer.status_code == 422
    assert 'id="form-problems"' in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_child_of_another_family_is_refused(pathway: Pathway) -> None:
    other = make_pathway(ap=who("amal"))

    with pytest.raises(BusinessError, match="Choisissez d’abord la personne"):
        press(pathway, child_of(other), "CHILD_FEVER")
    assert not Alert.objects.exists()


# ---- The clock of the tablet ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("noticed", "sent", "is_kept"),
    [
        ("2026-01-02T10:00:00Z", "2026-01-02T10:00:02.500Z", True),
        ("", "", False),
        ("hier", "demain", False),
        ("2026-01-02T10:00:00", "", False),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", False),
        ("\x00", "\x00" * 3, False),
        ("9" * 100_000, "x", False),
    ],
)
def test_no_hour_of_the_tablet_loses_the_alert(
    as_: Any, pathway: Pathway, noticed: str, sent: str, is_kept: bool
) -> None:
    sending = {"key": KEY, "who": "mother", "signs": ["MOTHER_FEVER"], "noticed_at": noticed, "sent_at": sent}
    before = clock.now()
    assert as_("amal").post(page("red_button", pathway.public_id), sending).status_code == 302

    alert = Alert.objects.get()
    assert (alert.noticed_at is not None, alert.device_sent_at is not None) == (is_kept, is_kept)
    # The hours of the tablet move no delay.
    assert before <= alert.raised_at <= clock.now()
    assert alert.answer_due_at == alert.raised_at + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("noticed", "sent", "said", "unsaid"),
    [
        (0, 0, [], ["tablette"]),
        (-40, 0, ["à l’heure de la tablette", "Sans réseau pendant 40\u00a0min"], ["L’horloge"]),
        (180, 180, ["L’horloge de la tablette avance de 3\u00a0h"], ["Sans réseau"]),
        (-120, -110, ["L’horloge de la tablette retarde de 1\u00a0h\u00a050", "Sans réseau pendant 10\u00a0min"], []),
    ],
)
def test_both_hours_are_shown_when_they_differ(
    as_: Any, pathway: Pathway, noticed: int, sent: int, said: list[str], unsaid: list[str]
) -> None:
    at, minute = clock.now(), timedelta(minutes=1)
    device = DeviceClock(at + noticed * minute, at + sent * minute)
    signs.press_red_button(
        pathway=pathway, who="mother", signs=["MOTHER_FEVER"], key=KEY, by=who("amal"), at=at, device=device
    )
    alert = Alert.objects.get()

    for url in (reverse("pathways:alert", args=[VALLEES, alert.public_id]), reverse("pathways:alerts", args=[VALLEES])):
        shown = as_("farid").get(url).content.decode()
        assert [words for words in said if words not in shown] == []
        assert [words for words in unsaid if words in shown] == []

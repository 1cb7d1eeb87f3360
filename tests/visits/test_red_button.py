"""The red button: one tap raises the alert without a visit, once, and shows the procedure with whom to call."""

import html
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.families import tighten_contact
from pathways.enums import AlertKind, EmergencyUse, PathwayState
from pathways.models import Alert, AlertStep, Child, EmergencyNumber, Family, Pathway
from pathways.rules.device import DeviceClock
from territories.enums import DutyPlace
from territories.models import Commune, OutgoingMessage
from tests import queries
from tests import world as world_module
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import VALLEES, inside
from tests.factories import make_birth, make_death, make_family, make_grant, make_pathway, make_shift, make_visit, who
from tests.visits import reports
from tests.visits.red_button import KEY, child_of, page, press
from visits.actions import signs
from visits.enums import VisitState
from visits.reads.red_button import people_around, red_families, signs_about


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


# ---- Whose it is, and what is sealed ------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "status"), [("bea", 403), ("farid", 403), ("elise", 403), ("chloe", 404)])
def test_only_her_own_auxiliary_presses_it(as_: Any, pathway: Pathway, name: str, status: int) -> None:
    client, url = as_(name), page("red_button", pathway.public_id)

    assert client.get(url).status_code == status
    assert client.post(url, {"key": KEY, "who": "mother", "signs": ["MOTHER_FEVER"]}).status_code == status
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("person", "sign"),
    [
        ("mother", "MOTHER_DEATH_TALK"),
        ("home", "HOME_VIOLENCE_NOW"),
        ("home", "HOME_VIOLENCE_TOLD"),
        ("home", "HOME_COPARENT_MIND"),
        ("child", "CHILD_INJURY"),
    ],
)
def test_a_sealed_sign_stays_sealed_everywhere(as_: Any, pathway: Pathway, person: str, sign: str) -> None:
    press(pathway, child_of(pathway) if person == "child" else person, sign)
    alert = Alert.objects.get()
    label = {option: str(words) for option, words in _labels()}[sign]

    assert (alert.kind, alert.is_sealed, alert.facts) == (AlertKind.PROTECTED, True, "")
    family, register = (
        page("family", pathway.family.public_id),
        reverse("pathways:alert", args=[VALLEES, alert.public_id]),
    )
    for name in ("amal", "olga"):
        for url in (register, family, reverse("pathways:alerts", args=[VALLEES])):
            shown = as_(name).get(url).content.decode()
            assert label not in shown
            assert "Alerte protégée" in shown
    for url in (page("day"), page("emergency")):
        assert label not in as_("amal").get(url).content.decode()
    assert all(label not in f"{one.subject} {one.body}" for one in OutgoingMessage.objects.order_by("pk"))
    for name in ("take_alert", "alert"):
        shown = as_("elise").get(reverse(f"pathways:{name}", args=[VALLEES, alert.public_id])).content.decode()
        assert label in unescape(shown)


def _labels() -> list[Any]:
    return [one for person in ("mother", "home", "child") for one in signs_about(person)]


def test_violence_is_never_spelled_out_on_the_procedure(as_: Any, pathway: Pathway) -> None:
    press(pathway, "home", "HOME_VIOLENCE_TOLD")

    shown = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()

    assert "On me dit subir des violences" not in shown
    assert "une situation protégée, je vous la raconte" in shown
    for number in ("tel:3919", "tel:119"):
        assert number in shown


def test_the_procedure_is_read_by_who_raised_it(as_: Any, pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_CONFUSED")
    url = page("procedure", Alert.objects.get().public_id)

    assert as_("amal").get(url).status_code == 200
    assert [as_(name).get(url).status_code for name in ("bea", "farid", "elise", "chloe")] == [403, 403, 403, 404]


# ---- In mourning ------------------------------------------------------------------------------------------
def test_after_a_death_the_signs_of_the_others_stay(as_: Any, pathway: Pathway) -> None:
    child = Child.objects.get(birth=pathway.birth)
    make_death(pathway.birth, child)
    client, url = as_("amal"), page("red_button", pathway.public_id)

    refused = client.post(url, {"key": KEY, "who": str(child.public_id), "signs": ["CHILD_FEVER"]})
    assert refused.status_code == 422
    assert "appelez l’équipe" in refused.content.decode()
    assert str(child.public_id) not in [one.code for one in people_around(pathway.birth)]
    assert not Alert.objects.filter(code__contains="CHILD_FEVER").exists()

    sent = client.post(url, {"key": KEY, "who": "mother", "signs": ["MOTHER_DEATH_TALK"]})
    assert sent.status_code == 302
    assert "L’enfant a" not in client.get(sent["Location"]).content.decode()


def test_of_twins_the_sign_names_the_right_one(vallees: scope.Scope) -> None:
    pathway = make_pathway(make_birth(children=2), ap=who("amal"))
    first, second = Child.objects.filter(birth=pathway.birth).order_by("rank")
    make_death(pathway.birth, first)

    press(pathway, str(second.public_id), "CHILD_FEVER")

    assert Alert.objects.filter(kind=AlertKind.CHILD_SIGN).get().code == "CHILD_URGENT:CHILD_FEVER:2"


def test_a_stopped_pathway_does_not_silence_a_danger(vallees: scope.Scope) -> None:
    press(make_pathway(ap=who("amal"), state=PathwayState.SUSPENDED), "mother", "MOTHER_FEVER")

    assert Alert.objects.exists()


# ---- Whom to call -----------------------------------------------------------------------------------------
def test_numbers_are_those_of_the_territory(as_: Any, pathway: Pathway) -> None:
    EmergencyNumber.objects.create(use=EmergencyUse.SAMU, number="01 99 00 00 15", valid_from=clock.now())
    EmergencyNumber.objects.create(use=EmergencyUse.POISON, number="01 99 00 00 44", valid_from=clock.now())
    press(pathway, "mother", "MOTHER_BLEEDING")

    shown = as_("amal").get(page("emergency")).content.decode()
    assert 'href="tel:0199000015"' in shown
    assert "Centre antipoison" in shown
    assert 'href="sms:114"' in shown
    procedure = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()
    assert 'href="tel:0199000015"' in procedure


def test_the_second_on_duty_is_the_second_number(as_: Any, pathway: Pathway) -> None:
    member = who("farid")
    member.user.phone = "+33199000077"
    member.user.save()
    make_shift(member, place=DutyPlace.SECOND, starts_in=-timedelta(hours=1))
    press(pathway, "mother", "MOTHER_DEATH_TALK")

    shown = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()

    assert "tel:+33199000077" in shown
    assert "tel:3114" in shown


def test_families_of_today_come_first(pathway: Pathway) -> None:
    today = make_pathway(ap=who("amal"))
    make_visit(today, planned_at=clock.now())
    make_pathway(ap=who("bea"))

    found = red_families(who("amal"), at=clock.now(), zone="Europe/Paris")

    assert [one.pathway_id for one in found.today] == [today.public_id]
    assert [one.pathway_id for one in found.others] == [pathway.public_id]


def test_two_families_of_one_name_are_told_apart_by_their_children_and_commune(as_: Any, pathway: Pathway) -> None:
    first, second = Commune.objects.order_by("code")[:2]
    for child, place in (("Aaron", first), ("Zoé", second)):
        family = make_family(name="Janaubel", commune=place)
        birth = make_birth(family)
        Child.objects.filter(birth=birth).update(first_name=child)
        make_visit(make_pathway(birth, ap=who("amal")), planned_at=clock.now())

    shown = html.unescape(as_("amal").get(page("emergency")).content.decode())

    assert f"Janaubel, Aaron, {first.postal_code} {first.name}" in shown or f"Janaubel, Aaron, {first.name}" in shown
    assert f"Janaubel, Zoé, {second.postal_code} {second.name}" in shown or f"Janaubel, Zoé, {second.name}" in shown


def test_a_family_in_mourning_is_told_without_a_first_name(as_: Any, pathway: Pathway) -> None:
    child = Child.objects.get(birth=pathway.birth)
    Child.objects.filter(pk=child.pk).update(first_name="Aaron")
    make_death(pathway.birth, child)

    found = red_families(who("amal"), at=clock.now(), zone="Europe/Paris")

    assert [one.children for one in (*found.today, *found.others)] == [""]
    assert "Aaron" not in as_("amal").get(page("emergency")).content.decode()


def test_emergency_page_costs_the_same_for_ten_families(as_: Any, pathway: Pathway) -> None:
    client = as_("amal")
    one = queries.count(client, page("emergency"))
    for _ in range(9):
        make_pathway(ap=who("amal"))

    assert queries.count(client, page("emergency")) == one


# ---- May she be called? (A36) -----------------------------------------------------------------------------
CONTACT_RULES = ("may_sms", "may_email", "may_call", "is_discreet", "no_voice_mail", "through_team_since")
# What she wished stays as she said it.
TIGHT, LOOSE = (True, True, True, True, True, True), (True, True, True, False, False, False)


def loosen(pathway: Pathway) -> None:
    values = dict(zip(CONTACT_RULES, LOOSE, strict=True)) | {"through_team_since": None}
    Family.objects.filter(pk=pathway.family_id).update(**values)


def contact_rules(pathway: Pathway) -> tuple[bool, ...]:
    *found, since = Family.objects.values_list(*CONTACT_RULES).get(pk=pathway.family_id)
    return (*found, since is not None)


@pytest.mark.parametrize(
    ("person", "sign", "safe_call", "expected"),
    [
        ("home", "HOME_VIOLENCE_TOLD", "", TIGHT),
        ("home", "HOME_VIOLENCE_TOLD", "NO", TIGHT),
        ("home", "HOME_VIOLENCE_TOLD", "ONLY_TIMES", TIGHT),
        ("home", "HOME_VIOLENCE_TOLD", "YES", LOOSE),
        ("home", "HOME_VIOLENCE_NOW", "", TIGHT),
        ("home", "HOME_BASIC", "", LOOSE),
        ("mother", "MOTHER_DEATH_TALK", "", LOOSE),
    ],
)
def test_protected_sign_tightens_the_contact_rules_unless_she_may_be_called(
    as_: Any, pathway: Pathway, person: str, sign: str, safe_call: str, expected: tuple[bool, ...]
) -> None:
    loosen(pathway)
    client, url = as_("amal"), page("red_button", pathway.public_id)

    asked = "sans danger" in client.get(url, {"pour": person}).content.decode()
    sent = client.post(url, {"key": KEY, "who": person, "signs": [sign], "safe_call": safe_call})

    assert (sent.status_code, asked) == (302, person == "home")
    assert contact_rules(pathway) == expected


NUMBER = "tel:+33199003107"


def file_of(as_: Any, pathway: Pathway, name: str) -> str:
    text: str = as_(name).get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["elise", "farid", "amal", "ines", "gaelle"])
def test_nobody_reads_that_she_may_be_rung_after_a_protected_sign(as_: Any, pathway: Pathway, name: str) -> None:
    make_grant(pathway.family, to=who("ines"))
    loosen(pathway)
    press(pathway, "home", "HOME_VIOLENCE_TOLD")
    Alert.objects.update(ended_at=clock.now())

    file = file_of(as_, pathway, name)

    assert "ne l’appelez pas" in file
    assert "<small>Passez par l’équipe de référence.</small>" in file
    for untrue in (
        "on peut l’appeler",
        "Elle n’a pas choisi d’être appelée",
        "Préfère",
        "pas d’appel sans elle",
        NUMBER,
    ):
        assert untrue not in file, untrue


def test_team_that_answers_speaks_together_first_and_keeps_the_number(as_: Any, pathway: Pathway) -> None:
    """Also at the next vital alert, of another kind."""
    loosen(pathway)
    press(pathway, "home", "HOME_VIOLENCE_TOLD")
    Alert.objects.update(ended_at=clock.now())
    press(pathway, "mother", "MOTHER_DEATH_TALK")

    answers, told = file_of(as_, pathway, "farid"), file_of(as_, pathway, "amal")

    assert "D’abord l’équipe de référence : pas d’appel sans elle, depuis le " in answers
    assert NUMBER in answers
    assert "ne l’appelez pas" not in answers
    assert "<small>Passez par l’équipe de référence.</small>" in told
    assert NUMBER not in told


def test_rule_counts_from_the_first_sign(pathway: Pathway) -> None:
    press(pathway, "home", "HOME_VIOLENCE_TOLD")
    first = Family.objects.get(pk=pathway.family_id).through_team_since

    tighten_contact(family_id=pathway.family_id, at=clock.now() + timedelta(hours=1))

    assert first is not None
    assert Family.objects.get(pk=pathway.family_id).through_team_since == first


def test_what_the_team_decides_of_the_contact_rules_stands_when_the_alert_is_sent_again(pathway: Pathway) -> None:
    press(pathway, "home", "HOME_VIOLENCE_TOLD")
    loosen(pathway)

    press(pathway, "home", "HOME_VIOLENCE_TOLD")

    assert contact_rules(pathway) == LOOSE


def test_protected_sign_of_a_report_tightens_them_too(pathway: Pathway) -> None:
    visit = make_visit(pathway, "V1", VisitState.STARTED)
    loosen(pathway)

    reports.save(visit, {"home.flags": ["HOME_VIOLENCE_TOLD"]})

    assert contact_rules(pathway) == TIGHT

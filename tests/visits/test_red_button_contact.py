"""A protected sign tightens the contact rules: may she be called? (A36)"""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions.families import tighten_contact
from pathways.models import Alert, Family, Pathway
from tests.factories import make_grant, make_pathway, make_visit, who
from tests.visits import reports
from tests.visits.red_button import KEY, page, press
from visits.enums import VisitState


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=6)


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

"""What leaves for parents holds no health word, no name, and fits into one SMS (R073, L13, parents.md 5.4)."""

import re
from uuid import uuid4

import pytest

from copa.kernel import gsm, one_time
from messaging import texts

REFUSED = re.compile(
    r"b[ée]b[ée]|enfant|naissance|grossesse|accouche|allait|\bsein\b|biberon|maternit|\bPMI\b|sage-femme|m[ée]decin|"
    r"psych|moral|d[ée]press|EPDS|score|alerte|sant[ée]|h[ôo]pital|urgence|violence|couple|addict|dossier|r[ée]sultat|"
    r"bilan",
    re.IGNORECASE,
)
NOT_DISCREET = re.compile(r"copa|visite|auxiliaire", re.IGNORECASE)


@pytest.mark.parametrize("key", sorted(texts.SMS))
@pytest.mark.parametrize("is_discreet", [False, True])
def test_sms_says_nothing_and_fits(settings, key: str, is_discreet: bool) -> None:
    settings.SITE_ADDRESS = "https://copa.example"
    lien, code = one_time.place("entree/vallees", uuid4()), one_time.code_place(uuid4())

    text = texts.sms(key, is_discreet=is_discreet, lien=lien, code=code)

    assert not REFUSED.search(text)
    assert not (is_discreet and NOT_DISCREET.search(text))
    assert len(gsm.plain(one_time.filled(text))) <= gsm.LENGTH
    assert (lien if key != "otp" else code) in text


@pytest.mark.parametrize("is_discreet", [False, True])
def test_subject_of_the_mail_says_nothing(is_discreet: bool) -> None:
    subject, body = texts.mail("message", is_discreet=is_discreet, lien="https://exemple.example/x/")

    assert not REFUSED.search(subject)
    assert not (is_discreet and NOT_DISCREET.search(subject + body))
    assert body.endswith("https://exemple.example/x/")


def test_address_too_long_for_one_sms_is_left_out(settings) -> None:
    settings.SITE_ADDRESS = "https://" + "territoire." * 8 + "copa.example"
    lien = one_time.place("entree/vallees", uuid4())

    assert texts.sms("message", is_discreet=True, lien=lien) == "Un message vous attend."

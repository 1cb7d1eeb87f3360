"""An SMS: plain letters, one message."""

import pytest

from copa.kernel.gsm import LENGTH, plain


def test_accents_and_typography_become_plain_letters() -> None:
    assert (
        plain("CoPa\u00a0: l’équipe répond à 14\u00a0h\u00a005… « où »")
        == 'CoPa : l\'equipe repond a 14 h 05... " ou "'
    )
    assert plain("Cœur, Æsop") == "Coeur, AEsop"


def test_one_hundred_and_sixty_is_the_limit() -> None:
    assert len(plain("a" * LENGTH)) == LENGTH
    with pytest.raises(ValueError, match="160"):
        plain("a" * (LENGTH + 1))


@pytest.mark.parametrize("text", ["prix 3 €", "a [b]", "你好", "😀"])
def test_what_has_no_plain_letter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no plain letter"):
        plain(text)

"""What tells who somebody is, however it is written; and what may be said all the same (R093)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel.identifying import Kind, doubts_in, found_in, sentence


def kinds(text: str) -> list[str]:
    return [one.kind.value for one in found_in(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2 85 05 78 006 084", "nir"),
        ("285057800608436", "nir"),
        ("2 85 05 2A 006 084 91", "nir"),
        ("1850 52b006 084", "nir"),
        ("285\u200b0578\u2060006084", "nir"),
        ("01 99 00 12 34", "phone"),
        ("01.99.00-12/34", "phone"),
        ("01\n99\n00\n12\n34", "phone"),
        ("01,99,00,12,34", "phone"),
        ("01:99:00:12:34", "phone"),
        ("+33 (0)1 99 00 12 34", "phone"),
        ("0262 00 12 34", "phone"),
        ("+32 2 555 12 34", "phone"),
        ("０１９９００１２３４", "phone"),
        ("٠١٩٩٠٠١٢٣٤", "phone"),
        ("0️⃣1️⃣9️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣", "phone"),
        ("mere@famille.example", "email"),
        ("mere ＠ famille . example", "email"),
        ("mere [at] famille.example", "email"),
        ("mere arobase famille.example", "email"),
        ("née le 3 mars 2026", "birth"),
        ("ne\u0301e le 3 mars", "birth"),
        ("NE LE 03 MARS 2026", "birth"),
        ("né(e) le 03/03/26", "birth"),
        ("née à Ligny le 1er mars", "birth"),
        ("DDN : 3/3/2026", "birth"),
        ("accouchement prévu le 12 avril", "birth"),
        ("le 3 mars 2026, date de naissance", "birth"),
        ("le 03/03/2026", "date"),
        ("03-03-26", "date"),
        ("2026.03.03", "date"),
        ("03 03 2026", "date"),
        ("12 rue des Lilas", "address"),
        ("12bis, AVENUE du Bac", "address"),
        ("4 place de la Mairie", "address"),
        ("VA-7K3M9Q", "file"),
        ("va 7k3m9q", "file"),
        ("dossier n° 12345", "file"),
        ("IPP : 004512", "file"),
        ("https://copa.example/t/vallees/families/abc/", "file"),
        ("12345678", "digits"),
        ("12.34.56.78", "digits"),
        ("https://site.example/?q=0199001234", "phone"),
    ],
)
def test_what_tells_who_somebody_is_is_found(text: str, kind: str) -> None:
    assert kinds(f"Bonjour. {text}, merci.") == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Réunion du 3 mars 2026, à 14 h 30, salle 12.",
        "Après la naissance, la réunion d’équipe du 3 mars.",
        "Une idée née de nos échanges\u202f; à court terme, le 3 mars.",
        "Elle ne vient pas le 3 mars.",
        "Année 2024-2025, puis 2025/2026, et 2027.",
        "En 2025 12 000 naissances, 1 500 visites, 1 200 000 euros.",
        "V1 à J3, V2 à J7, V3 à J14\u202f; 75 % (12/16).",
        "Ouvert 09:00-12:00, ou 14 h-17 h. Le 15, le 3114, le 119.",
        "2 places en crèche, 2 cours de préparation, 3 parcours.",
        "Le guide\u00a0: https://sante.example/jcms/c_12345678/2024/05/12/guide",
        "20, 30, 40, 50 visites.",
        "",
    ],
)
def test_what_teams_tell_each_other_passes(text: str) -> None:
    assert found_in(text) == []


def test_it_is_told_where_and_what_to_write_instead() -> None:
    told = sentence(found_in("Bonjour,\nappelez le 01 99 00 12 34,\nelle est née le 3 mars."))

    assert "ligne 2, un numéro de téléphone («\u00a001 99 00 12 34\u00a0»)" in told
    assert "ligne 3, une date de naissance («\u00a0née le 3 mars\u00a0»)" in told
    assert "nommez plutôt le service\u202f; dites plutôt l’âge" in told


def test_many_are_told_by_their_number() -> None:
    told = sentence(found_in("\n\n".join(f"0{n} 99 00 12 34 x" for n in range(1, 9))))

    assert "et 3 autres" in told


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Mme Garnier et bébé Léo, puis Mme Garnier", ["Mme Garnier", "bébé Léo"]),
        ("mme  Garnier", ["mme Garnier"]),
        ("M. DUPONT, M Dupont, la famille DUPONT", ["M. DUPONT", "M Dupont", "famille DUPONT"]),
        ("Mme X, Madame est venue, la famille, un bébé de 3 jours, la famille CoPa", []),
        ("Mme la sage-femme coordinatrice", []),
        ("Adèle, 12 jours, ne prend pas de poids, Léo a trois semaines", ["Adèle, 12 jours", "Léo a trois semaines"]),
        ("Aïcha M. a refusé", ["Aïcha M."]),
        ("Depuis 3 semaines, nous proposons 2 visites par PMI, 8 jours après. En V. 2 aussi", []),
    ],
)
def test_what_may_be_a_name_is_asked_about(text: str, doubts: list[str]) -> None:
    assert doubts_in(text) == doubts


BETWEEN = st.lists(st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u200b", "\n", "\u2011", " - "]), min_size=14)
FIGURES = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])


def written(digits: str, figures: str, between: list[str]) -> str:
    """The digits as somebody may write them."""
    spaced = [figures[int(one)] if one.isdigit() else one for one in digits]
    return "".join(one + gap for one, gap in zip(spaced, [*between, *[""] * 15], strict=False))


@given(number=st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True), figures=FIGURES, between=BETWEEN)
def test_a_phone_is_found_however_it_is_written(number: str, figures: str, between: list[str]) -> None:
    assert found_in(f"Appeler {written(number, figures, between)} demain") != []


@given(
    number=st.from_regex(r"[12][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?", fullmatch=True),
    figures=FIGURES,
    between=BETWEEN,
)
def test_a_number_of_social_security_is_found_however_it_is_written(
    number: str, figures: str, between: list[str]
) -> None:
    assert found_in(f"Voir {written(number, figures, between)} demain") != []


@given(st.text(max_size=300))
def test_any_text_is_read_and_its_excerpts_are_its_own(text: str) -> None:
    for one in found_in(text):
        assert one.kind in Kind
        assert one.excerpt.rstrip("…") in " ".join(text.split())
        assert 1 <= one.line <= text.count("\n") + 1
    assert all(doubt for doubt in doubts_in(text))


@given(st.text(alphabet="abcdefghij éèàç'’,.\n", max_size=400))
def test_words_alone_are_never_refused(text: str) -> None:
    assert found_in(text) == []

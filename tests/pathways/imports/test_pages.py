"""A list on the pages: nothing is written before the confirmation, and nothing twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.forms.imports import ColumnsForm
from pathways.models import Birth, Child, Family, ImportedBirth, ImportFile, ImportProfile, ImportRun, Mother
from pathways.tasks import look_after_imports
from tests import factories, queries
from tests.births_lists import HEADINGS, csv_list, line, many, receive, sheet
from tests.cast import VALLEES, Person, inside
from tests.guards import GuardedClient

As = Callable[[str], GuardedClient]
BULK = 150


def send(client: GuardedClient, content: bytes, name: str = "liste.csv", place: str = "") -> Any:
    with scope.opened(inside(VALLEES)):
        maternity = str(factories.structure(place).public_id)
    data = {"maternity": maternity, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("pathways:birth_imports", args=[VALLEES]), data)


def page_of(run: ImportRun, name: str = "birth_import") -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, run.public_id])


def only_run() -> ImportRun:
    with scope.opened(inside(VALLEES)):
        return ImportRun.objects.select_related("structure").get()


def counts(*models: Any) -> list[int]:
    with scope.opened(inside(VALLEES)):
        return [model.objects.count() for model in models]


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_list_is_shown_then_written_once_it_is_confirmed(as_: As) -> None:
    client = as_("farid")

    sent = send(client, csv_list(line(), line(child="Lina", sex="F")))
    run = only_run()
    shown = client.get(sent.url)

    assert sent.url == page_of(run)
    assert "1 naissance à inscrire" in text(shown)
    assert counts(Family, Mother, Birth, Child, ImportProfile) == [0, 0, 0, 0, 0]

    confirmed = client.post(page_of(run), {"act": "confirm"})
    ended = client.get(confirmed.url)

    assert "1 naissance inscrite" in text(ended)
    assert counts(Family, Mother, Birth, Child, ImportedBirth, ImportFile) == [1, 1, 1, 2, 1, 0]
    assert only_run().state == "done"


def test_list_sent_again_adds_nothing(as_: As) -> None:
    client = as_("farid")
    content = csv_list(line(), line(birth_name="Roux", first_names="Lina", phone="", birth_on="01/01/1990"))
    for _ in range(2):
        sent = send(client, content)
        client.post(sent.url, {"act": "confirm"})

    shown = client.get(send(client, content).url)

    assert "Rien de nouveau dans cette liste" in text(shown)
    assert 'value="confirm"' not in shown.content.decode()
    assert "2 déjà connues" in text(shown)
    assert counts(Family, Birth, Child, ImportedBirth) == [2, 2, 2, 2]


def test_spreadsheet_with_real_dates_and_eaten_zeros(as_: As) -> None:
    born = clock.now().replace(tzinfo=None, hour=8, minute=30, second=0, microsecond=0) - timedelta(days=2)
    row = {
        "Nom de naissance": "Garnier",
        "Prénoms": "Élodie",
        "Née le": born.replace(year=1993),
        "Téléphone": 199003155,
        "Date d’accouchement": born,
        "Mode d’accouchement": "Césarienne",
        "Parité": 2,
    }

    sent = send(as_("elise"), sheet(row), "liste.xlsx")
    as_("elise").post(sent.url, {"act": "confirm"})

    with scope.opened(inside(VALLEES)):
        birth, mother = Birth.objects.get(), Mother.objects.get()
    assert (birth.mode, birth.parity, mother.phone) == ("CAESAREAN", "ALREADY", "+33199003155")
    assert birth.day == born.date()


def test_unknown_headings_are_asked_once_and_remembered(as_: As) -> None:
    client = as_("farid")
    headings = HEADINGS.replace("Nom de naissance", "Pat. NOM").replace("Parité", "Nb enf.")

    first = send(client, csv_list(line(), headings=headings))
    asked = client.get(first.url)
    run = only_run()
    columns = list(run.columns)
    columns[0], columns[8] = "birth_name", "parity"
    said = client.post(first.url, {f"column{place}": key for place, key in enumerate(columns)})
    second = send(client, csv_list(line(), headings=headings))

    assert first.url == page_of(run, "import_columns")
    assert "Garnier" in text(asked)
    assert said.url == page_of(run)
    assert "1 naissance à inscrire" in text(client.get(said.url))
    assert "columns" not in second.url


def test_field_given_to_two_columns_is_refused_beside_both() -> None:
    form = ColumnsForm(
        {"column0": "birth_name", "column1": "birth_on", "column2": "birth_on"},
        headings=["Nom", "Date naissance", "Date de naissance mère"],
        columns=["", "", ""],
    )

    assert set(form.errors) == {"column1", "column2"}
    assert "Date naissance" in form.errors["column2"][0]
    assert "Date de naissance mère" in form.errors["column1"][0]


def test_columns_without_what_is_required_are_refused(as_: As) -> None:
    client = as_("farid")
    sent = send(client, csv_list(line(), headings=HEADINGS.replace("Parité", "Nb enf.")))

    answer = client.post(sent.url, {"column0": "birth_name"})

    assert answer.status_code == 422
    assert "Dites quelle colonne contient" in text(answer)
    assert counts(ImportProfile) == [0]


@pytest.fixture
def older(vallees: scope.Scope) -> Family:
    """A family of Saint-Rémi with the mother of the list, and a birth of long ago."""
    about = {"birth_name": "Garnier", "first_names": "Élodie", "birth_on": "1993-03-12"}
    family = factories.make_family(mother=about)
    factories.make_birth(family, days_ago=500)
    return family


def test_probable_duplicate_waits_for_a_choice(as_: As, older: Family) -> None:
    client = as_("elise")
    sent = send(client, csv_list(line(), line(birth_name="Roux", first_names="Eva", phone="", birth_on="01/01/1990")))
    shown = text(client.get(sent.url))

    client.post(sent.url, {"act": "confirm"})
    again = text(client.get(sent.url))

    assert "Est-ce une famille déjà connue" in shown
    assert older.reference in shown
    assert "1 naissance inscrite depuis cette liste" in again
    assert only_run().state == "pending"
    assert (Family.objects.count(), ImportFile.objects.count()) == (2, 1)


def test_same_family_gets_another_birth(as_: As, older: Family) -> None:
    client = as_("elise")
    sent = send(client, csv_list(line()))

    client.post(sent.url, {"act": "confirm", "line2": f"add:{older.public_id}"})

    assert Birth.objects.filter(family=older).count() == 2
    assert Family.objects.count() == 1
    assert only_run().state == "done"


@pytest.mark.parametrize(("choice", "families"), [("other", 2), ("nothing", 1)])
def test_other_family_is_written_and_nothing_is_not(as_: As, older: Family, choice: str, families: int) -> None:
    client = as_("elise")
    sent = send(client, csv_list(line()))

    client.post(sent.url, {"act": "confirm", "line2": choice})

    assert Family.objects.count() == families
    assert only_run().state == "done"


def test_family_that_was_not_shown_is_refused(as_: As, older: Family) -> None:
    client = as_("elise")
    stranger = factories.make_birth().family
    sent = send(client, csv_list(line()))

    answer = client.post(sent.url, {"act": "confirm", "line2": f"add:{stranger.public_id}"})

    assert answer.status_code == 422
    assert Birth.objects.filter(family=stranger).count() == 1
    assert only_run().state == "pending"


def test_family_of_another_service_is_not_shown(as_: As, older: Family) -> None:
    sent = send(as_("fanny"), csv_list(line()), place="Maternité Montreval")

    shown = text(as_("fanny").get(sent.url))

    assert older.reference not in shown
    assert "Une famille d’un autre service lui ressemble" in shown


def test_somebody_of_another_maternity_may_not_send_for_this_one(as_: As) -> None:
    answer = send(as_("fanny"), csv_list(line()))

    assert answer.status_code == 422
    assert counts(ImportRun) == [0]


# ---- A commune outside the territory (inclusion.md, incl.address) ----------------------------------------------
def away() -> str:
    return line(birth_name="Loin", first_names="Ana", birth_on="02/02/1990", phone="", commune="METZ").replace(
        "55190", "57000"
    )


@pytest.mark.parametrize(("answer", "commune"), [("confirmed", "Metz (57000)"), ("without", None)])
def test_birth_from_outside_waits_until_somebody_has_looked(as_: As, answer: str, commune: str | None) -> None:
    client = as_("farid")
    sent = send(client, csv_list(line(), away()))

    shown = client.get(sent.url)
    first = client.post(sent.url, {"act": "confirm"})
    waiting = client.get(first.url)
    before = counts(Family, ImportFile)
    last = client.post(sent.url, {"act": "confirm", "outside3": answer})

    assert "Metz (57000) n’est pas une commune du territoire" in text(shown)
    assert "1 naissance à inscrire" in text(shown)
    assert (before, "1 commune à confirmer" in text(waiting)) == ([1, 1], True)
    assert "2 naissances inscrites" in text(client.get(last.url))
    with scope.opened(inside(VALLEES)):
        kept = Mother.objects.get(birth_name="Loin").family.commune
        assert (kept and (str(kept), kept.is_outside, kept.sector_id)) == (commune and (commune, True, None))


def test_word_that_the_page_does_not_offer_confirms_nothing(as_: As) -> None:
    client = as_("farid")
    sent = send(client, csv_list(away()))

    client.post(sent.url, {"act": "confirm", "outside2": "oui", "outside9": "confirmed"})

    assert counts(Family) == [0]
    assert only_run().choices == {}


def test_probable_duplicate_from_outside_is_asked_both(as_: As, older: Family) -> None:
    client = as_("elise")
    sent = send(client, csv_list(line(phone="01 99 00 31 55", commune="Metz", postal_code="57000")))

    client.post(sent.url, {"act": "confirm", "line2": "other"})
    asked = client.get(sent.url)
    client.post(sent.url, {"act": "confirm", "line2": "other", "outside2": "confirmed"})

    assert "Metz (57000)" in text(asked)
    assert counts(Family) == [2]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rien", b"seul", b"x" * 5_000_001])
def test_file_that_cannot_be_read_is_refused_with_a_sentence(as_: As, content: bytes) -> None:
    answer = send(as_("elise"), content)

    assert answer.status_code == 422
    assert 'id="form-problems"' in answer.content.decode()
    assert counts(ImportRun, ImportFile) == [0, 0]


def test_five_thousand_lines_with_a_broken_byte_in_the_middle(as_: As) -> None:
    client = as_("elise")
    lines = csv_list(*many(5000)).split(b"\r\n")
    lines[2500] = lines[2500].replace(b"Famille", b"Fam\xffille")

    sent = send(client, b"\r\n".join(lines))
    shown = client.get(sent.url)

    assert sent.status_code == 302
    assert "4 999 naissances à inscrire" in text(shown).replace("\u202f", " ").replace("\u00a0", " ")
    assert "2501 Un caractère est illisible" in text(shown)
    assert counts(Family) == [0]


def test_list_with_a_broken_byte_in_the_middle_is_written_without_that_line_and_once(as_: As) -> None:
    """The same way as for thousands of lines, one transaction a birth; five thousand of them take minutes."""
    client = as_("elise")
    rows = csv_list(*many(BULK)).split(b"\r\n")
    rows[BULK // 2] = rows[BULK // 2].replace(b"Famille", b"Fam\xffille")
    content = b"\r\n".join(rows)

    sent = send(client, content)
    client.post(sent.url, {"act": "confirm"})
    run = only_run()
    first = counts(Family, Birth, ImportedBirth)
    with scope.opened(inside(VALLEES)):
        lines = list(ImportedBirth.objects.order_by("line").values_list("line", flat=True))
    again = send(client, content)
    client.post(again.url, {"act": "confirm"})

    assert first == counts(Family, Birth, ImportedBirth) == [BULK - 1] * 3
    assert run.summary["refused"] == [
        {"line": BULK // 2 + 1, "reason": "Un caractère est illisible (fichier abîmé à cet endroit)."}
    ]
    assert lines == [number for number in range(2, BULK + 2) if number != BULK // 2 + 1]


def test_preview_asks_as_many_questions_for_ten_lines_as_for_one(as_: As, vallees: scope.Scope) -> None:
    client = as_("elise")
    known = factories.make_family(mother={"birth_name": "Roux", "first_names": "Eva", "birth_on": "1990-01-01"})
    factories.make_birth(known, days_ago=500)
    one, ten = (
        receive(*many(1), line(birth_name="Roux", first_names="Eva")),
        receive(
            *many(10),
            *[line(birth_name="Roux", first_names="Eva", phone="", birth_on=f"0{n}/01/1990") for n in range(1, 9)],
        ),
    )

    assert queries.count(client, page_of(one)) == queries.count(client, page_of(ten))


def test_abandoned_list_leaves_no_file(as_: As) -> None:
    client = as_("farid")
    sent = send(client, csv_list(line()))

    client.post(sent.url, {"act": "abandon"})
    late = client.post(sent.url, {"act": "confirm"})

    assert (only_run().state, late.status_code) == ("abandoned", 200)
    assert counts(ImportFile, Family) == [0, 0]


def test_empty_sending_of_a_preview_does_nothing(as_: As) -> None:
    client = as_("farid")
    sent = send(client, csv_list(line()))

    assert client.post(sent.url).status_code == 422
    assert only_run().state == "pending"


def test_forgotten_file_is_gone_after_a_day(cast: dict[str, Person]) -> None:
    at = clock.now()
    with scope.opened(inside(VALLEES)):
        territory = str(scope.current_territory_id())
        receive(line())
    with time_machine.travel(at + timedelta(hours=23, minutes=59), tick=False):
        look_after_imports(territory)
    kept = counts(ImportFile)
    with time_machine.travel(at + timedelta(hours=24, seconds=1), tick=False):
        look_after_imports(territory)
        look_after_imports(territory)

    assert (kept, counts(ImportFile)) == ([1], [0])
    assert only_run().state == "abandoned"


def test_confirmed_list_whose_message_was_lost_is_found_again(cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        territory = str(scope.current_territory_id())
        run = receive(line())
        ImportRun.objects.filter(pk=run.pk).update(state="confirmed", total=1)

    look_after_imports(territory)

    with scope.opened(inside(VALLEES)):
        assert ImportRun.objects.unfinished(clock.now()).count() == 1


def test_two_people_confirm_once(as_: As, vallees: scope.Scope) -> None:
    run = receive(line())
    first = as_("elise").post(page_of(run), {"act": "confirm"})

    second = as_("farid").post(page_of(run), {"act": "confirm"})

    assert (first.status_code, second.status_code) == (302, 200)
    assert counts(Birth) == [1]


# ---- A birth under secrecy leaves nothing behind (A38) -----------------------------------------------------
def kept() -> str:
    with scope.opened(inside(VALLEES)):
        return bytes(ImportFile.objects.values_list("content", flat=True).get()).decode()


def test_nothing_of_a_line_under_secrecy_is_kept(as_: As) -> None:
    client = as_("farid")
    headings = f"{HEADINGS};Observations"
    hidden = line(birth_name="Vauquelin", first_names="Ysoline", phone="01 99 00 77 77", address="9 rue du Puits")

    sent = send(client, csv_list(f"{hidden};née sous X", f"{line()};", headings=headings))
    asked = text(client.get(sent.url))
    said = client.post(sent.url, {f"column{n}": key for n, key in enumerate(only_run().columns)})
    shown = text(client.get(said.url))

    for name in ("Vauquelin", "Ysoline", "77 77", "du Puits", "sous X"):
        assert name not in kept()
        assert name not in asked
        assert name not in shown
    assert "Garnier" in kept()
    assert "Accouchement sous secret" in shown
    client.post(page_of(only_run()), {"act": "confirm"})
    assert counts(Family, Mother, ImportFile) == [1, 1, 0]
    with scope.opened(inside(VALLEES)):
        assert Mother.objects.get().birth_name == "Garnier"
        assert only_run().summary["refused_count"] == 1


def test_line_under_secrecy_is_emptied_once_its_column_is_said(as_: As) -> None:
    client = as_("farid")
    headings = HEADINGS.replace("Nom de naissance", "Pat. NOM")
    sent = send(client, csv_list(line(birth_name="X", first_names="Ysoline"), line(), headings=headings))
    columns = ["birth_name", *only_run().columns[1:]]

    client.post(sent.url, {f"column{n}": key for n, key in enumerate(columns)})

    assert "Ysoline" not in kept()
    assert "lodie" in kept()


def test_spreadsheet_under_secrecy_is_emptied_too(as_: As) -> None:
    row = {
        "Nom de naissance": "Vauquelin",
        "Prénoms": "Ysoline",
        "Née le": clock.now().replace(tzinfo=None),
        "Notes": "",
    }
    sent = send(as_("elise"), sheet(row | {"Notes": "sous X"}, row | {"Nom de naissance": "Garnier"}), "liste.xlsx")

    assert sent.status_code == 302
    assert "Vauquelin" not in kept()
    assert "Garnier" in kept()


def test_person_who_confirms_sees_the_living_twin_that_was_held_back(as_: As) -> None:
    client = as_("farid")
    headings = f"{HEADINGS};Issue"
    lines = [f"{line()};vivant", f"{line(child='')};mort-né", f"{line(birth_name='Roux', phone='')};vivant"]

    sent = send(client, csv_list(*lines, headings=headings))
    shown = text(client.get(sent.url))
    client.post(sent.url, {"act": "confirm"})

    assert "2 À inscrire à la main" in shown
    assert "1 naissance à inscrire" in shown
    with scope.opened(inside(VALLEES)):
        assert [mother.birth_name for mother in Mother.objects.order_by("pk")] == ["Roux"]

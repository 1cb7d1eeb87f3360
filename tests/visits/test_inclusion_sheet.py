"""The inclusion sheet: one copy per recipient, with her answer for that recipient, on the page and on paper."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.models import Birth, Child, Family, InclusionAnswers, Mother, Pathway, RecipientConsent
from tests import factories
from tests.cast import VALLEES
from tests.factories import who
from tests.queries import count
from visits.models import Visit
from visits.reads.inclusion_sheet import InclusionSheet, inclusion_sheet

pytestmark = pytest.mark.usefixtures("vallees")


def made() -> Pathway:
    """A family with one of everything the sheet may print, and what it prints for nobody."""
    pathway = factories.make_pathway(ap=who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(access_hint="Code 4512", address="6 rue des Tanneurs")
    Mother.objects.filter(family=pathway.family).update(
        birth_name="Haddad", used_name="Lemoine", email="samira@exemple.example", language="ar", access_needs=["LARGE"]
    )
    Birth.objects.filter(pk=pathway.birth_id).update(is_prado=True, mode="CAESAREAN")
    InclusionAnswers.objects.create(
        family=pathway.family,
        pathway=pathway,
        vulnerability="YES",
        wish="YES",
        goal_kind="DURATION",
        goal_weeks=13,
        goal_is_exclusive=True,
        fed_once="YES",
        other_programme="PANJO",
        other_programme_from=date(2026, 9, 1),
        feelings={"surrounded": 1},
        pmi_named="Celle de la gare",
        professionals_presented_at=clock.now(),
        answered_at=clock.now(),
    )
    factories.make_circle_member(pathway.family, member=who("ines"))
    gp = factories.make_entry("GP", name="Cabinet Vasseur", phone="+33199004477")
    factories.make_circle_member(pathway.family, entry=gp, role="GENERAL_PRACTITIONER")
    factories.make_visit(pathway, "V1", "planned")
    return Pathway.objects.get(pk=pathway.pk)


def sheet(pathway: Pathway, letter: str = "", name: str = "farid") -> InclusionSheet:
    return inclusion_sheet(pathway, who(name), letter, clock.now())


def words(shown: InclusionSheet) -> str:
    return "\n".join(f"{line.label} : {line.text}" for block in shown.blocks for line in block.lines)


# Column PDF of inclusion.md, by a word of the line: the copies that carry it.
COLUMNS = {
    "Nom de naissance : Haddad": "ELM",
    "Nom utilisé : Lemoine": "ELMF",
    "Téléphone": "ELM",
    "samira@exemple.example": "E",
    "6 rue des Tanneurs": "ELM",
    "Code 4512": "E",
    "Langue : Arabe": "ELM",
    "gros caractères": "ELM",
    "Césarienne": "E",
    "Prado : oui": "EL",
    "PANJO": "ELM",
    "Sage-femme libérale : Ines Martin": "EMF",
    "Cabinet Vasseur": "E",
    "PMI présentée": "EM",
    "PMI de secteur": "ELMF",
    "Professionnels présentés": "E",
    "Souhaite allaiter : Oui": "ELMF",
    "13\u00a0semaines": "ELMF",
    "Déjà reçu du lait maternel": "EL",
    "Visite 1": "ELF",
    "adhesion-2026.1-fr": "EF",
    "Recueillie par": "E",
    "Ma sage-femme libérale : Oui": "EF",
    "Messages discrets": "E",
    "Présenté le": "E",
}


@pytest.mark.parametrize("letter", "ELMF")
def test_each_copy_carries_its_column_of_the_form(letter: str) -> None:
    told = words(sheet(made(), letter))

    assert {words for words in COLUMNS if words in told} == {words for words, to in COLUMNS.items() if letter in to}


@pytest.mark.parametrize("letter", "ELMF")
def test_no_copy_tells_a_vulnerability_a_feeling_or_what_she_knew_of_the_pmi(letter: str) -> None:
    told = words(sheet(made(), letter))

    assert not any(secret in told.lower() for secret in ("vulnérab", "entourée", "celle de la gare", "tranquillement"))


@pytest.mark.parametrize(("letter", "recipient"), [("L", "LIBERAL_MIDWIFE"), ("M", "PMI")])
@pytest.mark.parametrize("answer", ["NO", "LATER"])
def test_copy_is_not_made_without_her_yes(letter: str, recipient: str, answer: str) -> None:
    pathway = made()
    RecipientConsent.objects.filter(recipient=recipient).update(answer=answer)

    refused = sheet(pathway, letter)

    assert (refused.is_open, refused.blocks, refused.children) == (False, (), "")
    assert "La mère" in refused.reason
    assert sheet(pathway, "E").is_open


def test_family_is_given_no_paper_once_it_has_stopped_or_mourns() -> None:
    pathway = made()
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)
    mourning = sheet(Pathway.objects.get(), "F")
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=False)
    Pathway.objects.update(state="withdrawn")

    assert (mourning.is_open, sheet(Pathway.objects.get(), "F").is_open) == (False, False)
    assert sheet(Pathway.objects.get(), "E").is_open
    assert not sheet(Pathway.objects.get(), "L").is_open


def test_child_who_died_or_lives_elsewhere_stands_on_no_paper_of_the_family() -> None:
    birth = factories.make_birth(children=2)
    pathway = factories.make_pathway(birth, ap=who("amal"))
    one, two = Child.objects.order_by("rank")
    Child.objects.filter(pk=one.pk).update(closed_at=clock.now(), first_name="Abel")
    Child.objects.filter(pk=two.pk).update(situation="ADOPTED", situation_at=clock.now(), first_name="Basile")

    assert "Abel" not in words(sheet(pathway, "E"))
    assert "Adopté" in words(sheet(pathway, "E"))
    assert "Basile" not in words(sheet(pathway, "F"))


@pytest.mark.parametrize(("name", "letter"), [("ines", "L"), ("gaelle", "M")])
def test_outside_the_team_each_reads_her_own_copy_alone(name: str, letter: str) -> None:
    pathway = made()
    factories.make_grant(pathway.family, to=who("ines"))

    assert {sheet(pathway, asked, name).letter for asked in ("", "E", "L", "M", "F", "x")} == {letter}


def page(client: Client, pathway: Pathway, name: str, query: str = "", part: str = "sheet/") -> Any:
    client.force_login(who(name).user)
    return client.get(f"/t/{VALLEES}/pathways/{pathway.public_id}/{part}{query}")


def test_page_is_for_those_who_follow(client: Client) -> None:
    pathway = made()
    factories.make_grant(pathway.family, to=who("ines"))

    seen = {
        one: page(client, pathway, one).status_code
        for one in ("amal", "farid", "elise", "gaelle", "ines", "bea", "gina", "iris", "jeanne")
    }

    assert seen == {
        **dict.fromkeys(("amal", "farid", "elise", "gaelle", "ines"), 200),
        **dict.fromkeys(("bea", "jeanne"), 403),
        **dict.fromkeys(("gina", "iris"), 404),
    }


def test_paper_says_the_same_with_its_foot_and_names_nobody_in_its_file(client: Client) -> None:
    pathway = made()

    response = page(client, pathway, "amal", "?copie=L", "sheet/pdf/")

    paper = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(response.content)).pages)
    flat = " ".join(paper.split())
    assert "Pour : la sage-femme libérale" in flat
    assert "copa-inclusion 2026.1" in flat
    assert "empreinte" in flat
    assert "page 1 / " in flat
    assert "Code 4512" not in flat
    lines = [" ".join(line.text.split(",")[0].split()) for block in sheet(pathway, "L").blocks for line in block.lines]
    assert [one for one in lines if one not in flat] == []
    assert "Haddad" not in response["Content-Disposition"]


def test_fingerprint_changes_with_what_is_read_and_with_the_reader() -> None:
    pathway = made()
    before = {letter: sheet(pathway, letter).digest for letter in "ELMF"}
    Visit.objects.update(planned_at=clock.now() + timedelta(days=4))

    assert len(set(before.values())) == 4
    assert sheet(pathway, "L").digest != before["L"]
    assert sheet(pathway, "M").digest == before["M"]


def test_discreet_mother_is_asked_before_the_paper_is_left(client: Client) -> None:
    pathway = made()
    Family.objects.filter(pk=pathway.family_id).update(is_discreet=True)

    assert "Demandez-lui" in page(client, pathway, "amal", "?copie=F").content.decode()
    assert "Demandez-lui" not in page(client, pathway, "amal", "?copie=E").content.decode()


def test_page_costs_the_same_with_ten_visits_and_people(as_: Any, vallees: scope.Scope) -> None:
    pathway = made()
    url = f"/t/{VALLEES}/pathways/{pathway.public_id}/sheet/"
    client = as_("farid")
    one = count(client, url)
    for place in range(9):
        entry = factories.make_entry("LIBERAL_MIDWIFE", name=f"Cabinet {place}", phone="")
        factories.make_circle_member(pathway.family, entry=entry, role="LIBERAL_MIDWIFE")

    assert count(client, url) == one

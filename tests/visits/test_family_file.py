"""The file of a family: real events, what to know before calling, why it is seen, and what stays hidden."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.html import escape

from copa.kernel import clock
from pathways.actions import calendar, stops
from pathways.enums import PathwayState, Recipient
from pathways.models import Birth, Child, Discharge, Pathway, PmiRelay, Proposal, RecipientConsent
from territories.models import AccessLog
from tests import queries
from tests.cast import VALLEES, Person
from tests.factories import (
    make_agreement,
    make_alert,
    make_birth,
    make_death,
    make_discharge,
    make_family,
    make_grant,
    make_meeting,
    make_meeting_item,
    make_need,
    make_pathway,
    make_proposal,
    make_report,
    make_visit,
    who,
)
from visits.enums import VisitState
from visits.models import Addendum, SealedAnswers
from visits.reads import family_file as reads

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ZONE = "Europe/Paris"


@pytest.fixture
def pathway(vallees):
    """Amal's family, nine days after birth, V1 reported and delivered, V2 this afternoon."""
    with time_machine.travel(AT, tick=False):
        birth = make_birth(make_family(name="Lemoine"), at=AT - timedelta(days=9))
        Child.objects.filter(birth=birth).update(first_name="Inès")
        made = make_pathway(birth, ap=who("amal"))
        make_discharge(birth)
        first = make_visit(made, "V1", VisitState.ENDED, ended_at=AT - timedelta(days=5))
        make_report(first, delivered_at=AT - timedelta(days=5, hours=-18), answers={"next.tell": "Revoir le lit"})
        make_visit(made, "V2", planned_at=AT + timedelta(hours=5))
        yield made


def opened(pathway: Pathway, name: str = "elise") -> reads.FamilyFile:
    return reads.family_file(pathway.family, who(name), at=AT, zone=ZONE)


def titles(file: reads.FamilyFile) -> list[str]:
    return [event.title for day in file.story for event in day.events]


# ---- Title and story -------------------------------------------------------------------------------------
def test_title_says_the_age_and_what_comes_next(pathway) -> None:
    assert opened(pathway).title == "Inès a 9\u00a0jours, deuxième visite aujourd’hui à 14\u00a0h\u00a000"


def test_twins_are_named_together(vallees) -> None:
    birth = make_birth(days_ago=2, children=2)

    file = reads.family_file(birth.family, who("elise"), at=clock.now(), zone=ZONE)

    assert file.title.startswith("Noé1 et\u00a0Noé2 ont 2\u00a0jours, CoPa pas encore proposé")


@pytest.mark.parametrize(
    ("answer", "words"), [("PENDING", "réponse attendue"), ("YES", "à inclure"), ("NO", "CoPa refusé")]
)
def test_title_follows_the_proposal(vallees, answer: str, words: str) -> None:
    birth = make_birth()
    make_proposal(birth, answer=answer)

    assert reads.family_file(birth.family, who("elise"), at=clock.now(), zone=ZONE).title.endswith(words)


def test_day_of_another_year_says_its_year(pathway, client, cast) -> None:
    Proposal.objects.filter(birth=pathway.birth).update(proposed_on=date(2025, 11, 3), context="EPP")
    client.force_login(cast["elise"].user)

    page = client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()

    assert "Lundi\u00a03\u00a0novembre\u00a02025" in page
    assert {day.year for day in opened(pathway).story if day.on.year == 2026} == {""}


def test_story_tells_real_events_the_latest_first(pathway) -> None:
    assert titles(opened(pathway)) == [
        "Visite V2 prévue, 1\u00a0h\u00a015",
        "Compte rendu de la V1 remis en 18\u00a0h",
        "Visite V1 faite, 1\u00a0h\u00a015",
        "Retour à la maison",
        "Famille incluse, équipe Maternité Saint-Rémi",
        "Relais PMI préparé",
        "Samira accepte CoPa",
        "CoPa présenté",
        "Naissance d’Inès",
    ]


def test_days_are_those_of_the_territory(pathway) -> None:
    # Inclusion 22 h after a birth at 9 h in Paris is on the next local day.
    numbers = {event.title: day.number for day in opened(pathway).story for event in day.events}

    assert numbers["Naissance d’Inès"] == 0
    assert numbers["Famille incluse, équipe Maternité Saint-Rémi"] == 1


def test_addendum_alert_and_relay_are_told(pathway) -> None:
    report = make_report(make_visit(pathway, "V3", VisitState.ENDED, ended_at=AT - timedelta(hours=2)))
    Addendum.objects.create(
        report=report, family=pathway.family, author=who("amal"), at=AT, reason="Erreur de poids", text="3 200 g"
    )
    make_alert(pathway)
    PmiRelay.objects.filter(pathway=pathway).update(state="accepted", answered_at=AT, answered_by=who("gaelle"))

    told = titles(opened(pathway))

    assert "Complément au compte rendu de la V3" in told
    assert "Signe d’alerte chez l’enfant" in told
    assert "PMI de Ligny accepte le relais" in told


def test_proof_is_the_report_still_owed(pathway) -> None:
    make_visit(pathway, "V3", VisitState.ENDED, ended_at=AT - timedelta(hours=2))

    proof = opened(pathway).proof

    assert (proof.title, proof.delivered_at) == ("Compte rendu de la V3\u00a0: attendu", None)


def test_proof_shows_each_step_of_the_delivery(pathway) -> None:
    proof = opened(pathway).proof

    assert proof.title == "Compte rendu de la V1\u00a0: remis à temps"
    assert [step.at is not None for step in proof.steps] == [True, True, True, False]


# ---- Mourning --------------------------------------------------------------------------------------------
def test_mourning_silences_title_thread_and_actions(pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(state=PathwayState.BEREAVED)

    file = opened(pathway)

    assert (file.title, file.thread, file.actions.main) == ("Famille Lemoine", None, None)


def test_child_no_longer_followed_is_not_named(pathway) -> None:
    Child.objects.filter(birth=pathway.birth).update(closed_at=AT)

    assert "Inès" not in opened(pathway).title
    assert not any("Inès" in title for title in titles(opened(pathway)))


# ---- Actions ---------------------------------------------------------------------------------------------
def test_main_action_follows_the_state(vallees) -> None:
    def main(birth) -> str:
        file = reads.family_file(birth.family, who("elise"), at=clock.now(), zone=ZONE)
        return file.actions.main.page if file.actions.main else ""

    fresh, said_yes = make_birth(), make_birth()
    make_proposal(said_yes, answer="YES")
    lacking = make_pathway(ap=who("amal"))

    assert main(fresh) == "pathways:proposal"
    assert main(said_yes) == "pathways:inclusion"
    assert main(lacking.birth) == "visits:plan"


def test_actions_are_those_of_the_permissions(pathway) -> None:
    pages = {name: {action.page for action in opened(pathway, name).actions.others} for name in ("elise", "gaelle")}

    assert {"visits:change", "visits:close_pathway", "pathways:assign"} <= pages["elise"]
    # Her own copy of the sheet, with the mother's yes.
    assert pages["gaelle"] == {"visits:inclusion_sheet"}


# ---- Who, why, what is hidden ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("elise", 200), ("nora", 200), ("olga", 200), ("amal", 200), ("farid", 200), ("gaelle", 200), ("ines", 200),
        ("bea", 403), ("jeanne", 403),
        ("chloe", 404), ("fanny", 404), ("gina", 404), ("iris", 404), ("marc", 404), ("dora", 404), ("emma", 404),
    ],
)  # fmt: skip
def test_file_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    make_grant(pathway.family, to=who("ines"))
    client.force_login(cast[name].user)

    assert client.get(f"/t/vallees/families/{pathway.family.public_id}/").status_code == status


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("elise", "vous voyez toutes ses familles"),
        ("amal", "Vous êtes l’auxiliaire de cette famille."),
        ("farid", "Votre équipe, Maternité Saint-Rémi, est l’équipe de référence"),
        ("gaelle", "Le relais de cette famille est confié à PMI de Ligny"),
        ("ines", "vous a ouvert ce dossier jusqu’au"),
    ],
)
def test_each_reader_is_told_why(pathway, name: str, why: str) -> None:
    make_grant(pathway.family, to=who("ines"))

    assert why in opened(pathway, name).reasons.why


def test_pmi_without_agreement_reads_no_report(pathway) -> None:
    RecipientConsent.objects.filter(family=pathway.family, recipient=Recipient.PMI).update(answer="NO")

    file = opened(pathway, "gaelle")

    assert [row.public_id for row in file.reports] == [None]
    assert "Le contenu de 1\u00a0compte rendu." in file.reasons.hidden
    assert file.told == ""


def test_protected_part_is_hidden_outside_the_team_and_alerts_from_the_pmi(pathway) -> None:
    """The liberal midwife hears a sign at once (R075): she is told of it, never of the protected part."""
    make_grant(pathway.family, to=who("ines"))
    make_alert(pathway, "mother_sign", facts="ne dort plus")
    report = make_report(make_visit(pathway, "V3", VisitState.ENDED))
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={"grid.s3_facts": "secret"})

    for name in ("gaelle", "ines"):
        file = opened(pathway, name)
        assert not any("protégée" in title for title in titles(file))
        assert any("alerte" in title.lower() for title in titles(file)) is (name == "ines")
        assert len(file.reasons.hidden) >= 2
    assert any("Partie protégée" in title for title in titles(opened(pathway, "elise")))


def test_protected_part_is_not_betrayed_to_those_who_do_not_read_it(pathway) -> None:
    before = opened(pathway, "amal").reasons.hidden
    report = make_report(make_visit(pathway, "V3", VisitState.ENDED))
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={"grid.s3_facts": "secret"})

    assert opened(pathway, "amal").reasons.hidden == before


def test_page_of_the_pmi_holds_no_word_of_the_mother_alone(pathway, client, cast) -> None:
    make_alert(pathway, "mother_sign", facts="ne dort plus")
    client.force_login(cast["gaelle"].user)

    assert "ne dort plus" not in client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()


def test_child_without_a_name_begins_the_title_with_a_capital(pathway) -> None:
    Child.objects.filter(birth=pathway.birth).update(first_name="")

    assert opened(pathway).title.startswith("Bébé a 9")


def test_pathway_that_moved_says_that_it_stopped(pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(state=PathwayState.MOVED, closed_at=AT)

    assert opened(pathway).title.endswith("parcours arrêté après un déménagement")
    assert "Parcours arrêté après un déménagement" in titles(opened(pathway))


def test_facts_of_an_alert_are_a_sentence(pathway) -> None:
    make_alert(pathway, facts="Fièvre, frissons", answer_due_at=AT)

    [event] = [event for day in opened(pathway).story for event in day.events if event.icon == "alert"]
    assert event.text.startswith("Fièvre, frissons. Réponse attendue")


def test_ultra_early_visit_is_named_in_full(pathway) -> None:
    make_visit(pathway, "ULTRA_EARLY", planned_at=AT + timedelta(days=1))

    file = opened(pathway)
    assert "Visite ultra-précoce prévue, 1" in " ".join(titles(file))
    assert "Déplacer ou annuler la visite ultra-précoce" in [one.words for one in file.actions.others]


def test_examination_is_done_where_the_calendar_says_so_and_nowhere_else(pathway) -> None:
    child = Child.objects.get(birth=pathway.birth)
    row = {"child.ref": str(child.public_id), "child.exam.k01": "DONE_SEEN"}
    make_report(make_visit(pathway, "V3", VisitState.ENDED), answers={"child": [row]})

    def lane() -> str:
        return opened(pathway).thread.lanes[0].text

    assert "d’ici au" in lane()
    known = calendar.Known(status="done", source="booklet")
    calendar.note_item(birth=pathway.birth, child=child, code="K01", known=known, by=who("amal"), at=AT)
    assert lane() == "Examen des 8 jours : fait".replace(" :", "\u00a0:")


@pytest.mark.parametrize("name", ["amal", "farid", "elise", "ines"])
def test_after_the_death_of_a_twin_a_neutral_line_asks_to_call_the_team(vallees, client, cast, name: str) -> None:
    made = make_pathway(make_birth(days_ago=5, children=2), ap=who("amal"))
    make_grant(made.family, to=who("ines"))
    url = f"/t/vallees/families/{made.family.public_id}/"
    client.force_login(cast[name].user)
    assert "Le suivi de cette famille a changé" not in client.get(url).content.decode()

    make_death(made.birth, Child.objects.filter(birth=made.birth).first())

    page = client.get(url).content.decode()
    assert "Le suivi de cette famille a changé" in page
    if name in {"amal", "ines"}:
        assert "décès" not in page.lower()


# ---- Circle ----------------------------------------------------------------------------------------------
def test_yes_of_before_the_family_stopped_does_not_stand_in_the_circle(pathway) -> None:
    before = {one.agreement for one in opened(pathway).circle}

    stops.withdraw_pathway(pathway=pathway, by=who("elise"), at=AT)

    after = opened(pathway).circle
    assert "yes" in before
    assert {(one.agreement, one.line) for one in after if one.agreement in {"yes", "stopped"}} == {
        ("stopped", "Ne les reçoit plus")
    }


def test_later_is_said_as_later_in_the_circle(pathway) -> None:
    for recipient, answer in (
        (Recipient.PAEDIATRICIAN, "LATER"),
        (Recipient.GENERAL_PRACTITIONER, "NO"),
    ):
        make_agreement(pathway.family, recipient, answer)

    said = {one.name: (one.agreement, one.line) for one in opened(pathway).circle}

    assert said["Médecin de l’enfant"] == ("later", "Ne les reçoit pas encore")
    assert said["Médecin traitant"] == ("no", "Ne les reçoit pas")


# ---- Page ------------------------------------------------------------------------------------------------
def test_reading_leaves_a_line_in_the_log(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    client.get(f"/t/vallees/families/{pathway.family.public_id}/")

    (line,) = AccessLog.objects.filter(family_id=pathway.family_id).order_by("pk")
    assert (line.user, line.is_refused) == (cast["elise"].user, False)


def test_ap_reads_the_tablet_page(pathway, client, cast) -> None:
    client.force_login(cast["amal"].user)

    response = client.get(f"/t/vallees/families/{pathway.family.public_id}/")

    assert "visits/family_tablet.html" in [template.name for template in response.templates]
    assert "À savoir avant d’appeler" in response.content.decode()


def test_reports_stand_apart(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    text = client.get(f"/t/vallees/families/{pathway.family.public_id}/?partie=comptes-rendus").content.decode()

    assert "Compte rendu de la V1" in text
    assert "Retour à la maison" not in text


def test_family_without_birth_opens(vallees, client, cast) -> None:
    family = make_family()
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/vallees/families/{family.public_id}/").status_code == 200


def test_long_story_costs_the_queries_of_a_short_one(pathway, client, cast) -> None:
    url = f"/t/vallees/families/{pathway.family.public_id}/"
    client.force_login(cast["elise"].user)
    make_alert(pathway)
    short = queries.count(client, url)
    for _ in range(10):
        make_alert(pathway)
        make_visit(pathway, "V1", VisitState.CANCELLED)

    assert queries.count(client, url) == short
    # Two of them name the sign that waits, on every page of those who are told of it.
    assert short <= 36


def test_discharge_to_come_is_not_told_as_done(vallees) -> None:
    birth = make_birth(days_ago=1)
    make_discharge(birth, hours=24 * 5)

    told = titles(reads.family_file(birth.family, who("elise"), at=clock.now(), zone=ZONE))

    assert "Sortie prévue" in told
    assert "Retour à la maison" not in told


def test_cancelled_visit_is_not_to_come(pathway) -> None:
    make_visit(pathway, "V3", VisitState.CANCELLED, planned_at=AT + timedelta(days=4))

    day = next(day for day in opened(pathway).story if day.on == date(2026, 11, 7))

    assert not day.is_future


# ---- What is withheld beside the reports, and the way to the panel ------------------------------------------------
def _hidden(pathway: Pathway, name: str) -> str:
    return " ".join(opened(pathway, name).reasons.hidden).replace("\u00a0", " ")


def test_withheld_needs_minutes_and_coordination_are_named_with_whom_to_ask(pathway) -> None:
    make_grant(pathway.family, to=who("ines"))
    make_need(pathway, "PERINEUM", about="MOTHER")
    meeting = make_meeting(present=(who("elise"), who("farid")), is_validated=True)
    make_meeting_item(meeting, pathway.family)
    agreed = _hidden(pathway, "ines")
    RecipientConsent.objects.filter(recipient="LIBERAL_MIDWIFE").update(answer="NO")

    told = _hidden(pathway, "ines")

    assert "besoin en cours" not in agreed
    assert "1 besoin en cours et ses orientations" in told
    assert "Le compte rendu de 1 réunion." in told
    assert "Les observations écrites pour d’autres professionnels" in told
    assert opened(pathway, "ines").reasons.ask == "Maternité Saint-Rémi, équipe de référence"


@pytest.mark.parametrize("name", ["elise", "farid", "amal"])
def test_nothing_of_it_is_withheld_from_the_team(pathway, name: str) -> None:
    make_need(pathway, "PERINEUM", about="MOTHER")

    assert not any(word in _hidden(pathway, name) for word in ("besoin", "réunion", "observations"))


PARTS = ("", "screening/", "observations/", "coordination/", "needs/", "calendar/", "recipients/", "circle/", "reads/")


@pytest.mark.parametrize("name", ["elise", "farid", "amal", "ines"])
def test_panel_stands_whole_on_every_part_of_the_file_in_the_words_of_the_file(
    client, cast: dict[str, Person], pathway, name: str
) -> None:
    make_grant(pathway.family, to=who("ines"))
    make_need(pathway, "PERINEUM", about="MOTHER")
    make_report(make_visit(pathway, "V3", VisitState.ENDED))
    RecipientConsent.objects.filter(recipient="LIBERAL_MIDWIFE").update(answer="NO")
    client.force_login(cast[name].user)
    file = f"/t/{VALLEES}/families/{pathway.family.public_id}/"
    told = opened(pathway, name).reasons

    pages = {part: client.get(f"{file}{part}") for part in PARTS}

    shown = {part: page.content.decode() for part, page in pages.items() if page.status_code == 200}
    assert len(shown) >= 3
    for part, page in shown.items():
        assert page.count('id="pourquoi"') == 1, part
        for sentence in (told.why, *told.hidden):
            assert escape(sentence) in page, (part, sentence)


def test_panel_of_a_part_costs_the_same_for_ten_needs_withheld(client, cast: dict[str, Person], pathway) -> None:
    make_grant(pathway.family, to=who("ines"))
    RecipientConsent.objects.filter(recipient="LIBERAL_MIDWIFE").update(answer="NO")
    client.force_login(cast["ines"].user)
    url = f"/t/{VALLEES}/families/{pathway.family.public_id}/calendar/"
    make_need(pathway, "PERINEUM", about="MOTHER")
    one = queries.count(client, url)
    for code in ("BREAST_PAIN", "HARD_BIRTH", "MOTHER_PAIN", "SCAR_CARE"):
        make_need(pathway, code, about="MOTHER")

    assert queries.count(client, url) == one


def test_end_of_the_overlap_has_a_day_and_no_hour(pathway: Pathway) -> None:
    closed = {"state": PathwayState.CLOSED, "closed_at": AT, "closing_reason": "COMPLETE"}
    Pathway.objects.filter(pk=pathway.pk).update(**closed, team_ends_at=datetime(2026, 12, 4, tzinfo=ZoneInfo(ZONE)))

    [event] = [event for day in opened(pathway).story for event in day.events if "passe la main" in event.title]

    assert (event.on, event.at) == (date(2026, 12, 4), None)


@pytest.mark.parametrize(
    ("place", "words"), [("", "Maternité"), ("STRUCTURE", "Maternité"), ("HOME_PLANNED", "À domi")]
)
def test_story_says_where_the_child_was_born(pathway: Pathway, place: str, words: str) -> None:
    Birth.objects.update(place=place)

    [event] = [event for day in opened(pathway).story for event in day.events if event.title.startswith("Naissance")]

    assert event.text.startswith(words)


def test_way_home_of_this_afternoon_is_told_as_still_to_come(pathway: Pathway) -> None:
    Discharge.objects.update(at=AT + timedelta(hours=3))

    assert "Sortie prévue" in titles(opened(pathway))
    assert "Retour à la maison" not in titles(opened(pathway))


def test_auxiliary_finds_where_to_fix_the_visits(pathway: Pathway, client, cast) -> None:
    with time_machine.travel(AT, tick=False):
        other = make_pathway(ap=who("amal"), days_ago=3)
        client.force_login(cast["amal"].user)
        page = client.get(f"/t/{VALLEES}/families/{other.family.public_id}/").content.decode()

    assert f"/t/{VALLEES}/pathways/{other.public_id}/plan/" in page

"""The relay file: what the PMI needs, nothing sealed, no EPDS value, and nothing at all without agreement."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from copa.kernel import clock, scope
from copa.kernel.french import full_day
from pathways.actions import calendar, grid, relays
from pathways.actions.alerts import Taking, close_alert, take_alert
from pathways.enums import CalendarSource, CalendarStatus, GridValue
from pathways.models import (
    Alert,
    Child,
    EpdsScreening,
    Family,
    GridFactor,
    InclusionAnswers,
    PmiRelay,
    RecipientConsent,
    RelayStep,
)
from pathways.reads.relays import follow_up
from tests import factories
from tests.pathways import screening
from tests.queries import count
from visits.models import ReportForm, SealedAnswers
from visits.pdf import relay_pdf
from visits.reads import joint
from visits.reads import relay_parts as parts
from visits.reads.context import questionnaire_of
from visits.reads.relay_file import relay_file
from visits.reads.relay_parts import NOT_FOR_PMI


def words(relay: PmiRelay) -> str:
    file = relay_file(relay, clock.now(), "Europe/Paris")
    return "\n".join(f"{line.label} {line.text}" for block in file.blocks for line in block.lines)


def made() -> PmiRelay:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    visit = factories.make_visit(pathway, "V2", "ended")
    report = factories.make_report(visit, answers={"epds.status": "DONE", "epds.total": 17, "epds.i01": 3})
    SealedAnswers.objects.create(
        report=report, family=pathway.family, answers={"epds.i10": 2, "grid.s3_facts": "Coups"}
    )
    factories.make_alert(pathway, "protected", is_sealed=True, facts="Violences")
    factories.make_alert(pathway, facts="Pâleur vue au domicile.")
    return PmiRelay.objects.get(pathway=pathway)


def url(relay: PmiRelay, name: str = "visits:relay_file") -> str:
    return reverse(name, args=["vallees", relay.public_id])


def test_file_tells_the_course_and_nothing_sealed_nor_any_score(vallees: scope.Scope) -> None:
    told = words(made())

    assert "Pâleur vue au domicile." in told
    assert "Fait" in told
    assert "V2" in told
    assert not any(secret in told for secret in ("total", "Coups", "Violences"))


def test_file_is_empty_without_agreement(as_: Any, vallees: scope.Scope) -> None:
    relay = made()
    PmiRelay.objects.update(is_agreed=False)

    page = as_("farid").get(url(relay)).content.decode()

    assert relay_file(PmiRelay.objects.get(), clock.now(), "Europe/Paris").blocks == ()
    assert "accord non donné" in page
    assert "Pâleur" not in page
    assert as_("gaelle").get(url(relay)).status_code == 404


def test_file_is_the_sectors_and_the_teams(as_: Any, vallees: scope.Scope) -> None:
    relay = made()

    assert as_("gaelle").get(url(relay)).status_code == 200
    assert as_("gina").get(url(relay)).status_code == 404
    pdf = as_("gaelle").get(url(relay, "visits:relay_pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert "Haddad" not in pdf["Content-Disposition"]


def test_first_page_of_the_pmi_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    address = reverse("visits:pmi", args=["vallees"])
    made()
    client = as_("gaelle")
    one = count(client, address)
    for _ in range(9):
        factories.make_pathway()

    assert count(client, address) == one


# ---- What the file says beside the last report ------------------------------------------------------------------
FULL: dict[str, Any] = {
    "who.interpreter": "PRO_PHONE",
    "res.helpers": ["COPARENT", "GRANDPARENTS"],
    "res.entry": [
        {
            "res.entry.kind": "FRIENDS",
            "res.entry.role": "Garde l’aîné",
            "res.entry.contact": "01 99 00 55 01",
            "res.entry.active": True,
        },
        {"res.entry.kind": "NEIGHBOURS", "res.entry.role": "Ne vient plus", "res.entry.active": False},
    ],
    "grid.strengths": [],
    "child": [{"child.ref": "", "child.exam.k01": "BOOKED"}],
}


def full() -> PmiRelay:
    """A course with a resources map, an exam done, an open need with its orientation, a sealed need, an EPDS of 14."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=20)
    Family.objects.filter(pk=pathway.family_id).update(access_hint="Code 4512")
    form = ReportForm.objects.create(**real_form())
    child = Child.objects.get(birth=pathway.birth)
    of_child = [{**FULL["child"][0], "child.ref": str(child.public_id)}]
    factories.make_report(factories.make_visit(pathway, "V1", "ended"), answers=FULL | {"child": of_child}, form=form)
    known = calendar.Known(status=CalendarStatus.DONE, source=CalendarSource.BOOKLET)
    amal, at = factories.who("amal"), clock.now()
    calendar.note_item(birth=pathway.birth, child=child, code="K01", known=known, by=amal, at=at)
    factories.make_orientation(factories.make_need(pathway), state="SENT", sent_at=at)
    factories.make_need(pathway, "VIOLENCE_SEALED", by=factories.who("farid"), words="Secret scellé")
    screening.fill_epds(pathway, *screening.HIGH)
    return PmiRelay.objects.get(pathway=pathway)


def real_form() -> dict[str, Any]:
    """The form in use, as the seed imports it."""
    path = Path(settings.BASE_DIR) / "visits/questionnaires/copa-visit-report-2026.4-provisoire.json"
    return {"code": "file", "version": "1", "definition": json.loads(path.read_text()), "valid_from": clock.now()}


def pdf_words(relay: PmiRelay) -> str:
    file = relay_file(relay, clock.now(), "Europe/Paris")
    pages = PdfReader(io.BytesIO(relay_pdf(file, "Vallées de l’Est"))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_printed_file_tells_exams_needs_people_and_orientations(vallees: scope.Scope) -> None:
    told = pdf_words(full())

    for words_ in (
        "Interprète par téléphone",
        "Coparent, Grands-parents",
        "Garde l’aîné",
        "Noé1, examen des 8 premiers jours",
        "Besoins en cours",
        "Orientations en cours",
        "Rééducation (kinésithérapeute, autre)",
        "envoyée le",
    ):
        assert words_ in told, words_
    assert "Ne vient plus" not in told
    # A third person's number and the door code are the team's alone (documents.md 1, column E).
    assert "01 99 00 55 01" not in told
    assert "Code 4512" not in told
    # The last report said it another way: the calendar alone tells.
    assert told.count("xamen des 8 premiers jours") == 1
    assert "Certificat de santé : pas regardé." in told.replace("\u00a0", " ")
    assert "scellé" not in told


def lines_of(relay: PmiRelay, code: str) -> list[tuple[str, str]]:
    file = relay_file(relay, clock.now(), "Europe/Paris")
    return [(line.label, line.text) for block in file.blocks if block.code == code for line in block.lines]


def test_file_tells_what_the_grid_says_now_with_its_day_and_not_what_the_last_report_said(vallees: scope.Scope) -> None:
    relay = full()
    before, now = clock.now() - timedelta(days=9), clock.now()
    screening.tell(relay.pathway, "V1_HOUSING", at=before)
    screening.tell(relay.pathway, "V1_ISOLATED", at=before)
    screening.tell(relay.pathway, "V1_ISOLATED", GridValue.ABSENT, at=now)
    screening.tell(relay.pathway, "R_SUPPORT", at=before)

    assert lines_of(relay, "factors") == [("Logement absent ou précaire", f"noté le {full_day(before)}")]
    assert ("Ce qui va bien, leurs forces", "Entourage présent") in lines_of(relay, "around")
    assert lines_of(relay, "grid") == []
    printed = pdf_words(relay).replace("\u00a0", " ")
    assert "Logement absent ou précaire" in printed
    assert f"noté le {full_day(before)}".replace("\u00a0", " ") in printed


def test_file_tells_what_was_noted_around_its_own_birth_and_not_around_another(vallees: scope.Scope) -> None:
    first = factories.make_pathway(ap=factories.who("amal"), days_ago=700)
    second = factories.make_pathway(factories.make_birth(first.family, days_ago=8), ap=factories.who("amal"))
    long_ago, now = clock.now() - timedelta(days=650), clock.now()
    screening.tell(first, "V1_HOUSING", at=long_ago)
    screening.tell(first, "V1_ISOLATED", at=long_ago)
    screening.tell(second, "V1_ISOLATED", GridValue.ABSENT, at=now)
    screening.tell(second, "V2_UNDER_18", at=now)
    # A report of the first one, written long after.
    late = factories.make_visit(first, "V2", "ended")
    told = [grid.Told(factor=screening.factor("V1_FOOD_MONEY"), value=GridValue.PRESENT)]
    author = factories.who("amal")
    from_visit = grid.Source(kind="visit", author=author, at=long_ago, recorded_at=now, id=late.public_id)
    grid.add_answers(pathway=first, answers=told, source=from_visit)

    found = [{row.factor.code for row in parts.present(PmiRelay.objects.get(pathway=one))} for one in (first, second)]

    assert found == [{"V1_HOUSING", "V1_FOOD_MONEY", "V1_ISOLATED"}, {"V2_UNDER_18"}]


def test_file_tells_no_sealed_factor_nor_what_is_not_for_the_pmi(vallees: scope.Scope) -> None:
    relay = full()
    screening.tell_sealed(relay.pathway, "V3_PARTNER_VIOLENCE")
    screening.tell(relay.pathway, "V5_ALCOHOL")
    screening.tell(relay.pathway, "V9_COPARENT_TIRED", person="coparent")

    assert lines_of(relay, "factors") == []
    assert not [word for word in ("Violences", "Alcool", "à bout", "poussée") if word in pdf_words(relay)]


def test_domains_kept_from_the_pmi_are_those_its_column_of_the_form_leaves_out(vallees: scope.Scope) -> None:
    form = questionnaire_of(ReportForm.objects.create(**real_form()).pk)
    asked = dict(GridFactor.objects.exclude(link_id="").order_by("pk").values_list("domain", "link_id"))

    assert {domain for domain, link_id in asked.items() if "M" not in form.by_id[link_id].prints_for} == NOT_FOR_PMI


def test_file_says_that_both_teams_spoke_and_who(as_: Any, vallees: scope.Scope) -> None:
    relay = full()
    sent = {"on": "2020-01-01", "who": "Dr Farid Petit", "with_whom": "Mme Roux, puéricultrice"}
    page = reverse("pathways:relay_spoken", args=["vallees", relay.public_id])

    for _ in range(2):
        assert as_("farid").post(page, sent).status_code == 302
    late = as_("farid").post(page, sent | {"on": "2099-01-01"})

    assert (late.status_code, list(late.context["form"].errors)) == (422, ["on"])
    said = "Le 1er\u00a0janv.\u00a02020, Dr Farid Petit avec Mme Roux, puéricultrice"
    assert [line for line in lines_of(relay, "attention") if line[0] == "Échange oral"] == [("Échange oral", said)]
    for name in ("farid", "gaelle"):
        shown = as_(name).get(reverse("pathways:relay", args=["vallees", relay.public_id])).content.decode()
        assert "Échange oral entre les deux équipes" in shown
        assert said in shown


def test_oral_exchange_is_not_the_reason_of_a_refusal(as_: Any, vallees: scope.Scope) -> None:
    relay, at = full(), clock.now()
    relays.decline_relay(relay=relay, reason="Poste vacant", by=factories.who("gaelle"), at=at)
    about = {"on": clock.local_date(at, "Europe/Paris"), "who": "Farid", "with_whom": "Gaëlle"}
    relays.note_spoken(relay=relay, by=factories.who("farid"), at=at + timedelta(minutes=1), **about)

    assert follow_up(relay, about["on"], "Europe/Paris").last_reason == "Poste vacant"


def test_no_oral_exchange_is_traced_without_agreement(as_: Any, vallees: scope.Scope) -> None:
    relay = full()
    PmiRelay.objects.update(is_agreed=False)
    sent = {"on": "2020-01-01", "who": "Farid", "with_whom": "Gaëlle"}

    refused = as_("farid").post(reverse("pathways:relay_spoken", args=["vallees", relay.public_id]), sent)

    assert refused.status_code == 422
    assert not RelayStep.objects.exists()


@pytest.mark.parametrize(("answer", "is_told"), [("YES", True), ("NO", False), ("", False)])
def test_total_is_told_only_where_the_mother_opened_it(vallees: scope.Scope, answer: str, *, is_told: bool) -> None:
    relay = full()
    if answer:
        factories.make_agreement(relay.family, "MOOD_SCORE", answer)

    told = pdf_words(relay)
    total = EpdsScreening.objects.get().total

    assert ("Fait, total" in told) is is_told
    assert (f"total : {total}" in told.replace("\u00a0", " ")) is is_told


TENTH = (0, 1, 1, 0, 1, 0, 0, 1, 0, 1)


@pytest.mark.parametrize(("answer", "is_told"), [("YES", True), ("NO", False)])
def test_low_total_beside_an_alarming_tenth_answer_is_not_told_alone(
    vallees: scope.Scope, answer: str, *, is_told: bool
) -> None:
    relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal"), days_ago=15))
    factories.make_agreement(relay.family, "MOOD_SCORE", answer)
    screening.fill_epds(relay.pathway, *TENTH)

    told = words(relay)

    assert "total\u00a0:" not in told
    assert ("Le total n’est pas écrit ici\u00a0: appelez l’équipe de référence." in told) is is_told
    assert "alerte" not in told.lower()


def test_late_exam_with_an_appointment_says_both(vallees: scope.Scope) -> None:
    relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal"), days_ago=15))
    child = Child.objects.get(birth=relay.pathway.birth)
    known = calendar.Known(status=CalendarStatus.PLANNED, source=CalendarSource.PARENTS)
    calendar.note_item(
        birth=relay.pathway.birth, child=child, code="K01", known=known, by=factories.who("amal"), at=clock.now()
    )

    assert "En retard, rendez-vous pris." in words(relay)


def test_file_follows_the_answer_of_the_mother_and_not_a_flag_beside_it(vallees: scope.Scope) -> None:
    relay = full()
    RecipientConsent.objects.filter(family=relay.family, recipient="PMI").update(answer="NO")

    assert relay_file(relay, clock.now(), "Europe/Paris").blocks == ()


def test_first_page_of_the_pmi_counts_the_relays_it_does_not_list(
    as_: Any, vallees: scope.Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint, "FIRST", 1)
    for _ in range(3):
        factories.make_pathway()

    page = as_("gaelle").get(reverse("visits:pmi", args=["vallees"])).content.decode().replace("\u00a0", " ")

    assert "<h1>3 relais attendent une réponse</h1>" in page
    assert "Tous les relais" in page


def test_file_says_what_became_of_an_alert_of_the_child(vallees: scope.Scope) -> None:
    relay = made()
    alert = Alert.objects.get(is_sealed=False)
    assert "Pas encore de réponse." in words(relay)
    take_alert(alert=alert, by=factories.who("farid"), taking=Taking(instruction="Restez."), at=clock.now())
    assert "Restez. Pas encore close." in words(relay)

    close_alert(
        alert=alert, by=factories.who("farid"), outcome="Vue aux urgences", is_false_alarm=False, at=clock.now()
    )

    assert ": Vue aux urgences." in words(relay).replace("\u00a0", " ")


def test_file_says_of_a_sign_that_ended_while_taken_that_nothing_is_awaited(vallees: scope.Scope) -> None:
    relay = made()
    alert = Alert.objects.get(is_sealed=False)
    take_alert(alert=alert, by=factories.who("farid"), taking=Taking(instruction="Restez."), at=clock.now())

    Alert.objects.filter(pk=alert.pk).update(ended_at=clock.now())

    assert "Restez. Finie le " in words(relay)
    assert "Pas encore close" not in words(relay)


def test_file_names_the_midwife_and_another_programme_at_home(vallees: scope.Scope) -> None:
    relay = made()
    factories.make_circle_member(relay.family, name="Jeanne Sage", role="LIBERAL_MIDWIFE", phone="+33199004412")
    InclusionAnswers.objects.create(
        family=relay.family, pathway=relay.pathway, vulnerability="NO", wish="NO", other_programme="PANJO",
        other_programme_from=date(2026, 10, 1), answered_at=clock.now(),
    )  # fmt: skip

    told = words(relay).replace("\u00a0", " ")

    assert "Sage-femme libérale Jeanne Sage, 01 99 00 44 12" in told
    assert "Autre programme à domicile PANJO, depuis le" in told


def test_file_says_who_of_the_pmi_answered_and_what(vallees: scope.Scope) -> None:
    pathway = made().pathway
    answered = {"answered_at": clock.now(), "answered_by": factories.who("gaelle")}
    relay = factories.make_relay(pathway, state="questioned", question="Un interprète ?", reply="Oui", **answered)

    told = words(relay)

    assert "par Gaelle" in told
    assert "Un interprète ?" in told
    assert "Réponse de l’équipe Oui" in told

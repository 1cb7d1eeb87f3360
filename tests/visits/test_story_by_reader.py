"""The whole timeline of a family as each of the cast reads it, and what a long one costs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copa.kernel import scope
from copa.pages.tabs import TABS
from pathways.actions import calendar, grid, relay_followup, relays, stays
from pathways.actions.coordination import note_coordination
from pathways.actions.in_hand import note_family_in_hand
from pathways.actions.suggestions import decide_suggestion
from pathways.actions.transfers import cancel_transfer
from pathways.enums import CalendarSource, CalendarStatus, EpdsStatus
from pathways.models import (
    Birth,
    Child,
    ContactAttempt,
    InclusionAnswers,
    Mother,
    Need,
    Pathway,
    PmiRelay,
    RelayStep,
    Suggestion,
)
from tests import factories, queries
from tests.cast import MEMBERS, VALLEES
from tests.factories import who
from tests.pathways import screening
from visits.models import Addendum, Report, SealedAnswers
from visits.reads import family_file as reads

AT = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
BORN = AT - timedelta(days=12)
ZONE = "Europe/Paris"

INSIDE = frozenset({"elise", "nora", "olga", "farid", "amal"})
# Named readers of the sealed compartment (design.md 3.12).
NAMED = frozenset({"elise", "nora", "farid"})
OUTSIDE = frozenset({"gaelle", "ines", "marc"})
ALL = INSIDE | OUTSIDE
# The PMI and the liberal midwife, each with the mother's agreement.
AGREED = INSIDE | {"gaelle", "ines"}
# What was asked and decided about a relay, for those who follow it.
RELAY = INSIDE | {"gaelle"}

# Whoever may note whom she agrees to reads what left for them.
WRITES = frozenset({"elise", "amal", "farid"})

# Each kind of event by the words of its title, and who reads it; nobody else of the territory opens the file.
STORY: dict[str, frozenset[str]] = {
    "Naissance de Noé1 et Noé2": ALL,
    "CoPa présenté": ALL,
    "Samira accepte CoPa": ALL,
    "Famille incluse, équipe Maternité Saint-Rémi": ALL,
    "Retour à la maison": ALL,
    "Visite V1 faite, 1 h 15": ALL,
    "Visite V2 annulée": ALL,
    "Compte rendu de la V1 remis en 6 h": ALL,
    "Complément au compte rendu de la V1": ALL,
    "Relais PMI préparé": ALL,
    "PMI de Ligny accepte le relais": ALL,
    "PMI de Ligny pose une question": RELAY,
    "L’équipe de référence répond à la PMI": RELAY,
    "Relais confié à un autre secteur, PMI de Ligny": RELAY,
    "Contact de la PMI, visite à domicile le 3 nov. 2026": RELAY,
    "Issue du relais": RELAY,
    "Besoin noté : périnée, fuites, rééducation": AGREED,
    "Orientation : Rééducation (kinésithérapeute, autre)": AGREED,
    "Examen des 8 premiers jours, Noé1 : fait": AGREED,
    # Her language and what helps her: columns E, L and M; the doctor of one question reads neither.
    "Sa situation à l’inclusion": AGREED,
    "Noé2 : confié": INSIDE,
    # A pilot reads the minutes of the meetings she attended (R086): Olga did not.
    "Réunion pluridisciplinaire": AGREED - {"olga"},
    # R075: the liberal midwife hears a sign at once.
    "Signe d’alerte chez la mère": INSIDE | {"ines"},
    "Partie protégée du compte rendu de la V1": NAMED,
    "Dossier ouvert à Ines Martin": INSIDE,
    "Dossier ouvert à Marc Martin": INSIDE,
    "Repérage conclu": INSIDE,
    "EPDS rempli": INSIDE,
    "Décision de l’équipe": INSIDE,
    "Hospitalisation, Noé2": INSIDE,
    "Fin de l’hospitalisation, Noé2": INSIDE,
    "Appel : pas de réponse": INSIDE,
    "Dossier proposé à Lagon": INSIDE,
    "Transfert annulé": INSIDE,
    "Dossier ouvert à Fanny Martin": INSIDE,
    "Dossier ouvert à Iris Martin": INSIDE,
    "Dossier refermé pour Iris Martin": INSIDE,
    "Dr Simon rejoint le cercle": INSIDE,
    "Dr Simon quitte le cercle": INSIDE,
    # R076: what was written outside, without its content, for those who note whom she agreed to.
    "Message à Ines Martin et Marc Martin": WRITES,
    "Message à PMI de Ligny et Ines Martin": WRITES,
    "Lettre à Dr Simon": WRITES,
    "Prise en main : Ines Martin": INSIDE | {"ines"},
    "Temps de coordination": AGREED,
    "Écart au protocole : visite trop courte": INSIDE,
    "EPDS pas rempli": INSIDE,
    "Signe d’alerte chez l’enfant": INSIDE | {"ines"},
    "Alerte protégée : appelez l’équipe": INSIDE | {"ines"},
}


@pytest.fixture
def pathway(vallees: scope.Scope) -> Iterator[Pathway]:
    """Twins of Amal's family, followed by everybody who may be."""
    with time_machine.travel(AT, tick=False):
        birth = factories.make_birth(factories.make_family(name="Lemoine"), at=BORN, children=2)
        made = factories.make_pathway(birth, ap=who("amal"))
        factories.make_discharge(birth)
        factories.make_agreement(made.family, "PAEDIATRICIAN")
        for name, fields in (("ines", {}), ("marc", {"recipient": "PAEDIATRICIAN"})):
            factories.make_grant(made.family, to=who(name), **fields)
        yield made


def live(pathway: Pathway) -> None:
    """One of everything that may happen."""
    visit = factories.make_visit(pathway, "V1", "ended", ended_at=AT - timedelta(days=6))
    report = factories.make_report(visit, delivered_at=AT - timedelta(days=5, hours=18))
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={"grid.s3_facts": "secret"})
    screening.fill_epds(pathway, *screening.HIGH)
    for one in Suggestion.objects.undecided():
        decide_suggestion(suggestion=one, is_accepted=True, reason="", by=who("farid"), at=AT)
    first = Child.objects.filter(birth=pathway.birth).order_by("rank")[0]
    known = calendar.Known(status=CalendarStatus.DONE, source=CalendarSource.BOOKLET)
    calendar.note_item(birth=pathway.birth, child=first, code="K01", known=known, by=who("amal"), at=AT)
    relay = PmiRelay.objects.get(pathway=pathway)
    relays.question_relay(relay=relay, question="Quel logement ?", by=who("gaelle"), at=AT)
    relays.reply_to_relay(relay=relay, reply="Chez sa sœur.", by=who("elise"), at=AT)
    relays.accept_relay(relay=relay, next_contact_on=date(2026, 11, 10), by=who("gaelle"), at=AT)
    relay_followup.set_outcome(relay=relay, outcome="followed", on=date(2026, 11, 3), by=who("gaelle"), at=AT)
    factories.make_need(pathway)
    Mother.objects.update(language="ar", access_needs=["INTERPRETER"])
    strata = {"wish": "YES", "vulnerability": "YES", "knows_pmi": "NO", "answered_at": AT}
    InclusionAnswers.objects.create(family=pathway.family, pathway=pathway, **strata)
    Child.objects.filter(birth=pathway.birth, rank=2).update(situation="PLACED", situation_at=AT)
    lately = {"granted_at": AT - timedelta(hours=4), "expires_at": AT - timedelta(hours=1)}
    factories.make_grant(pathway.family, to=who("fanny"), reason="EMERGENCY", recipient="", why="Appel.", **lately)
    gone = {"granted_at": AT - timedelta(days=2), "revoked_at": AT - timedelta(days=1)}
    factories.make_grant(pathway.family, to=who("iris"), **gone)
    factories.make_deviation(visit)
    note_family_in_hand(family=pathway.family, since=AT, why="Suture à revoir.", by=who("ines"), at=AT)
    again(pathway, report)


def again(pathway: Pathway, report: Report) -> None:
    """What may happen to a family many times, once."""
    factories.make_visit(pathway, "V2", "cancelled")
    factories.make_alert(pathway, "mother_sign", code="BLEEDING")
    family, amal, farid = pathway.family, who("amal"), who("farid")
    Addendum.objects.create(report=report, family=family, author=amal, at=AT, reason="Poids", text="3 200 g")
    grid.conclude_grid(pathway=pathway, level="watch", proposals="En reparler.", by=farid, at=AT)
    child = Child.objects.filter(birth=pathway.birth).order_by("rank")[1]
    where = {"ward": "NEONATAL", "place": "", "starts_on": AT.date()}
    stay = stays.note_stay(birth=pathway.birth, child=child, **where, by=farid, at=AT)
    stays.end_stay(stay=stay, ends_on=AT.date(), by=farid, at=AT)
    called = {"channel": "CALL", "result": "NO_ANSWER", "at": AT, "by": amal, "noted_at": AT}
    ContactAttempt.objects.create(family=family, pathway=pathway, **called)
    relay, gaelle = PmiRelay.objects.get(pathway=pathway), who("gaelle")
    to = {"kind": "reassigned", "reason": "Déménagement.", "to_sector": relay.sector, "by": farid, "at": AT}
    RelayStep.objects.create(family=family, relay=relay, **to)
    met = {"kind": "visit", "has_met": True, "next_contact_on": None}
    relay_followup.note_contact(relay=relay, on=AT.date(), **met, by=gaelle, at=AT)
    meeting = factories.make_meeting(present=(who("elise"), who("nora")), is_validated=True)
    factories.make_meeting_item(meeting, family)
    factories.make_orientation(Need.objects.get(pathway=pathway), state="SEEN")
    cancel_transfer(transfer=factories.make_transfer(pathway), at=AT)
    around(pathway)


def around(pathway: Pathway) -> None:
    """Who came near the family, what was written to them, and what did not go as foreseen."""
    factories.make_sending(pathway, "GENERAL_PRACTITIONER", document="NEWS", to="Dr Simon", how="LETTER")
    family, elise = pathway.family, who("elise")
    note_coordination(family=family, on=AT.date(), minutes=20, participants="Ines", note="", by=elise, at=AT)
    left = {"ended_at": AT, "until": AT.date(), "end_reason": "FINISHED", "ended_by": elise}
    factories.make_circle_member(family, **left)
    screening.fill_epds(pathway, status=EpdsStatus.REFUSED, reason="REFUSED", values={}, presence="")
    factories.make_alert(pathway, "child_sign", code="FEVER")
    factories.make_alert(pathway, "protected", code="MIND_VITAL", is_sealed=True)


def titles(pathway: Pathway, name: str) -> set[str]:
    file = reads.family_file(pathway.family, who(name), at=AT, zone=ZONE)
    return {event.title.replace("\u00a0", " ").replace("\u202f", " ") for day in file.story for event in day.events}


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_reads_what_happened_as_far_as_it_is_hers(pathway: Pathway, name: str) -> None:
    live(pathway)

    assert titles(pathway, name) == {title for title, readers in STORY.items() if name in readers}


@pytest.mark.parametrize(("name", "is_inside"), [("amal", True), ("farid", True), ("gaelle", False), ("ines", False)])
def test_vulnerability_is_known_to_the_team_alone(pathway: Pathway, name: str, *, is_inside: bool) -> None:
    live(pathway)

    file = reads.family_file(pathway.family, who(name), at=AT, zone=ZONE)
    events = (event for day in file.story for event in day.events)
    told = next(event.text for event in events if event.title.startswith("Sa situation"))

    assert "arabe" in told
    assert "interprète" in told
    assert ("Vulnérabilité connue" in told, "Souhaite allaiter" in told) == (is_inside, is_inside)


def test_situation_of_her_is_not_told_in_mourning(pathway: Pathway) -> None:
    live(pathway)
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    assert not {title for title in titles(pathway, "amal") if "situation" in title or "Noé2 : confié" in title}


# The nearest neighbour knows that the family exists, and the administrator gives rights without reading.
KNOW = frozenset({"bea", "jeanne"})
STRANGERS = frozenset(name for name, slug, *_ in MEMBERS if slug == VALLEES) - ALL - KNOW


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_nobody_else_of_the_territory_opens_it(pathway: Pathway, as_: Any, name: str) -> None:
    assert as_(name).get(f"/t/vallees/families/{pathway.family.public_id}/").status_code == 404


@pytest.mark.parametrize("name", sorted(KNOW))
def test_who_knows_of_it_is_refused(pathway: Pathway, as_: Any, name: str) -> None:
    assert as_(name).get(f"/t/vallees/families/{pathway.family.public_id}/").status_code == 403


def test_fifty_events_of_each_kind_cost_the_queries_of_one(pathway: Pathway, as_: Any) -> None:
    url = f"/t/vallees/families/{pathway.family.public_id}/"
    live(pathway)
    # The team sees everything, the PMI what it is told; both of the same fifty, which take long to make.
    short = {name: queries.count(as_(name), url) for name in ("elise", "gaelle")}
    report = Report.objects.get(visit__pathway=pathway)
    for _ in range(49):
        again(pathway, report)

    assert {name: queries.count(as_(name), url) for name in short} == short


@pytest.mark.parametrize("name", ["elise", "amal"])
def test_each_part_of_the_file_reads_the_family_once(pathway: Pathway, as_: Any, name: str) -> None:
    live(pathway)
    client = as_(name)

    for page in sorted({tab.page for tab in TABS if tab.perm.is_held_by(who(name))}):
        with CaptureQueriesContext(connection) as captured:
            text = client.get(reverse(page, args=[VALLEES, pathway.family.public_id])).content.decode()

        # A column that the head of every page reads, and nothing else: « Pourquoi je vois ceci » takes it from there.
        heads = [one for one in captured if '"pathways_mother"."birth_precision"' in one["sql"]]
        assert "Pourquoi je vois ceci" in text, page
        assert len(heads) == 1, page

"""What has left somebody's reach is named in none of her lists: every list, every person, before, in, after.

A family of Saint-Rémi: followed, then in the overlap of a relay, then the PMI's alone, then in another territory. The
lists are asked by their addresses; a family is found in one by the name of the mother or by a key of one of her rows.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions.transfers import accept_transfer, settle_transfer
from pathways.enums import PathwayState, RelayState
from pathways.models import Alert, Family, FamilyRow, FamilyTransfer, Mother, Pathway, PmiRelay
from tests import factories
from tests import world as world_module
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import LAGON, VALLEES, Person, inside
from visits.models import Visit

# Addresses of one object that name several families all the same.
_OF_SEVERAL = {"pathways:meeting"}
# What the addresses of lists may be asked for.
_ASKED = {
    "visits:families": ("?q={name}",),
    "visits:reports": ("?vue=attendus", "?vue=lus"),
    "pathways:alerts": ("?etat=finies",),
    "pathways:births": ("?etat=toutes&periode=tout",),
    "pathways:relays": ("?etat=acceptes", "?etat=sans-contact"),
    "pathways:decisions": ("?etat=equipe",),
}
# The same on every page, and an address of its own: the sign to take first.
_BAND = re.compile(r'<div class="alert-watch".*?<div class="page-top">', re.DOTALL)
# Rows of the world that are about no family.
_OF_NOBODY = {
    "member", "pmi_doctor", "alert_reader", "team_meeting", "export", "entry", "shift", "structure", "births_list",
    "meeting", "convention", "training", "protocol", "protocol_version", "committee", "event",
    "event_date", "topic", "post", "withdrawn_post",
}  # fmt: skip

BINOME = "elise nora"
PILOTS = f"{BINOME} olga"
EVERYBODY = f"amal farid gaelle ines {PILOTS}"
ASKERS = f"{EVERYBODY} bea jeanne"
# Who finds the family in a list while the team follows it, and who in the overlap; "" where it has nothing to say.
LISTS: dict[str, tuple[str, str]] = {
    "api:family-list": (EVERYBODY, EVERYBODY),
    "api:pathway-list": (EVERYBODY, EVERYBODY),
    "api:visit-list": (EVERYBODY, EVERYBODY),
    "api:report-list": (EVERYBODY, EVERYBODY),
    "visits:families": (EVERYBODY, EVERYBODY),
    "visits:families?q={name}": (EVERYBODY, EVERYBODY),
    "visits:day": ("amal", "amal"),
    "visits:emergency": ("amal", "amal"),
    "visits:planning": ("amal farid elise olga", "amal farid elise olga"),
    "visits:todo": (f"amal farid gaelle {PILOTS}", f"amal farid gaelle {PILOTS}"),
    "visits:early_calls": (f"amal farid {PILOTS}", f"amal farid {PILOTS}"),
    "visits:reports": (f"farid {PILOTS}", f"farid {PILOTS}"),
    "visits:reports?vue=attendus": (f"farid {PILOTS}", ""),
    "visits:reports?vue=lus": ("", ""),
    "visits:worklist": (PILOTS, PILOTS),
    "visits:first_alert": (PILOTS, ""),
    "visits:funnel_births": (PILOTS, PILOTS),
    "visits:copies": ("gaelle ines", "gaelle ines"),
    "messaging:conversations": ("amal elise farid", "amal elise farid"),
    "visits:pmi": ("gaelle", "gaelle"),
    "visits:deviations": (PILOTS, PILOTS),
    "visits:deviations_to_code": ("amal", "amal"),
    "pathways:alert_watch": (f"farid ines {PILOTS}", ""),
    "pathways:alerts": (f"amal farid ines {PILOTS}", ""),
    "pathways:alerts?etat=finies": ("", f"amal farid ines {PILOTS}"),
    "pathways:births?etat=toutes&periode=tout": (f"amal farid {PILOTS}", f"amal farid {PILOTS}"),
    "pathways:decisions": ("amal", "amal"),
    "pathways:decisions?etat=equipe": (f"amal farid {BINOME}", f"amal farid {BINOME}"),
    # Not validated yet: those at its table only.
    "pathways:meeting": ("elise farid gaelle", "elise farid gaelle"),
    "pathways:orientations": (f"amal farid gaelle {PILOTS}", f"amal farid gaelle {PILOTS}"),
    "pathways:pauses": ("farid elise", "farid elise"),
    # Accepted, it stays to do while its next contact is due.
    "pathways:relays": (f"farid gaelle {PILOTS}", f"farid gaelle {PILOTS}"),
    "pathways:relays?etat=acceptes": ("", f"farid gaelle {PILOTS}"),
    "pathways:relays?etat=sans-contact": ("", f"farid gaelle {PILOTS}"),
    "pathways:strata": (f"farid {PILOTS}", f"farid {PILOTS}"),
    "pathways:suggestions": (f"farid {PILOTS}", f"farid {PILOTS}"),
    "pathways:transmissions": (f"farid gaelle {BINOME}", f"farid gaelle {BINOME}"),
}
# The report that Amal has still to write when the family moves stays hers, with its visit, until it is sent; and so
# does what she has to say of the visits she made.
STILL_HERS = {
    ("visits:day", "amal"),
    ("visits:todo", "amal"),
    ("api:visit-list", "amal"),
    ("visits:deviations_to_code", "amal"),
}
# On a Monday the visit of yesterday stands on the page of last week.
THIS_WEEK = {("visits:planning", "amal")}

# An alert to answer, until it is closed.
STILL_TO_ANSWER = {
    *(("pathways:alerts", who) for who in ("amal", "farid", "ines", "olga")),
    *(("pathways:alert_watch", who) for who in ("farid", "ines", "olga")),
    ("visits:todo", "farid"),
    ("visits:emergency", "amal"),
}

STILL_HERS_TO_WRITE = {
    *((f"visits:report_{part}", "amal") for part in ("edit", "draft", "note", "sign", "answered")),
    # A danger she saw there, and why the visit was made as it was.
    *((f"visits:{page}", "amal") for page in ("red_button", "deviation", "deviation_undo")),
}


def in_overlap(ids: dict[str, Any], cast: dict[str, Person], *, ends_in: timedelta = timedelta(minutes=5)) -> None:
    """Every visit is made and its report delivered, the pathway is closed, the PMI has taken the relay."""
    at = clock.now()
    with scope.opened(inside(VALLEES)):
        pathway = Pathway.objects.get(public_id=ids["pathway"])
        visits = Visit.objects.filter(family=pathway.family_id)
        visits.filter(state="planned").update(
            state="ended", started_at=at - timedelta(minutes=80), ended_at=at - timedelta(minutes=5)
        )
        visits.update(report_due_at=at, report_delivered_at=at)
        Alert.objects.filter(family=pathway.family_id, closed_at=None).update(
            acknowledged_at=None, acknowledged_by=None, ended_at=at
        )
        Pathway.objects.filter(pk=pathway.pk).update(
            state=PathwayState.CLOSED, closed_at=at, closing_reason="COMPLETE", team_ends_at=at + ends_in
        )
        PmiRelay.objects.filter(pathway=pathway).update(
            state=RelayState.ACCEPTED, answered_at=at, answered_by=cast["gaelle"].member, next_contact_on=at.date()
        )


def answered(ids: dict[str, Any]) -> None:
    """The team has answered every alert of the family."""
    with scope.opened(inside(VALLEES)):
        Alert.objects.filter(family__public_id=ids["family"], closed_at=None).update(
            acknowledged_at=None, acknowledged_by=None, ended_at=clock.now()
        )


def accepted(ids: dict[str, Any], cast: dict[str, Person]) -> None:
    """The other territory has accepted the transfer; no job of the origin has run."""
    with scope.opened(inside(LAGON)):
        accept_transfer(
            transfer=FamilyTransfer.incoming.get(public_id=ids["transfer"]),
            maternity=factories.structure(),
            commune=factories.commune(),
            address="2 rue du Lagon",
            is_other_family=False,
            by=cast["emma"].member,
            at=clock.now(),
        )


def moved(ids: dict[str, Any], cast: dict[str, Person]) -> None:
    """The other territory has accepted the transfer, and the origin has done its part."""
    accepted(ids, cast)
    with scope.opened(inside(VALLEES)):
        settle_transfer(key=FamilyTransfer.objects.get(public_id=ids["transfer"]).pk, at=clock.now())


@dataclass(frozen=True)
class Lists:
    """Every list of the territory, and by what the family is known in it."""

    client: Any
    cast: dict[str, Person]
    ids: dict[str, Any]
    name: str

    def naming(self, *only: str) -> dict[str, set[str]]:
        """Who finds the family, by list (all of them unless some are named); those where nobody does are left out."""
        found: dict[str, set[str]] = {}
        for who in ASKERS.split():
            self.client.force_login(self.cast[who].user)
            for key, url in self._addresses(only):
                if self._is_named(self.client.get(url), is_by_name="q=" not in key):
                    found.setdefault(key, set()).add(who)
        return found

    def answering(self, names: set[str], *, methods: frozenset[str]) -> set[tuple[str, str]]:
        """Every address about one of these rows of the world that answers this person: (address, who)."""
        found = set()
        for who in ASKERS.split():
            self.client.force_login(self.cast[who].user)
            for row in ROWS:
                if row.about in names and row.method in methods:
                    url = reverse(row.name, args=[VALLEES, self.ids[row.about], *row.extra])
                    response = getattr(self.client, row.method)(url, content_type="application/json")
                    if response.status_code not in {401, 403, 404}:
                        found.add((row.name, who))
        return found

    def of_the_file(self) -> set[str]:
        """The names of the rows of the world that belong to this family."""
        models = [model for model in apps.get_models() if issubclass(model, FamilyRow)]
        with scope.opened(inside(VALLEES)):
            family = Family.objects.get(public_id=self.ids["family"])
            keys = {family.public_id}
            for model in models:
                keys |= set(model._default_manager.filter(family=family).order_by().values_list("public_id", flat=True))
        return {name for name, key in self.ids.items() if key in keys}

    def _addresses(self, only: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = [row for row in ROWS if row.method == "get" and (not row.about or row.name in _OF_SEVERAL)]
        # Figures have no name, and take their time.
        rows = [row for row in rows if (row.name in only if only else not row.name.startswith("reporting:"))]
        return [
            (row.name + query, reverse(row.name, args=[VALLEES, *self._about(row), *row.extra]) + self._words(query))
            for row in rows
            for query in ("", *_ASKED.get(row.name, ()))
        ]

    def _about(self, row: Row) -> list[Any]:
        return [self.ids[row.about]] if row.about else []

    def _words(self, query: str) -> str:
        return query.format(name=self.name)

    def _is_named(self, response: Any, *, is_by_name: bool) -> bool:
        content = (response.getvalue() if response.streaming else response.content).decode(errors="replace")
        content = _BAND.sub("", content)
        keys = [str(key) for row, key in self.ids.items() if row not in _OF_NOBODY]
        # A search repeats what was typed: there only a key tells that the family was found.
        return any(one in content for one in ([*keys, self.name] if is_by_name else keys))


@pytest.fixture
def lists(client: Any, cast: dict[str, Person]) -> Lists:
    with scope.opened(inside(VALLEES)):
        ids = world_module.build(cast)
        mother = Mother.objects.get(family=Family.objects.get(public_id=ids["family"]))
    return Lists(client, cast, ids, mother.birth_name)


def expected(place: int, but: str = "") -> dict[str, set[str]]:
    """The column of the table, less these people."""
    rows = {name: set(row[place].split()) - set(but.split()) for name, row in LISTS.items()}
    return {name: who for name, who in rows.items() if who}


def test_family_is_listed_while_its_team_follows_it(lists: Lists) -> None:
    assert lists.naming() == expected(0)


def test_both_teams_list_the_family_in_the_overlap(lists: Lists) -> None:
    in_overlap(lists.ids, lists.cast)

    assert lists.naming() == expected(1)


def test_family_is_in_no_list_of_the_team_once_the_overlap_is_over(lists: Lists) -> None:
    in_overlap(lists.ids, lists.cast, ends_in=timedelta())

    assert lists.naming() == expected(1, but="amal farid")


def test_family_that_moved_is_listed_for_the_binome_alone(lists: Lists) -> None:
    answered(lists.ids)
    moved(lists.ids, lists.cast)

    found = {(name, who) for name, people in lists.naming().items() for who in people if who not in BINOME.split()}

    assert found - THIS_WEEK == STILL_HERS


def test_family_is_in_no_list_from_the_answer_on_before_any_job(lists: Lists) -> None:
    answered(lists.ids)
    accepted(lists.ids, lists.cast)

    found = {(name, who) for name, people in lists.naming().items() for who in people if who not in BINOME.split()}

    assert found - THIS_WEEK == STILL_HERS


def test_no_address_of_the_file_answers_from_the_answer_on_before_any_job(lists: Lists) -> None:
    names = lists.of_the_file()
    before = lists.answering(names, methods=frozenset({"get"}))
    answered(lists.ids)
    accepted(lists.ids, lists.cast)

    found = lists.answering(names, methods=frozenset({"get", "post", "put", "patch", "delete"}))

    assert set(EVERYBODY.split()) <= {who for _, who in before}
    assert {(name, who) for name, who in found if who not in BINOME.split()} == STILL_HERS_TO_WRITE
    # The record stays for the binôme.
    assert {("visits:family", "elise"), ("visits:family", "nora")} <= found


def test_alert_nobody_has_answered_stays_with_those_it_calls_when_the_family_moves(lists: Lists) -> None:
    moved(lists.ids, lists.cast)

    found = {(name, who) for name, people in lists.naming().items() for who in people if who not in BINOME.split()}

    assert found - THIS_WEEK == STILL_HERS | STILL_TO_ANSWER


def test_alert_nobody_has_answered_keeps_the_family_with_its_team(lists: Lists) -> None:
    in_overlap(lists.ids, lists.cast, ends_in=timedelta())
    with scope.opened(inside(VALLEES)):
        factories.make_alert(Pathway.objects.get(public_id=lists.ids["pathway"]))

    assert {"amal", "farid"} <= lists.naming("pathways:alerts")["pathways:alerts"]

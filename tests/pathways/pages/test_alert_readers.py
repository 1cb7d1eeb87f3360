"""Who reads what is sealed in an alert (alerts.md 1): a list by duty, by function and by name, over the whole cast."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways import perms
from pathways.actions import alerts, ladder
from pathways.actions.alert_readers import end_reader, name_reader
from pathways.enums import AlertKind
from pathways.models import Alert, AlertReader, Pathway, SealedAlertFacts
from territories.enums import DutyPlace
from territories.models import AccessLog, HistoryEvent, Member
from tests import factories, queries
from tests.cast import MEMBERS, VALLEES
from tests.factories import structure, who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T, HOUR = timedelta(minutes=10), timedelta(hours=1)
CAST = [name for name, slug, _, _ in MEMBERS if slug == VALLEES]
MOTHER, ITEM_10 = "MIND_VITAL:MOTHER_DEATH_TALK", "MIND_VITAL:EPDS_ITEM10"
VIOLENCE, CHILD, ALONE = "PROTECTED:HOME_VIOLENCE_TOLD", "CHILD_VITAL:CHILD_INJURY:1", "DANGER_NOW:HOME_CHILD_ALONE"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """A family of Amal, opened to Inès; a colleague of Farid is in his team too."""
    pathway = factories.make_pathway(ap=who("amal"))
    factories.make_grant(pathway.family, to=who("ines"))
    return pathway


def sealed(pathway: Pathway, code: str, *, at: datetime = AT) -> Alert:
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.PROTECTED, subject_id=pathway.public_id, code=code, facts="Faits protégés",
        is_sealed=True, raised_by=who("amal"), answer_due_at=at + T, at=at,
    )  # fmt: skip
    return Alert.objects.get(code=code)


def readers(alert: Alert) -> set[str]:
    """Who of the whole cast reads it."""
    return {name for name in CAST if perms.READ_SEALED_ALERT.allows(who(name), alert)}


def colleague() -> Member:
    """Fanny works at Saint-Rémi, in the team of the family."""
    fanny = who("fanny")
    Member.objects.filter(pk=fanny.pk).update(structure=structure())
    return who("fanny")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (MOTHER, {"elise"}),
        (ITEM_10, {"elise"}),
        (VIOLENCE, {"elise"}),
        ("MIND_VITAL:MOTHER_FEAR_HARM", {"elise"}),
        (CHILD, {"elise", "nora"}),
        (ALONE, {"elise", "nora"}),
        ("PROTECTED:HOME_CHILD_WORRY", {"elise", "nora"}),
    ],
)
def test_off_duty_the_coordination_reads_and_the_pmi_doctor_for_a_child(
    pathway: Pathway, code: str, expected: set[str]
) -> None:
    colleague()

    assert readers(sealed(pathway, code)) == expected


@pytest.mark.parametrize("place", [DutyPlace.FIRST, DutyPlace.SECOND, DutyPlace.DOCTOR])
def test_whoever_is_on_duty_reads_until_the_end_of_her_shift(pathway: Pathway, clock: Any, place: int) -> None:
    """The neighbour is a colleague of the same team who is not on duty, and one on duty in another team."""
    colleague()
    alert = sealed(pathway, MOTHER)
    factories.make_shift(who("farid"), place, hours=2)
    factories.make_shift(who("gaelle"), place, hours=2)

    assert readers(alert) == {"elise", "farid"}
    clock.move_to(AT + HOUR - timedelta(seconds=1))
    assert "farid" in readers(alert)
    clock.move_to(AT + HOUR)
    assert readers(alert) == {"elise"}


def test_whoever_was_called_on_duty_reads_it_after_her_shift(pathway: Pathway, clock: Any) -> None:
    colleague()
    factories.make_shift(who("farid"), hours=2)
    alert = sealed(pathway, MOTHER)
    clock.move_to(AT + 48 * HOUR)

    assert readers(alert) == {"elise", "farid"}
    assert readers(sealed(pathway, VIOLENCE, at=AT + 48 * HOUR)) == {"elise"}


def test_an_auxiliary_on_duty_reads_nothing_sealed(pathway: Pathway) -> None:
    factories.make_shift(who("amal"), DutyPlace.AP)
    factories.make_shift(who("bea"), DutyPlace.AP, structure=structure("Maternité Montreval"))

    assert readers(sealed(pathway, MOTHER)) == {"elise"}


def test_whoever_takes_it_by_name_reads_it(pathway: Pathway) -> None:
    colleague()
    alert = sealed(pathway, MOTHER)
    decided = alerts.Taking(instruction="Restez.", decision="call_mother", due_at=AT + T)
    alerts.take_alert(alert=alert, by=who("nora"), taking=decided, at=AT)

    assert readers(alert) == {"elise", "nora"}


def test_the_pilots_called_last_may_take_it_and_read_nothing_before(pathway: Pathway, clock: Any) -> None:
    alert = sealed(pathway, MOTHER)
    for times in (1, 2, 3, 4):
        clock.move_to(AT + times * T)
        ladder.climb(pk=alert.pk, at=AT + times * T)

    assert readers(alert) == {"elise"}
    assert perms.TAKE_ALERT.allows(who("nora"), alert)


def test_the_doctor_of_the_team_reads_off_duty_while_she_stands_on_the_list(pathway: Pathway) -> None:
    fanny = colleague()
    alert = sealed(pathway, MOTHER)
    other = sealed(factories.make_pathway(carrier=structure("Maternité Montreval")), VIOLENCE)
    reader = name_reader(structure=fanny.structure, member=fanny, by=who("elise"), at=AT)

    assert readers(alert) == {"elise", "fanny"}
    assert readers(other) == {"elise"}
    end_reader(reader=reader, by=who("nora"), at=AT + HOUR)
    assert readers(alert) == {"elise"}


@pytest.mark.parametrize(
    ("name", "is_hidden"), [("elise", False), ("farid", True), ("nora", True), ("olga", True), ("amal", True)]
)
def test_the_pages_of_the_others_hide_the_facts(as_: Any, pathway: Pathway, name: str, is_hidden: bool) -> None:
    alert = sealed(pathway, MOTHER)
    client = as_(name)

    listed = client.get(reverse("pathways:alerts", args=[VALLEES])).content.decode()
    page = client.get(reverse("pathways:alert", args=[VALLEES, alert.public_id])).content.decode()

    assert "Faits protégés" not in listed
    assert "Ne pas laisser seule" not in listed
    assert ("Faits protégés" not in page) is is_hidden
    assert ("Ne pas laisser seule" not in page) is is_hidden
    readings = AccessLog.objects.filter(what=perms.READ_SEALED_ALERT.code, user=who(name).user, is_refused=False)
    assert readings.exists() is not is_hidden


def test_the_sign_of_a_sealed_alert_stands_apart_from_it_and_from_its_history(pathway: Pathway) -> None:
    """What a list, an export or the history would show of the alert is nothing."""
    alert = sealed(pathway, MOTHER)

    assert alert.facts == ""
    kept = SealedAlertFacts.objects.get(alert=alert)
    assert kept.words == "Faits protégés"
    assert "Faits protégés" not in str(list(HistoryEvent.objects.values_list("after", flat=True)))


# ---- The list ---------------------------------------------------------------------------------------------
def url() -> str:
    return reverse("pathways:alert_readers", args=[VALLEES])


@pytest.mark.parametrize("name", ["elise", "nora"])
def test_the_binome_names_a_doctor_and_takes_her_off(as_: Any, vallees: scope.Scope, name: str) -> None:
    client = as_(name)
    assert "Aucun pour le moment" in client.get(url()).content.decode()

    assert client.post(url(), {"member": str(who("farid").public_id)}).status_code == 302
    page = client.get(url()).content.decode()
    assert "Farid Martin" in page
    reader = AlertReader.objects.get()
    client.post(reverse("pathways:end_alert_reader", args=[VALLEES, reader.public_id]))
    again = client.post(reverse("pathways:end_alert_reader", args=[VALLEES, reader.public_id]), follow=True)

    assert "déjà plus sur la liste" in again.content.decode()
    reader.refresh_from_db()
    assert (reader.ended_by, reader.named_by) == (who(name), who(name))
    events = HistoryEvent.objects.filter(table_name="pathways_alertreader").order_by("pk")
    assert [event.operation for event in events] == ["insert", "update"]


def test_only_somebody_of_the_team_is_named_and_once(as_: Any, vallees: scope.Scope) -> None:
    farid = who("farid")
    name_reader(structure=farid.structure, member=farid, by=who("elise"), at=AT)
    with pytest.raises(BusinessError) as twice:
        name_reader(structure=farid.structure, member=farid, by=who("elise"), at=AT)
    with pytest.raises(BusinessError) as elsewhere:
        name_reader(structure=structure("Maternité Montreval"), member=farid, by=who("elise"), at=AT)
    with pytest.raises(BusinessError) as auxiliary:
        name_reader(structure=farid.structure, member=who("amal"), by=who("elise"), at=AT)
    answer = as_("elise").post(url(), {"member": str(who("amal").public_id)})

    codes = [one.value.code for one in (twice, elsewhere, auxiliary)]
    assert codes == ["alert_reader_once", "not_of_team", "not_of_team"]
    assert {one.value.field for one in (twice, elsewhere, auxiliary)} == {"member"}
    assert answer.status_code == 422
    assert AlertReader.objects.count() == 1
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AlertReader.objects.update(ended_at=AT)


def test_a_long_list_costs_the_queries_of_a_short_one(as_: Any, vallees: scope.Scope) -> None:
    client = as_("elise")
    name_reader(structure=who("farid").structure, member=who("farid"), by=who("elise"), at=AT)
    one = queries.count(client, url())
    for name in ("fanny", "nora"):
        name_reader(structure=who(name).structure, member=who(name), by=who("elise"), at=AT)

    assert queries.count(client, url()) == one

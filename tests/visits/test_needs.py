"""Needs of a signed report: they land once, with the request the team will decide."""

from datetime import timedelta

import pytest
from django.utils import timezone

from copa.kernel import clock
from pathways.models import Need, Orientation
from territories.models import DirectoryEntry
from tests import factories
from tests.visits.reports import answers, ended_visit, save, sign
from visits.actions.needs import land_needs
from visits.reads.context import facts_of, form_for

pytestmark = pytest.mark.usefixtures("vallees")


def row(code: str, action: str, about: str = "MOTHER", **more: str) -> dict[str, str]:
    given = {"code": code, "about": about, "action": action} | more
    if action == "REQUEST":
        given = {"target": "SOCIAL_WORKER", "agreed": "YES", "urgency": "ROUTINE"} | given
    return {f"need.item.{name}": value for name, value in given.items()}


def written(visit, *rows: dict[str, str]):
    return answers(visit, **{"need.any": "SOME", "need.item": list(rows)})


def test_each_row_becomes_a_need_as_the_report_says_it_stands() -> None:
    visit = ended_visit()
    rows = (
        row("HOUSING", "REQUEST", "FAMILY", facts="chauffage en panne"),
        row("MOOD", "FOLLOWED"),
        row("SLEEP_CRYING", "WATCH", "CHILD"),
        row("RIGHTS", "INFO"),
        row("TOBACCO", "DECLINED"),
    )

    report = sign(visit, written(visit, *rows))

    found = Need.objects.order_by("report_row").values_list("code", "state", "about", "report_id", "source")
    assert list(found) == [
        ("HOUSING", "OPEN", "FAMILY", report.public_id, "REPORT"),
        ("MOOD", "FOLLOWED", "MOTHER", report.public_id, "REPORT"),
        ("SLEEP_CRYING", "WATCH", "CHILD", report.public_id, "REPORT"),
        ("RIGHTS", "INFO", "MOTHER", report.public_id, "REPORT"),
        ("TOBACCO", "DECLINED", "MOTHER", report.public_id, "REPORT"),
    ]
    one = Orientation.objects.get()
    assert (one.state, one.target_type, one.agreement) == ("PROPOSED", "SOCIAL_WORKER", "YES")
    assert one.need.words == "chauffage en panne"


@pytest.mark.parametrize("urgency", ["THIS_WEEK", "ROUTINE"])
def test_request_keeps_for_when_it_was_asked(urgency: str) -> None:
    visit = ended_visit()

    sign(visit, written(visit, row("HOUSING", "REQUEST", "FAMILY", urgency=urgency)))

    assert Orientation.objects.get().urgency == urgency


@pytest.mark.parametrize(("before", "asked", "kept"), [("", "THIS_WEEK", "THIS_WEEK"), ("TODAY", "ROUTINE", "TODAY")])
def test_request_asked_again_is_as_urgent_as_the_most_urgent(before: str, asked: str, kept: str) -> None:
    visit = ended_visit()
    report = sign(visit, written(visit, row("HOUSING", "REQUEST", "FAMILY")))
    Orientation.objects.update(urgency=before)
    rows = {"need.item": [row("HOUSING", "REQUEST", "FAMILY", urgency=asked)]}

    land_needs(report=report, pathway=visit.pathway, answers=rows, by=visit.ap, at=clock.now())

    assert Orientation.objects.get().urgency == kept


def test_draft_lands_nothing() -> None:
    visit = ended_visit()

    save(visit, written(visit, row("MOOD", "FOLLOWED")))

    assert not Need.objects.exists()


def test_landing_twice_is_landing_once() -> None:
    visit = ended_visit()
    report = sign(visit, written(visit, row("HOUSING", "REQUEST", "FAMILY"), row("RIGHTS", "INFO")))

    land_needs(report=report, pathway=visit.pathway, answers=report.answers, by=visit.ap, at=clock.now())

    assert (Need.objects.count(), Orientation.objects.count()) == (2, 1)


def test_need_that_already_runs_is_not_spotted_twice() -> None:
    visit = ended_visit()
    report = sign(visit, written(visit, row("HOUSING", "WATCH", "FAMILY")))
    later = {"need.item": [{}, row("HOUSING", "REQUEST", "FAMILY")]}

    land_needs(report=report, pathway=visit.pathway, answers=later, by=visit.ap, at=clock.now())

    assert (Need.objects.count(), Orientation.objects.count()) == (1, 1)


def test_agreement_not_given_keeps_the_request_and_sends_nothing() -> None:
    visit = ended_visit()

    sign(visit, written(visit, row("HOUSING", "REQUEST", "FAMILY", agreed="LATER")))

    assert Orientation.objects.get().agreement == "LATER"


@pytest.mark.parametrize(
    ("type_", "days", "is_named"),
    [("SOCIAL_WORKER", None, True), ("SOCIAL_WORKER", 1, False), ("PMI_CENTRE", None, False)],
)
def test_request_names_the_service_that_the_report_names(type_: str, days: int | None, *, is_named: bool) -> None:
    visit = ended_visit()
    report = sign(visit, written(visit, row("RIGHTS", "INFO")))
    entry = factories.make_entry(type=type_)
    if days is not None:
        # It has ended since the page was drawn.
        today = timezone.localdate()
        DirectoryEntry.objects.filter(pk=entry.pk).update(
            valid_from=today - timedelta(days=30), valid_to=today - timedelta(days=days)
        )
    rows = [{}, row("HOUSING", "REQUEST", "FAMILY", entry=str(entry.public_id))]

    land_needs(report=report, pathway=visit.pathway, answers={"need.item": rows}, by=visit.ap, at=clock.now())

    one = Orientation.objects.get()
    assert (one.target_type, one.entry) == ("SOCIAL_WORKER", entry if is_named else None)


def test_service_of_the_directory_goes_from_the_form_to_the_request_and_the_printed_report() -> None:
    visit = ended_visit()
    entry = factories.make_entry(type="SOCIAL_WORKER", name="Maison des familles")
    secret = factories.make_entry(type="VIOLENCE_SUPPORT", name="Lieu tenu secret")
    facts = facts_of(visit.pk, form_for(clock.now()).pk, clock.now())

    report = sign(visit, written(visit, row("HOUSING", "REQUEST", "FAMILY", entry=str(entry.public_id))))
    DirectoryEntry.objects.filter(pk=entry.pk).update(name="Autre nom")

    assert [one.name for one in facts.context.entries] == ["Maison des familles"]
    assert facts.context.entry(str(secret.public_id)) is None
    assert Orientation.objects.get().entry == entry
    # As it was signed, whatever becomes of the directory.
    assert [one["name"] for one in report.context["entries"]] == ["Maison des familles"]


def test_what_no_form_offers_is_left_in_the_report() -> None:
    visit = ended_visit()
    report = sign(visit, written(visit, row("RIGHTS", "INFO")))
    rows = [
        {},
        row("VIOLENCE_SEALED", "WATCH"),
        row("UNKNOWN", "WATCH"),
        row("COUPLE", "REQUEST", target="VIOLENCE_SUPPORT"),
    ]

    land_needs(report=report, pathway=visit.pathway, answers={"need.item": rows}, by=visit.ap, at=clock.now())

    assert sorted(Need.objects.values_list("code", flat=True)) == ["COUPLE", "RIGHTS"]
    assert not Orientation.objects.exists()

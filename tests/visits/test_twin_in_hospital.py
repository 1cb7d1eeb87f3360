"""A twin in hospital on the day of the visit: his block says so, asks nothing, and holds nobody up (A38)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from copa.kernel import clock, scope
from pathways.actions import stays
from pathways.enums import Patient
from pathways.models import Child, HospitalStay, Pathway
from pathways.reads.stops import stays_of
from pathways.reads.story import told
from tests import factories
from tests.visits import reports
from tests.visits.questionnaires import INES, MALO, child, context, form, whole
from visits.models import Visit
from visits.questionnaire import clean, missing, printable, view_model
from visits.questionnaire.client import client_context
from visits.reads.context import facts_of
from visits.reads.drafts import draft_of

AWAY = replace(MALO, is_in_hospital=True)
HOME_AND_AWAY = context(children=(INES, AWAY))


def gaps(*rows: dict[str, object]) -> list[str]:
    given = whole(child=[child(), *rows])
    answers = clean(form(), given, HOME_AND_AWAY).answers
    return [gap.path for gap in missing(form(), answers, HOME_AND_AWAY)]


def test_nothing_is_missing_about_him_and_everything_about_the_one_at_home() -> None:
    assert gaps() == []
    at_home = context(children=(INES, MALO))
    answers = clean(form(), whole(), at_home).answers
    assert "child/malo/child.flag_any" in [gap.path for gap in missing(form(), answers, at_home)]


def test_what_was_seen_of_him_may_be_written_and_a_sign_is_never_left_unsaid() -> None:
    assert gaps({"child.ref": "malo", "child.feed.now": "OTHER"}) == []
    assert gaps({"child.ref": "malo", "child.flag_any": "SOME"}) == ["child/malo/child.flags"]


def test_his_block_is_marked_and_the_page_knows_it_too() -> None:
    shown = view_model(form(), clean(form(), whole(), HOME_AND_AWAY).answers, HOME_AND_AWAY)
    rows = [row for section in shown.sections for block in section.blocks if block.kind == "rows" for row in block.rows]
    notes = {row.title: bool(row.note) for row in rows if row.title in {"Inès", "Malo"}}

    assert notes == {"Inès": False, "Malo": True}
    assert [one["in_hospital"] for one in client_context(form(), HOME_AND_AWAY)["children"]] == [False, True]


@pytest.mark.parametrize("letter", ["E", "L", "G", "P", "M"])
def test_the_printed_report_says_where_he_was(letter: str) -> None:
    answers = clean(form(), whole(), HOME_AND_AWAY).answers

    (block,) = [one for one in printable(form(), answers, HOME_AND_AWAY, letter) if one.code == "child"]

    assert ("Malo", "À l’hôpital le jour de la visite") in [(line.label, line.text) for line in block.lines]


@pytest.mark.parametrize(
    ("starts", "ends", "is_away"),
    [
        (-3, None, True),
        (0, None, True),
        (1, None, False),  # he came in after the visit: he was seen at home
        (-3, 1, True),
        (-3, 0, False),  # home that very day
        (-3, -1, False),
    ],
)
def test_the_day_of_the_visit_decides(vallees: scope.Scope, starts: int, ends: int | None, *, is_away: bool) -> None:
    birth = factories.make_birth(days_ago=8, children=2)
    visit = reports.ended_visit(pathway=factories.make_pathway(birth, ap=factories.who("amal")), hours_ago=30)
    second = Child.objects.get(birth=birth, rank=2)
    day = clock.local_date(visit.started_at, "Europe/Paris")
    HospitalStay.objects.create(
        family_id=birth.family_id,
        birth=birth,
        person=Patient.CHILD,
        child=second,
        starts_on=day + timedelta(days=starts),
        ends_on=None if ends is None else day + timedelta(days=ends),
        noted_at=clock.now(),
        ended_at=None if ends is None else clock.now(),
        ended_by=None if ends is None else factories.who("farid"),
    )

    found = facts_of(visit.pk, draft_of(visit, clock.now()).form_id, clock.now()).context.children

    assert [one.is_in_hospital for one in found] == [False, is_away]


def test_a_report_is_signed_without_him(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=8, children=2)
    visit: Visit = reports.ended_visit(pathway=factories.make_pathway(birth, ap=factories.who("amal")))
    second = Child.objects.get(birth=birth, rank=2)
    HospitalStay.objects.create(
        family_id=birth.family_id,
        birth=birth,
        person=Patient.CHILD,
        child=second,
        starts_on=birth.day,
        noted_at=clock.now(),
    )
    document = reports.answers(visit)
    document["child"] = [row for row in document["child"] if row["child.ref"] != str(second.public_id)]

    report = reports.sign(visit, document)

    assert report.signed_at is not None


# ---- A death ends his stay --------------------------------------------------------------------------------------
def stay_titles(pathway: Pathway, name: str) -> list[str]:
    told_of = sorted(told(pathway.family, factories.who(name)), key=lambda event: event.at)
    return [event.title for event in told_of if "ospitalisation" in event.title]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("amal", []), ("elise", ["Hospitalisation, un enfant", "Hospitalisation terminée, un enfant"])],
)
def test_a_twin_who_died_in_hospital_is_not_told_as_home_to_who_does_not_read_deaths(
    vallees: scope.Scope, name: str, expected: list[str]
) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))
    first = Child.objects.filter(birth=pathway.birth).order_by("rank")[0]
    stay_in_hospital(pathway, first)

    factories.make_death(pathway.birth, first)

    assert stay_titles(pathway, name) == expected
    assert stays_of(pathway.birth) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("amal", ["Hospitalisation, la mère"]),
        ("elise", ["Hospitalisation, la mère", "Hospitalisation terminée, la mère"]),
    ],
)
def test_a_mother_who_died_in_hospital_is_not_told_as_home(
    vallees: scope.Scope, name: str, expected: list[str]
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    stay_in_hospital(pathway, None)

    factories.make_death(pathway.birth)

    assert stay_titles(pathway, name) == expected


def test_an_end_that_a_death_wrote_looks_like_no_way_home(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    stay_in_hospital(pathway, None)

    factories.make_death(pathway.birth)

    [end] = [one for one in told(pathway.family, factories.who("elise")) if "terminée" in one.title]
    assert (end.icon, end.state) == ("building", "")


def test_a_twin_who_came_home_is_told_so_to_the_auxiliary(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))
    stay = stay_in_hospital(pathway, Child.objects.filter(birth=pathway.birth).order_by("rank")[0])

    today = clock.local_date(clock.now(), "Europe/Paris")
    stays.end_stay(stay=stay, ends_on=today, by=factories.who("elise"), at=clock.now())

    assert [title.split(",")[0] for title in stay_titles(pathway, "amal")] == [
        "Hospitalisation",
        "Fin de l’hospitalisation",
    ]


def stay_in_hospital(pathway: Pathway, who: Child | None) -> HospitalStay:
    at = clock.now()
    today = clock.local_date(at, "Europe/Paris")
    return stays.note_stay(
        birth=pathway.birth, child=who, ward="", place="", starts_on=today, by=factories.who("elise"), at=at
    )

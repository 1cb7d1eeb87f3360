"""The early prenatal interview (R223, RS15): asked at the inclusion, kept in the calendar, refused after the birth."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import calendar
from pathways.models import CalendarItem, Child, Pathway, Proposal
from tests import factories
from tests.factories import who
from tests.pathways.actions.steps import ASKED, accepted_birth, include
from tests.pathways.addresses import address
from tests.pathways.pages.test_inclusion import adhesion

pytestmark = pytest.mark.usefixtures("vallees")


def told() -> tuple[str, str, Any, bool | None, str] | None:
    item = CalendarItem.objects.filter(code="EPP", child=None).first()
    return item and (item.status, item.professional_kind, item.on, item.is_transmitted, item.source)


def test_answer_at_the_inclusion_stands_in_the_calendar(as_: Any) -> None:
    birth = accepted_birth()
    on = birth.day - timedelta(days=150)
    said = {
        "interview": "YES",
        "interview_by": "MIDWIFE_PMI",
        "interview_on": on.isoformat(),
        "interview_sent": "NO",
    }

    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(**said))

    assert response.status_code == 302
    assert told() == ("done", "MIDWIFE_PMI", on, False, "parents")
    page = as_("amal").get(address("calendar", birth.family.public_id)).content.decode()
    assert "sage-femme de PMI, pas transmis" in page


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("NO", ("missed", "", None, None, "parents")), ("UNKNOWN", None), ("YES", ("done", "", None, None, "parents"))],
)
def test_no_is_a_fact_and_unknown_is_none(as_: Any, answer: str, kept: Any) -> None:
    birth = accepted_birth()

    as_("amal").post(address("inclusion", birth.public_id), adhesion(interview=answer))

    assert told() == kept


def test_details_of_an_interview_that_did_not_take_place_are_dropped(as_: Any) -> None:
    birth = accepted_birth()
    said = {"interview": "NO", "interview_by": "DOCTOR", "interview_on": "2026-01-05", "interview_sent": "YES"}

    as_("amal").post(address("inclusion", birth.public_id), adhesion(**said))

    assert told() == ("missed", "", None, None, "parents")


def test_day_after_the_birth_is_refused_beside_its_field_and_nothing_is_stored(as_: Any) -> None:
    birth = accepted_birth()
    said = {"interview": "YES", "interview_on": (birth.day + timedelta(days=1)).isoformat()}

    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(**said))

    assert response.status_code == 422
    assert "interview_on" in response.context["form"].errors
    assert response.context["form"].has_interview
    assert not Pathway.objects.exists()
    assert told() is None


def test_calendar_refuses_that_day_too() -> None:
    pathway = factories.make_pathway()
    known = calendar.Known(status="done", source="parents", on=pathway.birth.day + timedelta(days=1))

    with pytest.raises(BusinessError) as refusal:
        calendar.note_item(birth=pathway.birth, child=None, code="EPP", known=known, by=who("amal"), at=clock.now())

    assert (refusal.value.code, refusal.value.field) == ("interview_after_birth", "on")


def test_what_a_professional_noted_is_offered_and_kept(as_: Any) -> None:
    birth = accepted_birth()
    on = birth.day - timedelta(days=120)
    noted = calendar.Known(
        status="done", source="professional", on=on, professional="Mme Roy", professional_kind="MIDWIFE_LIBERAL",
        is_transmitted=True,
    )  # fmt: skip
    calendar.note_item(birth=birth, child=None, code="EPP", known=noted, by=who("farid"), at=clock.now())

    form = as_("amal").get(address("inclusion", birth.public_id)).context["form"]
    offered = [str(form[name].value()) for name in ("interview", "interview_by", "interview_on", "interview_sent")]
    include(
        birth,
        asked=replace(ASKED, interview="YES", interview_by="MIDWIFE_LIBERAL", interview_on=on, interview_sent=True),
    )

    assert offered == ["YES", "MIDWIFE_LIBERAL", on.isoformat(), "YES"]
    assert told() == ("done", "MIDWIFE_LIBERAL", on, True, "professional")
    assert CalendarItem.objects.get(code="EPP").professional == "Mme Roy"


def test_she_who_does_not_know_weakens_nothing() -> None:
    birth = accepted_birth()
    noted = calendar.Known(status="done", source="booklet", professional_kind="DOCTOR")
    calendar.note_item(birth=birth, child=None, code="EPP", known=noted, by=who("farid"), at=clock.now())

    include(birth, asked=replace(ASKED, interview="UNKNOWN"))

    assert told() == ("done", "DOCTOR", None, None, "booklet")


def test_copa_presented_in_it_says_that_it_took_place(as_: Any) -> None:
    birth = accepted_birth()
    on = birth.day - timedelta(days=140)
    Proposal.objects.filter(birth=birth).update(context="EPP", proposed_on=on)

    form = as_("amal").get(address("inclusion", birth.public_id)).context["form"]

    assert (form["interview"].value(), form["interview_on"].value()) == ("YES", on)


def test_only_this_line_may_be_missed(as_: Any) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    child = Child.objects.get()
    url = address("calendar_note", pathway.family.public_id)
    tap = {"tap": "1", "code": "K01", "child": str(child.public_id), "status": "missed"}

    as_("amal").post(url, tap)
    form = as_("amal").get(url, {"code": "K01", "child": str(child.public_id)}).context["form"]

    assert not CalendarItem.objects.exists()
    assert "missed" not in dict(form.fields["status"].choices)
    with pytest.raises(IntegrityError, match="calendar_item_missed_in_pregnancy"), transaction.atomic():
        CalendarItem.objects.create(
            family=pathway.family, birth=pathway.birth, child=child, code="K01", status="missed", source="parents",
            noted_by=who("amal"), noted_at=clock.now(),
        )  # fmt: skip


def test_missed_interview_is_said_so_and_is_never_late(as_: Any) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    typed = {"code": "EPP", "child": "", "status": "missed", "source": "parents"}

    as_("amal").post(address("calendar_note", pathway.family.public_id), typed)
    shown = as_("amal").get(address("calendar", pathway.family.public_id)).context["calendar"]

    line = next(line for line in shown.people[0].lines if line.code == "EPP")
    assert (line.badge[2], line.state) == ("pas fait", "passed")

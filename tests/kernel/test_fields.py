"""Days and hours as typed: which years exist, and both ends of the calendar."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from copa.kernel.fields import DayField, LocalDateTimeField
from territories.forms import EndRightsForm
from visits.forms.planning import MoveForm


@pytest.mark.parametrize("field", [DayField(), LocalDateTimeField()])
@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_year_out_of_reach_is_refused(field: DayField | LocalDateTimeField, typed: str) -> None:
    with pytest.raises(ValidationError, match="Vérifiez l’année"):
        field.clean(typed)


@pytest.mark.parametrize("typed", ["1900-01-01", "2100-12-31"])
def test_first_and_last_year_are_dates(typed: str) -> None:
    assert DayField().clean(typed) == date.fromisoformat(typed)
    assert LocalDateTimeField().clean(f"{typed}T12:00").date() == date.fromisoformat(typed)


def test_nothing_typed_stays_nothing() -> None:
    assert DayField(required=False).clean("") is None
    assert LocalDateTimeField(required=False).clean("") is None


def test_days_that_are_computed_with_are_bounded() -> None:
    assert "l’année" in MoveForm({"planned_at": "9999-12-31", "hour": "23:30"}).errors["planned_at"][0]
    assert "l’année" in EndRightsForm({"last_day": "9999-12-31"}).errors["last_day"][0]

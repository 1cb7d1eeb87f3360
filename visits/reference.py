"""The report forms delivered with the code. Facts of a form live in its JSON; `load()` may run any number of times."""

from datetime import UTC, datetime

from visits.models import ReportForm
from visits.questionnaire import load as read_definition
from visits.questionnaire import packaged_definitions

# The first day of the programme's second version: every v2 visit may use a packaged form.
USABLE_FROM = datetime(2025, 12, 1, tzinfo=UTC)


def load() -> int:
    """Write the versions that are missing, after checking that the engine can hold to them; returns how many.

    A version already stored is never rewritten: reports were signed under it. Raises DefinitionError.
    """
    added = 0
    for document in packaged_definitions():
        form = read_definition(document)
        _, is_new = ReportForm.objects.get_or_create(
            code=form.id, version=form.version, defaults={"definition": document, "valid_from": USABLE_FROM}
        )
        added += is_new
    return added

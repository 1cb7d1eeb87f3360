"""What stands in « Tâches », as the tests read it."""

from datetime import UTC, date, datetime, timedelta

from pathways.actions.contacts import note_attempt
from pathways.models import (
    ContactAttempt,
    EpdsScreening,
    PmiRelay,
    RecipientConsent,
    Suggestion,
)
from tests.factories import (
    make_agreement,
    make_pathway,
    make_relay,
    make_visit,
    who,
)
from visits.reads import todo as reads
from visits.reads.todo import Subject

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 3)
ZONE = "Europe/Paris"
CARE = "amal bea chloe elise farid fanny gaelle gina ines iris marc nora olga".split()  # noqa: SIM905


def page(name: str = "elise", subject: Subject | None = None) -> reads.TodoPage:
    return reads.todo_page(who(name), subject, "1", at=AT, zone=ZONE)


def words(name: str = "elise", subject: Subject | None = None) -> list[str]:
    return [row.words for row in page(name, subject).page.object_list]


def whens(name: str = "elise", subject: Subject | None = None) -> list[str]:
    return [row.when.replace("\u00a0", " ") for row in page(name, subject).page.object_list]


def planned(**fields):
    """A family under way about whom nothing is to be done."""
    pathway = make_pathway(ap=who("amal"), **fields)
    make_visit(pathway, "V1", planned_at=AT + timedelta(days=1))
    make_visit(pathway, "V2", planned_at=AT + timedelta(days=5))
    return pathway


def suggest(pathway, **fields) -> Suggestion:
    values = {"kind": "third_visit", "cause": "grid", "suggested_at": AT - timedelta(days=1)} | fields
    return Suggestion.objects.create(pathway=pathway, family_id=pathway.family_id, **values)


def scale(pathway, repeat_on: date, **fields) -> EpdsScreening:
    values = {"status": "DONE", "at": AT - timedelta(days=14), "day": 5, "recorded_at": AT, "source": "visit"} | fields
    return EpdsScreening.objects.create(
        pathway=pathway, family_id=pathway.family_id, author=who("amal"), repeat_on=repeat_on, **values
    )


def unanswered(answer: str, **fields) -> PmiRelay:
    """A relay due today whose mother said this about the PMI, "" when nobody asked her."""
    pathway = planned(agreed_pmi=False)
    RecipientConsent.objects.filter(family=pathway.family, recipient="PMI").delete()
    if answer:
        make_agreement(pathway.family, "PMI", answer)
    return make_relay(pathway, **{"due_on": TODAY, "is_agreed": answer == "YES"} | fields)


def call(pathway, days_ago: int, result: str = "NO_ANSWER") -> ContactAttempt:
    moment = AT - timedelta(days=days_ago, hours=1)
    return note_attempt(pathway=pathway, channel="CALL", result=result, attempted_at=moment, by=who("amal"), at=AT)

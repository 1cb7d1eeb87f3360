"""What was decided of a third visit before the column existed: the last word, of a person alone or of a meeting."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from copa.kernel import clock, scope
from pathways import migrations
from pathways.models import Pathway, Suggestion
from tests import factories
from tests.cast import VALLEES, inside

# Hours ago, of each word.
Said = tuple[int, bool]


def answered(pathway: Pathway, hours: int, *, is_yes: bool) -> None:
    at = clock.now() - timedelta(hours=hours)
    Suggestion.objects.create(
        family=pathway.family,
        pathway=pathway,
        kind="third_visit",
        cause="team",
        suggested_at=at,
        decided_at=at,
        decided_by=factories.who("farid"),
        is_accepted=is_yes,
        reason="" if is_yes else "Rien ne le demande",
    )


def met(pathway: Pathway, hours: int, *, is_yes: bool, is_validated: bool = True) -> None:
    at = {"closed_at": clock.now() - timedelta(hours=hours)} if is_validated else {}
    meeting = factories.make_meeting(closed_by=factories.who("elise") if is_validated else None, **at)
    item = factories.make_meeting_item(meeting, pathway.family, pathway=pathway)
    factories.make_decision(item, kind="THIRD_VISIT" if is_yes else "NO_THIRD_VISIT")


@pytest.mark.parametrize(
    ("people", "meetings", "is_kept"),
    [
        ([], [], False),
        ([(5, True)], [], True),
        ([], [(5, True)], True),
        ([(9, True)], [(5, False)], False),
        ([(5, False)], [(9, True)], False),
        ([(9, False), (3, True)], [(5, False)], True),
    ],
)
def test_last_word_of_before_is_kept_whoever_said_it(
    vallees: scope.Scope, people: list[Said], meetings: list[Said], *, is_kept: bool
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    for hours, is_yes in people:
        answered(pathway, hours, is_yes=is_yes)
    for hours, is_yes in meetings:
        met(pathway, hours, is_yes=is_yes)

    for _ in range(2):
        fill()

    with scope.opened(inside(VALLEES)):
        assert Pathway.objects.get(pk=pathway.pk).is_third_decided is is_kept


def test_meeting_that_is_not_validated_has_decided_nothing(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    met(pathway, 5, is_yes=True, is_validated=False)

    fill()

    with scope.opened(inside(VALLEES)):
        assert Pathway.objects.get(pk=pathway.pk).is_third_decided is False


def fill() -> None:
    stem = next(path.stem for path in Path(migrations.__file__).parent.glob("*_third_visits_decided_before.py"))
    [filling] = import_module(f"pathways.migrations.{stem}").Migration.operations
    with connection.schema_editor() as editor:
        filling.code(None, editor)

"""A worker killed in the middle of a list: what it had begun is not half there, and nothing is written twice."""

from collections.abc import Iterator

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from pathways.models import Birth, Child, Family, FamilyWord, ImportedBirth, ImportFile, ImportRun, Mother
from pathways.reads.import_choices import ADD
from pathways.rules import IMPORT_LEASE
from tests import factories, workers
from tests.births_lists import line, many, receive
from tests.cast import VALLEES, inside
from tests.killing import until
from tests.pathways.actions.test_race import counts

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def confirmed() -> tuple[ImportRun, Family]:
    """A list of three: somebody new, the second delivery of a family that is known, somebody new."""
    with scope.opened(inside(VALLEES)):
        about = {"birth_name": "Garnier", "first_names": "Élodie", "birth_on": "1993-03-12"}
        family = factories.make_family(mother=about)
        factories.make_birth(family, days_ago=900)
        first, last = many(2)
        run = receive(first, line(child="Lina"), last)
        choices = {"3": f"{ADD}{family.public_id}"}
        ImportRun.objects.filter(pk=run.pk).update(state="confirmed", choices=choices, total=3)
        return run, family


def claimed_long_ago(run: ImportRun) -> None:
    """The lease of the worker that was killed has run out."""
    with scope.opened(inside(VALLEES)):
        ImportRun.objects.filter(pk=run.pk).update(claimed_at=clock.now() - IMPORT_LEASE)


def state_of(run: ImportRun) -> str:
    with scope.opened(inside(VALLEES)):
        return str(ImportRun.objects.get(pk=run.pk).state)


def test_a_worker_killed_in_the_middle_of_a_list_leaves_nothing_half_and_nothing_twice(queues: str) -> None:
    run, family = confirmed()

    with workers.held("pathways_family", family.pk, run.territory_id) as holder:
        app.send_task("pathways.look_after_imports_everywhere")
        with workers.worker(queues) as victim:
            # The first birth is written; the second waits for its family, which this test holds.
            until(lambda: workers.somebody_waits(holder), "the worker waits for the known family")
            workers.kill(victim)
    assert counts(Family, Birth, Child, ImportedBirth, ImportFile) == [2, 2, 2, 1, 1]
    assert state_of(run) == "confirmed"

    claimed_long_ago(run)
    workers._sweep(queues)
    # Queued twice: whoever comes second finds it taken in hand.
    app.send_task("pathways.look_after_imports_everywhere")
    app.send_task("pathways.look_after_imports_everywhere")
    with workers.worker(queues):
        until(lambda: state_of(run) == "done", "the second worker writes the rest")

    assert counts(Family, Mother, Birth, Child, ImportedBirth, ImportFile) == [3, 3, 4, 4, 3, 0]
    with scope.opened(inside(VALLEES)):
        lines = list(ImportedBirth.objects.order_by("line").values_list("line", flat=True))
        named = FamilyWord.objects.order_by().values("family").distinct().count()
        summary = ImportRun.objects.get(pk=run.pk).summary
    assert (lines, named) == ([2, 3, 4], 3)
    # The one the killed worker had written is of this list: nothing was known before it.
    assert summary["known"] == 0

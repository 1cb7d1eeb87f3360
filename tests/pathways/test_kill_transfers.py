"""A worker killed between two transfers: what the other territory answered is done here, once."""

from collections.abc import Iterator

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from pathways.actions import transfers
from pathways.models import Family, FamilyGrant, FamilyTransfer, Pathway
from pathways.rules import RUNNING
from territories.models import OutgoingMessage
from tests import factories, workers
from tests.cast import LAGON, VALLEES, inside
from tests.killing import until

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def two_declined() -> list[FamilyTransfer]:
    """Two families offered to the other territory, which takes neither."""
    with scope.opened(inside(VALLEES)):
        offered = [factories.make_transfer(factories.make_pathway(ap=factories.who("amal"))) for _ in range(2)]
    with scope.opened(inside(LAGON)):
        for one in offered:
            transfers.decline_transfer(
                transfer=one, reason="Pas d’auxiliaire.", by=factories.who("emma"), at=clock.now()
            )
    return offered


def two_accepted() -> list[FamilyTransfer]:
    """Two families that the other territory has just taken; the job of this one has not run."""
    with scope.opened(inside(VALLEES)):
        offered = [factories.make_transfer(factories.make_pathway(ap=factories.who("amal"))) for _ in range(2)]
    with scope.opened(inside(LAGON)):
        for one in offered:
            transfers.accept_transfer(
                transfer=one, maternity=factories.structure("Maternité du Lagon"), commune=factories.commune(),
                address="12 rue des Filaos", is_other_family=True, by=factories.who("emma"), at=clock.now(),
            )  # fmt: skip
    return offered


def states() -> list[str]:
    with scope.opened(inside(VALLEES)):
        return list(FamilyTransfer.objects.order_by("pk").values_list("state", flat=True))


def told() -> list[str]:
    with scope.opened(inside(VALLEES)):
        mails = OutgoingMessage.objects.filter(dedup_key__startswith="transfer-declined").order_by("pk")
        return list(mails.values_list("dedup_key", flat=True))


def test_a_worker_killed_between_two_transfers_loses_none_and_tells_none_twice(queues: str) -> None:
    _, second = two_declined()

    with workers.held("pathways_familytransfer", second.pk, second.territory_id) as holder:
        app.send_task("pathways.settle_transfers_everywhere")
        with workers.worker(queues) as one:
            # The first is settled; the worker waits for the second, which this test holds.
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second transfer")
            workers.kill(one)
    assert states() == ["declined", "waiting"]
    of_first = told()

    workers._sweep(queues)
    app.send_task("pathways.settle_transfers_everywhere")
    app.send_task("pathways.settle_transfers_everywhere")
    with workers.worker(queues):
        until(lambda: states() == ["declined", "declined"], "the second transfer is settled")

    assert len(told()) == len(set(told())) == 2 * len(of_first) > 0


def running() -> list[str]:
    """The pathways the origin still counts as its own, and the files it still reads."""
    with scope.opened(inside(VALLEES)):
        return list(Pathway.objects.filter(state__in=RUNNING).order_by("pk").values_list("state", flat=True))


def test_a_worker_killed_between_the_acceptance_and_its_job_leaves_no_file_open_and_no_family_half_moved(
    queues: str,
) -> None:
    _, second = two_accepted()
    with scope.opened(inside(VALLEES)):
        # The answer itself closes the file: nobody reads it while the job has not run.
        assert not Family.objects.filter(moved_at=None).exists()

    with workers.held("pathways_familytransfer", second.pk, second.territory_id) as holder:
        app.send_task("pathways.settle_transfers_everywhere")
        with workers.worker(queues) as one:
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second transfer")
            workers.kill(one)
    assert states() == ["accepted", "waiting"]
    assert len(running()) == 1

    workers._sweep(queues)
    app.send_task("pathways.settle_transfers_everywhere")
    app.send_task("pathways.settle_transfers_everywhere")
    with workers.worker(queues):
        until(lambda: states() == ["accepted", "accepted"], "the second transfer is settled")

    assert running() == []
    with scope.opened(inside(VALLEES)):
        assert set(Pathway.objects.order_by("pk").values_list("state", flat=True)) == {"moved"}
        assert not FamilyGrant.objects.filter(revoked_at=None).exists()
    with scope.opened(inside(LAGON)):
        assert Family.objects.count() == 2

"""Celery doors of pathways."""

from celery import shared_task

from copa.kernel import clock, jobs
from copa.kernel.jobs import SteppedTask, TerritoryTask
from pathways import runs
from pathways.actions import early, imports, ladder, orientations, relay_digest, reminders, team_meetings
from pathways.actions.handings import erase_old_handings
from pathways.actions.transfer_calls import announce_calls
from pathways.actions.transfers import announce_incoming, settle_transfer
from pathways.models import FamilyTransfer, ImportRun


@shared_task(base=SteppedTask, bind=True, name="pathways.apply_import")
def apply_import(self: SteppedTask, territory_id: str, run_id: int) -> None:
    """Write a confirmed list, unless somebody else does."""
    runs.carry_out(run_id, lambda: self.step(territory_id))


@shared_task(base=TerritoryTask, name="pathways.look_after_imports")
def look_after_imports(territory_id: str) -> None:
    """Queue again the lists whose message or worker was lost; let go of the files that are too old."""
    at = clock.now()
    imports.purge_imports(at=at)
    for run_id in ImportRun.objects.unfinished(at).order_by("pk").values_list("pk", flat=True):
        jobs.after_commit(apply_import, run_id)


@shared_task(name="pathways.look_after_imports_everywhere")
def look_after_imports_everywhere() -> None:
    """Every two minutes, for each territory."""
    jobs.each_territory(look_after_imports)


@shared_task(bind=True, base=SteppedTask, name="pathways.send_relay_digests")
def send_relay_digests(self: SteppedTask, territory_id: str) -> int:
    """Tell who should know that relays wait for more than seven days, each reader in her own transaction."""
    at = clock.now()
    with self.step(territory_id):
        due = relay_digest.digests_due(at=at)
    return self.one_by_one(territory_id, due, lambda digest: relay_digest.send_digest(digest=digest, at=at))


@shared_task(name="pathways.send_relay_digests_everywhere", ignore_result=True)
def send_relay_digests_everywhere() -> int:
    """Every ten minutes, for each territory: eight o’clock is not the same instant everywhere."""
    return jobs.each_territory(send_relay_digests)


@shared_task(bind=True, base=SteppedTask, name="pathways.climb_ladders")
def climb_ladders(self: SteppedTask, territory_id: str) -> int:
    """Reach the steps of the ladder that have come in one territory, each in its own transaction; how many.

    After a stop several steps of one alert may have come: they are reached one after the other, at the same instant.
    """
    at, done = clock.now(), 0
    for _ in range(len(ladder.LADDER)):
        with self.step(territory_id):
            keys = ladder.waiting(at=at)
        if not keys:
            break
        done += self.one_by_one(territory_id, keys, lambda pk: ladder.climb(pk=pk, at=at))
    return done


@shared_task(name="pathways.climb_ladders_everywhere", ignore_result=True)
def climb_ladders_everywhere() -> int:
    """Every half minute, for each territory."""
    return jobs.each_territory(climb_ladders)


@shared_task(bind=True, base=SteppedTask, name="pathways.remind_decisions")
def remind_decisions(self: SteppedTask, territory_id: str) -> int:
    """Remind whoever owes a decision today or since before, each in her own transaction."""
    at = clock.now()
    with self.step(territory_id):
        owners = reminders.owners_to_remind(at=at)
    return self.one_by_one(territory_id, owners, lambda pk: reminders.remind_owner(pk=pk, at=at))


@shared_task(name="pathways.remind_decisions_everywhere", ignore_result=True)
def remind_decisions_everywhere() -> int:
    """Every hour, for each territory: the local morning decides."""
    return jobs.each_territory(remind_decisions)


@shared_task(bind=True, base=SteppedTask, name="pathways.remind_team_meetings")
def remind_team_meetings(self: SteppedTask, territory_id: str) -> int:
    """Tell the coordinators of each team that has not met for too long, each in its own transaction (R049)."""
    at = clock.now()
    with self.step(territory_id):
        keys = team_meetings.teams_to_remind(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: team_meetings.remind_team(pk=pk, at=at))


@shared_task(name="pathways.remind_team_meetings_everywhere", ignore_result=True)
def remind_team_meetings_everywhere() -> int:
    """Every day, for each territory."""
    return jobs.each_territory(remind_team_meetings)


@shared_task(bind=True, base=SteppedTask, name="pathways.remind_orientations")
def remind_orientations(self: SteppedTask, territory_id: str) -> int:
    """Remind of what has been without an answer for a week or two, each orientation in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = orientations.waiting(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: orientations.remind(pk=pk, at=at))


@shared_task(name="pathways.remind_orientations_everywhere", ignore_result=True)
def remind_orientations_everywhere() -> int:
    """Every hour, for each territory."""
    return jobs.each_territory(remind_orientations)


@shared_task(base=SteppedTask, bind=True, name="pathways.settle_transfers")
def settle_transfers(self: SteppedTask, territory_id: str) -> int:
    """Do what other territories have answered, each in its own transaction; take back what nobody answered.

    And tell the coordinators of what comes in, and of whom they are asked to call.
    """
    at = clock.now()
    with self.step(territory_id):
        announce_incoming(at=at)
        announce_calls(at=at)
        keys = list(FamilyTransfer.objects.to_settle().order_by("offered_at", "pk").values_list("pk", flat=True)[:200])
    return self.one_by_one(territory_id, keys, lambda key: settle_transfer(key=key, at=at))


@shared_task(name="pathways.settle_transfers_everywhere")
def settle_transfers_everywhere() -> None:
    """Every minute, for each territory."""
    jobs.each_territory(settle_transfers)


@shared_task(bind=True, base=SteppedTask, name="pathways.watch_early_calls")
def watch_early_calls(self: SteppedTask, territory_id: str) -> int:
    """Tell the coordination of early discharges without an answer after an hour, each in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = early.unanswered(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: early.escalate(pk=pk, at=at))


@shared_task(name="pathways.watch_early_calls_everywhere", ignore_result=True)
def watch_early_calls_everywhere() -> int:
    """Every minute, for each territory."""
    return jobs.each_territory(watch_early_calls)


@shared_task(base=TerritoryTask, name="pathways.erase_handings")
def erase_handings(territory_id: str) -> int:
    """Erase the answers given on a tablet for which nobody came."""
    return erase_old_handings(at=clock.now())


@shared_task(name="pathways.erase_handings_everywhere", ignore_result=True)
def erase_handings_everywhere() -> int:
    """Every hour, for each territory."""
    return jobs.each_territory(erase_handings)

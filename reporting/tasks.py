"""Celery doors of reporting."""

from celery import shared_task

from copa.kernel import clock, jobs
from copa.kernel.jobs import SteppedTask, TerritoryTask
from copa.kernel.quarters import Quarter
from reporting import actions, runs
from reporting.models import ExportRun


@shared_task(base=SteppedTask, bind=True, name="reporting.compute_figures")
def compute_figures(self: SteppedTask, territory_id: str, code: str = "") -> None:
    """Compute one quarter of a territory, or without `code` those of the last two years; each in its transaction."""
    at = clock.now()
    with self.step(territory_id):
        quarters = [Quarter.parse(code)] if code else actions.followed_quarters(at=at)
    self.one_by_one(territory_id, quarters, lambda quarter: actions.compute_figures(quarter=quarter, at=at))


@shared_task(name="reporting.compute_figures_everywhere")
def compute_figures_everywhere() -> None:
    """Every night, for each territory."""
    jobs.each_territory(compute_figures)


@shared_task(base=SteppedTask, bind=True, name="reporting.run_export")
def run_export(self: SteppedTask, territory_id: str, run_id: int) -> None:
    """Carry out an export, unless somebody else does."""
    runs.carry_out(run_id, lambda: self.step(territory_id))


@shared_task(base=TerritoryTask, name="reporting.resume_exports")
def resume_exports(territory_id: str) -> None:
    """Queue again the runs whose message or worker was lost."""
    for run_id in ExportRun.objects.waiting(clock.now()).order_by("pk").values_list("pk", flat=True):
        jobs.after_commit(run_export, run_id)


@shared_task(name="reporting.resume_exports_everywhere")
def resume_exports_everywhere() -> None:
    """Every two minutes, for each territory."""
    jobs.each_territory(resume_exports)


@shared_task(base=TerritoryTask, name="reporting.export_last_quarter")
def export_last_quarter(territory_id: str) -> None:
    """Ask for the export of the quarter that has ended, once."""
    run = actions.request_due_export(at=clock.now())
    if run is not None:
        jobs.after_commit(run_export, run.pk)


@shared_task(name="reporting.export_last_quarter_everywhere")
def export_last_quarter_everywhere() -> None:
    """Every night, for each territory: the night after the end of a quarter, or the first one that works."""
    jobs.each_territory(export_last_quarter)

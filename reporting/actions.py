"""Computing figures, and the life of an export: asked, claimed, under way, done or failed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError, as_business_error, refusals_of
from copa.kernel.quarters import Quarter
from reporting.counts import COUNTERS, Period
from reporting.enums import RunState
from reporting.models import ExportRun, Figure
from reporting.rules.indicators import INDICATORS, Counts, IndicatorDefinition
from territories.models import Member, Territory

MAX_ATTEMPTS = 3


# ---- Figures -----------------------------------------------------------------------------------------------
@transaction.atomic
def compute_figures(*, quarter: Quarter, at: datetime) -> int:
    """Compute the indicators of the territory in scope for a quarter; how many have changed.

    What is not due yet is left out (N10): a running quarter gives what it has. A quarter to come, or one before the
    territory began, gives nothing.
    """
    territory = Territory.objects.get(pk=scope.current_territory_id())
    period = Period(quarter, territory.time_zone, at)
    if quarter.first > period.today or quarter.last < territory.starts_on:
        return 0
    return sum(
        _write_figure(territory, definition, period, COUNTERS[definition.code](period)) for definition in INDICATORS
    )


def _write_figure(territory: Territory, definition: IndicatorDefinition, period: Period, counts: Counts) -> bool:
    """A new row when something changed; the former one stays and is no longer the latest."""
    key = {"indicator": definition.code, "quarter_on": period.quarter.first}
    values = {
        "numerator": counts.numerator,
        "denominator": counts.denominator,
        "missing": counts.missing,
        "definition_version": definition.version,
    }
    former = Figure.objects.current().select_for_update(of=("self",)).filter(**key).first()
    if former is not None:
        if all(getattr(former, name) == value for name, value in values.items()):
            return False
        Figure.objects.filter(pk=former.pk).update(is_latest=False)
    try:
        with transaction.atomic():
            Figure.objects.create(region_code=territory.region_id, computed_at=period.at, **key, **values)
    except IntegrityError as error:
        # Another worker has just computed the first figure of this quarter.
        if as_business_error(error, Figure).code == "figure_latest_once":
            return False
        raise
    return True


def followed_quarters(*, at: datetime, count: int = 8) -> list[Quarter]:
    """The quarters that the nightly computation goes through again, oldest first: two years, from the start on."""
    territory = Territory.objects.get(pk=scope.current_territory_id())
    quarter = Quarter.of(clock.local_date(at, territory.time_zone))
    found: list[Quarter] = []
    while len(found) < count and quarter.last >= territory.starts_on:
        found.append(quarter)
        quarter = quarter.previous
    return found[::-1]


# ---- Exports -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Claim:
    """A run taken by this worker. `attempt` is the fence: a worker that was given up can no longer write."""

    run_id: int
    attempt: int
    public_id: str
    quarter: Quarter
    slug: str
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Files:
    """What a run made: paths under MEDIA_ROOT with their SHA-256, and the number of rows."""

    csv_file: str
    csv_sha256: str
    xlsx_file: str
    xlsx_sha256: str
    rows: int


@transaction.atomic
def request_export(*, quarter: Quarter, requested_by: Member | None, at: datetime) -> ExportRun:
    """A queued run for the quarter; `requested_by` is None for the one the schedule asks.

    Refuses a quarter to come, and a second run while one is under way.
    """
    territory = Territory.objects.get(pk=scope.current_territory_id())
    if quarter.first > clock.local_date(at, territory.time_zone):
        raise BusinessError("quarter_to_come", "Ce trimestre n’a pas commencé.", field="quarter")
    with refusals_of(ExportRun):
        run: ExportRun = ExportRun.objects.create(quarter_on=quarter.first, requested_by=requested_by, requested_at=at)
    return run


@transaction.atomic
def request_due_export(*, at: datetime) -> ExportRun | None:
    """The export of the quarter that has just ended, unless one was made or asked since; None then."""
    territory = Territory.objects.get(pk=scope.current_territory_id())
    quarter = Quarter.of(clock.local_date(at, territory.time_zone)).previous
    end = quarter.bounds(territory.time_zone)[1]
    made = ExportRun.objects.filter(quarter_on=quarter.first, requested_at__gte=end).exclude(state=RunState.FAILED)
    if quarter.last < territory.starts_on or made.exists():
        return None
    return request_export(quarter=quarter, requested_by=None, at=at)


@transaction.atomic
def claim_export(*, run_id: int, at: datetime) -> Claim | None:
    """Take a run that nobody works on; None when it is done, failed or another worker's.

    A run whose worker died MAX_ATTEMPTS times fails for good: something in it kills them.
    """
    exhausted = ExportRun.objects.waiting(at).filter(pk=run_id, attempts__gte=MAX_ATTEMPTS)
    why = f"Le travail s’est arrêté {MAX_ATTEMPTS} fois avant la fin."
    if exhausted.update(state=RunState.FAILED, failure=why, finished_at=at):
        return None
    taken = ExportRun.objects.waiting(at).filter(pk=run_id)
    if not taken.update(
        state=RunState.RUNNING, claimed_at=at, attempts=F("attempts") + 1, rows_done=0, rows_total=0, failure=""
    ):
        return None
    run = ExportRun.objects.select_related("territory").get(pk=run_id)
    return Claim(
        run_id=run.pk,
        attempt=run.attempts,
        public_id=str(run.public_id),
        quarter=Quarter.of(run.quarter_on),
        slug=run.territory.slug,
        zone=run.territory.time_zone,
        at=at,
    )


def note_progress(*, claim: Claim, rows_done: int, rows_total: int, at: datetime) -> bool:
    """Say how far the run is and renew its lease; False when it is no longer this worker's."""
    return _update(claim, rows_done=rows_done, rows_total=rows_total, claimed_at=at)


def finish_export(*, claim: Claim, files: Files, at: datetime) -> bool:
    """Close the run with its files; False when it is no longer this worker's."""
    return _update(
        claim,
        state=RunState.DONE,
        finished_at=at,
        rows_done=files.rows,
        rows_total=files.rows,
        csv_file=files.csv_file,
        csv_sha256=files.csv_sha256,
        xlsx_file=files.xlsx_file,
        xlsx_sha256=files.xlsx_sha256,
    )


def fail_export(*, claim: Claim, why: str, at: datetime) -> bool:
    """Close the run as failed, with a French sentence; False when it is no longer this worker's."""
    return _update(claim, state=RunState.FAILED, failure=why[:300], finished_at=at)


def _update(claim: Claim, **values: str | int | date | None) -> bool:
    mine = ExportRun.objects.filter(pk=claim.run_id, state=RunState.RUNNING, attempts=claim.attempt)
    return bool(mine.update(**values))

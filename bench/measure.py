"""Two things timed in turn, so that what else the machine does weighs on both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the middle, the value that one call of twenty exceeds, and the processor time of the middle one.

    The processor time is this process's alone: it leaves out the database, and what the machine does beside.
    """

    p50: float
    p95: float
    cpu: float

    def as_dict(self) -> dict[str, float]:
        """As printed."""
        return {"p50": round(self.p50, 3), "p95": round(self.p95, 3), "cpu_p50": round(self.cpu, 3)}


def _milliseconds(work: Callable[[], Any]) -> tuple[float, float]:
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


def timing(samples: list[tuple[float, float]]) -> Timing:
    """The quantiles of at least two samples of (wall, processor) time."""
    cuts = quantiles([wall for wall, _ in samples], n=20, method="inclusive")
    return Timing(p50=cuts[9], p95=cuts[18], cpu=median(cpu for _, cpu in samples))


def in_turn(*works: Callable[[], Any], rounds: int, warm_up: int = 3) -> list[Timing]:
    """Each work, `rounds` times, one after the other; the first rounds are thrown away."""
    samples: list[list[tuple[float, float]]] = [[] for _ in works]
    gc.collect()
    for number in range(warm_up + rounds):
        for place, work in enumerate(works):
            spent = _milliseconds(work)
            if number >= warm_up:
                samples[place].append(spent)
    return [timing(one) for one in samples]


def compared(figure: Timing, floor: Timing, aim: str, **facts: Any) -> dict[str, Any]:
    """One entry of the output."""
    return {
        "figure_ms": figure.as_dict(),
        "floor_ms": floor.as_dict(),
        "ratio": {
            "p50": round(figure.p50 / floor.p50, 2),
            "p95": round(figure.p95 / floor.p95, 2),
            "cpu_p50": round(figure.cpu / max(floor.cpu, 0.001), 2),
        },
        "aim": aim,
        **facts,
    }

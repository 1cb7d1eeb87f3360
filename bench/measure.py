"""Two things timed in turn, so that what else the machine does weighs on both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the middle, and the value that one call of twenty exceeds."""

    p50: float
    p95: float

    def as_dict(self) -> dict[str, float]:
        return {"p50": round(self.p50, 3), "p95": round(self.p95, 3)}


def _milliseconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def timing(samples: list[float]) -> Timing:
    """The two quantiles of at least two samples."""
    cuts = quantiles(samples, n=20, method="inclusive")
    return Timing(p50=cuts[9], p95=cuts[18])


def in_turn(*works: Callable[[], Any], rounds: int, warm_up: int = 3) -> list[Timing]:
    """Each work, `rounds` times, one after the other; the first rounds are thrown away."""
    samples: list[list[float]] = [[] for _ in works]
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
        "ratio": {"p50": round(figure.p50 / floor.p50, 2), "p95": round(figure.p95 / floor.p95, 2)},
        "aim": aim,
        **facts,
    }

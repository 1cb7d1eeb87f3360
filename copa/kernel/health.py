"""The state of what the product runs on: database, Redis, worker, beat."""

from datetime import datetime, timedelta
from typing import Any

import redis
from django.core.cache import cache
from django.db import Error, connection

# Three signs of life: a worker gives its own every 2 seconds, beat one with each heartbeat it sends (every 5),
# and the worker that runs this heartbeat proves that the queue leads to it. Five missed ones are no hazard.
# The queue may be long: two exports at once keep a worker busy for a while, and it is well.
WORKER_KEY = "copa:worker"
BEAT_KEY = "copa:beat"
QUEUE_KEY = "copa:queue"
SILENT_AFTER = {
    WORKER_KEY: timedelta(seconds=10),
    BEAT_KEY: timedelta(seconds=25),
    QUEUE_KEY: timedelta(seconds=120),
}
# From good to bad: a part that gives several signs is as well as the worst of them.
WORDS = ("ok", "starting", "silent")


def mark(key: str, at: datetime) -> None:
    """Leave a sign of life. It does not expire: what stopped long ago is silent, not starting."""
    cache.set(key, at.isoformat(), timeout=None)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return "down"
    return "ok"


def _sign(at: datetime, *keys: str) -> str:
    """The worst word about these signs of life; "starting" for one that was never given."""
    seen = cache.get_many(keys)
    words = {"starting" if key not in seen else _age_word(at, key, seen[key]) for key in keys}
    return max(words, key=WORDS.index)


def _age_word(at: datetime, key: str, seen: str) -> str:
    return "ok" if at - datetime.fromisoformat(seen) <= SILENT_AFTER[key] else "silent"


def state(at: datetime) -> dict[str, Any]:
    """Words per service and a verdict: ok, starting (no sign of life yet) or degraded."""
    parts = {"database": _database()}
    try:
        signs = {"worker": _sign(at, WORKER_KEY, QUEUE_KEY), "beat": _sign(at, BEAT_KEY)}
        parts |= {"redis": "ok", **signs}
    except redis.RedisError:
        parts |= {"redis": "down", "worker": "unknown", "beat": "unknown"}
    words = set(parts.values())
    verdict = "ok" if words == {"ok"} else "starting" if words <= {"ok", "starting"} else "degraded"
    return {"status": verdict, **parts}

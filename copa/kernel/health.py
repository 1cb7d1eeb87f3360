"""The state of what the product runs on: database, Redis, worker, beat."""

from datetime import datetime, timedelta
from typing import Any

import redis
from django.core.cache import cache
from django.db import Error, connection

# Beat writes its heartbeat through the worker every 30 seconds: one mark proves the queue, one proves the clock.
BEAT_KEY = "copa:beat"
WORKER_KEY = "copa:worker"
SILENT_AFTER = timedelta(seconds=120)


def mark(key: str, at: datetime) -> None:
    """Leave a sign of life."""
    cache.set(key, at.isoformat(), timeout=3600)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return "down"
    return "ok"


def _sign(key: str, at: datetime) -> str:
    seen = cache.get(key)
    if seen is None:
        return "starting"
    return "ok" if at - datetime.fromisoformat(seen) <= SILENT_AFTER else "silent"


def state(at: datetime) -> dict[str, Any]:
    """Words per service and a verdict: ok, starting (no sign of life yet) or degraded."""
    parts = {"database": _database()}
    try:
        cache.get("copa:ping")
        parts |= {"redis": "ok", "worker": _sign(WORKER_KEY, at), "beat": _sign(BEAT_KEY, at)}
    except redis.RedisError:
        parts |= {"redis": "down", "worker": "unknown", "beat": "unknown"}
    words = set(parts.values())
    verdict = "ok" if words == {"ok"} else "starting" if words <= {"ok", "starting"} else "degraded"
    return {"status": verdict, **parts}

"""The one schedule: what runs when, in UTC. Each entry fans out over territories and may run twice without harm."""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "heartbeat": {"task": "copa.heartbeat", "schedule": 30.0},
}

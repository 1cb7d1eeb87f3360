"""How often somebody who has not signed in may try, counted in the shared cache."""

from django.core.cache import cache


def is_too_often(key: str, *, limit: int, seconds: int) -> bool:
    """Count one try under this key; True from the one after `limit` on, until `seconds` after the first."""
    name = f"throttle:{key}"
    if cache.add(name, 1, timeout=seconds):
        return limit < 1
    try:
        return bool(cache.incr(name) > limit)
    except ValueError:  # it lapsed between the two
        return False

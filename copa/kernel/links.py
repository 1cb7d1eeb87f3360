"""Addresses inside the territory in scope: its slug is the first argument of every page of a territory."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

from copa.kernel import scope

_NO_ID = UUID(int=0)


@lru_cache(maxsize=1024)
def _address(place: tuple[str, str], name: str, *args: Any) -> str:
    return reverse(name, args=args)


def here(name: str, *args: Any) -> str:
    """The address of a page of the territory in scope."""
    slug = scope.current().slug
    # What else decides an address: the addresses in force and where the server mounts them.
    place = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
    if len(args) == 1 and isinstance(args[0], UUID):
        # A list links every row to the same page: found once, the address waits for the id.
        return _address(place, name, slug, _NO_ID).replace(str(_NO_ID), str(args[0]))
    return _address(place, name, slug, *args)

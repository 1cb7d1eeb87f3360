"""Addresses inside the territory in scope: its slug is the first argument of every page of a territory."""

from typing import Any

from django.urls import reverse

from copa.kernel import scope


def here(name: str, *args: Any) -> str:
    """The address of a page of the territory in scope."""
    return reverse(name, args=[scope.current().slug, *args])

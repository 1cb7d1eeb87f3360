"""Addresses of this app's pages inside a territory."""

from typing import Any

from django.urls import reverse

from tests.cast import VALLEES


def address(name: str, *args: Any, slug: str = VALLEES) -> str:
    """The page of this name; of the valleys unless told otherwise."""
    return reverse(f"pathways:{name}", args=[slug, *args])

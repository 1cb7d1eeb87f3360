"""Counting the queries of a page: the same with one row and with ten (style.md 56)."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count(client: Any, url: str, **query: str) -> int:
    """How many queries the page asks, after one call that warms what is cached; the page must answer 200."""
    client.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, query)
    assert response.status_code == 200
    return len(captured)

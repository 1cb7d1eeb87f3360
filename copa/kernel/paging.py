"""Pages of a list whose length is known."""

from typing import Any

from django.core.paginator import Page, Paginator


def counted_page(rows: Any, *, per_page: int, total: int, asked: str) -> Page[Any]:
    """The page asked for, by number as typed; what makes no sense is the first page, what is too far the last one.

    `total` is how many rows there are, for a page that has just counted them beside its filters.
    """
    paginator: Paginator[Any] = Paginator(rows, per_page)
    paginator.count = total
    return paginator.get_page(asked)

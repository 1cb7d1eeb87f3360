"""Guard-rails: what no test can forget to check (style.md 55)."""

import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpResponseBase
from django.test import Client, TestCase

_INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|\son[a-z]+=\"|\sstyle=\"|<style", re.I
)


class GuardedClient(Client):
    """A client whose requests run their on-commit hooks and whose pages carry no inline script or style."""

    def request(self, **request: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**request)
        refuse_inline_code(response)
        return response


def refuse_inline_code(response: HttpResponseBase) -> None:
    """Fail for code or style inside a page: the content security policy would block it."""
    if "text/html" in response.headers.get("Content-Type", "") and not response.streaming:
        found = _INLINE.search(response.content)  # type: ignore[attr-defined]
        assert not found, f"inline code in the page: {found.group(0)[:80]!r}"


def shuffle_unordered(patch: pytest.MonkeyPatch) -> None:
    """A query that does not say its order comes back in a random one."""
    original = SQLCompiler.get_order_by

    def get_order_by(self: SQLCompiler) -> list[Any]:
        order = original(self)
        query = self.query
        plain = not (query.distinct or query.group_by is not None or query.combinator or query.is_sliced)
        if not order and plain and not query.subquery and not query.select_for_update and type(self) is SQLCompiler:
            return [(OrderBy(Random()), ("RANDOM()", (), None))]
        return order

    patch.setattr(SQLCompiler, "get_order_by", get_order_by)


def stay_home(patch: pytest.MonkeyPatch) -> None:
    """No connection leaves the machine."""
    original: Callable[..., Any] = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        at_home = self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}
        assert at_home, f"a test may not connect to {address}"
        return original(self, address)

    patch.setattr(socket.socket, "connect", connect)

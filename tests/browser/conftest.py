"""A real site for a real browser: live server in this process, over a committed database."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, Page

from copa.kernel import scope
from tests import cast as cast_module
from tests.cast import Person


class Site:
    """Where the pages are, and a way in for each person of the cast."""

    def __init__(self, url: str, browser: Browser, cast: dict[str, Person]) -> None:
        self.url = url
        self.browser = browser
        self.cast = cast
        self.problems: list[str] = []

    def sign_in(self, who: str, width: int = 1440, height: int = 900) -> Page:
        """A page of this person's own browser, signed in; console errors are collected."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
        context.add_cookies([self.session_cookie(who)])
        return self._watched(context)

    def session_cookie(self, who: str) -> SetCookieParam:
        """A new session of this person."""
        return {"name": settings.SESSION_COOKIE_NAME, "value": self._session(who), "url": self.url}

    def visitor(self) -> Page:
        """A page of somebody who has not signed in."""
        return self._watched(self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR"))

    def _watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _session(self, who: str) -> str:
        user = self.cast[who].user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return str(session.session_key)


@pytest.fixture
def site(committed: None, browser: Browser) -> Iterator[Site]:
    """The product on a free port, over the committed database of this test."""
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert not server.error
    try:
        site = Site(f"http://127.0.0.1:{server.port}", browser, cast_module.load())
        yield site
        for context in browser.contexts:
            context.close()
    finally:
        server.terminate()
        connections.close_all()


@pytest.fixture
def write() -> Callable[[str], object]:
    """Open a territory to write rows directly: `with write("vallees"): …`."""
    return lambda slug: scope.opened(cast_module.inside(slug))

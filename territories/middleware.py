"""The two gates of every request: who are you, and where do you stand."""

import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.encoding import escape_uri_path

from copa.kernel import clock, one_time, readonly, scope, trace
from copa.kernel.answers import NOT_SIGNED_IN, dead_link, is_api, json_error, not_found
from territories.models import AccessLog, Mandate, Member, Territory, User

logger = logging.getLogger("copa.access")
GetResponse = Callable[[HttpRequest], HttpResponseBase]

IN_TERRITORY = re.compile(r"^/(?:api/v1/)?t/(?P<slug>[-a-zA-Z0-9_]+)/")
ABOVE_TERRITORIES = ("/ars/",)
# The page of a one-time link: nobody signs in, the token alone says what it opens.
BY_LINK = re.compile(r"^/(?:reponse|lecture|places|entree)/(?P<slug>[-a-zA-Z0-9_]+)/(?P<token>[-\w]{1,64})/$", re.ASCII)
# The space of a parent: her own cookie says who she is, whoever is signed in on the same device.
IN_SPACE = re.compile(r"^/espace/(?P<slug>[-a-zA-Z0-9_]+)/", re.ASCII)
SPACE_COOKIE = "copa_espace"
# Pages of allauth and of the admin write on GET by design (rate limits, last steps of a login).
WRITES_ON_GET = ("/accounts/", "/admin/")
# Asked again and again by an open page: they say nothing to a page whose session is over, and keep none awake.
IN_BACKGROUND = ("/alerts/watch/", "/report/answered/")
# Everything else asks who you are: the default is to refuse (style.md 33).
PUBLIC_URLS = frozenset(
    {
        "healthz",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "manifest",
        "links:answer",
        "copies:read",
        "capacity:answer",
        "entry:sign_in",
        "space:home",
        "space:leave",
        "space:close",
        "space:lost",
    }
)


def _is_public(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    # With its namespace: an app that calls a page "manifest" does not open it to everybody.
    return match.view_name in PUBLIC_URLS


def _is_background(request: HttpRequest) -> bool:
    return request.path_info.endswith(IN_BACKGROUND)


def _is_polled(request: HttpRequest) -> bool:
    """Whether an open page asks by itself, and not a person who types the address."""
    return _is_background(request) and "HX-Request" in request.headers


class LoginRequiredMiddleware:
    """Refuses by default: no page without a signed-in person, with two factors where they are required."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _is_public(request):
            return self.get_response(request)
        if request.user.is_authenticated and self._has_been_idle(request):
            logout(request)
        if not request.user.is_authenticated:
            # htmx leaves the page as it is: the sign-in form would land in the middle of it.
            return HttpResponse(status=204) if _is_polled(request) else self._ask_to_sign_in(request)
        if self._needs_second_factor(request):
            return redirect("mfa_index")
        response = self.get_response(request)
        # A ward computer is shared: after her, neither its disk nor the "back" button shows what she read.
        patch_cache_control(response, private=True, no_store=True)
        return response

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        """Whether she must first set up a second factor; the pages of her account stay open for that."""
        is_setting_up = request.path_info.startswith("/accounts/")
        return settings.COPA_TWO_FACTORS_REQUIRED and not is_setting_up and not is_mfa_enabled(request.user)

    @staticmethod
    def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
        if is_api(request):
            return json_error("not_authenticated", NOT_SIGNED_IN, 401)
        return redirect_to_login(request.get_full_path())

    @staticmethod
    def _has_been_idle(request: HttpRequest) -> bool:
        """Whether the session slept longer than SESSION_IDLE_MINUTES; renews it otherwise, once a minute at most."""
        at = clock.now()
        seen = request.session.get("seen_at")
        idle = (at - datetime.fromisoformat(seen)).total_seconds() if seen else 0
        if idle > settings.SESSION_IDLE_MINUTES * 60:
            return True
        if (not seen or idle > 60) and not _is_background(request):
            request.session["seen_at"] = at.isoformat()
        return False


class ScopeMiddleware:
    """Opens the scope of the page: one territory, or one region's aggregates, or neither.

    The scope, its transaction and the read-only cursor of a GET surround the view and its rendering. What the page
    read or refused is written after it, in the same transaction.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.member = None  # type: ignore[attr-defined]
        request.territory = None  # type: ignore[attr-defined]
        if match := BY_LINK.match(request.path_info):
            return self._by_link(request, match["slug"], f"link:{one_time.print_of(match['token'])[:16]}")
        if match := IN_SPACE.match(request.path_info):
            key = request.COOKIES.get(SPACE_COOKIE, "")
            return self._by_link(request, match["slug"], f"space:{one_time.print_of(key)[:16]}")
        if not request.user.is_authenticated:
            return self.get_response(request)
        me = scope.Scope(actor=f"user:{request.user.pk}", user_id=request.user.pk)
        with scope.opened(me):
            if match := IN_TERRITORY.match(request.path_info):
                return self._in_territory(request, match["slug"])
            if request.path_info.startswith(ABOVE_TERRITORIES):
                return self._above(request)
            return self._answer(request)

    def process_view(self, request: HttpRequest, view: object, args: list[object], kwargs: dict[str, object]) -> None:
        """Views of a territory do not repeat its slug: the scope knows it."""
        if request.territory is not None:  # type: ignore[attr-defined]
            kwargs.pop("slug", None)

    def _in_territory(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        member = _member_of(request, slug)
        if member is None:
            return self._refused(request, Territory.objects.filter(slug=slug).first())
        territory = member.territory
        request.territory, request.member = territory, member  # type: ignore[attr-defined]
        with scope.entered(territory_scope(request, territory)), timezone.override(territory.time_zone):
            return self._answer(request)

    def _by_link(self, request: HttpRequest, slug: str, actor: str) -> HttpResponseBase:
        """The territory of somebody without an account, whoever is signed in: the actor is her link or her session, by
        the print of its key."""
        territory = Territory.objects.filter(slug=slug).first()
        if territory is None:
            return dead_link(request)
        # Not the route: it holds the token, and history is read by many.
        place = scope.Scope(actor=actor, territory_id=territory.pk, slug=slug, reason=actor.partition(":")[0])
        with scope.opened(place), timezone.override(territory.time_zone), trace.postponed() as writes:
            with _cursor_for(request):
                response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                for write in writes:
                    write()
        return response

    def _above(self, request: HttpRequest) -> HttpResponseBase:
        mandates = Mandate.objects.current(clock.local_date(clock.now(), settings.TIME_ZONE))
        mandate = mandates.filter(user=request.user).select_related("region", "user").order_by("pk").first()
        if mandate is None:
            return self._refused(request, None)
        request.member = mandate  # type: ignore[attr-defined]
        region = scope.Scope(actor=f"user:{request.user.pk}", user_id=request.user.pk, region_code=mandate.region_scope)
        with scope.entered(region):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        with trace.collected() as notes, trace.postponed() as writes:
            with _cursor_for(request):
                response = self.get_response(request)
            if response.status_code >= 500:
                # Django has already turned the exception into an answer; its half-done writes must not stay.
                transaction.set_rollback(True)
            else:
                for write in writes:
                    write()
                if notes:
                    self._write(request, notes)
        return response

    @staticmethod
    def _write(request: HttpRequest, notes: list[trace.Note]) -> None:
        for entry in notes:
            if entry.refused:
                logger.warning("refused %s to user %s on %s", entry.what, request.user.pk, _route(request))
        # The page that asks was traced when it was opened; every half minute after it would bury the log.
        is_polled = _is_polled(request)
        kept = [entry for entry in notes if entry.refused or not is_polled]
        if scope.current().territory_id is not None:
            AccessLog.objects.bulk_create(_log_line(request, entry) for entry in kept)

    def _refused(self, request: HttpRequest, territory: Territory | None) -> HttpResponseBase:
        """404 for a place that is not hers, and a line in the log of the territory she knocked at."""
        entry = trace.Note(what="territory", family_id=None, refused=True)
        if territory is not None:
            with scope.opened(territory_scope(request, territory)):
                self._write(request, [entry])
        else:
            logger.warning("refused a place to user %s on %s", request.user.pk, _route(request))
        # Returned, not raised: an exception would roll back the line just written.
        return not_found(request)


def _member_of(request: HttpRequest, slug: str) -> Member | None:
    """The signed-in person as a member of this territory; None where she has no rights on its local day."""
    user = get_user(request)
    assert isinstance(user, User), "asked of somebody who signed in"
    # Not her structure: outside the scope its table answers nothing, and None would be remembered.
    rows = Member.unscoped.filter(user=user, territory__slug=slug).select_related("territory").order_by("pk")
    at = clock.now()
    for member in rows:
        # Her account is at hand: a join would read it a second time.
        member.user = user
        if member.is_current_on(clock.local_date(at, member.territory.time_zone)):
            return member
    return None


def territory_scope(request: HttpRequest, territory: Territory) -> scope.Scope:
    """The scope of a request in a territory; the actor of history is the signed-in user."""
    return scope.Scope(
        actor=f"user:{request.user.pk}",
        user_id=request.user.pk,
        territory_id=territory.pk,
        slug=territory.slug,
        reason=_route(request),
    )


def _route(request: HttpRequest) -> str:
    """What was asked, as in an address bar: a decoded line feed would forge log lines, PostgreSQL refuses a NUL."""
    return f"{request.method} {escape_uri_path(request.path_info)}"[:200]


def _cursor_for(request: HttpRequest) -> AbstractContextManager[None]:
    if request.method in {"GET", "HEAD", "OPTIONS"} and not request.path_info.startswith(WRITES_ON_GET):
        return readonly.reading_only()
    return nullcontext()


def _log_line(request: HttpRequest, entry: trace.Note) -> AccessLog:
    return AccessLog(
        user_id=request.user.pk,
        family_id=entry.family_id,
        what=entry.what,
        route=_route(request),
        is_refused=entry.refused,
        at=clock.now(),
    )

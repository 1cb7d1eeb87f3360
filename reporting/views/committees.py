"""Above territories: the register of committees, as a region or the whole programme reads it (R091, R092)."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from territories.views.committees import Door, answer_cancel, answer_new, answer_register


def _door(request: HttpRequest) -> Door:
    mandate = request.member  # type: ignore[attr-defined]
    return Door(
        register=reverse("ars:committees"),
        new=reverse("ars:committee_new"),
        cancel=lambda key: reverse("ars:committee_cancel", args=[key]),
        today=clock.local_date(clock.now(), settings.TIME_ZONE),
        region=mandate.region,
    )


@require_GET
def committees(request: HttpRequest) -> HttpResponse:
    """The register."""
    return answer_register(request, _door(request))


@require_http_methods(["GET", "POST"])
def committee_new(request: HttpRequest) -> HttpResponse:
    """Note the committee of the region, or the national one."""
    return answer_new(request, _door(request))


@require_POST
def committee_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It was noted by mistake."""
    return answer_cancel(request, public_id, _door(request))

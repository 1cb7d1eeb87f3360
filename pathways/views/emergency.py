"""The emergency numbers of the territory: read by everybody who sees the procedures, set by the binôme."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.emergency import set_emergency_number
from pathways.forms.emergency import EmergencyNumberForm
from pathways.reads.emergency import NumberRow, numbers_page


@require_GET
def emergency_numbers(request: HttpRequest) -> HttpResponse:
    """Every number in force and who changed it when."""
    require(perms.SEE_EMERGENCY_NUMBERS, request.member)
    may_set = perms.SET_EMERGENCY_NUMBER.is_held_by(request.member)
    return render(request, "pathways/emergency_numbers.html", {"page": numbers_page(), "may_set": may_set})


@require_http_methods(["GET", "POST"])
def emergency_number(request: HttpRequest) -> HttpResponse:
    """Change one; `?usage=` says which, any other value goes back to the list."""
    require(perms.SET_EMERGENCY_NUMBER, request.member)
    row = next((one for one in numbers_page().rows if one.use == request.GET.get("usage")), None)
    if row is None:
        return redirect(here("pathways:emergency_numbers"))
    return _change(request, row)


def _change(request: HttpRequest, row: NumberRow) -> HttpResponse:
    form = EmergencyNumberForm(posted(request), row=row)

    def act() -> HttpResponse:
        region = request.territory.phone_region
        at = clock.now()
        set_emergency_number(use=row.use, region=region, by=request.member, at=at, **form.cleaned_data)
        messages.success(request, "Le numéro est réglé. Les procédures et la tablette le montrent.")
        return redirect(here("pathways:emergency_numbers"))

    return acted(request, form, act) or show(request, "pathways/emergency_number.html", form, row=row)

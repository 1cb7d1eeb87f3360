"""Closing a pathway."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from visits import perms
from visits.actions.closing import close_pathway as close
from visits.forms.closing import CloseForm
from visits.reads.closing import closing_page


@require_http_methods(["GET", "POST"])
def close_pathway(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say why the pathway ends; what forbids it is told before anybody asks."""
    pathway = fetch(perms.CLOSE_PATHWAY, request.member, public_id=public_id)
    page = closing_page(pathway)
    form = CloseForm(
        posted(request),
        is_complete=page.is_complete,
        has_planned=page.has_planned,
        is_third_left=page.is_third_left,
    )
    if request.method == "POST" and form.is_valid():
        try:
            close(
                pathway=pathway,
                reason=form.cleaned_data["reason"],
                by=request.member,
                at=clock.now(),
                cancels_planned=form.cleaned_data.get("cancels_planned", False),
                leaves_third=form.cleaned_data.get("leaves_third", False),
            )
        except BusinessError as error:
            show_in_form(form, error)
        else:
            messages.success(request, "Parcours clos.")
            return redirect(here("visits:family", pathway.family.public_id))
    context = {"page": page, "form": form, "pathway": pathway}
    return render(request, "visits/close_pathway.html", context, status=422 if form.is_bound else 200)

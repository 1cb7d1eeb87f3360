"""The delays after which an alert calls the next person: the programme's, and those of this territory."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.delays import set_delay
from pathways.forms.delays import DelayForm
from pathways.reads.delays import DelayLine, DelaysPage, delays_page


@require_http_methods(["GET", "POST"])
def alert_delays(request: HttpRequest) -> HttpResponse:
    """Every family with its delay; `?famille=` opens the form of one."""
    require(perms.SET_ALERT_DELAYS, request.member)
    page = delays_page(clock.now())
    line = next((one for one in page.lines if one.family == request.GET.get("famille")), None)
    if line is None:
        return render(request, "pathways/alert_delays.html", {"page": page, "line": None})
    return _change(request, page, line)


def _change(request: HttpRequest, page: DelaysPage, line: DelayLine) -> HttpResponse:
    form = DelayForm(posted(request), line=line)

    def act() -> HttpResponse:
        set_delay(family=line.family, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "Le délai est réglé. Les alertes déjà levées gardent le leur.")
        return redirect(here("pathways:alert_delays"))

    answer = acted(request, form, act)
    return answer or show(request, "pathways/alert_delays.html", form, page=page, line=line)

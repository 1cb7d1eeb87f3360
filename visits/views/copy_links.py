"""The page of a reading link: outside any sign-in, a code first, the report once, on screen or on paper."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from copa.kernel import clock, trace
from copa.kernel.answers import dead_link
from copa.kernel.errors import BusinessError
from pathways.actions import answer_links
from pathways.enums import LinkStep
from pathways.forms.needs import CodeForm
from pathways.reads.dead_links import DeadLink, dead_link_of
from pathways.views.answer_links import typed_code
from territories.views.one_time import is_guessing, link_page
from visits import pdf
from visits.actions import copies
from visits.actions.copies import Reading
from visits.reads.report import ReportPage, copy_page, file_name


@never_cache
@require_http_methods(["GET", "POST"])
def read_copy(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Code and report of one link. A guessed one gets the same 404, whatever is wrong with it."""
    if is_guessing(request):
        return _page(request, "too_often", status=429)
    at = clock.now()
    found = copies.reading(token=token, at=at)
    if found is None:
        return dead_link(request, dead=_dead(token, at))
    if request.method == "GET":
        trace.later(lambda: answer_links.note_step(link=found.link, step=LinkStep.OPENED, at=at))
    if found.is_read:
        return _page(request, "read", dead=_dead(token, at))
    return _read(request, found, token, at) if request.method == "POST" else _page(request, "code", form=CodeForm())


def _read(request: HttpRequest, found: Reading, token: str, at: datetime) -> HttpResponse:
    form = typed_code(request, found.link, at)
    if not form.is_valid():
        return _page(request, "code", form=form, status=422)
    try:
        copies.read_by_link(found=found, at=at)
    except BusinessError:
        return _page(request, "read", dead=_dead(token, at))
    territory = found.copy.territory
    shown = copy_page(found.copy.report, found.copy.recipient, territory.time_zone, at)
    if "paper" in request.POST:
        return _paper(shown, territory.name, at)
    return _page(request, "report", page=shown, now=at)


def _paper(page: ReportPage, territory: str, at: datetime) -> HttpResponse:
    answer = HttpResponse(pdf.report_pdf(page, territory, at), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(page)}"'
    return answer


def _dead(token: str, at: datetime) -> DeadLink | None:
    return dead_link_of(token=token, is_reading=True, at=at)


def _page(request: HttpRequest, step: str, *, status: int = 200, **context: object) -> HttpResponse:
    return link_page(request, "links/report.html", step, status, **{"form": None, "page": None, **context})

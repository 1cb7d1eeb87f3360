"""The quarter of a territory and its exports."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from copa.kernel import clock, jobs, trace
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.links import here
from copa.kernel.quarters import Quarter
from reporting import actions, perms, tasks
from reporting.forms import QuarterForm, quarter_of
from reporting.reads import territory as reads

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
def quarter(request: HttpRequest) -> HttpResponse:
    """Three indicators, the quarters before, the definitions and the exports."""
    require(perms.SEE_FIGURES, request.member)  # type: ignore[attr-defined]
    return _page(request, quarter_of(request.GET.get("quarter")))


@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Compute the quarter again now, without waiting for the night."""
    require(perms.COMPUTE_FIGURES, request.member)  # type: ignore[attr-defined]
    form = QuarterForm(request.POST)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    asked: Quarter = form.cleaned_data["quarter"]
    jobs.after_commit(tasks.compute_figures, asked.code)
    messages.success(request, f"Les indicateurs du {asked.label} sont recalculés. Actualisez dans un instant.")
    return redirect(f"{here('reporting:quarter')}?quarter={asked.code}")


@require_POST
def export_request(request: HttpRequest) -> HttpResponse:
    """Ask for the export of a quarter; the page then shows its progress."""
    member = request.member  # type: ignore[attr-defined]
    require(perms.REQUEST_EXPORT, member)
    form = QuarterForm(request.POST)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    asked: Quarter = form.cleaned_data["quarter"]
    try:
        run = actions.request_export(quarter=asked, requested_by=member, at=clock.now())
    except BusinessError as error:
        show_in_form(form, error)
        return _page(request, asked, form, status=422)
    jobs.after_commit(tasks.run_export, run.pk)
    messages.success(request, f"L’export du {asked.label} commence.")
    return redirect(f"{here('reporting:quarter')}?quarter={asked.code}#exports")


@require_GET
def export_status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far an export is: the fragment that the page asks again every two seconds."""
    member = request.member  # type: ignore[attr-defined]
    run = fetch(perms.SEE_EXPORTS, member, public_id=public_id)
    return render(request, "reporting/_run.html", {"run": reads.shown_run(run, member)})


@require_GET
def export_file(request: HttpRequest, public_id: UUID, kind: str) -> FileResponse:
    """A file of a done export; who takes it is noted."""
    run = fetch(perms.DOWNLOAD_EXPORT, request.member, public_id=public_id)  # type: ignore[attr-defined]
    path = reads.file_of(run, kind)
    if path is None:
        raise Http404
    trace.note(trace.Note(what=perms.DOWNLOAD_EXPORT.code, family_id=None))
    name = f"copa-{run.territory.slug}-{Quarter.of(run.quarter_on).code}.{kind}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def _page(
    request: HttpRequest, asked: Quarter | None, form: QuarterForm | None = None, status: int = 200
) -> HttpResponse:
    page = reads.quarter_page(asked, request.member, clock.now())  # type: ignore[attr-defined]
    return render(request, "reporting/quarter.html", {"page": page, "form": form or QuarterForm()}, status=status)

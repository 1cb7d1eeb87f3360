"""Above territories: the figures of a region, its report on one page, its file. No family is within reach."""

import csv
import io
import logging

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.tabular import safe
from reporting import pdf, perms
from reporting.files import FIGURE_COLUMNS, figure_rows
from reporting.forms import quarter_of
from reporting.reads import region as reads
from reporting.reads.region import Overview
from reporting.reads.volumes import national_volumes

logger = logging.getLogger("copa.access")
PAGE_SIZE = 25


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How the territories of the region do this quarter."""
    view = _overview(request)
    context = {
        "view": view,
        "title": reads.title_of(view),
        "lead": reads.lead_of(view),
        "table_title": reads.table_title_of(view),
        "volumes": national_volumes(request.member),  # type: ignore[attr-defined]
        "page": Paginator(view.rows, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "reporting/ars.html", context)


@require_GET
def report_pdf(request: HttpRequest) -> HttpResponse:
    """The activity report of the quarter on A4: of the whole region, or of one of its territories."""
    view = _overview(request)
    slug = request.GET.get("territory", "")
    row = view.only(slug) if slug else view.total
    if row is None or not view.is_computed:
        logger.warning("refused report of %r to user %s", slug, request.user.pk)
        raise Http404
    logger.info("report %s of %s taken by user %s", view.quarter.code, slug or view.place, request.user.pk)
    content = pdf.activity_report(view, row, clock.now())
    return _file(content, "application/pdf", f"copa-rapport-{slug or 'region'}-{view.quarter.code}.pdf")


@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The figures of the quarter as a file: the masked table, with its total."""
    view = _overview(request)
    logger.info("figures %s of %s taken by user %s", view.quarter.code, view.place, request.user.pk)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(name for name, _ in FIGURE_COLUMNS)
    writer.writerows([safe(cell(row)) for _, cell in FIGURE_COLUMNS] for row in figure_rows(view))
    content = f"\ufeff{text.getvalue()}".encode()
    return _file(content, "text/csv; charset=utf-8", f"copa-chiffres-{view.quarter.code}.csv")


def _overview(request: HttpRequest) -> Overview:
    mandate = request.member  # type: ignore[attr-defined]
    require(perms.SEE_REGION, mandate)
    asked = quarter_of(request.GET.get("quarter"))
    return reads.overview(asked, mandate, request.GET.get("tri", ""), clock.now())


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)

"""An adhesion signed on paper: adding its scan, opening it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.answers import sent_file
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.adhesion_scans import NOT_ON_PAPER, keep_scan
from pathways.enums import ConsentMode
from pathways.forms.adhesion_scans import ScanForm
from pathways.models import Consent, Family
from pathways.reads.facts import family_facts


@require_http_methods(["GET", "POST"])
def adhesion_scan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a scan to the last adhesion of this mother, when it was signed on paper."""
    family = fetch(perms.KEEP_ADHESION, request.member, public_id=public_id)
    consent = Consent.objects.filter(family=family).order_by("-at", "-pk").first()
    if consent is None:
        raise Http404
    if request.method == "GET" and consent.mode != ConsentMode.PAPER:
        messages.warning(request, NOT_ON_PAPER)
        return redirect(here("pathways:recipients", family.public_id))
    form = ScanForm(posted(request), request.FILES if request.method == "POST" else None)
    answer = acted(request, form, lambda: _keep(request, family, form))
    facts = family_facts(family.pk, clock.now())
    return answer or show(request, "pathways/adhesion_scan.html", form, family=facts, consent=consent)


def _keep(request: HttpRequest, family: Family, form: ScanForm) -> HttpResponse:
    # The one she had under her eyes: another may have been noted since.
    consent = get_object_or_404(Consent, family=family, public_id=form.cleaned_data["adhesion"])
    keep_scan(consent=consent, sent=form.sent, by=request.member, at=clock.now())
    messages.success(request, "L’adhésion signée est gardée.")
    return redirect(here("pathways:recipients", family.public_id))


@require_GET
def adhesion_scan_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The scan as it was sent; each reading is logged."""
    scan = fetch(perms.READ_ADHESION, request.member, public_id=public_id)
    content = bytes(scan.content)
    return sent_file(content, "adhesion.jpg", "image/jpeg") if scan.is_photo else sent_file(content, "adhesion.pdf")

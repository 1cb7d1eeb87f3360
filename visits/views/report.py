"""The report on the AP's tablet, and the signed report for everybody who may read it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.polled import polled
from pathways.reads.alerts import answered_signs
from pathways.rules.device import device_clock
from visits import pdf, perms
from visits.actions import delivery
from visits.actions import report as actions
from visits.forms.addendum import AddendumForm
from visits.forms.conduct import NoteForm
from visits.models import Report, Visit
from visits.questionnaire import raw_from_form
from visits.questionnaire.client import sign_fields
from visits.reads import report as reads
from visits.reads.conflict import conflict, whole_page
from visits.reads.copies import copies_of
from visits.reads.deviations import rows_of_visit
from visits.reads.drafts import draft_of
from visits.reads.handed import HandOffer, hand_offer
from visits.reads.red_button import open_sign_of
from visits.reads.standing import MourningPage, kept_page, mourning_page, standing_of
from visits.reads.writing import WritingPage, saved_words, writing_page
from visits.views.tour import tour

NOT_STARTED = "Notez d’abord votre arrivée avec « J’entre »."


# ---- Writing ----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def report_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form. A POST keeps the draft for a page without script, which cannot do it by itself."""
    visit = fetch(perms.SEND_REPORT, request.member, public_id=public_id)
    if request.method == "POST":
        return _write(request, visit, signs=False)
    at = clock.now()
    draft = draft_of(visit, at)
    if draft.report is not None and draft.is_signed:
        return redirect(here("visits:report", draft.report.public_id))
    if draft.facts.is_in_mourning:
        return _mourning_page(request, mourning_page(draft, at))
    offer = hand_offer(draft, request.member, at)
    return _form_page(request, writing_page(draft, screen=uuid4().hex, at=at), offer=offer)


@require_POST
def report_note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The free note of a visit whose family is in mourning."""
    visit = fetch(perms.SEND_REPORT, request.member, public_id=public_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_note(visit=visit, author=request.member, text=form.cleaned_data["note"], at=clock.now())
        except BusinessError as error:
            show_in_form(form, error)
        else:
            messages.success(request, "Votre mot est gardé. L’équipe peut le lire.")
            return redirect(here("visits:report_edit", visit.public_id))
    at = clock.now()
    return _mourning_page(request, mourning_page(draft_of(visit, at), at), form)


def _mourning_page(request: HttpRequest, page: MourningPage, form: NoteForm | None = None) -> HttpResponse:
    form = form or NoteForm(initial={"note": page.note})
    context = {"page": page, "form": form, "now": clock.now()}
    return render(request, "visits/mourning.html", context, status=422 if form.is_bound else 200)


@require_POST
def report_sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep what is on the page, then sign it and hand it over to the team."""
    visit = fetch(perms.SEND_REPORT, request.member, public_id=public_id)
    return _write(request, visit, signs=True)


def _write(request: HttpRequest, visit: Visit, *, signs: bool) -> HttpResponse:
    at = clock.now()
    draft = draft_of(visit, at)
    if draft.report is not None and draft.is_signed:
        # Sent twice: the same answer as the first time.
        return _handed_over(request, draft.report)
    document = raw_from_form(draft.questionnaire, request.POST)
    origin = _origin(request.POST)
    try:
        actions.save_draft(visit=visit, author=request.member, document=document, origin=origin, at=at)
        if not signs:
            messages.success(request, "Brouillon gardé.")
            return redirect(here("visits:report_edit", visit.public_id))
        report = actions.sign_report(visit=visit, author=request.member, at=at)
    except BusinessError as error:
        return _refused(request, visit, document, error)
    return _handed_over(request, report)


def _handed_over(request: HttpRequest, report: Report) -> HttpResponse:
    """The signed report, and how far it is: the delivery is a task of its own, it follows the signature."""
    is_delivered = Visit.objects.filter(pk=report.visit_id, report_delivered_at__isnull=False).exists()
    words = "Compte rendu remis à l’équipe." if is_delivered else "Compte rendu signé. Il part vers l’équipe."
    messages.success(request, words)
    return redirect(here("visits:report", report.public_id))


def _refused(request: HttpRequest, visit: Visit, document: Mapping[str, Any], error: BusinessError) -> HttpResponse:
    """The page again, with everything typed, and why it was not taken."""
    at = clock.now()
    screen = request.POST.get("_screen", "")[:36] or uuid4().hex
    draft = draft_of(visit, at)
    if isinstance(error, actions.StaleRevision):
        other = conflict(error.theirs, error.mine, error.merge)
        page = writing_page(draft, screen=screen, at=at, document=document, other=other)
        return _form_page(request, page, status=409)
    if isinstance(error, actions.IncompleteReport):
        return _form_page(request, writing_page(draft, screen=screen, at=at, shows_missing=True), status=422)
    if isinstance(error, actions.RefusedAnswers):
        page = writing_page(draft, screen=screen, at=at, document=document, errors=error.fields)
        return _form_page(request, page, status=400)
    messages.error(request, error.message)
    # After a death the address of the form shows what may still be written.
    return redirect(here("visits:report_edit", visit.public_id) if draft.facts.is_in_mourning else tour(request))


def _form_page(
    request: HttpRequest, page: WritingPage, status: int = 200, *, offer: HandOffer | None = None
) -> HttpResponse:
    at = clock.now()
    answered = answered_signs(request.member, at, family_id=page.family_id)
    context = {"page": page, "form": page.form, "now": at, "answered": answered, "offer": offer}
    context["open_sign"] = open_sign_of(page.visit_id, request.member)
    return render(request, "visits/report_edit.html", context, status=status)


@require_GET
def report_answered(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sign of this report nobody answers yet, who answers those of this family, and what she is asked to do; the
    page she writes on asks by itself.

    Nothing comes back while it already says so.
    """
    visit = fetch(perms.SEND_REPORT, request.member, public_id=public_id)
    at = clock.now()
    answered = answered_signs(request.member, at, family_id=visit.family_id)
    open_sign = open_sign_of(visit.public_id, request.member)
    return polled(request, "visits/_report_answered.html", {"answered": answered, "open_sign": open_sign, "now": at})


@require_http_methods(["POST", "PUT"])
def report_draft(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Autosave: {revision, screen, version, base, answers} → {revision, saved_at, saved_words, alerts, errors,
    warnings, standing}.

    `noticed_at` and `device_at` of what is sent are the tablet's hours, of the first sign ticked and of the sending.
    A `standing` that is not the page's: it was drawn before a death or a withdrawal. When another screen had saved
    meanwhile, and nothing is in conflict, also {base, values}: what stands now.
    """
    visit = fetch(perms.SEND_REPORT, request.member, public_id=public_id)
    body = _body(request)
    if body is None:
        return _problem("invalid", "Cet envoi n’est pas lisible.", 400)
    try:
        device = device_clock(body.get("noticed_at"), body.get("device_at"))
        origin, at = _origin(body), clock.now()
        saved = actions.save_draft(
            visit=visit, author=request.member, document=body["answers"], origin=origin, at=at, device=device
        )
    except actions.RefusedAnswers as error:
        return _problem(error.code, error.message, 400, error.fields)
    except actions.StaleRevision as error:
        theirs = conflict(error.theirs, error.mine, error.merge).as_json()
        return _problem(error.code, error.message, 409, theirs=theirs)
    except BusinessError as error:
        return _problem(error.code, error.message, 409)
    return JsonResponse(
        {
            "revision": saved.report.revision,
            "saved_at": saved.report.saved_at.isoformat(),
            "saved_words": saved_words(saved.report.saved_at),
            "alerts": saved.families,
            "signs": sign_fields(saved.facts.questionnaire, saved.alerts),
            "errors": saved.result.errors,
            "warnings": saved.result.warnings,
            "standing": standing_of(visit.pk),
            **(whole_page(saved.facts, saved.result) if saved.is_merged else {}),
        }
    )


def _body(request: HttpRequest) -> dict[str, Any] | None:
    """The JSON of a draft, None when it is not one: nested without end, or text that no encoding can keep."""
    try:
        body = json.loads(request.body)
        # Half a surrogate pair is valid JSON and no text: writing it out as UTF-8 is what finds it.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    is_draft = isinstance(body, dict) and isinstance(body.get("answers"), dict)
    return body if is_draft else None


def _origin(source: Mapping[str, Any]) -> actions.Origin:
    """Where a document comes from; hidden fields of the page start with an underscore, JSON keys do not."""

    def word(name: str) -> str:
        return str(source.get(f"_{name}", source.get(name, ""))).replace("\x00", "")

    revision = word("revision")
    return actions.Origin(
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
        screen=word("screen")[:36],
        version=word("version"),
        base=base if isinstance(base := source.get("base"), dict) else None,
    )


def _problem(
    code: str, message: str, status: int, fields: Mapping[str, str] | None = None, **more: Any
) -> JsonResponse:
    shown = {path: [text] for path, text in (fields or {}).items()}
    return JsonResponse({"code": code, "message": message, "fields": shown, **more}, status=status)


# ---- Reading ----------------------------------------------------------------------------------------------
@require_GET
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A signed report, as this reader's copy shows it."""
    found = fetch(perms.READ_REPORT, request.member, public_id=public_id)
    at = clock.now()
    context = {
        "page": reads.report_page(found, request.member, at),
        "report": found,
        "deviations": rows_of_visit(request.member, found.visit_id),
        "copies": copies_of(found, request.member, at),
        "now": at,
    }
    return render(request, "visits/report.html", context)


@require_GET
def report_proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far the delivery is; the page asks again until the report has arrived.

    It tells nothing of the family and asks every few seconds: the reading was noted with the page, only a refusal is
    noted here.
    """
    mine = perms.READ_REPORT.rows(request.member).filter(public_id=public_id).first()
    found = mine or fetch(perms.READ_REPORT, request.member, public_id=public_id)
    at = clock.now()
    return render(
        request, "visits/_report_proof.html", {"page": reads.report_page(found, request.member, at), "now": at}
    )


@require_GET
def report_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same copy on paper. Its file name says no name."""
    found = fetch(perms.READ_REPORT, request.member, public_id=public_id)
    page = reads.report_page(found, request.member, clock.now())
    response = HttpResponse(pdf.report_pdf(page, request.territory.name, clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{reads.file_name(page)}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def kept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For the team: what was written for a visit when its pathway stopped."""
    found = fetch(perms.READ_KEPT, request.member, visit__public_id=public_id)
    return render(request, "visits/kept.html", {"page": kept_page(found, clock.now())})


@require_POST
def opened(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody of the receiving team has it before her eyes: the last step of the proof.

    Reading a page writes nothing, so the page says so itself once it is shown, and « J’ai lu » does it without script.
    """
    found = fetch(perms.OPEN_REPORT, request.member, public_id=public_id)
    delivery.open_report(report=found, by=request.member, at=clock.now())
    if "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return redirect(here("visits:report", public_id))


@require_http_methods(["GET", "POST"])
def addendum(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Complete or correct a signed report: what was signed stays, the addendum stands under it."""
    found = fetch(perms.COMPLETE_REPORT, request.member, public_id=public_id)
    form = AddendumForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_addendum(report=found, author=request.member, at=clock.now(), **form.cleaned_data)
        except BusinessError as error:
            show_in_form(form, error)
        else:
            messages.success(request, "Complément ajouté. L’équipe est prévenue.")
            return redirect(here("visits:report", public_id))
    page = reads.report_page(found, request.member, clock.now())
    return render(request, "visits/addendum.html", {"form": form, "page": page}, status=422 if form.is_bound else 200)


@require_GET
def sealed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sealed compartment, for its named readers; each reading leaves its own line in the log."""
    found = fetch(perms.READ_SEALED, request.member, report__public_id=public_id)
    return render(request, "visits/sealed.html", {"page": reads.sealed_page(found)})

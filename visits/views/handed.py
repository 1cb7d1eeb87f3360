"""The one page of a tablet in the mother's hands, the code that ends it, and where her answers are taken up."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel import handed as session
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError
from copa.kernel.french import agree
from copa.kernel.links import here
from pathways import perms as pathway_perms
from pathways.actions import handings as actions
from pathways.enums import HandedKind, HandedOutcome
from pathways.forms.handings import CodeForm
from pathways.models import Alert, Birth, Handing
from pathways.reads.handings import given, handed_page, handing_of, is_over
from pathways.rules.handings import WRONG_CODES
from pathways.views.handings import begin_epds, hand_scale
from visits import perms
from visits.actions.handed import take_into_report
from visits.models import Visit
from visits.reads.drafts import draft_of
from visits.reads.handed import may_be_handed

STOPPED = "L’accompagnement s’est arrêté entre-temps\u00a0: rien n’est noté. Appelez l’équipe de référence."
STILL_HERS = "La tablette est encore dans ses mains\u00a0: tapez d’abord le code sur cette tablette."
NOT_ASKED = "Ce compte rendu ne demande pas le questionnaire sur le moral."


# ---- Handing it from a report -----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def hand_report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The scale of a visit: her answers go into its report."""
    visit = fetch(perms.HAND_REPORT, request.member, public_id=public_id)
    way_back = here("visits:report_edit", visit.public_id)
    draft = draft_of(visit, clock.now())
    if not may_be_handed(draft):
        messages.warning(request, NOT_ASKED)
        return redirect(way_back)
    about = {"pathway": visit.pathway, "source_id": visit.public_id}
    return hand_scale(
        request,
        visit.family,
        lambda data, at: begin_epds(request, data, at, **about),
        way_back,
        source_id=visit.public_id,
    )


# ---- In her hands -----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def handed(request: HttpRequest) -> HttpResponse:
    """One question on one screen. A POST keeps an answer and shows the next one."""
    handing = _of_session(request)
    if handing is None:
        return redirect("home")
    if request.method == "POST":
        try:
            _keep(request, handing)
        except BusinessError as refusal:
            return _page(request, handing, problem=refusal.message)
        return redirect(here("visits:handed"))
    return _page(request, handing)


def _keep(request: HttpRequest, handing: Handing) -> None:
    item, value = request.POST.get("item", ""), request.POST.get("value")
    if "skip" in request.POST:
        value = ""
    elif not value:
        raise BusinessError("no_answer", "Choisissez une réponse, ou touchez « Je préfère ne pas répondre ».")
    actions.keep_answer(handing=handing, item=item, value=value, at=clock.now())


def _page(request: HttpRequest, handing: Handing, *, problem: str = "", form: CodeForm | None = None) -> HttpResponse:
    asked = request.POST.get("number") if problem else request.GET.get("q")
    page = handed_page(handing, int(asked) if asked and asked.isdecimal() and len(asked) < 3 else None)
    context = {
        "page": page,
        "problem": problem,
        "key": handing.public_id,
        "form": form or CodeForm(),
        "is_refused": form is not None,
        "idle_seconds": int(session.IDLE.total_seconds()),
    }
    return render(request, "visits/handed.html", context, status=422 if problem or form else 200)


def _of_session(request: HttpRequest) -> Handing | None:
    held = session.held(request)
    return handing_of(held.key, request.member) if held else None


# ---- Back in the hands of whoever handed it ---------------------------------------------------------------
@require_POST
def handed_back(request: HttpRequest) -> HttpResponse:
    """The code. A fifth wrong one signs her out; what the mother answered waits for her."""
    held, handing = session.held(request), _of_session(request)
    if held is None or handing is None:
        return redirect("home")
    form = CodeForm(request.POST)
    # Counted before it is looked at: several tries at once are still five.
    tries = actions.note_wrong_code(handing=handing)
    if tries <= WRONG_CODES and form.is_valid() and held.opens_with(form.cleaned_data["code"]):
        session.take_back(request)
        actions.give_back(handing=handing, at=clock.now())
        return _taken_back(request, handing)
    if tries >= WRONG_CODES:
        actions.give_back(handing=handing, at=clock.now())
        logout(request)
        return redirect(settings.LOGIN_URL)
    left = WRONG_CODES - tries
    form.add_error("code", f"Ce n’est pas le code. Encore {left} {agree(left, 'essai')}.")
    return _page(request, handing, form=form)


def _taken_back(request: HttpRequest, handing: Handing) -> HttpResponse:
    at, alert = clock.now(), actions.tenth_alert(handing)
    if is_over(handing):
        actions.close_handing(handing=handing, outcome=HandedOutcome.STOPPED, at=at)
        messages.warning(request, STOPPED)
        return redirect(_procedure(request, alert) or here("visits:family", handing.family.public_id))
    answers = given(handing)
    if not answers.answered:
        actions.close_handing(handing=handing, outcome=HandedOutcome.CANCELLED, at=at)
        messages.info(request, "La tablette est à vous. Elle n’a répondu à aucune question.")
        return redirect(_origin(handing))
    if not answers.is_finished:
        return redirect(here("visits:handing", handing.public_id))
    return _take(request, handing)


def _origin(handing: Handing) -> str:
    """The page of the action behind."""
    if handing.source_id is not None:
        return here("visits:report_edit", handing.source_id)
    if handing.kind == HandedKind.EPDS:
        return here("pathways:epds_new", handing.family.public_id)
    if handing.pathway_id is not None:
        return here("pathways:recipients_ask", handing.family.public_id)
    birth = Birth.objects.filter(family=handing.family_id).order_by("-at", "-pk").values_list("public_id", flat=True)
    return here("pathways:inclusion", birth[0])


def _procedure(request: HttpRequest, alert: Alert | None) -> str:
    """Where the danger she told is dealt with, before anything else (alerts.md 5.5); "" without any."""
    if alert is None:
        return ""
    if perms.SEE_PROCEDURE.allows(request.member, alert):
        return here("visits:procedure", alert.public_id)
    may_see = pathway_perms.SEE_ALERTS.allows(request.member, alert)
    return here("pathways:alert", alert.public_id) if may_see else ""


def _take(request: HttpRequest, handing: Handing) -> HttpResponse:
    """A report gets them at once, as a draft, and shows the procedure of an alert first; the other pages show them
    filled in, under that procedure."""
    if handing.source_id is not None:
        alert = actions.tenth_alert(handing)
        visit: Visit = fetch(perms.SEND_REPORT, request.member, public_id=handing.source_id)
        try:
            take_into_report(visit=visit, given=given(handing), author=request.member, at=clock.now())
        except BusinessError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "Ses réponses sont dans le compte rendu.")
        return redirect(_procedure(request, alert) or _origin(handing))
    return redirect(_origin(handing))


@require_GET
def handing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What waits: how far she came, without any answer, and what to do with it."""
    found = fetch(pathway_perms.TAKE_HANDED, request.member, public_id=public_id)
    if not _is_back(found):
        messages.warning(request, STILL_HERS)
        return redirect(_origin(found))
    return render(request, "visits/handing.html", {"given": given(found), "way_back": _origin(found)})


@require_POST
def take_handed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take up what she gave."""
    found = fetch(pathway_perms.TAKE_HANDED, request.member, public_id=public_id)
    if _is_back(found):
        return _take(request, found)
    messages.warning(request, STILL_HERS)
    return redirect(_origin(found))


@require_POST
def drop_handed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nobody wants them: they are erased."""
    found = fetch(pathway_perms.TAKE_HANDED, request.member, public_id=public_id)
    if _is_back(found):
        actions.close_handing(handing=found, outcome=HandedOutcome.CANCELLED, at=clock.now())
        messages.success(request, "Ses réponses sont effacées.")
    else:
        messages.warning(request, STILL_HERS)
    return redirect(_origin(found))


def _is_back(found: Handing) -> bool:
    return bool(Handing.objects.given_back(clock.now()).filter(pk=found.pk).exists())

"""Pages of the protocols of a territory and of the documents of the programme."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted
from territories import perms
from territories.actions import protocols as actions
from territories.library import LIBRARY
from territories.models import Protocol
from territories.partnership_forms import sent
from territories.protocol_forms import ProtocolForm, VersionForm
from territories.reads import protocols as reads
from territories.views.page import answer_pdf, show, today_of

_FORM = "territories/steering/form.html"
_ABOUT = {"section": "Protocoles", "home": "territories:protocols", "verb": "Publier"}


@require_GET
def protocols(request: HttpRequest) -> HttpResponse:
    """Every protocol with its version in force, and the documents of the programme."""
    require(perms.SEE_PROTOCOLS, request.member)
    may_publish = perms.PUBLISH_PROTOCOL.is_held_by(request.member)
    context = {"protocols": reads.protocols(today_of(request)), "library": LIBRARY, "may_publish": may_publish}
    return render(request, "territories/steering/protocols.html", context)


@require_GET
def protocol_version(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One version of a protocol, and the way to the others."""
    version = fetch(perms.READ_PROTOCOL_VERSION, request.member, public_id=public_id)
    protocol, shown = reads.version_page(version, today_of(request))
    may_publish = perms.PUBLISH_PROTOCOL.is_held_by(request.member)
    context = {"protocol": protocol, "shown": shown, "may_publish": may_publish}
    return render(request, "territories/steering/protocol.html", context)


@require_GET
def protocol_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The document of a version."""
    version = fetch(perms.READ_PROTOCOL_VERSION, request.member, public_id=public_id)
    return answer_pdf(version.document, f"protocole_v{version.number}")


@require_http_methods(["GET", "POST"])
def protocol_new(request: HttpRequest) -> HttpResponse:
    """Publish a protocol that did not exist."""
    require(perms.PUBLISH_PROTOCOL, request.member)
    form = ProtocolForm(posted(request), _files(request), initial={"valid_from": today_of(request)})
    answer = acted(request, form, lambda: _published(request, form))
    return answer or show(
        request, _FORM, form, title="Publier un protocole", back=here("territories:protocols"), **_ABOUT
    )


def _published(request: HttpRequest, form: ProtocolForm) -> HttpResponse:
    title = form.cleaned_data["title"]
    actions.publish_protocol(title=title, published=_said(form), by=request.member, at=clock.now())
    messages.success(request, "Le protocole est publié : chacune le lit.")
    return redirect(here("territories:protocols"))


@require_http_methods(["GET", "POST"])
def version_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Publish the next version of a protocol."""
    protocol = fetch(perms.PUBLISH_PROTOCOL, request.member, public_id=public_id)
    last = reads.protocol_page(protocol, today_of(request)).versions[0]
    initial = {"valid_from": today_of(request), "words": last.words}
    form = VersionForm(posted(request), _files(request), initial=initial)
    answer = acted(request, form, lambda: _next(request, form, protocol))
    back, title = here("territories:protocols"), f"Nouvelle version : {protocol.title}"
    return answer or show(request, _FORM, form, title=title, back=back, **_ABOUT)


def _next(request: HttpRequest, form: VersionForm, protocol: Protocol) -> HttpResponse:
    made = actions.publish_version(protocol=protocol, published=_said(form), by=request.member, at=clock.now())
    messages.success(request, f"La version {made.number} est publiée. Les précédentes restent lisibles.")
    return redirect(here("territories:protocol_version", made.public_id))


def _said(form: forms.Form) -> actions.Published:
    data = form.cleaned_data
    return actions.Published(valid_from=data["valid_from"], words=data["words"], document=sent(data["document"]))


def _files(request: HttpRequest) -> object:
    return request.FILES if request.method == "POST" else None

"""How the territory is led, on one page: its state, its binôme, the way to each register."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from copa.kernel import clock
from copa.kernel.access import Perm, require
from copa.kernel.errors import BusinessError
from copa.kernel.links import here
from territories import perms
from territories.actions.activation import activate_territory
from territories.reads import steering as reads
from territories.reads.watched import watched
from territories.views.page import today_of


@dataclass(frozen=True, slots=True)
class Register:
    """One register, as the page leads to it."""

    label: str
    words: str
    icon: str
    page: str
    perm: Perm


REGISTERS = (
    Register(
        "Comités de suivi",
        "Le comité national et celui de la région, deux fois par an au moins.",
        "family",
        "territories:committees",
        perms.SEE_COMMITTEES,
    ),
    Register(
        "Protocoles",
        "Les règles communes de travail, version par version, et les documents du programme.",
        "book",
        "territories:protocols",
        perms.SEE_PROTOCOLS,
    ),
    Register(
        "Conventions et partenariats",
        "Ce que les structures ont signé, et lesquelles sont éligibles.",
        "file",
        "territories:partnerships",
        perms.SEE_PARTNERSHIPS,
    ),
    Register(
        "Formation des auxiliaires",
        "Modules suivis, expérience, responsable, et ce qu’une auxiliaire peut faire.",
        "family",
        "territories:auxiliaries",
        perms.SEE_AUXILIARIES,
    ),
)


@require_GET
def steering(request: HttpRequest) -> HttpResponse:
    """The state of the territory and its registers, those this reader may open."""
    require(perms.SEE_STEERING, request.member)
    today = today_of(request)
    context = {
        "steering": reads.steering(request.member, today),
        "registers": [one for one in REGISTERS if one.perm.is_held_by(request.member)],
        "watched": watched(request.member, today),
    }
    return render(request, "territories/steering/home.html", context)


@require_POST
def activate(request: HttpRequest) -> HttpResponse:
    """The territory begins."""
    require(perms.ACTIVATE_TERRITORY, request.member)
    try:
        activate_territory(by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Le territoire est actif : les familles peuvent être incluses.")
    return redirect(here("territories:steering"))

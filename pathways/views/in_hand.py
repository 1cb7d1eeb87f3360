"""« Prise en main » outside an alert: who, since when, why (R111)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.in_hand import note_family_in_hand
from pathways.forms.in_hand import FamilyInHandForm
from pathways.reads.names import mothers_of
from pathways.views.page import to_family


@require_http_methods(["GET", "POST"])
def family_in_hand(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write that she intervenes herself and gives care."""
    family = fetch(perms.TAKE_IN_HAND, request.member, public_id=public_id)
    form = FamilyInHandForm(posted(request), initial={"since": timezone.localtime(clock.now())})

    def act() -> HttpResponse:
        note_family_in_hand(family=family, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "La prise en main est notée. L’auxiliaire et l’équipe sont prévenues.")
        return to_family(public_id)

    name = mothers_of([family.pk])[family.pk].name
    return acted(request, form, act) or show(request, "pathways/family_in_hand.html", form, family=family, name=name)

"""A child who is placed or adopted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.situations import note_situations
from pathways.forms.situations import SituationsForm
from pathways.models import Birth, Child
from pathways.reads.facts import family_facts
from pathways.views.page import to_family


@require_http_methods(["GET", "POST"])
def situation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where each child of a birth lives, as the referring team knows it."""
    birth = fetch(perms.SET_SITUATION, request.member, public_id=public_id)
    children = list(Child.objects.filter(birth=birth, closed_at=None).order_by("rank"))
    form = SituationsForm(posted(request), children=children)
    answer = acted(request, form, lambda: _note(request, birth, form))
    return answer or show(request, "pathways/situation.html", form, family=family_facts(birth.family_id, clock.now()))


def _note(request: HttpRequest, birth: Birth, form: SituationsForm) -> HttpResponse:
    note_situations(birth=birth, situations=form.situations, at=clock.now())
    messages.success(request, "C’est noté.")
    return to_family(birth.family.public_id)

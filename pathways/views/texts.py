"""The texts of the adhesion and of the information, on paper: printed and given."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import fetch
from pathways import pdf, perms
from pathways.reads import given_texts
from pathways.reads.facts import family_facts
from pathways.texts import Text, text_of
from pathways.views.page import paper


@require_GET
def consent_text_pdf(request: HttpRequest, public_id: UUID, version: str) -> HttpResponse:
    """One version, for an adult of the family."""
    family = fetch(perms.SEE_AGREEMENTS, request.member, public_id=public_id)
    at = clock.now()
    facts = family_facts(family.pk, at)
    team = given_texts.team_of(family, facts)
    given = given_texts.of_family(_text(version), facts, team, request.territory.dpo_contact)
    return paper(pdf.text_pdf(given, request.territory.name, at), f"{version}_{facts.reference}.pdf")


@require_GET
def presentation_text_pdf(request: HttpRequest, public_id: UUID, version: str) -> HttpResponse:
    """One version, for a woman to whom CoPa was presented before the birth."""
    presentation = fetch(perms.PRESENT, request.member, public_id=public_id)
    given = given_texts.of_presentation(_text(version), presentation, request.territory.dpo_contact)
    return paper(pdf.text_pdf(given, request.territory.name, clock.now()), f"{version}.pdf")


def _text(version: str) -> Text:
    text = text_of(version)
    if text is None:
        raise Http404
    return text

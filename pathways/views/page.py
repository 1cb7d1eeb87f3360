"""What the pages of this app share."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from copa.kernel import clock
from copa.kernel.links import here
from pathways.models import Pathway
from pathways.reads.facts import family_facts


def to_family(public_id: Any) -> HttpResponseRedirect:
    """Back to the file of a family."""
    return redirect(here("visits:family", public_id))


def pathway_context(pathway: Pathway) -> dict[str, Any]:
    """What the pages that act on a pathway show of it and of its family."""
    family = family_facts(pathway.family_id, clock.now())
    return {"family": family, "pathway": pathway, "birth_id": pathway.birth.public_id}


def paper(document: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser; its name names nobody."""
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response

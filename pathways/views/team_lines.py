"""When the lines of the teams answer: without one, no visit is planned (rule A0)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.team_lines import set_team_line
from pathways.forms.team_lines import TeamLineForm
from pathways.reads.team_lines import line_row, line_rows, possible_relays


@require_GET
def team_lines(request: HttpRequest) -> HttpResponse:
    """Every team of the territory with its number, its hours, and who answers in its place."""
    require(perms.SEE_TEAM_LINES, request.member)
    return render(request, "pathways/team_lines.html", {"lines": line_rows(request.member, perms.SET_TEAM_LINE)})


@require_http_methods(["GET", "POST"])
def team_line(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change the hours of one line."""
    structure = fetch(perms.SET_TEAM_LINE, request.member, public_id=public_id)
    line = line_row(structure)
    form = TeamLineForm(posted(request), line=line, relays=possible_relays(structure))

    def act() -> HttpResponse:
        set_team_line(structure=structure, hours=form.hours, by=request.member, at=clock.now())
        messages.success(request, "Les heures de la ligne sont réglées.")
        return redirect(here("pathways:team_lines"))

    return acted(request, form, act) or show(request, "pathways/team_line.html", form, line=line)

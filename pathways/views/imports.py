"""A maternity's list: sent, its columns said, looked at before anything is written, confirmed or abandoned."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock, trace
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import RunProgress
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import imports as actions
from pathways.enums import ImportState
from pathways.forms.imports import ColumnsForm, ListForm
from pathways.models import ImportRun
from pathways.reads import imports as reads
from pathways.reads.import_choices import ADD, NOTHING, OTHER, outside_key, twin_key
from pathways.reads.import_runs import recent_runs
from pathways.reads.imports import Look, Preview
from pathways.rules.import_columns import is_understood, missing_fields
from pathways.rules.import_file import Table


@require_http_methods(["GET", "POST"])
def birth_imports(request: HttpRequest) -> HttpResponse:
    """Send a list; the last ones that were sent."""
    require(perms.REGISTER_BIRTH, request.member)
    files = request.FILES if request.method == "POST" else None
    maternities = perms.REGISTER_BIRTH.rows(request.member).select_related("territory").order_by("name")
    form = ListForm(posted(request), files, maternities=maternities)
    answer = acted(request, form, lambda: _receive(request, form))
    return answer or show(request, "pathways/imports.html", form, runs=recent_runs(request.member))


def _receive(request: HttpRequest, form: ListForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    run, table = actions.receive_list(
        structure=form.structure, file_name=file.name, content=file.read(), by=request.member, at=clock.now()
    )
    page = "birth_import" if is_understood(table.headings, run.columns) else "import_columns"
    return redirect(here(f"pathways:{page}", run.public_id))


@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What each column holds, with the first values of each; remembered for the next list."""
    run = fetch(perms.IMPORT_BIRTHS, request.member, public_id=public_id)
    table = reads.kept_table(run)
    if table is None or run.state != ImportState.PENDING:
        return redirect(here("pathways:birth_import", run.public_id))
    form = ColumnsForm(posted(request), headings=table.headings, columns=run.columns)
    answer = acted(request, form, lambda: _say_columns(request, run, table, form))
    return answer or show(request, "pathways/import_columns.html", form, run=run, columns=_columns(form, table))


def _columns(form: ColumnsForm, table: Table) -> list[dict[str, Any]]:
    """Each column with a few of its values, so that a heading nobody understands can be told."""
    rows = [row.cells for row in table.rows if not row.problem][:20]
    return [
        {"field": form[name], "values": [str(row[place]) for row in rows if place < len(row) and row[place] != ""][:3]}
        for place, name in enumerate(form.fields)
    ]


def _say_columns(request: HttpRequest, run: ImportRun, table: Table, form: ColumnsForm) -> HttpResponse:
    actions.say_columns(run=run, table=table, columns=form.columns, by=request.member, at=clock.now())
    return redirect(here("pathways:birth_import", run.public_id))


@require_http_methods(["GET", "POST"])
def birth_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One list: what it holds while somebody has to look, how far it is, what became of it."""
    run = fetch(perms.IMPORT_BIRTHS, request.member, public_id=public_id)
    table = reads.kept_table(run) if run.state == ImportState.PENDING else None
    if table is None:
        return render(request, "pathways/import_result.html", _settled(run))
    if missing_fields(run.columns):
        return redirect(here("pathways:import_columns", run.public_id))
    at = clock.now()
    seen = reads.look(reads.listed(table, run.columns, run.structure, at, run.choices), run.choices)
    page = reads.preview(seen, run.choices, request.member, at)
    form = forms.Form(posted(request))
    answer = acted(request, form, lambda: _decide(request, run, seen, page))
    result = reads.result(run, timezone.localdate())
    about = {"page": page, "result": result, "unread": reads.unread(table, run.columns)}
    return answer or show(request, "pathways/import_preview.html", form, run=run, **about)


def _settled(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run,
        "progress": _progress(run),
        "result": reads.result(run, timezone.localdate()),
        "today": timezone.localdate(),
    }


def _progress(run: ImportRun) -> RunProgress | None:
    """How far a confirmed list is; None once it is settled."""
    if run.state != ImportState.CONFIRMED:
        return None
    state = "running" if run.claimed_at else "queued"
    url = here("pathways:import_progress", run.public_id)
    return RunProgress(state, "Les naissances sont inscrites", reads.added(run), run.total or None, url)


@require_GET
def import_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far a list is: the fragment that the page asks again; once it is settled the whole page comes back."""
    run = fetch(perms.IMPORT_BIRTHS, request.member, public_id=public_id)
    progress = _progress(run)
    if progress is None:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = here("pathways:birth_import", run.public_id)
        return answer
    return render(request, "components/progress_run.html", {"run": progress})


def _decide(request: HttpRequest, run: ImportRun, seen: Look, page: Preview) -> HttpResponse:
    if request.POST.get("act") == "abandon":
        actions.abandon_import(run=run, at=clock.now())
        messages.success(request, "La liste est abandonnée, son fichier est effacé.")
        return redirect(here("pathways:birth_imports"))
    if request.POST.get("act") != "confirm":
        raise BusinessError("no_act", "Dites s’il faut inscrire ces naissances ou abandonner la liste.")
    choices = _choices(request, page)
    total = reads.added(run) + actions.total_of(seen, {**run.choices, **choices})
    actions.confirm_import(run=run, choices=choices, total=total)
    return redirect(here("pathways:birth_import", run.public_id))


def _choices(request: HttpRequest, page: Preview) -> dict[str, str]:
    """What was decided of the lines on the page; a family may be chosen only among those shown beside its line."""
    chosen = {}
    for one in page.probable:
        choice = request.POST.get(f"line{one.line.line}", "")
        shown = {f"{ADD}{row.facts.public_id}" for row in one.candidates if row.may_add}
        if choice and choice not in {OTHER, NOTHING, *shown}:
            trace.note(trace.Note(what=perms.IMPORT_BIRTHS.code, family_id=None, refused=True))
            message = (
                f"Ligne {one.line.line} : ce dossier ne lui ressemble pas. Choisissez parmi ceux qui sont montrés."
            )
            raise BusinessError("not_a_candidate", message)
        if choice:
            chosen[str(one.line.line)] = choice
    return chosen | _answers(request, page)


def _answers(request: HttpRequest, page: Preview) -> dict[str, str]:
    """What was said of the communes outside the territory and of the twins that the page shows."""
    asked = {outside_key(one.line.line): one.options for one in page.outside}
    asked |= {twin_key(one.line): one.options for one in page.twins}
    said = {key: request.POST.get(key, "") for key in asked}
    return {key: said[key] for key, options in asked.items() if said[key] in {option.value for option in options}}

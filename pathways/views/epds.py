"""The EPDS outside a report: entered, shown with its procedure, its values behind their own door, its thresholds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.asked import as_uuid
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import epds as actions
from pathways.actions import handings
from pathways.enums import FRENCH, EpdsStatus, HandedKind, ScreenedPerson
from pathways.forms.epds import CorrectionForm, EpdsForm, ThresholdsForm, cut_offs
from pathways.models import EpdsWording, Family, Pathway
from pathways.reads.calls import call_lines
from pathways.reads.epds import epds_detail, epds_of, loaded_wordings, sheet_languages, validated_thresholds
from pathways.reads.handings import GivenBack, given_back
from pathways.reads.screening import pathway_of, tenth_known_to
from pathways.reads.thresholds import coparent_thresholds, current_thresholds, offers_coparent, people_asked
from pathways.rules.screening import EPDS_ITEMS, EPDS_SOURCE, MIND_VITAL_CALLS, is_item_10_alarming
from pathways.views.screening import context_of, included


@require_http_methods(["GET", "POST"])
def epds_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ten numbers copied from the sheet; the total is added up once they are stored."""
    family = fetch(perms.RECORD_EPDS, request.member, public_id=public_id)
    given = given_back(request.member, family.pk, HandedKind.EPDS, clock.now())
    loaded = loaded_wordings()
    language = _language_asked(request, loaded, given.handing.language if given else FRENCH)
    wording = next((one for one in loaded if one.language == language), None)
    people = people_asked(family.pk)
    form = EpdsForm(posted(request), wording=wording, language=language, people=people, initial=_initial(given))
    # Before anything else is looked at: what the page lacks elsewhere must not keep this from the team.
    told = _tell_tenth(request, family, form) or _told_on_tablet(family, form, given)
    answer = acted(request, form, lambda: _record(request, family, form, given))
    if answer:
        return answer
    languages = sheet_languages(one.language for one in loaded) if loaded else []
    context = {"row": family, "wording": wording, "languages": languages, "is_told": told is not None}
    context |= {"source": EPDS_SOURCE, "language": language}
    context |= {"given": given, "may_hand": given is None and bool(loaded)}
    # Whether told or not: the numbers stand ready for the tap on the tenth answer.
    calls = _calls(told or pathway_of(family))
    return show(request, "pathways/epds_new.html", form, **context, **calls, **context_of(family))


def _language_asked(request: HttpRequest, loaded: Sequence[EpdsWording], usual: str) -> str:
    """The language of the sheet: the one asked among those the team has, else `usual`; "" where none is loaded."""
    given = request.POST if request.method == "POST" else request.GET
    known = dict(sheet_languages(one.language for one in loaded)) if loaded else {}
    asked = given.get("language", usual)
    return asked if asked in known else FRENCH if known else ""


def _initial(given: GivenBack | None) -> dict[str, Any]:
    """Now, or what the mother answered on the tablet: its mark makes the sheet that of the alert raised then."""
    at = given.handing.finished_at or given.handing.touched_at if given else clock.now()
    initial = {"key": uuid4(), "at": timezone.localtime(at).replace(second=0, microsecond=0)}
    if given is None:
        return initial
    said = {"status": EpdsStatus.DONE, "presence": given.handing.presence, "is_missing": given.has_skipped}
    return {**initial, **said, **given.answers, "key": given.handing.public_id}


def _told_on_tablet(family: Family, form: EpdsForm, given: GivenBack | None) -> Pathway | None:
    """Its tenth answer was told when she finished: the procedure stands before everything else."""
    tenth = given.answers.get(EPDS_ITEMS[-1]) if given and not form.is_bound else None
    return pathway_of(family) if tenth and is_item_10_alarming(int(tenth)) else None


def _tell_tenth(request: HttpRequest, family: Family, form: EpdsForm) -> Pathway | None:
    """Raise the alert of a tenth answer that was sent; the pathway it was raised in, None without one."""
    pathway = pathway_of(family) if form.is_bound else None
    if pathway is None:
        return None
    is_told = actions.tell_tenth(
        pathway=pathway,
        tenth=form.tenth,
        person=form.person_told,
        submission_id=as_uuid(form.data.get("key")),
        by=request.member,
        at=clock.now(),
    )
    return pathway if is_told else None


def _calls(pathway: Pathway | None) -> dict[str, Any]:
    """Whom the procedure of the tenth answer calls; no line when there is nothing to call for."""
    calls = call_lines(pathway, MIND_VITAL_CALLS, clock.now()) if pathway else ()
    return {"calls": calls, "has_team_line": any(one.is_team for one in calls)}


def _record(request: HttpRequest, family: Family, form: EpdsForm, given: GivenBack | None) -> HttpResponse:
    data, now = form.cleaned_data, clock.now()
    is_of_tablet = given is not None and data["key"] == given.handing.public_id
    if data["at"] > now:
        raise BusinessError("future", "Le questionnaire est déjà rempli : vérifiez le jour et l’heure.", field="at")
    screening = actions.record_epds(
        pathway=included(family),
        sheet=actions.EpdsSheet(
            status=data["status"],
            values=form.values,
            reason=data["reason"],
            presence=data["presence"],
            language=form.language,
            person=data.get("person") or ScreenedPerson.MOTHER,
            source=data["source"],
            is_repeat_asked=data["is_repeat_asked"],
            submission_id=data["key"],
        ),
        author=request.member,
        at=data["at"],
        recorded_at=now,
        zone=request.territory.time_zone,
    )
    assert screening is not None, "only a visit may have landed before"
    if is_of_tablet:
        handings.use_handed(family_id=family.pk, kind=HandedKind.EPDS, by=request.member, at=now)
    messages.success(request, "Le questionnaire est noté.")
    return redirect(here("pathways:epds", screening.public_id))


@require_GET
def epds(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was noted, with its total for the team, and the procedure when the tenth answer asks for it."""
    screening = fetch(perms.SEE_EPDS, request.member, public_id=public_id)
    tenth = tenth_known_to([screening], request.member).get(screening.pk)
    context = {
        "scale": epds_of(screening, tenth=tenth),
        "source": EPDS_SOURCE,
        "reads_total": perms.SEE_SCREENING.is_held_by(request.member),
        "may_read_values": perms.READ_EPDS_VALUES.is_held_by(request.member),
        "may_correct": perms.CORRECT_EPDS.allows(request.member, screening),
    }
    context |= _calls(screening.pathway if tenth else None)
    return render(request, "pathways/epds.html", {**context, **context_of(screening.family)})


@require_GET
def epds_values(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The ten values and the corrections, for named readers; each opening is logged."""
    screening = fetch(perms.READ_EPDS_VALUES, request.member, public_id=public_id)
    context = {
        "scale": epds_of(screening),
        "detail": epds_detail(screening),
        "source": EPDS_SOURCE,
        "may_decide": perms.DECIDE_CORRECTION.is_held_by(request.member),
    }
    return render(request, "pathways/epds_values.html", {**context, **context_of(screening.family)})


@require_http_methods(["GET", "POST"])
def epds_correction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Erreur de recopie »: asked here, decided by the team."""
    screening = fetch(perms.CORRECT_EPDS, request.member, public_id=public_id)
    form = CorrectionForm(posted(request))

    def act() -> HttpResponse:
        data = form.cleaned_data
        actions.ask_correction(
            screening=screening,
            item=data["item"],
            value=int(data["value"]),
            reason=data["reason"],
            by=request.member,
            at=clock.now(),
        )
        messages.success(request, "La correction est demandée : l’équipe l’accepte ou non. Aucune alerte ne s’éteint.")
        return redirect(here("pathways:epds", screening.public_id))

    answer = acted(request, form, act)
    return answer or show(
        request,
        "pathways/epds_correction.html",
        form,
        scale=epds_of(screening),
        **context_of(screening.family),
    )


@require_http_methods(["POST"])
def decide_correction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team accepts a correction, or not."""
    correction = fetch(perms.DECIDE_CORRECTION, request.member, public_id=public_id)
    asked = request.POST.get("answer")
    if asked in {"yes", "no"}:
        try:
            actions.decide_correction(
                correction=correction, is_accepted=asked == "yes", by=request.member, at=clock.now()
            )
        except BusinessError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "Votre décision est notée. Les valeurs d’origine restent lisibles.")
    return redirect(here("pathways:epds_values", correction.screening.public_id))


@require_http_methods(["GET", "POST"])
def thresholds(request: HttpRequest) -> HttpResponse:
    """The cut-offs of the territory: a new version counts from now on, former results keep theirs."""
    require(perms.SET_THRESHOLDS, request.member)
    current, his = current_thresholds(clock.now()), coparent_thresholds(clock.now())
    initial = {**cut_offs(current), **cut_offs(his, "coparent_"), "offers_coparent": offers_coparent()}
    form = ThresholdsForm(posted(request), initial=initial)

    def act() -> HttpResponse:
        actions.validate_thresholds(
            thresholds=form.thresholds,
            coparent=form.coparent,
            is_offered_to_coparent=form.cleaned_data["offers_coparent"],
            by=request.member,
            at=clock.now(),
        )
        messages.success(request, "Les nouveaux seuils sont validés. Les résultats déjà notés gardent les leurs.")
        return redirect(here("pathways:epds_thresholds"))

    answer = acted(request, form, act)
    versions = validated_thresholds()
    return answer or show(request, "pathways/epds_thresholds.html", form, current=current, his=his, versions=versions)

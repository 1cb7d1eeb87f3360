"""Births: the list, a new one, the way home."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock, french, trace
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip, PageLinks
from copa.kernel.meanwhile import is_stale, read_by
from copa.kernel.moves import acted, show
from pathways import perms, reads, rules
from pathways.actions import births as actions
from pathways.forms.births import BirthForm, DischargeForm
from pathways.models import Birth, Discharge, Family
from pathways.reads.births import BirthStep
from pathways.reads.duplicates import Duplicates, duplicates
from pathways.reads.facts import family_facts
from pathways.reads.places import communes_of_territory

_LABELS = {
    BirthStep.TO_PROPOSE: "À proposer",
    BirthStep.WAITING: "Réponse attendue",
    BirthStep.TO_INCLUDE: "À inclure",
    BirthStep.INCLUDED: "Incluses",
    BirthStep.REFUSED: "Refus",
    BirthStep.NOT_PROPOSED: "Pas proposées",
    BirthStep.ALL: "Toutes",
}


@require_GET
def births(request: HttpRequest) -> HttpResponse:
    """The births of the territory, by what they wait for; filters stand in the address."""
    require(perms.SEE_BIRTHS, request.member)
    today = timezone.localdate()
    step, maternity, everything = _asked(request)
    maternities = list(perms.MATERNITIES_SEEN.rows(request.member).order_by("name"))
    counts = reads.birth_counts(request.member, today, maternity)
    page = reads.birth_page(
        request.member,
        today,
        step=step,
        maternity=maternity,
        everything=everything,
        after=request.GET.get("apres", ""),
        before=request.GET.get("avant", ""),
        total=counts[step],
    )
    context = {
        "page": page,
        "links": _links(request, page),
        "steps": [Chip(_LABELS[one], {"etat": _value(one)}, counts[one], default=one.value) for one in BirthStep],
        "places": [Chip("Toutes les maternités", {"maternite": None})]
        + [Chip(one.name, {"maternite": str(one.public_id)}) for one in maternities],
        "periods": [Chip("90 derniers jours", {"periode": None}), Chip("Depuis le début", {"periode": "tout"})],
        "step": step.value,
        "waiting": counts[BirthStep.TO_PROPOSE],
        "today": today,
        "may_register": perms.REGISTER_BIRTH.is_held_by(request.member),
    }
    return render(request, "pathways/births.html", context)


def _value(step: BirthStep) -> str | None:
    return None if step == BirthStep.TO_PROPOSE else step.value


def _asked(request: HttpRequest) -> tuple[BirthStep, UUID | None, bool]:
    """The filters of the address; what makes no sense falls back to the first view of the list."""
    typed = request.GET.get("etat", "")
    step = BirthStep(typed) if typed in set(BirthStep) else BirthStep.TO_PROPOSE
    try:
        maternity = UUID(request.GET["maternite"]) if "maternite" in request.GET else None
    except ValueError:
        maternity = None
    return step, maternity, request.GET.get("periode") == "tout"


def _links(request: HttpRequest, page: Any) -> PageLinks:
    def address(key: str, value: str) -> str:
        query = request.GET.copy()
        for name in ("apres", "avant"):
            query.pop(name, None)
        query[key] = value
        return f"?{query.urlencode()}"

    before = address("avant", page.before) if page.before else ""
    after = address("apres", page.after) if page.after else ""
    return PageLinks(len(page.rows), page.total, before, after)


@require_http_methods(["GET", "POST"])
def birth_new(request: HttpRequest) -> HttpResponse:
    """Register a birth; families that look the same are compared first."""
    require(perms.REGISTER_BIRTH, request.member)
    form = BirthForm(
        posted(request),
        territory=request.territory,
        maternities=perms.REGISTER_BIRTH.rows(request.member).order_by("name"),
        communes=communes_of_territory(),
    )
    found = Duplicates((), 0)
    if request.method == "POST" and form.is_valid():
        typed = actions.typed_of(form.mother, form.coparents, form.birth)
        found = duplicates(request.member, typed, clock.now())
    answer = acted(request, form, lambda: _register(request, form, found))
    return answer or show(request, "pathways/birth_new.html", form, found=found)


def _register(request: HttpRequest, form: BirthForm, found: Duplicates) -> HttpResponse:
    at = clock.now()
    if chosen := request.POST.get("family"):
        family = _chosen(chosen, found)
        birth = actions.add_birth(family=family, birth=form.birth, at=at)
        messages.success(request, f"Naissance ajoutée au dossier {family.reference}. Vérifiez ses coordonnées.")
    else:
        birth = actions.register_birth(
            mother=form.mother,
            coparents=form.coparents,
            birth=form.birth,
            is_other_family=form.cleaned_data["is_other_family"],
            at=at,
        )
        messages.success(request, f"Naissance inscrite, dossier {birth.family.reference}.")
    return redirect(here("pathways:proposal", birth.public_id))


def _chosen(public_id: str, found: Duplicates) -> Family:
    """The family said to be the same, among those just compared: no other one may be given a birth that way."""
    for candidate in found.shown:
        if str(candidate.facts.public_id) == public_id:
            family: Family = Family.objects.get(pk=candidate.facts.pk)
            return family
    trace.note(trace.Note(what=perms.REGISTER_BIRTH.code, family_id=None, refused=True))
    message = "Ce dossier ne ressemble pas à ce qui est écrit ici. Comparez de nouveau, puis choisissez."
    raise BusinessError("not_a_candidate", message)


@require_http_methods(["GET", "POST"])
def discharge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The way home: the doctor's choice, checked against the elapsed hours."""
    birth = fetch(perms.RECORD_DISCHARGE, request.member, public_id=public_id)
    if request.headers.get("HX-Request") and request.method == "GET":
        return render(request, "pathways/_elapsed.html", {"check": _check(birth, DischargeForm(request.GET))})
    form = DischargeForm(posted(request), initial=_known_discharge(birth))
    answer = acted(request, form, lambda: _record(request, birth, form))
    token = actions.discharge_token(birth)
    context = {"check": _check(birth, form), "token": token, "is_stale": is_stale(request, token)}
    return answer or show(request, "pathways/discharge.html", form, **context, **_birth_context(birth))


def _known_discharge(birth: Birth) -> dict[str, Any]:
    known = Discharge.objects.filter(birth=birth).values("at", "kind", "has_medical_agreement", "decided_by").first()
    return {**known, "discharged_at": known["at"]} if known else {}


def _record(request: HttpRequest, birth: Birth, form: DischargeForm) -> HttpResponse:
    data = form.cleaned_data
    # First: what the hours suggest says nothing about a date that cannot be.
    actions.check_discharge(birth, data["discharged_at"], clock.now())
    check = _check(birth, form)
    if check and check["kind"] != data["kind"] and not data["is_checked"]:
        message = f"{check['sentence']} Si le médecin confirme un autre type, cochez la case."
        raise BusinessError("kind_differs", message, field="is_checked")
    actions.record_discharge(
        birth=birth,
        token=read_by(request),
        discharged_at=data["discharged_at"],
        kind=data["kind"],
        has_medical_agreement=data["has_medical_agreement"],
        decided_by=data["decided_by"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, f"Sortie notée. {check['sentence'] if check else ''}".strip())
    return redirect(here("visits:family", birth.family.public_id))


def _check(birth: Birth, form: forms.Form) -> dict[str, Any] | None:
    """What the elapsed hours suggest for the discharge in the form; None before one is known or after a bad one."""
    if form.is_bound:
        form.is_valid()
        left = form.cleaned_data.get("discharged_at")
    else:
        left = form.initial.get("discharged_at")
    if left is None or left < birth.at:
        return None
    kind = rules.discharge_category(birth.at, left, birth.mode, up_max_hours=reads.up_max_hours(birth))
    stay = french.delay(rules.elapsed(birth.at, left))
    return {"kind": kind, "sentence": f"{stay} après la naissance : sortie {kind.label.lower()} d’après les heures."}


def _birth_context(birth: Birth) -> dict[str, Any]:
    facts = family_facts(birth.family_id, clock.now())
    return {"family": facts, "birth": next(one for one in facts.births if one.pk == birth.pk)}

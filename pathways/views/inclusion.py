"""From the information to the pathway, on one page of steps."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.french import day, full_stop
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import inclusion as actions
from pathways.actions.handings import use_handed
from pathways.actions.information import hear_coparents
from pathways.enums import CalendarStatus, Found, HandedKind, YesNoUnknown
from pathways.forms.asked import midwife_days_of
from pathways.forms.contact import contact_of
from pathways.forms.inclusion import InclusionForm, agreements_of
from pathways.models import Birth, Child, CoParent
from pathways.reads.antenatal import early_consent_facts, early_consent_for
from pathways.reads.calendar import early_interview
from pathways.reads.facts import FamilyFacts, family_facts
from pathways.reads.handings import GivenBack, given_back
from pathways.reads.places import auxiliaries, carriers
from pathways.reads.professionals import professionals
from pathways.reads.stops import stop_to_undo
from pathways.rules import PROPOSAL_HORIZON_DAYS, is_minor
from pathways.texts import ADHESION_VERSION, Reader, given_to
from pathways.views.page import to_family
from territories.reads.partnerships import has_gap

# R042: said, written in the register of conventions, never a refusal.
OUTSIDE_CONVENTION = (
    "Aucune convention en vigueur ne lie cette structure à une maternité. La famille est incluse ; "
    "le binôme le lit dans « Pilotage »."
)


@require_http_methods(["GET", "POST"])
def inclusion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Adhesion, agreements, contact rules and team; stored together or not at all."""
    birth = fetch(perms.INCLUDE, request.member, public_id=public_id)
    family = family_facts(birth.family_id, clock.now())
    early, today = early_consent_for(birth), timezone.localdate()
    given = given_back(request.member, birth.family_id, HandedKind.AGREEMENTS, clock.now())
    form = _form(request, birth, family, given, is_taken_over=early is not None)
    answer = acted(request, form, lambda: _include(request, birth, form))
    if form.is_bound and answer is None:
        # A colleague may have included her meanwhile: the page that refuses leads to the pathway there is.
        family = family_facts(birth.family_id, clock.now())
    team_name = form.carriers[form["carrier"].value()].name if form["carrier"].value() in form.carriers else ""
    context: dict[str, Any] = {"team_name": team_name, "early": early_consent_facts(early) if early else None}
    context["given"] = given
    context |= _context(birth, family, today) | {
        "left_out": form.left_out(family.answers, family.others) if form.is_bound else [],
        "undo": stop_to_undo(birth, request.member),
        "dpo_contact": request.territory.dpo_contact,
    }
    return answer or show(request, "pathways/inclusion.html", form, **context)


def _form(
    request: HttpRequest, birth: Birth, family: FamilyFacts, given: GivenBack | None, *, is_taken_over: bool
) -> InclusionForm:
    today = timezone.localdate()
    return InclusionForm(
        posted(request),
        carriers=carriers(),
        auxiliaries=auxiliaries(today),
        answers=family.answers,
        given=given,
        territory=request.territory,
        known=professionals(request.member, birth.family, today),
        children=list(Child.objects.filter(birth=birth, closed_at=None).order_by("rank")),
        coparents=list(CoParent.objects.filter(family=birth.family_id).order_by("pk")),
        collects_as=perms.collects_as(request.member),
        is_taken_over=is_taken_over,
        is_minor=is_minor(family.mother.birth_on, today, family.mother.birth_precision),
        initial=_initial(request, birth, family),
    )


def _initial(request: HttpRequest, birth: Birth, family: FamilyFacts) -> dict[str, Any]:
    """Her own structure carries by default, else the maternity of the birth; the auxiliary at the bed is named."""
    member = request.member
    contact = family.contact
    is_ap = perms.MAY_BE_ASSIGNED.is_held_by(member)
    return {
        "carrier": str((member.structure if is_ap else birth.maternity).public_id),
        "ap": str(member.public_id) if is_ap else "",
        "birth_place": birth.place,
        "prado": {None: "", True: "1", False: "0"}[birth.is_prado],
        "language": family.mother.language,
        "access_needs": list(family.mother.access_needs),
        "is_discreet": contact.is_discreet,
        "no_voice_mail": contact.no_voice_mail,
        "is_shared_phone": contact.is_phone_shared,
        **_interview(birth),
    }


def _interview(birth: Birth) -> dict[str, Any]:
    known = early_interview(birth)
    if known is None:
        return {}
    return {
        "interview": YesNoUnknown.YES if known.status == CalendarStatus.DONE else YesNoUnknown.NO,
        "interview_by": known.professional_kind,
        "interview_on": known.on,
        "interview_sent": {True: YesNoUnknown.YES, False: YesNoUnknown.NO, None: ""}[known.is_transmitted],
    }


def _context(birth: Birth, family: FamilyFacts, today: date) -> dict[str, Any]:
    facts = next(one for one in family.births if one.pk == birth.pk)
    return {
        "family": family,
        "birth": facts,
        "is_included": facts.pathway is not None and not facts.pathway.is_stopped,
        "is_late": facts.day_number(today) > PROPOSAL_HORIZON_DAYS,
        "day_number": facts.day_number(today),
        "text_version": ADHESION_VERSION,
        "notices": given_to(Reader.MOTHER),
        "left_at": facts.discharge.at if facts.discharge and facts.discharge.at <= clock.now() else None,
        "today": today,
    }


def _include(request: HttpRequest, birth: Birth, form: InclusionForm) -> HttpResponse:
    data, at = form.cleaned_data, clock.now()
    pathway = actions.include(
        birth=birth,
        adhesion=form.adhesion,
        agreements=agreements_of(data),
        contact=contact_of(data),
        asked=form.asked,
        team=form.team,
        newcomers=form.newcomers,
        others=form.others,
        midwife_days=midwife_days_of(data),
        accepts_late=data["accepts_late"],
        by=request.member,
        at=at,
    )
    use_handed(family_id=birth.family_id, kind=HandedKind.AGREEMENTS, by=request.member, at=at)
    last = pathway.window_to
    for left in hear_coparents(said=form.said_by_coparents, by=request.member, at=at):
        messages.warning(request, f"{left} Reprenez depuis « Accords ».")
    if has_gap(pathway.carrier, pathway.family_id, at):
        messages.warning(request, OUTSIDE_CONVENTION)
    messages.success(request, f"Famille incluse. Deux visites à prévoir d’ici au {full_stop(day(last))}")
    if form.asked.child_doctor_found == Found.NONE:
        messages.warning(request, "Pas de médecin pour l’enfant : le besoin est proposé dans « Besoins ».")
    return to_family(pathway.family.public_id)

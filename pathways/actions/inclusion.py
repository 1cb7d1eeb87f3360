"""From a yes to a pathway: adhesion, agreements per recipient, contact rules, window, relay – all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.antenatal import check_beside, check_collector
from pathways.actions.asked import Asked, store_asked
from pathways.actions.circle import Newcomer, welcome
from pathways.actions.early import follow_discharge
from pathways.actions.families import Contact, store_agreements, store_contact
from pathways.actions.information import give_notice
from pathways.actions.proposals import check_not_silent
from pathways.actions.shared import local_day, refusals_of
from pathways.actions.stops import check_ap
from pathways.enums import (
    Agreement,
    ConsentPlace,
    IsolationMethod,
    NoticeForm,
    PathwayState,
    ProposalAnswer,
    Recipient,
)
from pathways.models import Birth, Consent, Family, Mother, Pathway, PmiRelay, ProgrammeRules, Proposal
from pathways.reads.antenatal import early_consent_for
from territories.models import Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Adhesion:
    """What the mother accepted and what she was given: two texts, each with its version (L12).

    `was_alone`: she decided without pressure, None when nobody asked. `minor_beside` is asked of a mother under
    eighteen (L16). `collector` is a midwife or an AP (R067), `collector_name` "" when she writes herself. `given_at` is
    when she signed, None for now.
    """

    collector: str
    place: str
    mode: str
    text_version: str
    notice_version: str
    is_evaluation_opposed: bool
    notice_form: str = NoticeForm.GIVEN
    was_alone: bool | None = None
    minor_beside: str = ""
    collector_name: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """The adhesion she gave before the birth, which stands as it was; what is asked of everybody is asked now."""

    is_evaluation_opposed: bool
    was_alone: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who answers for the pathway; `ap` None leaves her to be named."""

    carrier: Structure
    ap: Member | None
    is_pmi_presented: bool


@transaction.atomic
def include(
    *,
    birth: Birth,
    adhesion: Adhesion | TakenOver,
    agreements: Mapping[str, str],
    contact: Contact,
    asked: Asked,
    team: Team,
    accepts_late: bool,
    by: Member,
    at: datetime,
    newcomers: Sequence[Newcomer] = (),
) -> Pathway:
    """Open the pathway of a birth under the rules valid on the local day of inclusion.

    `agreements` maps each Recipient to an Agreement; `newcomers` are the people she names, who join her circle. After
    the window (D+21) the inclusion stays possible (A12) when `accepts_late` says that every visit will need its reason.
    Raises what forbids it, in French.
    """
    birth = Birth.objects.select_for_update(of=("self",)).select_related("family__commune__sector").get(pk=birth.pk)
    day = local_day(at)
    _check_birth(birth)
    _check_adhesion(birth, adhesion, at)
    if team.ap:
        check_ap(team.ap, team.carrier.pk)
    version = _rules_of(day)
    window = rules.visit_window(birth.day, version.window_from_day, version.window_to_day)
    _check_late(day, window, accepts_late=accepts_late)
    _answer_yes(birth, at)
    consent = _consent(birth, adhesion, by, at)
    store_contact(family=birth.family, contact=contact)
    store_agreements(family_id=birth.family_id, agreements=agreements, by=by, at=at)
    _freeze_isolation(birth.family, day)
    pathway = _pathway(birth, consent, version, window, team, by, at)
    store_asked(pathway=pathway, birth=birth, asked=asked, at=at)
    _relay(birth, pathway, version, agreements)
    agreed_midwife = agreements.get(Recipient.LIBERAL_MIDWIFE) == Agreement.YES
    welcome(family=birth.family, newcomers=newcomers, agreed_midwife=agreed_midwife, by=by, at=at)
    follow_discharge(birth_id=birth.pk, at=at)
    return pathway


def _check_late(day: date, window: rules.Window, *, accepts_late: bool) -> None:
    if day > window.last and not accepts_late:
        message = "Les 21 jours sont passés. Cochez la case : chaque visite demandera un motif."
        raise BusinessError("late_inclusion", message, field="accepts_late")


def _check_birth(birth: Birth) -> None:
    check_not_silent(birth)
    running = rules.RUNNING | {PathwayState.CLOSED}
    if Pathway.objects.filter(birth=birth, state__in=running).exists():
        raise BusinessError("pathway_once_per_birth", "Un parcours existe déjà pour cette naissance.")
    if birth.family.commune is None:
        raise BusinessError("address_missing", "Notez d’abord son adresse et sa commune.")


def _check_adhesion(birth: Birth, adhesion: Adhesion | TakenOver, at: datetime) -> None:
    """Who collected it and when; one signed before the birth says its date. One taken over was asked then."""
    if isinstance(adhesion, TakenOver):
        return
    check_collector(adhesion.collector)
    born, precision = Mother.objects.values_list("birth_on", "birth_precision").get(family=birth.family_id)
    check_beside(adhesion.minor_beside, born=born, precision=precision, day=local_day(at))
    given_at = adhesion.given_at or at
    if given_at > at:
        raise BusinessError("adhesion_moment", "Cette heure n’est pas encore arrivée.", field="given_at")
    if adhesion.place == ConsentPlace.BEFORE_BIRTH and given_at >= birth.at:
        message = "Donnée avant la naissance : écrivez le jour et l’heure."
        raise BusinessError("adhesion_moment", message, field="given_at")
    if adhesion.place != ConsentPlace.BEFORE_BIRTH and given_at < birth.at:
        message = "Cette date précède la naissance : choisissez « Avant la naissance »."
        raise BusinessError("adhesion_place", message, field="place")


def _rules_of(day: date) -> ProgrammeRules:
    """The version valid on this local day; the programme itself has a beginning and an end (R118)."""
    valid = ProgrammeRules.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    version = valid.order_by("-valid_from").first()
    if version is None:
        raise BusinessError("no_programme", "Le programme n’inclut pas de famille à cette date.")
    return version


def _answer_yes(birth: Birth, at: datetime) -> None:
    """Her adhesion answers the proposal she was thinking about; a refusal has to be taken back in words first."""
    proposal = Proposal.objects.filter(birth=birth).first()
    if proposal is None:
        raise BusinessError("not_proposed", "Notez d’abord la présentation de CoPa.")
    if proposal.answer == ProposalAnswer.NO:
        raise BusinessError("refused", "Elle a répondu non. Notez d’abord sa nouvelle réponse.")
    if proposal.answer == ProposalAnswer.PENDING:
        answered = {"answer": ProposalAnswer.YES, "answered_at": at, "ask_again_on": None}
        Proposal.objects.filter(pk=proposal.pk).update(**answered)


def _consent(birth: Birth, adhesion: Adhesion | TakenOver, by: Member, at: datetime) -> Consent:
    if isinstance(adhesion, TakenOver):
        return _take_over(birth, adhesion)
    # A pathway that stopped for another reason than withdrawal leaves its adhesion open: the new one takes its place.
    Consent.objects.filter(birth=birth, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    given_at = adhesion.given_at or at
    with refusals_of(Consent):
        consent: Consent = Consent.objects.create(
            family_id=birth.family_id,
            birth=birth,
            collected_by=by,
            collector_role=by.role,
            collector=adhesion.collector,
            collector_name=adhesion.collector_name,
            at=given_at,
            place=adhesion.place,
            mode=adhesion.mode,
            text_version=adhesion.text_version,
            notice_version=adhesion.notice_version,
            is_evaluation_opposed=adhesion.is_evaluation_opposed,
            was_alone=adhesion.was_alone,
            minor_beside=adhesion.minor_beside,
        )
    version, form = adhesion.notice_version, adhesion.notice_form
    give_notice(family=birth.family, coparent=None, version=version, form=form, by=by, at=given_at)
    return consent


def _take_over(birth: Birth, taken: TakenOver) -> Consent:
    """The adhesion of the pregnancy becomes the one of this birth, with its own date, text and collector."""
    early = early_consent_for(birth)
    if early is None:
        raise BusinessError("adhesion_missing", "Recueillez d’abord son adhésion.")
    with refusals_of(Consent):
        consent: Consent = Consent.objects.create(
            family_id=birth.family_id,
            birth=birth,
            collected_by=early.collected_by,
            collector_role=early.collected_by.role,
            collector=early.collector,
            collector_name=early.collector_name,
            at=early.at,
            place=ConsentPlace.BEFORE_BIRTH,
            mode=early.mode,
            text_version=early.text_version,
            notice_version=early.notice_version,
            is_evaluation_opposed=taken.is_evaluation_opposed,
            was_alone=taken.was_alone,
            minor_beside=early.minor_beside,
        )
    given: dict[str, Any] = {"version": early.notice_version, "form": early.notice_form, "at": early.at}
    give_notice(family=birth.family, coparent=None, by=early.collected_by, **given)
    return consent


def _freeze_isolation(family: Family, day: date) -> None:
    """R124: the criterion is read once, at the first inclusion, and never again; its method and day stay with it."""
    commune = family.commune
    if commune is not None:
        Family.objects.filter(pk=family.pk, is_isolated=None).update(
            is_isolated=commune.is_isolated, isolated_on=day, isolated_method=IsolationMethod.COMMUNE
        )


def _pathway(
    birth: Birth,
    consent: Consent,
    version: ProgrammeRules,
    window: rules.Window,
    team: Team,
    by: Member,
    at: datetime,
) -> Pathway:
    with refusals_of(Pathway):
        pathway: Pathway = Pathway.objects.create(
            family_id=birth.family_id,
            birth=birth,
            consent=consent,
            rules=version,
            carrier=team.carrier,
            ap=team.ap,
            included_at=at,
            included_by=by,
            window_from=window.first,
            window_to=window.last,
            is_pmi_presented=team.is_pmi_presented,
        )
    return pathway


def _relay(birth: Birth, pathway: Pathway, version: ProgrammeRules, agreements: Mapping[str, str]) -> None:
    commune = birth.family.commune
    PmiRelay.objects.create(
        family_id=birth.family_id,
        pathway=pathway,
        sector=commune.sector if commune else None,
        due_on=rules.relay_due_on(birth.day, version.relay_day),
        is_agreed=agreements.get(Recipient.PMI) == Agreement.YES,
    )

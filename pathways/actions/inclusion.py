"""From a yes to a pathway: adhesion, agreements per recipient, contact rules, window, relay – all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.antenatal import adhesion_version, check_beside, check_collector
from pathways.actions.arrivals import land_arrival
from pathways.actions.asked import Asked, store_asked
from pathways.actions.calendar import expect_midwife
from pathways.actions.circle import Newcomer, welcome
from pathways.actions.early import follow_discharge
from pathways.actions.families import Contact, store_agreements, store_contact
from pathways.actions.information import give_notice, say_of_evaluation
from pathways.actions.proposals import check_not_silent
from pathways.actions.shared import end_of_day, local_day
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
from pathways.models import Birth, Consent, Family, MidwifeVisit, Mother, Pathway, PmiRelay, ProgrammeRules, Proposal
from pathways.notices.stops import pathway_included
from pathways.reads.antenatal import early_consent_for
from territories.actions.partnerships import note_gap_if_any
from territories.enums import TerritoryStatus
from territories.models import Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Adhesion:
    """What the mother accepted and what she was given; the platform says which text was in force (L12).

    `was_alone`: she decided without pressure, None when nobody asked. `minor_beside` is asked of a mother under
    eighteen (L16). `collector` is a midwife or an AP (R067), `collector_name` "" when she writes herself. `given_at` is
    when she signed, None for now.
    """

    collector: str
    place: str
    mode: str
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
    others: Mapping[str, str] | None = None,
    midwife_days: Sequence[tuple[date, str]] = (),
) -> Pathway:
    """Open the pathway of a birth under the rules valid on the local day of inclusion.

    `agreements` maps each Recipient to an Agreement, `others` somebody no list foresees; `newcomers` join her circle;
    `midwife_days` are the half-days (HalfDay) on which the midwife is expected (R019). After the window (D+21) it stays
    possible (A12) when `accepts_late` says that every visit will need its reason. Raises what forbids it, in French.
    """
    birth = Birth.objects.select_for_update(of=("self",)).select_related("family__commune__sector").get(pk=birth.pk)
    day = local_day(at)
    _check(birth, adhesion, team, by, at)
    version = _rules_of(day)
    window = rules.visit_window(birth.day, version.window_from_day, version.window_to_day)
    _check_late(day, window, accepts_late=accepts_late)
    _answer_yes(birth, at)
    consent = _consent(birth, adhesion, by, at)
    store_contact(family=birth.family, contact=contact)
    store_agreements(family_id=birth.family_id, agreements=agreements, others=others, by=by, at=at)
    _freeze_isolation(birth.family, day)
    pathway = _pathway(birth, consent, version, window, team, by, at)
    store_asked(pathway=pathway, birth=birth, asked=asked, by=by, at=at)
    _relay(birth, pathway, version, agreements)
    welcome(family=birth.family, newcomers=newcomers, by=by, at=at)
    _expect(birth, midwife_days, by, at)
    _bring_along(pathway, by, at)
    return pathway


def _check(birth: Birth, adhesion: Adhesion | TakenOver, team: Team, by: Member, at: datetime) -> None:
    _check_birth(birth, by)
    _check_adhesion(birth, adhesion, at)
    if team.ap:
        check_ap(team.ap, team.carrier.pk)


def _expect(birth: Birth, days: Sequence[tuple[date, str]], by: Member, at: datetime) -> None:
    """The half-days of the midwife, less those the calendar already knows; the planner warns of each."""
    known = set(MidwifeVisit.objects.filter(birth=birth).values_list("on", "half"))
    for place, (on, half) in enumerate(days, start=1):
        if (on, half) in known:
            continue
        known.add((on, half))
        try:
            expect_midwife(birth=birth, on=on, half=half, by=by, at=at)
        except BusinessError as refusal:
            raise refusal.beside(f"midwife_{refusal.field}_{place}") from refusal


def _bring_along(pathway: Pathway, by: Member, at: datetime) -> None:
    """What no convention covers, what came from another territory, then what the way home asks for."""
    day, family = local_day(at), pathway.family_id
    note_gap_if_any(structure=pathway.carrier, day=day, family_id=family, by=by, at=at)
    land_arrival(pathway=pathway, by=by, at=at)
    follow_discharge(birth_id=pathway.birth_id, at=at)
    pathway_included(pathway=pathway, by=by, at=at)


def _check_late(day: date, window: rules.Window, *, accepts_late: bool) -> None:
    if day > window.last and not accepts_late:
        message = "Les 21 jours sont passés. Cochez la case : chaque visite demandera un motif."
        raise BusinessError("late_inclusion", message, field="accepts_late")


def _check_active(by: Member) -> None:
    """R034: before its binôme is complete a territory includes nobody, and no job would look after the family."""
    if by.territory.status != TerritoryStatus.ACTIVE:
        message = "Le territoire n’est pas actif : son administratrice l’active dans « Pilotage »."
        raise BusinessError("territory_not_active", message)


def _check_birth(birth: Birth, by: Member) -> None:
    _check_active(by)
    check_not_silent(birth)
    running = rules.RUNNING | {PathwayState.CLOSED}
    if Pathway.objects.filter(birth=birth, state__in=running).exists():
        raise BusinessError("pathway_once_per_birth", "Un parcours existe déjà pour cette naissance.")
    if birth.family.commune is None:
        raise BusinessError("address_missing", "Notez d’abord son adresse et sa commune.")
    if not birth.family.address.strip():
        message = "Notez d’abord l’adresse où elle sera les trois premières semaines : sans rue, pas de visite."
        raise BusinessError("street_missing", message)


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
    version: ProgrammeRules | None = ProgrammeRules.objects.in_force(day).order_by("-valid_from").first()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """An adhesion as it is stored: who collected it, when, both texts, what she was asked."""

    by: Member
    at: datetime
    text_version: str
    notice_version: str
    notice_form: str
    asked: dict[str, Any]


# What an adhesion says by the same names, whether given now or during the pregnancy.
_SAID = ("collector", "collector_name", "mode", "minor_beside")


def _consent(birth: Birth, adhesion: Adhesion | TakenOver, by: Member, at: datetime) -> Consent:
    given = _taken_over(birth) if isinstance(adhesion, TakenOver) else _given_now(adhesion, by, at)
    # A pathway that stopped for another reason than withdrawal leaves its adhesion open: the new one takes its place.
    Consent.objects.filter(birth=birth, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    with refusals_of(Consent):
        consent: Consent = Consent.objects.create(
            family_id=birth.family_id,
            birth=birth,
            collected_by=given.by,
            collector_role=given.by.role,
            at=given.at,
            text_version=given.text_version,
            notice_version=given.notice_version,
            is_evaluation_opposed=adhesion.is_evaluation_opposed,
            was_alone=adhesion.was_alone,
            **given.asked,
        )
    if adhesion.is_evaluation_opposed:
        # She objects as a person: what an earlier birth left in the exports goes as well.
        say_of_evaluation(family_id=birth.family_id, is_opposed=True, mode=consent.mode, by=by, at=at)
    notice: dict[str, Any] = {"version": given.notice_version, "form": given.notice_form, "at": given.at}
    give_notice(family=birth.family, coparent=None, by=given.by, **notice)
    return consent


def _given_now(adhesion: Adhesion, by: Member, at: datetime) -> _Given:
    given_at = adhesion.given_at or at
    return _Given(
        by=by,
        at=given_at,
        text_version=adhesion_version(given_at),
        notice_version=adhesion.notice_version,
        notice_form=adhesion.notice_form,
        asked={"place": adhesion.place, **{name: getattr(adhesion, name) for name in _SAID}},
    )


def _taken_over(birth: Birth) -> _Given:
    """The adhesion of the pregnancy becomes the one of this birth, with its own date, text and collector."""
    early = early_consent_for(birth)
    if early is None:
        raise BusinessError("adhesion_missing", "Recueillez d’abord son adhésion.")
    return _Given(
        by=early.collected_by,
        at=early.at,
        text_version=early.text_version,
        notice_version=early.notice_version,
        notice_form=early.notice_form,
        asked={"place": ConsentPlace.BEFORE_BIRTH, **{name: getattr(early, name) for name in _SAID}},
    )


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
        ends_at=end_of_day(rules.pmi_last_day(birth.day)),
    )

"""From a yes to a pathway: adhesion, agreements per recipient, contact rules, window, relay – all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.circle import Newcomer, welcome
from pathways.actions.early import follow_discharge
from pathways.actions.families import Contact, store_agreements, store_contact
from pathways.actions.information import give_notice
from pathways.actions.proposals import check_not_silent
from pathways.actions.shared import local_day, refusals_of
from pathways.actions.stops import check_ap
from pathways.enums import Agreement, NoticeForm, PathwayState, ProposalAnswer, Recipient
from pathways.models import Birth, Consent, Family, Mother, Pathway, PmiRelay, ProgrammeRules, Proposal
from territories.models import Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Adhesion:
    """What the mother accepted and what she was given: two texts, each with its version (L12).

    `was_alone`: she decided without pressure, None when nobody asked. `minor_beside` is asked of a mother under
    eighteen (L16).
    """

    place: str
    mode: str
    text_version: str
    notice_version: str
    is_evaluation_opposed: bool
    notice_form: str = NoticeForm.GIVEN
    was_alone: bool | None = None
    minor_beside: str = ""


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
    adhesion: Adhesion,
    agreements: Mapping[str, str],
    contact: Contact,
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
    _check_minor(birth, adhesion, day)
    if team.ap:
        check_ap(team.ap, team.carrier.pk)
    version = _rules_of(day)
    window = rules.visit_window(birth.day, version.window_from_day, version.window_to_day)
    if day > window.last and not accepts_late:
        message = "Les 21 jours sont passés. Cochez la case : chaque visite demandera un motif."
        raise BusinessError("late_inclusion", message, field="accepts_late")
    _answer_yes(birth, at)
    consent = _consent(birth, adhesion, by, at)
    store_contact(family=birth.family, contact=contact)
    store_agreements(family_id=birth.family_id, agreements=agreements, by=by, at=at)
    _freeze_isolation(birth.family)
    pathway = _pathway(birth, consent, version, window, team, by, at)
    _relay(birth, pathway, version, agreements)
    agreed_midwife = agreements.get(Recipient.LIBERAL_MIDWIFE) == Agreement.YES
    welcome(family=birth.family, newcomers=newcomers, agreed_midwife=agreed_midwife, by=by, at=at)
    follow_discharge(birth_id=birth.pk, at=at)
    return pathway


def _check_birth(birth: Birth) -> None:
    check_not_silent(birth)
    running = rules.RUNNING | {PathwayState.CLOSED}
    if Pathway.objects.filter(birth=birth, state__in=running).exists():
        raise BusinessError("pathway_once_per_birth", "Un parcours existe déjà pour cette naissance.")
    if birth.family.commune is None:
        raise BusinessError("address_missing", "Notez d’abord son adresse et sa commune.")


def _check_minor(birth: Birth, adhesion: Adhesion, day: date) -> None:
    """L16: a mother under eighteen decides herself; who is beside her is written, nobody is told by the platform."""
    born = Mother.objects.values_list("birth_on", flat=True).get(family=birth.family_id)
    if rules.is_minor(born, day) and not adhesion.minor_beside:
        raise BusinessError("minor_beside_missing", "Dites qui est à ses côtés.", field="minor_beside")


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


def _consent(birth: Birth, adhesion: Adhesion, by: Member, at: datetime) -> Consent:
    # A pathway that stopped for another reason than withdrawal leaves its adhesion open: the new one takes its place.
    Consent.objects.filter(birth=birth, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    with refusals_of(Consent):
        consent: Consent = Consent.objects.create(
            family_id=birth.family_id,
            birth=birth,
            collected_by=by,
            collector_role=by.role,
            at=at,
            place=adhesion.place,
            mode=adhesion.mode,
            text_version=adhesion.text_version,
            notice_version=adhesion.notice_version,
            is_evaluation_opposed=adhesion.is_evaluation_opposed,
            was_alone=adhesion.was_alone,
            minor_beside=adhesion.minor_beside,
        )
    version, form = adhesion.notice_version, adhesion.notice_form
    give_notice(family=birth.family, coparent=None, version=version, form=form, by=by, at=at)
    return consent


def _freeze_isolation(family: Family) -> None:
    """R124: the criterion is read once, at the first inclusion, and never again."""
    commune = family.commune
    if commune is not None:
        Family.objects.filter(pk=family.pk, is_isolated=None).update(is_isolated=commune.is_isolated)


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

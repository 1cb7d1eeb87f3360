"""Writing a report: drafts that lose nothing, alerts raised while it is written, one signature, addenda afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError
from copa.kernel.jobs import after_commit
from copa.kernel.outbox import OutboxState
from pathways.actions.families import change_recipients, tighten_contact
from pathways.actions.landing import SignedVisit, land_screening
from pathways.actions.shared import hold_family, lock_birth
from pathways.enums import Recipient
from pathways.models import Pathway
from pathways.rules.device import NO_DEVICE, DeviceClock
from pathways.rules.screening import may_leave_traces
from territories.models import Member, Structure
from visits import notices
from visits.actions import copies, deaths, deviations, joint
from visits.actions.landing import land_exams
from visits.actions.needs import land_followed, land_needs
from visits.actions.signs import SignSaid, record_ticked
from visits.enums import ReportState, VisitState
from visits.models import Addendum, Delivery, Report, SealedAnswers, Visit
from visits.questionnaire import (
    CleanResult,
    Missing,
    Questionnaire,
    RaisedAlert,
    alerts_raised,
    clean,
    missing,
    split_by_sensitivity,
    told_deviations,
)
from visits.questionnaire.alerts import ITEM_10
from visits.questionnaire.merging import Merge, merge
from visits.reads.context import VisitFacts
from visits.reads.drafts import Draft, draft_of, with_alerts
from visits.reads.fingerprint import fingerprint_of_addendum
from visits.reads.frozen import frozen
from visits.reads.signs import recorded_alerts

NOTE = "note.free"
# A draft keeps what cannot be read yet ("38,"), but only where a person types: a code or a yes that the form does not
# have was never offered.
# After a protected signal, whether the mother may be called.
SAFE_CALL = "grid.s3_safe"
_TYPED_BY_HAND = {"string", "text", "integer", "decimal", "date", "dateTime"}


class StaleRevision(BusinessError):
    """Another screen answered the same questions otherwise; `theirs` is what stands now. Nothing was written.

    `merge` is None when the sender does not say what it started from: then every difference is a conflict.
    """

    def __init__(self, theirs: Draft, mine: CleanResult, merge: Merge | None) -> None:
        super().__init__("stale_revision", "Ce compte rendu a aussi été modifié sur un autre écran.")
        self.theirs = theirs
        self.mine = mine
        self.merge = merge


class RefusedAnswers(BusinessError):
    """The document is not one of this form: unknown questions, forged codes. `fields` says why, by path."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("refused_answers", "Ces réponses ne viennent pas de ce formulaire.")
        self.fields = fields


class IncompleteReport(BusinessError):
    """The report cannot be signed yet: `gaps` are missing, `errors` are to be corrected."""

    def __init__(self, gaps: list[Missing], errors: dict[str, str]) -> None:
        super().__init__("incomplete", "Il manque des réponses avant de remettre le compte rendu.")
        self.gaps = gaps
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The screen a document comes from: the revision and form version it was drawn from, and its own mark.

    `revision` is 0 when nothing was saved yet, `version` "" when the sender does not say. `base` are the answers of
    that revision as the screen had them, None when it does not say (a page without script).
    """

    revision: int
    screen: str = ""
    version: str = ""
    base: Mapping[str, Any] | None = None

    def continues(self, draft: Draft) -> bool:
        """Whether nobody else saved meanwhile: the same revision, or the same screen went on writing."""
        is_same_screen = draft.report is not None and self.screen != "" and draft.report.screen == self.screen
        return draft.revision == self.revision or is_same_screen


@dataclass(frozen=True)
class SavedDraft:
    """A draft just saved: the row, and how the engine read the document.

    `is_merged`: it also holds what another screen had saved meanwhile.
    """

    report: Report
    facts: VisitFacts
    result: CleanResult
    alerts: tuple[RaisedAlert, ...]
    is_merged: bool = False

    @property
    def families(self) -> list[str]:
        """Families of alert recorded for this visit, each once."""
        return sorted({alert.family for alert in self.alerts})


def save_draft(
    *,
    visit: Visit,
    author: Member,
    document: Mapping[str, Any],
    origin: Origin,
    at: datetime,
    device: DeviceClock = NO_DEVICE,
) -> SavedDraft:
    """Keep what was typed so far, never refused for incompleteness.

    A danger sign raises its alert here, at the tap (W4), once; un-ticking it closes nothing. `device` says when it was
    tapped, by the tablet's clock. Raises `not_started`,
    `signed`, `other_version`, RefusedAnswers, and StaleRevision, which keeps the alerts: a conflict between two
    screens must not silence a sign.
    """
    with transaction.atomic():
        outcome = _save(visit, author, document, origin, at, device)
    if isinstance(outcome, StaleRevision):
        raise outcome
    return outcome


def _save(
    visit: Visit, author: Member, document: Mapping[str, Any], origin: Origin, at: datetime, device: DeviceClock
) -> SavedDraft | StaleRevision:
    draft = deaths.writable(_locked_draft(visit, at, origin.version))
    document = deaths.with_late_rows(draft, document, origin.base)
    result = clean(draft.questionnaire, document, draft.context)
    refused = refused_paths(draft.questionnaire, result)
    if refused:
        raise RefusedAnswers(refused)
    is_merged = not origin.continues(draft)
    # A page without script that is behind says nothing about a death: it may repeat one that was taken back.
    if origin.base is not None or not is_merged:
        deaths.note_new_deaths(draft, result, origin.base, author, at)
    alerts = _raise_alerts(draft.facts, result, author, at, device)
    _obey_safe_call(draft, result, at)
    if is_merged:
        merged = _merged(draft, document, origin)
        if merged is None or merged.conflicts:
            return StaleRevision(draft, result, merged)
        result = clean(draft.questionnaire, merged.answers, draft.context)
    report = _store(draft, author, result, alerts, origin.screen, at)
    return SavedDraft(report, draft.facts, result, alerts, is_merged)


def _obey_safe_call(draft: Draft, result: CleanResult, at: datetime) -> None:
    """« Peut-on l’appeler sans danger ? »: a no, or only at times, tightens the family's contact rules at once.

    Once per answer: what the team decides about them afterwards is not undone by the next saving.
    """
    answer = result.answers.get(SAFE_CALL)
    if answer is not None and not may_leave_traces(answer) and answer != draft.document.get(SAFE_CALL):
        tighten_contact(family_id=draft.facts.visit.family_id, at=at)


def _merged(draft: Draft, document: Mapping[str, Any], origin: Origin) -> Merge | None:
    """Both screens' answers together; None when this one does not say what it started from."""
    if origin.base is None:
        return None
    return merge(draft.questionnaire, draft.context, base=origin.base, mine=document, theirs=draft.document)


@transaction.atomic
def keep_note(*, visit: Visit, author: Member, text: str, at: datetime) -> None:
    """The free note of a visit after a death: optional, owed by nobody, beside what was written before."""
    draft = deaths.writable(_locked_draft(visit, at))
    document = {key: value for key, value in draft.document.items() if key != NOTE} | ({NOTE: text} if text else {})
    result = clean(draft.questionnaire, document, draft.context)
    if NOTE in result.errors:
        raise BusinessError("note_refused", result.errors[NOTE], field="note")
    _store(draft, author, result, draft.facts.alerts, "", at)


def refused_paths(questionnaire: Questionnaire, result: CleanResult) -> dict[str, str]:
    """Errors that no typing explains: an unknown or computed question, a row of another file, a forged code."""

    def is_forged(path: str) -> bool:
        # The engine keeps the text of what it cannot read, and "" for what is no text at all.
        is_typed = questionnaire.by_id[path.rpartition("/")[2]].type in _TYPED_BY_HAND
        return not is_typed or not result.rejected[path]

    return {
        path: text
        for path, text in result.errors.items()
        if path in result.foreign or (path in result.rejected and is_forged(path))
    }


def _locked_draft(visit: Visit, at: datetime, version: str = "") -> Draft:
    """The draft of a visit that may still be written; two screens wait for each other at the visit's row."""
    lock_birth(visit.pathway.birth_id)
    locked = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if locked.state not in {VisitState.STARTED, VisitState.ENDED}:
        raise BusinessError("not_started", "Notez d’abord votre arrivée avec « J’entre ».")
    draft = draft_of(locked, at, version)
    if draft.is_signed:
        raise BusinessError("signed", "Ce compte rendu est déjà remis : ajoutez un complément.")
    if version and draft.questionnaire.version != version:
        raise BusinessError("other_version", "Le formulaire a changé : rechargez la page, rien n’est perdu.")
    return draft


def _store(
    draft: Draft, author: Member, result: CleanResult, alerts: tuple[RaisedAlert, ...], screen: str, at: datetime
) -> Report:
    opened, sealed = split_by_sensitivity(draft.questionnaire, result.answers, alerts)
    sealed_families = {alert.family for alert in alerts if alert.sensitivity == "S3"}
    typed_open, typed_sealed = _split_typed(draft.questionnaire, result.rejected, sealed_families)
    values = {"answers": opened, "typed": typed_open, "saved_at": at}
    values |= {"revision": draft.revision + 1, "screen": screen}
    visit = draft.facts.visit
    if draft.report is None:
        report: Report = Report.objects.create(
            visit=visit, family_id=visit.family_id, form_id=draft.form_id, author=author, **values
        )
    else:
        Report.objects.filter(pk=draft.report.pk).update(**values)
        report = Report.objects.get(pk=draft.report.pk)
    _store_sealed(report, sealed, typed_sealed, at)
    return report


def _split_typed(
    questionnaire: Questionnaire, rejected: Mapping[str, str], sealed_families: set[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What could not be read, kept on the side where its answer will stand."""
    opened: dict[str, str] = {}
    sealed: dict[str, str] = {}
    for path, text in rejected.items():
        group, _, rest = path.partition("/")
        is_sealed_row = group == "alert" and rest.partition("/")[0] in sealed_families
        is_sealed = is_sealed_row or questionnaire.by_id[path.rpartition("/")[2]].is_sealed
        (sealed if is_sealed else opened)[path] = text
    return opened, sealed


def _store_sealed(report: Report, answers: Mapping[str, Any], typed: Mapping[str, str], at: datetime) -> None:
    row = SealedAnswers.objects.filter(report=report).order_by("pk").first()
    if row is None:
        if not answers and not typed:
            return
        row = SealedAnswers(report=report, family_id=report.family_id)
    row.answers, row.typed = dict(answers), dict(typed)
    # E1, P12: a correction of item 10 never hides what was first copied from the sheet.
    if answers.get(ITEM_10, 0) >= 1 and ITEM_10 not in row.first_answers:
        row.first_answers = {**row.first_answers, ITEM_10: {"value": answers[ITEM_10], "at": at.isoformat()}}
    row.save()


# ---- Alerts -----------------------------------------------------------------------------------------------
def _raise_alerts(
    facts: VisitFacts, result: CleanResult, author: Member, at: datetime, device: DeviceClock = NO_DEVICE
) -> tuple[RaisedAlert, ...]:
    """Raise what these answers raise and nobody raised yet; returns every alert of the visit."""
    visit = facts.visit
    said = SignSaid(
        pathway=visit.pathway,
        subject_id=visit.public_id,
        by=author,
        at=at,
        device=device,
        safe_call=result.answers.get(SAFE_CALL),
    )
    about: dict[str, Any] = {"visit": visit, "said": said, "questionnaire": facts.questionnaire}
    for alert in alerts_raised(facts.questionnaire, result.answers):
        child = next((child for child in facts.children if str(child.public_id) == alert.subject), None)
        for sign in () if alert.subject in facts.silent_subjects else alert.codes:
            record_ticked(alert=alert, sign=sign, child=child, **about)
    return tuple(recorded_alerts(facts.questionnaire, visit, facts.children))


# ---- Signature --------------------------------------------------------------------------------------------
@transaction.atomic
def sign_report(*, visit: Visit, author: Member, at: datetime) -> Report:
    """Sign the draft and hand it over to the referring team, all or nothing.

    Raises `no_draft`, `signed`, `mourning`, and IncompleteReport while an answer is missing or wrong. The delivery is
    a row of this transaction; its task is queued after the commit and found again by the schedule if the message is
    lost.
    """
    draft = _locked_draft(visit, at)
    if draft.report is None:
        raise BusinessError("no_draft", "Rien n’a encore été écrit pour cette visite.")
    if draft.facts.is_in_mourning:
        raise BusinessError("mourning", "Aucun compte rendu n’est attendu : ce que vous avez écrit est gardé.")
    result = draft.read()
    gaps = missing(draft.questionnaire, result.answers, draft.context)
    if gaps or result.errors:
        raise IncompleteReport(gaps, result.errors)
    alerts = _raise_alerts(draft.facts, result, author, at)
    written = clean(draft.questionnaire, draft.document, draft.facts.writable).answers
    opened, sealed = split_by_sensitivity(draft.questionnaire, written, alerts)
    # The sealed part first: once the report is signed the database refuses to touch it.
    _store_sealed(draft.report, sealed, {}, at)
    Report.objects.filter(pk=draft.report.pk, state=ReportState.DRAFT).update(
        answers=opened,
        typed={},
        context=frozen(with_alerts(draft.context, alerts).naming(opened)),
        state=ReportState.SIGNED,
        signed_at=at,
        author=author,
        revision=draft.revision + 1,
    )
    report: Report = Report.objects.get(pk=draft.report.pk)
    _land(draft.facts.visit, opened, author, at)
    land_screening(visit=signed_visit(draft.facts.visit, report, author), at=at)
    land_followed(visit=draft.facts.visit, answers=opened, at=at)
    land_needs(report=report, pathway=draft.facts.visit.pathway, answers=opened, by=author, at=at)
    told = told_deviations(draft.questionnaire, result.answers, draft.context)
    deviations.report_signed(visit=draft.facts.visit, told=told, by=author, at=at)
    joint.report_signed(visit=draft.facts.visit, present=result.answers.get("visit.joint") or (), at=at)
    _hand_over(report, draft.facts.visit.pathway, at)
    return report


def _land(visit: Visit, answers: Mapping[str, Any], author: Member, at: datetime) -> None:
    """Facts that live elsewhere than in the report (visit-report.md 18): PMI presented, the examinations, her answer
    about the relay."""
    if answers.get("pmi.presented") in {"YES", "ALREADY"}:
        Pathway.objects.filter(pk=visit.pathway_id, is_pmi_presented=False).update(is_pmi_presented=True)
    land_exams(birth=visit.pathway.birth, answers=answers, author=author, at=at)
    if answer := answers.get("pmi.relay_consent"):
        change_recipients(family=visit.family, agreements={Recipient.PMI: answer}, by=author, at=at)


@transaction.atomic
def land_report(*, report: Report) -> None:
    """Give a report signed before its answers had rows of their own the same rows, dated as it was signed.

    Running it again changes nothing. Raises `not_signed` for a draft.
    """
    if report.signed_at is None:
        raise BusinessError("not_signed", "Ce compte rendu n’est pas encore remis.")
    land_screening(visit=signed_visit(report.visit, report, report.author), at=report.signed_at)


def signed_visit(visit: Visit, report: Report, author: Member) -> SignedVisit:
    """The report as the grid and the EPDS read it, from what was stored."""
    sealed = SealedAnswers.objects.filter(report=report).order_by("pk").first()
    return SignedVisit(
        pathway=visit.pathway,
        visit_id=visit.public_id,
        author=author,
        opened=report.answers,
        sealed=sealed.answers if sealed else {},
        first={link_id: entry["value"] for link_id, entry in sealed.first_answers.items()} if sealed else {},
        at=visit.ended_at or report.saved_at,
        zone=visit.territory.time_zone,
    )


def _hand_over(report: Report, pathway: Pathway, at: datetime) -> None:
    """One delivery to the structure that answers for the family (R085), whatever became of the pathway since."""
    delivery = Delivery.objects.create(
        report=report,
        family_id=report.family_id,
        structure_id=pathway.carrier_id,
        dedup_key=f"report:{report.public_id}:{pathway.carrier.public_id}",
        next_attempt_at=at,
    )
    after_commit("visits.deliver_report", delivery.pk)


# ---- Afterwards -------------------------------------------------------------------------------------------
@transaction.atomic
def add_addendum(*, report: Report, author: Member, reason: str, text: str, at: datetime) -> Addendum:
    """Complete or correct a signed report; the first version stays as it is (W10). The teams are told, without content.

    Each team that has the report gets the addendum as something new to read, and so does whoever has a copy of it;
    where the report is still on its way, it comes with it. Raises `not_signed` for a draft.
    """
    if report.state != ReportState.SIGNED:
        raise BusinessError("not_signed", "Ce compte rendu n’est pas encore remis : corrigez-le directement.")
    hold_family(family_id=report.family_id, pathway_id=report.visit.pathway_id)
    addendum: Addendum = Addendum.objects.create(
        report=report, family_id=report.family_id, author=author, at=at, reason=reason, text=text
    )
    deliveries = Delivery.objects.of_reports().filter(report=report).select_related("structure").order_by("pk")
    # Locked: one that arrives at this moment has either arrived, or takes the addendum along.
    for delivery in deliveries.select_for_update(of=("self",)):
        if delivery.delivered_at:
            _deliver_addendum(addendum, delivery.structure, at)
        notices.report_completed(addendum=addendum, structure=delivery.structure, at=at)
    copies.copy_addendum(addendum=addendum, at=at)
    return addendum


def _deliver_addendum(addendum: Addendum, structure: Structure, at: datetime) -> None:
    """In the inbox at once, by the transaction that writes it: unlike a report, it has nothing to be drawn."""
    Delivery.objects.create(
        report=addendum.report,
        addendum=addendum,
        family_id=addendum.family_id,
        structure=structure,
        dedup_key=f"addendum:{addendum.public_id}:{structure.public_id}",
        state=OutboxState.SENT,
        next_attempt_at=at,
        sent_at=at,
        delivered_at=at,
        fingerprint=fingerprint_of_addendum(addendum),
    )

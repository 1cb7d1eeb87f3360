"""The EPDS: recorded once, added up by the platform alone, corrected only by an addendum (domain.md 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.alerts import put_right_whose, raise_alert, say_again, signs_of
from pathways.actions.shared import id_of_submission, lock_birth
from pathways.actions.suggestions import suggest
from pathways.enums import AlertKind, AlertPerson, EpdsStatus, ScreenedPerson, SuggestionCause, SuggestionKind
from pathways.models import Death, EpdsCorrection, EpdsScreening, EpdsThresholds, EpdsValues, EpdsWording, Pathway
from pathways.reads.thresholds import offers_coparent, thresholds_of
from pathways.rules import day_of
from pathways.rules.screening import (
    EPDS_ITEMS,
    EPDS_POINTS,
    ITEM_10_ALERT,
    MIND_VITAL_DELAY,
    EpdsLevel,
    Thresholds,
    epds_repeat_on,
    epds_total,
    epds_values,
    is_item_10_alarming,
    item_10_cause,
)
from pathways.signals import epds_recorded
from territories.models import Member


@dataclass(frozen=True, kw_only=True)
class EpdsSheet:
    """One sheet as it was handed back. `values` holds the ten keys i01 to i10; a missing one is not made up (E2).

    Its total is not among them: the platform adds it up. `source_id` is the visit's public id, None outside one, where
    `submission_id` is the mark of the page: sent again, the sheet stored first answers.
    """

    status: str
    values: Mapping[str, Any]
    reason: str = ""
    presence: str = ""
    language: str = ""
    person: str = ScreenedPerson.MOTHER
    source: str
    source_id: UUID | None = None
    is_repeat_asked: bool = False
    submission_id: UUID | None = None


@transaction.atomic
def record_epds(
    *, pathway: Pathway, sheet: EpdsSheet, author: Member, at: datetime, recorded_at: datetime, zone: str
) -> EpdsScreening | None:
    """Store a sheet, its total and the thresholds of that day; None when this visit has already landed.

    The tenth answer at 1 or more raises the alert at once, read back from what was stored, whatever the total. A total
    at or above the cut-off is a suggestion to the team, no alert (alerts.md 3). Raises `bad_value`, `before_birth`,
    `coparent_off`, `mother_died`, `reason_missing`, `presence_missing`.
    """
    if sheet.source_id and EpdsScreening.objects.filter(source_id=sheet.source_id).exists():
        return None
    if sheet.submission_id:
        lock_birth(pathway.birth_id)
    public_id = id_of_submission(pathway.public_id, author, sheet.submission_id)
    known: EpdsScreening | None = EpdsScreening.objects.filter(public_id=public_id).first()
    if known is not None:
        return known
    values = _checked(sheet, pathway)
    thresholds = thresholds_of(sheet.person, recorded_at)
    day, on = day_of(pathway.birth.day, clock.local_date(at, zone)), clock.local_date(at, zone)
    if day < 0 and sheet.source_id is None:
        message = "Ce jour précède la naissance : vérifiez le jour et l’année."
        raise BusinessError("before_birth", message, field="at")
    screening = _store(pathway, sheet, values, thresholds, author, at, recorded_at, day, on, public_id)
    if sheet.status == EpdsStatus.DONE:
        EpdsValues.objects.create(screening=screening, family_id=pathway.family_id, **values)
        _act_on(screening, pathway, thresholds, author, recorded_at)
    epds_recorded.send(EpdsScreening, screening=screening, at=recorded_at)
    return screening


def _checked(sheet: EpdsSheet, pathway: Pathway) -> dict[str, int | None]:
    # What a visit recorded is always accepted (design.md 3.6).
    is_asked_now = sheet.person == ScreenedPerson.MOTHER and sheet.source_id is None
    if is_asked_now and Death.objects.of_mothers().filter(family=pathway.family_id).exists():
        message = "Un décès a été noté : aucun questionnaire ne se note plus à son nom."
        raise BusinessError("mother_died", message, field="person")
    if sheet.person == ScreenedPerson.COPARENT and not offers_coparent():
        raise BusinessError("coparent_off", "Ce territoire ne propose pas le questionnaire au co-parent.")
    if sheet.status != EpdsStatus.DONE:
        if not sheet.reason:
            raise BusinessError("reason_missing", "Dites pourquoi le questionnaire n’est pas rempli.", field="reason")
        return dict.fromkeys(EPDS_ITEMS)
    if not sheet.presence:
        raise BusinessError("presence_missing", "Dites qui était là pendant qu’elle répondait.", field="presence")
    try:
        return epds_values(sheet.values)
    except ValueError as error:
        raise BusinessError("bad_value", "Chaque réponse vaut 0, 1, 2 ou 3.") from error


def _store(
    pathway: Pathway,
    sheet: EpdsSheet,
    values: Mapping[str, int | None],
    thresholds: Thresholds | None,
    author: Member,
    at: datetime,
    recorded_at: datetime,
    day: int,
    on: date,
    public_id: UUID,
) -> EpdsScreening:
    is_done = sheet.status == EpdsStatus.DONE
    total = epds_total(values) if is_done else None
    screening: EpdsScreening = EpdsScreening.objects.create(
        public_id=public_id,
        pathway=pathway,
        family_id=pathway.family_id,
        person=sheet.person,
        status=sheet.status,
        reason="" if is_done else sheet.reason,
        presence=sheet.presence if is_done else "",
        language=sheet.language if is_done else "",
        at=at,
        day=day,
        recorded_at=recorded_at,
        author=author,
        source=sheet.source,
        source_id=sheet.source_id,
        total=total,
        repeat_on=_repeat_on(sheet, total, thresholds, day, on),
        **(_kept(thresholds) if is_done and thresholds else {}),
    )
    return screening


def _repeat_on(sheet: EpdsSheet, total: int | None, thresholds: Thresholds | None, day: int, on: date) -> date | None:
    return epds_repeat_on(
        status=sheet.status,
        total=total,
        thresholds=thresholds,
        day=day,
        on=on,
        is_asked=sheet.is_repeat_asked,
        presence=sheet.presence,
    )


def _kept(thresholds: Thresholds) -> dict[str, Any]:
    """The thresholds that a result keeps for ever."""
    return {
        "thresholds_version": thresholds.version,
        "watch": thresholds.watch,
        "alert": thresholds.alert,
        "high": thresholds.high,
    }


# R056: a third visit is the mother's; the co-parent's own result calls the team together about him (A37).
_OF_MOTHER = (SuggestionKind.THIRD_VISIT, SuggestionKind.TEAM_REVIEW)
_OF_COPARENT = (SuggestionKind.TEAM_REVIEW,)


def _act_on(
    screening: EpdsScreening, pathway: Pathway, thresholds: Thresholds | None, author: Member, recorded_at: datetime
) -> None:
    stored = EpdsValues.objects.values_list("i10", flat=True).get(screening=screening)
    # A report raises it at the tap, on the same visit: one alert, not two.
    if is_item_10_alarming(stored):
        subject_id = screening.source_id or screening.public_id
        _raise_item_10(pathway, screening.person, subject_id=subject_id, by=author, at=recorded_at)
    if screening.total is None or thresholds is None:
        return
    is_coparent, level = screening.person == ScreenedPerson.COPARENT, thresholds.level(screening.total)
    if level in {EpdsLevel.ALERT, EpdsLevel.HIGH}:
        for kind in _OF_COPARENT if is_coparent else _OF_MOTHER:
            suggest(
                pathway=pathway,
                kind=kind,
                cause=SuggestionCause.COPARENT_EPDS if is_coparent else SuggestionCause.EPDS,
                source_id=screening.public_id,
                by=None,
                at=recorded_at,
                is_same_day=level == EpdsLevel.HIGH and kind == SuggestionKind.TEAM_REVIEW,
            )


@transaction.atomic
def tell_tenth(
    *,
    pathway: Pathway,
    tenth: int | None,
    person: str,
    submission_id: UUID | None,
    by: Member,
    at: datetime,
    source_id: UUID | None = None,
) -> bool:
    """Raise the alert of a tenth answer as it is sent, whatever the rest of its page lacks; True once it is raised.

    `tenth` None when none was ticked. Under the mark of its page, so that the sheet stored later by the same page is
    that of this alert, and raises no other. Lowered again, it takes nothing away, as in a report. `source_id` is the
    visit whose report will hold the sheet: the alert is that of its report, None outside one.
    """
    lock_birth(pathway.birth_id)
    subject_id = source_id or id_of_submission(pathway.public_id, by, submission_id)
    if is_item_10_alarming(tenth):
        _raise_item_10(pathway, person, subject_id=subject_id, by=by, at=at)
    return bool(signs_of(subject_id, ITEM_10_ALERT).exists())


# ---- Corrections ------------------------------------------------------------------------------------------
@transaction.atomic
def ask_correction(
    *, screening: EpdsScreening, item: str, value: int, reason: str, by: Member, at: datetime
) -> EpdsCorrection:
    """« Erreur de recopie »: said beside the values, which stay as they were entered; the team accepts or not.

    Raises `not_done`, `bad_value`, `reason_missing`.
    """
    if screening.status != EpdsStatus.DONE:
        raise BusinessError("not_done", "Ce questionnaire n’a pas été rempli.")
    if item not in EPDS_ITEMS or type(value) is not int or value not in EPDS_POINTS:
        raise BusinessError("bad_value", "Chaque réponse vaut 0, 1, 2 ou 3.", field="value")
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites d’où vient l’erreur.", field="reason")
    correction: EpdsCorrection = EpdsCorrection.objects.create(
        screening=screening,
        family_id=screening.family_id,
        item=item,
        value=value,
        reason=reason.strip()[:200],
        asked_by=by,
        asked_at=at,
    )
    if item == EPDS_ITEMS[-1] and is_item_10_alarming(value):
        _correct_upwards(correction, by, at)
    return correction


def _correct_upwards(correction: EpdsCorrection, by: Member, at: datetime) -> None:
    """A correction upwards is a sign like any other: it does not wait for the team's opinion.

    The alert that waits is joined. Where the team has answered it already, a higher answer is a new one.
    """
    screening = correction.screening
    subject_id = screening.source_id or screening.public_id
    known = signs_of(subject_id, ITEM_10_ALERT).order_by("pk").first()
    stored = EpdsValues.objects.filter(screening=screening).order_by("pk").values_list("i10", flat=True).first()
    if known is None:
        _raise_item_10(screening.pathway, screening.person, subject_id=subject_id, by=by, at=at)
    elif correction.value <= (stored or 0):
        return
    elif known.acknowledged_at is None and known.ended_at is None:
        say_again(alert=known, said_in=correction.public_id, by=by, at=at)
    else:
        _raise_item_10(screening.pathway, screening.person, subject_id=correction.public_id, by=by, at=at)


def _raise_item_10(pathway: Pathway, person: str, *, subject_id: UUID, by: Member, at: datetime) -> None:
    """Its words say when it is the co-parent who answered: the procedure has somebody call the mother (A37)."""
    is_coparent = person == ScreenedPerson.COPARENT
    facts = item_10_cause(" du co-parent" if is_coparent else "")
    about = AlertPerson.COPARENT if is_coparent else AlertPerson.MOTHER
    is_new = raise_alert(
        pathway=pathway,
        kind=AlertKind.PROTECTED,
        subject_id=subject_id,
        code=ITEM_10_ALERT,
        about=about,
        facts=facts,
        is_sealed=True,
        raised_by=by,
        answer_due_at=at + MIND_VITAL_DELAY,
        at=at,
    )
    if not is_new:
        # Told at a first sending that was refused, then sent again with « Qui a répondu ? » put right.
        words = f"C’est {'le co-parent' if is_coparent else 'la mère'} qui a répondu."
        put_right_whose(subject_id=subject_id, code=ITEM_10_ALERT, about=about, words=words, by=by, at=at)


def decide_correction(*, correction: EpdsCorrection, is_accepted: bool, by: Member, at: datetime) -> None:
    """The team accepts a correction or not; no alert closes by it. Raises `already_decided`."""
    waiting = EpdsCorrection.objects.filter(pk=correction.pk, decided_at=None)
    if not waiting.update(is_accepted=is_accepted, decided_by=by, decided_at=at):
        raise BusinessError("already_decided", "Cette correction a déjà été décidée.")


# ---- Thresholds and wording -------------------------------------------------------------------------------
@transaction.atomic
def validate_thresholds(
    *,
    thresholds: Thresholds,
    is_offered_to_coparent: bool,
    by: Member,
    at: datetime,
    coparent: Thresholds | None = None,
) -> EpdsThresholds:
    """A new version, valid from now on; former results keep theirs. `coparent` None: his totals are kept, unread.

    Raises the sentence of the violated constraint."""
    with refusals_of(EpdsThresholds):
        row: EpdsThresholds = EpdsThresholds.objects.create(
            version=thresholds.version.strip(),
            watch=thresholds.watch,
            alert=thresholds.alert,
            high=thresholds.high,
            coparent_watch=coparent and coparent.watch,
            coparent_alert=coparent and coparent.alert,
            coparent_high=coparent and coparent.high,
            offers_coparent=is_offered_to_coparent,
            validated_by=by,
            valid_from=at,
        )
    return row


def load_wording(*, document: Mapping[str, Any], at: datetime) -> EpdsWording:
    """Store the scale as this territory may print it. Raises `bad_wording` when the file does not hold together.

    Ten items i01 to i10, each with its text and four options whose points are 0, 1, 2 and 3, in any order (E1).
    """
    items = document.get("items") if isinstance(document, Mapping) else None
    if not isinstance(items, Mapping) or set(items) != set(EPDS_ITEMS):
        raise BusinessError("bad_wording", "Le fichier doit contenir les dix questions i01 à i10.")
    for key in EPDS_ITEMS:
        _check_item(key, items[key])
    named = {name: str(document.get(name, "")).strip() for name in ("language", "title", "permission")}
    if not all(named.values()):
        raise BusinessError("bad_wording", "Le fichier doit dire la langue, le titre et l’autorisation obtenue.")
    row: EpdsWording = EpdsWording.objects.create(items=dict(items), loaded_at=at, **named)
    return row


def _check_item(key: str, item: Any) -> None:
    options = item.get("options") if isinstance(item, Mapping) else None
    is_whole = isinstance(options, list) and isinstance(item.get("text"), str) and bool(item["text"].strip())
    if not is_whole or any(not isinstance(one, Mapping) or not one.get("label") for one in options or ()):
        raise BusinessError("bad_wording", f"La question {key} doit avoir son texte et quatre réponses.")
    if sorted(str(one.get("points")) for one in options or ()) != [str(points) for points in EPDS_POINTS]:
        raise BusinessError("bad_wording", f"Les réponses de la question {key} doivent valoir 0, 1, 2 et 3.")

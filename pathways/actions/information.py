"""What each adult is told about her data, and what the co-parent answers for himself (L12, A36)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import check_mother_lives, hold_family
from pathways.enums import Agreement, ConsentMode, NoticeForm
from pathways.models import Consent, CoParent, CoParentConsent, Family, InformationNotice
from pathways.texts import Reader, offered_to, text_of
from territories.models import Member


@transaction.atomic
def give_notice(
    *, family: Family, coparent: CoParent | None, version: str, form: str, by: Member, at: datetime
) -> InformationNotice:
    """Note that one adult was given the information, in which text and form; None is the mother. Each giving is a row.

    Raises `unknown_text` for a text that is not hers or not given any more, `unknown_form`.
    """
    text = text_of(version)
    reader = Reader.COPARENT if coparent else Reader.MOTHER
    if text is None or text.reader != reader or not text.is_offered:
        raise BusinessError("unknown_text", "Choisissez le texte remis à cette personne.", field="version")
    if form not in NoticeForm.values:
        raise BusinessError("unknown_form", "Dites sous quelle forme.", field="form")
    with refusals_of(InformationNotice):
        given: InformationNotice = InformationNotice.objects.create(
            family=family, coparent=coparent, version=version, form=form, given_at=at, given_by=by
        )
    return given


@transaction.atomic
def change_evaluation(*, family: Family, is_opposed: bool, mode: str, by: Member, at: datetime) -> None:
    """Note that the mother objects to the evaluation, or no longer does (N8): about every adhesion of hers at once.

    Read by the next export; what was published stays. Said again, the first time counts. Raises `unknown_mode`,
    `not_adhered`, and `mourning` once her death is noted.
    """
    if mode not in ConsentMode.values:
        raise BusinessError("unknown_mode", "Dites comment elle l’a dit.", field="mode")
    hold_family(family_id=family.pk)
    check_mother_lives(family_id=family.pk)
    if not Consent.objects.filter(family=family).exists():
        raise BusinessError("not_adhered", "Elle n’a pas encore donné son adhésion\u00a0: la question y est posée.")
    say_of_evaluation(family_id=family.pk, is_opposed=is_opposed, mode=mode, by=by, at=at)


def say_of_evaluation(*, family_id: int, is_opposed: bool, mode: str, by: Member, at: datetime) -> None:
    """Write her answer on each adhesion that says otherwise; inside the caller's transaction."""
    others = Consent.objects.filter(family=family_id, is_evaluation_opposed=not is_opposed)
    others.update(is_evaluation_opposed=is_opposed, evaluation_at=at, evaluation_by=by, evaluation_mode=mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoParentSaid:
    """What a co-parent was given and answered at the inclusion. `notice_form`, `answer` "" when he was not asked."""

    coparent: CoParent
    notice_form: str
    answer: str
    is_safe: bool


def hear_coparents(*, said: Iterable[CoParentSaid], by: Member, at: datetime) -> list[str]:
    """Write what each was given and answered, each on its own; what stays to be noted, in French.

    His answers are his: whatever is refused of them undoes nothing of the mother's inclusion (A36).
    """
    return [refusal for one in said for refusal in _hear(one, by, at)]


def _hear(said: CoParentSaid, by: Member, at: datetime) -> Iterator[str]:
    coparent = said.coparent
    about: dict[str, Any] = {"coparent": coparent, "by": by, "at": at}
    if said.notice_form:
        version = offered_to(Reader.COPARENT)[-1][0]
        give_notice(family=coparent.family, version=version, form=said.notice_form, **about)
    if not said.answer:
        return
    try:
        answer_for_coparent(answer=said.answer, is_safe=said.is_safe, **about)
    except BusinessError as refusal:
        yield f"La réponse de {coparent} reste à noter. {refusal.message}"


@transaction.atomic
def answer_for_coparent(*, coparent: CoParent, answer: str, is_safe: bool, by: Member, at: datetime) -> None:
    """Note whether the co-parent wishes to be followed too; the last answer counts.

    `is_safe`: the mother, asked alone, finds it safe for her. Raises `mother_first` before her own adhesion,
    `notice_first` before he was informed, `coparent_consent_safe` for a yes without it.
    """
    hold_family(family_id=coparent.family_id)
    if answer == Agreement.YES:
        _check_yes(coparent)
    values = {"answer": answer, "is_safe": is_safe, "at": at, "collected_by": by}
    with refusals_of(CoParentConsent):
        CoParentConsent.objects.update_or_create(coparent=coparent, family_id=coparent.family_id, defaults=values)


def _check_yes(coparent: CoParent) -> None:
    if not Consent.objects.filter(family=coparent.family_id, withdrawn_at=None).exists():
        raise BusinessError("mother_first", "Recueillez d’abord l’adhésion de la mère.", field="answer")
    if not InformationNotice.objects.filter(coparent=coparent).exists():
        raise BusinessError("notice_first", "Remettez-lui d’abord son information.", field="answer")

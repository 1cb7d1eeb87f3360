"""What each adult is told about her data, and what the co-parent answers for himself (L12, A36)."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.shared import hold_family, refusals_of
from pathways.enums import Agreement, NoticeForm
from pathways.models import Consent, CoParent, CoParentConsent, Family, InformationNotice
from pathways.texts import Reader, text_of
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

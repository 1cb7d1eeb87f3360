"""What the mother answered on the tablet during a visit goes into the report of that visit, as its author's draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.handings import use_handed
from pathways.enums import EpdsStatus, HandedKind
from pathways.reads.handings import GivenBack
from pathways.rules.screening import EPDS_ITEMS
from territories.models import Member
from visits.actions.report import Origin, save_draft
from visits.models import Visit
from visits.questionnaire import Answers, Questionnaire
from visits.questionnaire.sheet import ROW_KEYS
from visits.reads.drafts import draft_of


@transaction.atomic
def take_into_report(*, visit: Visit, given: GivenBack, author: Member, at: datetime) -> None:
    """Put her answers into the draft, by the same saving as a page does, and erase them where they waited.

    Raises what forbids a draft, and `epds_not_asked` when this report no longer asks for the scale: they stay then.
    """
    draft = draft_of(visit, at)
    written = _as_sent(draft.questionnaire, draft.document)
    left = {key: value for key, value in written.items() if not key.startswith("epds.")}
    document = {**left, **_answers(given, written)}
    origin = Origin(revision=draft.revision, version=draft.questionnaire.version, base=written)
    saved = save_draft(visit=visit, author=author, document=document, origin=origin, at=at)
    if any(f"epds.{key}" not in saved.result.answers for key in given.answers):
        message = "Ce compte rendu ne demande plus le questionnaire : notez-le depuis « Repérage »."
        raise BusinessError("epds_not_asked", message)
    use_handed(family_id=visit.family_id, kind=HandedKind.EPDS, by=author, at=at, source_id=visit.public_id)


def _as_sent(questionnaire: Questionnaire, document: Mapping[str, Any]) -> Answers:
    """What stands in the draft as a page sends it: without what the platform computes."""

    def is_sent(link_id: str) -> bool:
        item = questionnaire.by_id.get(link_id)
        return item is not None and not item.is_hidden and item.source != "visit" and item.type != "display"

    def row_sent(group: str, row: Mapping[str, Any]) -> Answers:
        return {key: value for key, value in row.items() if key == ROW_KEYS.get(group) or is_sent(key)}

    return {
        key: [row_sent(key, row) for row in value] if questionnaire.by_id[key].is_row_group else value
        for key, value in document.items()
        if is_sent(key)
    }


def _answers(given: GivenBack, document: Mapping[str, Any]) -> dict[str, Any]:
    """As an AP types them; whoever answered was there."""
    present = list(document.get("who.present") or [])
    return {
        "who.present": present if "MOTHER" in present else ["MOTHER", *present],
        "epds.status": str(EpdsStatus.DONE),
        "epds.alone": given.handing.presence,
        "epds.language": given.handing.language,
        **{f"epds.{key}": int(given.answers[key]) for key in EPDS_ITEMS if key in given.answers},
        **({"epds.missing": True} if given.has_skipped else {}),
    }

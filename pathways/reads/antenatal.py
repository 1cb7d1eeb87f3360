"""The adhesion given before a birth, as a page shows it and as the inclusion takes it over."""

from dataclasses import dataclass
from datetime import datetime

from pathways.enums import Collector, ConsentMode
from pathways.models import AntenatalConsent, Birth, Consent
from pathways.reads.facts.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyConsentFacts:
    """When, by whom and how; `by` is the name of whoever collected it."""

    at: datetime
    by: str
    collector_label: str
    mode_label: str
    text_version: str
    notice_version: str


def early_consent_facts(row: AntenatalConsent) -> EarlyConsentFacts:
    """In words."""
    return EarlyConsentFacts(
        at=row.at,
        by=row.collector_name or row.collected_by.user.get_full_name(),
        collector_label=words(Collector, row.collector),
        mode_label=words(ConsentMode, row.mode),
        text_version=row.text_version,
        notice_version=row.notice_version,
    )


def early_consent_of(presentation_id: int) -> EarlyConsentFacts | None:
    """The adhesion of a presentation, None while there is none; one query."""
    rows = AntenatalConsent.objects.filter(presentation=presentation_id).select_related("collected_by__user")
    row = rows.order_by("pk").first()
    return early_consent_facts(row) if row else None


def early_consent_for(birth: Birth) -> AntenatalConsent | None:
    """The one an inclusion of this birth takes over: the last one given, unless an adhesion has followed the birth."""
    if Consent.objects.filter(birth=birth).exists():
        return None
    rows = AntenatalConsent.objects.filter(presentation__birth=birth).select_related("collected_by__user")
    return rows.order_by("-at", "-pk").first()  # type: ignore[no-any-return]

"""The sheets of one territory: which tables the demonstration writes, which columns, in which order."""

from uuid import UUID

from django.db.models import Model

from billing.models import ChargeableLine
from copa.demo.bulk import Sheet
from pathways.models import (
    Alert,
    Birth,
    Child,
    Consent,
    CoParent,
    Death,
    Discharge,
    Family,
    FamilyGrant,
    FamilyWord,
    Mother,
    Pathway,
    PmiRelay,
    Proposal,
    RecipientConsent,
)
from territories.models import AccessLog
from visits.models import Delivery, Report, SealedAnswers, Visit

UID = "public_id"
COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Family: (
        UID,
        "reference",
        "maternity_id",
        "address",
        "commune_id",
        "access_hint",
        "is_isolated",
        "contact_hours",
        "may_email",
        "may_sms",
        "is_discreet",
        "no_voice_mail",
        "created_at",
    ),
    Mother: (UID, "family_id", "birth_name", "used_name", "first_names", "birth_on", "phone", "email"),
    CoParent: (UID, "family_id", "first_names", "name", "phone"),
    Birth: (UID, "family_id", "maternity_id", "at", "day", "mode", "term_weeks", "parity", "is_silent"),
    Child: (UID, "family_id", "birth_id", "rank", "first_name", "sex", "birth_weight_g", "closed_at"),
    Death: (
        UID,
        "family_id",
        "birth_id",
        "person",
        "child_id",
        "noted_by_id",
        "noted_at",
        "confirmed_by_id",
        "confirmed_at",
    ),
    FamilyWord: ("family_id", "word"),
    Discharge: (
        UID,
        "family_id",
        "birth_id",
        "at",
        "kind",
        "has_medical_agreement",
        "decided_by",
        "recorded_by_id",
        "recorded_at",
    ),
    Proposal: (
        UID,
        "family_id",
        "birth_id",
        "proposed_on",
        "context",
        "proposed_by_id",
        "answer",
        "answered_at",
        "ask_again_on",
        "refusal_reason",
        "covered",
        "support",
    ),
    Consent: (
        UID,
        "family_id",
        "birth_id",
        "collected_by_id",
        "collector_role",
        "at",
        "place",
        "mode",
        "text_version",
        "notice_version",
        "withdrawn_at",
        "withdrawn_by_id",
        "is_evaluation_opposed",
    ),
    RecipientConsent: (UID, "family_id", "recipient", "answer", "at", "collected_by_id"),
    Pathway: (
        UID,
        "family_id",
        "birth_id",
        "consent_id",
        "rules_id",
        "carrier_id",
        "ap_id",
        "state",
        "included_at",
        "included_by_id",
        "window_from",
        "window_to",
        "is_pmi_presented",
        "closed_at",
        "closing_reason",
    ),
    FamilyGrant: (
        "permission_id",
        "user_id",
        "content_object_id",
        "recipient",
        "reason",
        "granted_by_id",
        "granted_at",
        "expires_at",
    ),
    Visit: (
        UID,
        "family_id",
        "pathway_id",
        "kind",
        "ap_id",
        "planned_at",
        "planned_minutes",
        "window_reason",
        "motive",
        "state",
        "started_at",
        "ended_at",
        "not_done_reason",
        "report_due_at",
        "report_delivered_at",
        "due_soon_alerted_at",
        "overdue_alerted_at",
    ),
    Report: (
        UID,
        "family_id",
        "visit_id",
        "form_id",
        "author_id",
        "answers",
        "context",
        "state",
        "revision",
        "saved_at",
        "signed_at",
    ),
    SealedAnswers: (UID, "family_id", "report_id", "answers", "first_answers"),
    Delivery: (
        UID,
        "family_id",
        "report_id",
        "structure_id",
        "state",
        "dedup_key",
        "attempts",
        "next_attempt_at",
        "claimed_at",
        "sent_at",
        "delivered_at",
        "opened_at",
        "opened_by_id",
        "fingerprint",
    ),
    Alert: (
        UID,
        "family_id",
        "pathway_id",
        "kind",
        "subject_id",
        "code",
        "facts",
        "is_sealed",
        "raised_at",
        "raised_by_id",
        "answer_due_at",
        "acknowledged_at",
        "acknowledged_by_id",
        "instruction",
        "ended_at",
        "closed_at",
        "closed_by_id",
        "outcome",
        "decision",
    ),
    PmiRelay: (
        UID,
        "family_id",
        "pathway_id",
        "sector_id",
        "due_on",
        "is_agreed",
        "state",
        "answered_at",
        "answered_by_id",
        "question",
        "reply",
        "next_contact_on",
    ),
    ChargeableLine: (
        UID,
        "family_id",
        "pathway_id",
        "tariff_id",
        "kind",
        "amount",
        "visits_done",
        "closed_on",
        "created_at",
    ),
    AccessLog: (UID, "user_id", "family_id", "what", "route", "at"),
}


class Register:
    """The sheets of one territory; rows are given as tuples in the order of `COLUMNS`."""

    def __init__(self) -> None:
        self._by_model = {model: Sheet(model, names) for model, names in COLUMNS.items()}

    def __getitem__(self, model: type[Model]) -> Sheet:
        return self._by_model[model]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Parents first: the order in which they must be written."""
        return tuple(self._by_model.values())

    def write(self, territory_id: UUID) -> None:
        """Send what waits."""
        for sheet in self.sheets:
            sheet.write(territory_id)

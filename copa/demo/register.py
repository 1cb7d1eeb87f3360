"""The sheets of one territory: which tables the demonstration writes, which columns, in which order."""

from uuid import UUID

from billing.models import ChargeableLine
from copa.demo.bulk import Sheet
from pathways.models import (
    Alert,
    Birth,
    Child,
    Consent,
    CoParent,
    Discharge,
    Family,
    FamilyGrant,
    Mother,
    Pathway,
    PmiRelay,
    Proposal,
    RecipientConsent,
)
from visits.models import Delivery, Report, SealedAnswers, Visit


class Register:
    """The sheets of one territory, in the order in which they must be written."""

    def __init__(self) -> None:
        uid = "public_id"
        self.family = Sheet(
            Family,
            (
                uid, "reference", "search", "maternity_id", "address", "commune_id", "access_hint", "is_isolated",
                "contact_hours", "may_email", "may_sms", "is_discreet", "no_voice_mail", "created_at",
            ),
        )  # fmt: skip
        self.mother = Sheet(
            Mother, (uid, "family_id", "birth_name", "used_name", "first_names", "birth_on", "phone", "email")
        )
        self.coparent = Sheet(CoParent, (uid, "family_id", "first_names", "name", "phone"))
        self.birth = Sheet(
            Birth, (uid, "family_id", "maternity_id", "at", "day", "mode", "term_weeks", "parity", "is_silent")
        )
        self.child = Sheet(Child, (uid, "family_id", "birth_id", "rank", "first_name", "sex", "birth_weight_g"))
        self.discharge = Sheet(
            Discharge,
            (uid, "family_id", "birth_id", "at", "kind", "has_medical_agreement", "decided_by", "recorded_by_id",
             "recorded_at"),
        )  # fmt: skip
        self.proposal = Sheet(
            Proposal,
            (uid, "family_id", "birth_id", "proposed_on", "context", "proposed_by_id", "answer", "answered_at",
             "ask_again_on", "refusal_reason", "covered", "support"),
        )  # fmt: skip
        self.consent = Sheet(
            Consent,
            (uid, "family_id", "birth_id", "collected_by_id", "collector_role", "at", "place", "mode", "text_version",
             "notice_version", "withdrawn_at", "withdrawn_by_id", "is_evaluation_opposed"),
        )  # fmt: skip
        self.recipient = Sheet(RecipientConsent, (uid, "family_id", "recipient", "answer", "at", "collected_by_id"))
        self.pathway = Sheet(
            Pathway,
            (uid, "family_id", "birth_id", "consent_id", "rules_id", "carrier_id", "ap_id", "state", "included_at",
             "included_by_id", "window_from", "window_to", "is_pmi_presented", "closed_at", "closing_reason"),
        )  # fmt: skip
        self.grant = Sheet(
            FamilyGrant,
            ("permission_id", "user_id", "content_object_id", "reason", "granted_by_id", "granted_at", "expires_at"),
        )
        self.visit = Sheet(
            Visit,
            (uid, "family_id", "pathway_id", "kind", "ap_id", "planned_at", "planned_minutes", "window_reason",
             "state", "started_at", "ended_at", "not_done_reason", "report_due_at", "report_delivered_at",
             "due_soon_alerted_at", "overdue_alerted_at"),
        )  # fmt: skip
        self.report = Sheet(
            Report,
            (uid, "family_id", "visit_id", "form_id", "author_id", "answers", "context", "state", "revision",
             "saved_at", "signed_at"),
        )  # fmt: skip
        self.sealed = Sheet(SealedAnswers, (uid, "family_id", "report_id", "answers", "first_answers"))
        self.delivery = Sheet(
            Delivery,
            (uid, "family_id", "report_id", "structure_id", "state", "dedup_key", "attempts", "next_attempt_at",
             "claimed_at", "sent_at", "delivered_at", "opened_at", "opened_by_id", "fingerprint"),
        )  # fmt: skip
        self.alert = Sheet(
            Alert,
            (uid, "family_id", "pathway_id", "kind", "subject_id", "code", "facts", "is_sealed", "raised_at",
             "raised_by_id", "answer_due_at", "acknowledged_at", "acknowledged_by_id", "instruction", "ended_at"),
        )  # fmt: skip
        self.relay = Sheet(
            PmiRelay,
            (uid, "family_id", "pathway_id", "sector_id", "due_on", "is_agreed", "state", "answered_at",
             "answered_by_id", "question", "reply", "next_contact_on"),
        )  # fmt: skip
        self.line = Sheet(
            ChargeableLine,
            (uid, "family_id", "pathway_id", "tariff_id", "kind", "amount", "visits_done", "closed_on", "created_at"),
        )

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Parents first."""
        return tuple(value for value in vars(self).values() if isinstance(value, Sheet))

    def write(self, territory_id: UUID) -> None:
        """Send what waits, parents first."""
        for sheet in self.sheets:
            sheet.write(territory_id)

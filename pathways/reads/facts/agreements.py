"""What the mother allows: who may receive what is written, and to whom her file is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copa.kernel import clock
from copa.kernel.prepared import Prepared, among
from pathways.enums import ASKED_RECIPIENTS, AgreedContent, Agreement, GrantReason, Recipient
from pathways.models import FamilyGrant, RecipientConsent
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import by, words
from pathways.reads.inclusion_answers import other_programmes, programme_words
from territories.models import full_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """The mother's answer for one recipient; `answer` "" when she was never asked.

    `named` is somebody no list foresees, `label` then her name and work.
    """

    recipient: str
    named: str
    label: str
    answer: str
    answer_label: str
    at: datetime | None
    collected_by: str

    @property
    def is_agreed(self) -> bool:
        return self.answer == Agreement.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """One professional to whom the family is open now; `receives`: as a recipient, if the mother agrees."""

    user_id: int
    name: str
    recipient: str
    named: str
    reason: str
    reason_label: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    receives: bool

    @property
    def until(self) -> datetime:
        """Its last instant: the day that follows « jusqu'au » is the last day of access."""
        return clock.last_instant(self.expires_at)


class Agreements:
    """Answers and grants of some families, from the rows of AGREEMENT_READS; names come later."""

    def __init__(self, found: Sequence[list[Any]], directory: Directory) -> None:
        answers, grants, programmes = found
        self._answers = by("family_id", answers)
        directory.expect(people=(row.collected_by_id for row in answers))
        directory.expect(people=(row.granted_by_id for row in grants))
        self._programmes = by("family_id", programmes)
        self._grants = by("content_object_id", grants)
        self._directory = directory

    def recipients(self, family_id: int) -> tuple[RecipientFacts, ...]:
        """Always those asked one by one, in the order of the form, then those written by name."""
        rows = self._answers.get(family_id, [])
        found = {row.recipient: row for row in rows}
        asked = [self._recipient(recipient, found.get(recipient)) for recipient in ASKED_RECIPIENTS]
        return (*asked, *(self._recipient(Recipient.OTHER, row) for row in rows if row.named))

    def mood(self, family_id: int) -> RecipientFacts:
        """Whether they may read the mood score besides."""
        rows = self._answers.get(family_id, [])
        found = next((row for row in rows if row.recipient == AgreedContent.MOOD_SCORE), None)
        return self._recipient(AgreedContent.MOOD_SCORE, found)

    def other_programme(self, family_id: int) -> str:
        """Of the last inclusion (R025)."""
        rows = self._programmes.get(family_id, [])
        return programme_words(rows[-1]) if rows else ""

    def _recipient(self, recipient: Recipient | AgreedContent, row: Any) -> RecipientFacts:
        return RecipientFacts(
            recipient=recipient,
            named=row.named if row else "",
            label=row.named if row and row.named else str(recipient.label),
            answer=row.answer if row else "",
            answer_label=words(Agreement, row.answer) if row else "Pas demandé",
            at=row.at if row else None,
            collected_by=self._directory.name(row.collected_by_id) if row else "",
        )

    def grants(self, family_id: int) -> tuple[GrantFacts, ...]:
        """Those that still run, the oldest first."""
        return tuple(self._grant(row) for row in self._grants.get(family_id, []))

    def _grant(self, row: Any) -> GrantFacts:
        return GrantFacts(
            user_id=row.user_id,
            name=full_name(row.user__first_name, row.user__last_name, row.user__email),
            recipient=row.recipient,
            named=row.named,
            reason=row.reason,
            reason_label=words(GrantReason, row.reason),
            granted_by=self._directory.name(row.granted_by_id),
            granted_at=row.granted_at,
            expires_at=row.expires_at,
            receives=row.receives,
        )


@Prepared
def _answers(keys: Any) -> Any:
    answers = RecipientConsent.objects.filter(among("family", keys)).order_by("family_id", "pk")
    return answers.values_list("family_id", "recipient", "named", "answer", "at", "collected_by_id")


@Prepared
def _grants(keys: Any, at: Any) -> Any:
    # The yes of another territory ends them at once; the job that comes after writes it.
    here = FamilyGrant.objects.running(at).filter(among("content_object", keys), content_object__moved_at=None)
    running = here.with_receives()
    return running.order_by("content_object_id", "pk").values_list(*_GRANT)


AGREEMENT_READS = (_answers, _grants, other_programmes)

_GRANT = (
    "content_object_id",
    "user_id",
    "user__first_name",
    "user__last_name",
    "user__email",
    "recipient",
    "named",
    "reason",
    "granted_by_id",
    "granted_at",
    "expires_at",
    "receives",
)

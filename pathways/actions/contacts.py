"""A family nobody hears from: each attempt to reach her, the team's decision, and any news that brings her back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.shared import id_of_submission, local_day, lock_birth
from pathways.actions.stops import lose_pathway, resume_pathway
from pathways.enums import ContactChannel, ContactResult, PathwayState
from pathways.models import ContactAttempt, Pathway
from pathways.notices import stops as notices
from pathways.reads.contacts import is_silent_enough, silent_days
from territories.models import Member


@transaction.atomic
def note_attempt(
    *,
    pathway: Pathway,
    channel: str,
    result: str,
    attempted_at: datetime,
    by: Member,
    at: datetime,
    submission_id: UUID | None = None,
) -> ContactAttempt:
    """Somebody tried to reach the family. REACHED is news: a family without news is followed again at once.

    `submission_id` is the mark of the page: sent again, it is one attempt.
    Raises `attempt_moment` for an hour to come or before the inclusion, `letter_answered` for an answer to a letter.
    """
    lock_birth(pathway.birth_id)
    public_id = id_of_submission(pathway.public_id, by, submission_id)
    known: ContactAttempt | None = ContactAttempt.objects.filter(public_id=public_id).first()
    if known is not None:
        return known
    if attempted_at > at:
        raise BusinessError("attempt_moment", "Cette heure n’est pas encore arrivée.", field="moment")
    if attempted_at < pathway.included_at - timedelta(days=1):
        raise BusinessError("attempt_moment", "Cette date précède l’inclusion.", field="moment")
    attempt: ContactAttempt = ContactAttempt.objects.create(
        public_id=public_id,
        family_id=pathway.family_id,
        pathway=pathway,
        channel=ContactChannel(channel),
        result=ContactResult(result),
        at=attempted_at,
        by=by,
        noted_at=at,
    )
    if result == ContactResult.REACHED:
        _back(pathway, by, at)
    return attempt


@transaction.atomic
def declare_no_news(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """The team decides: planned visits fall, nothing is sent, the coordinator has her in a list. Any news undoes it.

    Raises `too_few_attempts` while the rule is not met.
    """
    lock_birth(pathway.birth_id)
    if not is_silent_enough(silent_days(pathway)):
        message = (
            f"Il faut {rules.NO_NEWS_ATTEMPTS} tentatives sans réponse, sur {rules.NO_NEWS_DAYS} jours différents. "
            "Notez d’abord les tentatives faites."
        )
        raise BusinessError("too_few_attempts", message)
    lose_pathway(pathway=pathway, by=by, at=at)
    notices.pathway_changed(pathway=pathway, key=f"no-news:{local_day(at)}:{pathway.public_id}", by=by, at=at)


def _back(pathway: Pathway, by: Member, at: datetime) -> None:
    if not Pathway.objects.filter(pk=pathway.pk, state=PathwayState.NO_NEWS).exists():
        return
    resume_pathway(pathway=pathway, by=by, at=at)
    notices.pathway_changed(pathway=pathway, key=f"news:{at:%Y%m%d%H%M%S}:{pathway.public_id}", by=by, at=at)

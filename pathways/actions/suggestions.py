"""Suggestions to the team: made once per cause, decided by a person, never an order (R056, R057, G2)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from copa.kernel import french
from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.shared import lock_birth
from pathways.enums import SuggestionCause, SuggestionKind
from pathways.models import Pathway, Suggestion
from pathways.notices.stops import third_visit_decided
from territories.models import Member


def suggest(
    *,
    pathway: Pathway,
    kind: str,
    cause: str,
    source_id: UUID | None,
    by: Member | None,
    at: datetime,
    note: str = "",
    is_same_day: bool = False,
) -> bool:
    """Put it on the team's list; True when it is new.

    Nothing is added while the same one waits, or when the same source has already said it. After a stop and in
    mourning nothing is suggested (A38, L12), except the call of the same day, which is about the mother's safety.
    """
    if not is_same_day and Pathway.objects.filter(pk=pathway.pk, state__in=rules.STOPPED).exists():
        return False
    same = Suggestion.objects.filter(pathway=pathway, kind=kind, cause=cause)
    if source_id and same.filter(source_id=source_id).exists():
        return False
    values = {
        "family_id": pathway.family_id,
        "source_id": source_id,
        "note": note.strip()[:160],
        "is_same_day": is_same_day,
        "suggested_at": at,
        "suggested_by": by,
    }
    # The unique index answers two writers at once: the second one finds the first one's row.
    waiting, is_new = Suggestion.objects.get_or_create(
        pathway=pathway, kind=kind, cause=cause, decided_at=None, defaults=values
    )
    if not is_new and is_same_day and not waiting.is_same_day:
        Suggestion.objects.filter(pk=waiting.pk).update(is_same_day=True)
    return bool(is_new)


def suggest_third_visit(
    *, pathway: Pathway, cause: str, source_id: UUID | None, by: Member | None, at: datetime, note: str = ""
) -> bool:
    """A third visit, to be decided by the team (R056, R057)."""
    return suggest(
        pathway=pathway,
        kind=SuggestionKind.THIRD_VISIT,
        cause=cause,
        source_id=source_id,
        by=by,
        at=at,
        note=note,
    )


@transaction.atomic
def ask_third_visit(*, pathway: Pathway, is_of_parents: bool, note: str, by: Member, at: datetime) -> None:
    """What the parents ask for, or the team has thought of, noted by a person (R057).

    Raises `already_suggested`, and `not_running` once no visit can follow any more.
    """
    # A stop comes before or after, never between.
    lock_birth(pathway.birth_id)
    if not Pathway.objects.filter(pk=pathway.pk, state__in=rules.RUNNING).exists():
        raise BusinessError("not_running", "Ce parcours est terminé : aucune visite n’y est plus à prévoir.")
    cause = SuggestionCause.PARENTS_REQUEST if is_of_parents else SuggestionCause.TEAM
    if not suggest_third_visit(pathway=pathway, cause=cause, source_id=None, by=by, at=at, note=note):
        raise BusinessError("already_suggested", "Cette demande attend déjà la décision de l’équipe.")


@transaction.atomic
def decide_suggestion(*, suggestion: Suggestion, is_accepted: bool, reason: str, by: Member, at: datetime) -> None:
    """Yes or no, by name; a refusal keeps its reason, a third visit is told (R044).

    Raises `reason_missing`, `already_decided`.
    """
    if not is_accepted and not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi la suggestion n’est pas retenue.", field="reason")
    waiting = Suggestion.objects.undecided().filter(pk=suggestion.pk)
    if not waiting.update(is_accepted=is_accepted, reason=reason.strip()[:200], decided_by=by, decided_at=at):
        raise _decided(suggestion)
    if suggestion.kind == SuggestionKind.THIRD_VISIT:
        keep_third_visit(pathway_id=suggestion.pathway_id, is_decided=is_accepted)
        if is_accepted:
            # One visit, however many causes ask for it: a no to another of them would say the contrary.
            _accept_third_visits(pathway=suggestion.pathway, by=by, at=at)
            third_visit_decided(pathway=suggestion.pathway, by=by, at=at)


def answer_by_planning(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """A third visit is planned: that is the answer to what suggested it. Inside the caller's transaction; it is told
    by the caller (R044)."""
    _accept_third_visits(pathway=pathway, by=by, at=at)
    keep_third_visit(pathway_id=pathway.pk, is_decided=True)


def _accept_third_visits(*, pathway: Pathway, by: Member, at: datetime) -> None:
    waiting = Suggestion.objects.undecided().filter(pathway=pathway, kind=SuggestionKind.THIRD_VISIT)
    waiting.update(is_accepted=True, decided_by=by, decided_at=at)


def keep_third_visit(*, pathway_id: int, is_decided: bool) -> None:
    """The last word of the team about a third visit; yes keeps it among what is to be planned (R057)."""
    Pathway.objects.filter(pk=pathway_id).update(is_third_decided=is_decided)


def _decided(suggestion: Suggestion) -> BusinessError:
    found = Suggestion.objects.select_related("decided_by__user").get(pk=suggestion.pk)
    moment = french.moment(timezone.localtime(found.decided_at))
    name = found.decided_by.user.get_full_name()
    return BusinessError("already_decided", f"{name} a déjà décidé, {moment}.")

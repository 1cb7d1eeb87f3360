"""A meeting is prepared, written family by family, validated once; what it decides becomes somebody's task (R086)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.meanwhile import check_unchanged, token_of
from pathways import rules
from pathways.actions.minutes import hand_out, seal_minutes
from pathways.actions.shared import local_day
from pathways.actions.suggestions import decide_suggestion, keep_third_visit
from pathways.enums import Attendance, DecisionKind, DecisionState, NeedAbout, SuggestionKind
from pathways.models import (
    Decision,
    DecisionHandover,
    Family,
    MeetingAnnex,
    MeetingItem,
    MeetingParticipant,
    Pathway,
    StaffMeeting,
    Suggestion,
)
from pathways.notices.meetings import decision_handed, decisions_taken
from pathways.notices.stops import third_visit_decided
from pathways.reads.meetings import hearers
from territories.models import Member, Structure

# Decisions about a third visit, and whether they say yes.
_THIRD_VISIT = {DecisionKind.THIRD_VISIT: True, DecisionKind.NO_THIRD_VISIT: False}
SEEN_TOGETHER = "Vu en réunion pluridisciplinaire."
NO_DECISION = "Il manque une décision : « Rien de plus » en est une."
NO_FAMILY_WORDS = "Notez la parole de la famille, ou qui l’informe et quand."


class MinutesIncomplete(BusinessError):
    """Minutes are not validated: `missing` says what each item lacks, by key of item.

    The sentence names nobody: who validates may not know every family; the page says it beside those she reads.
    """

    def __init__(self, missing: Mapping[int, tuple[str, ...]]) -> None:
        message = "Le compte rendu n’est pas complet : voyez ce qui manque à chaque famille."
        super().__init__("item_incomplete", message)
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written about one family.

    `family_words` "" when she is not informed yet: then `told_by` tells her, on `tell_on` at the latest.
    """

    family_words: str
    told_by: Member | None
    tell_on: date | None
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision as typed; `owner` and `due_on` None when nobody has to act, `told_by` None when nothing is told.

    `about` is whose it is (NeedAbout), `parents_words` what their copy says, "" for the words of its kind.
    """

    kind: str
    words: str
    owner: Member | None
    due_on: date | None
    told_by: Member | None
    about: str = NeedAbout.MOTHER
    parents_words: str = ""


@transaction.atomic
def convene_meeting(
    *,
    structure: Structure,
    planned_at: datetime,
    place: str,
    participants: Collection[Member],
    by: Member,
    at: datetime,
) -> StaffMeeting:
    """Prepare a meeting; whoever prepares it takes part. Raises `meeting_too_far` or `meeting_long_past`."""
    _check_moment(planned_at, at)
    meeting: StaffMeeting = StaffMeeting.objects.create(
        structure=structure, planned_at=planned_at, place=place, convened_by=by, convened_at=at
    )
    invite(meeting=meeting, participants={*participants, by})
    return meeting


def _check_moment(planned_at: datetime, at: datetime) -> None:
    if planned_at > at + rules.MEETING_AHEAD:
        raise BusinessError("meeting_too_far", "Cette date est dans plus d’un an.", field="planned_at")
    if planned_at < at - rules.MEETING_BEHIND:
        message = "Cette réunion date de plus d’un mois : vérifiez la date."
        raise BusinessError("meeting_long_past", message, field="planned_at")


@transaction.atomic
def invite(*, meeting: StaffMeeting, participants: Collection[Member]) -> None:
    """Invite these people, once each."""
    _open_meeting(meeting)
    rows = [MeetingParticipant(meeting=meeting, member=member) for member in participants]
    MeetingParticipant.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def note_presence(*, meeting: StaffMeeting, presence: Mapping[int, str], at: datetime) -> None:
    """Who was there: an Attendance by key of participant. Excuses come in before; raises `presence_to_come` else."""
    locked = _open_meeting(meeting)
    if Attendance.PRESENT in presence.values() and not rules.has_begun(planned_at=locked.planned_at, at=at):
        message = "Cette réunion n’a pas commencé : personne n’y est encore présent. Vous pouvez noter une excuse."
        raise BusinessError("presence_to_come", message)
    for key, value in presence.items():
        MeetingParticipant.objects.filter(meeting=meeting, pk=key).exclude(presence=value).update(presence=value)


@transaction.atomic
def put_on_agenda(*, meeting: StaffMeeting, family: Family, cause: str, by: Member, at: datetime) -> MeetingItem:
    """Put a family on the agenda, once per meeting. Raises `meeting_item_once`, `meeting_validated`."""
    _open_meeting(meeting)
    pathway = Pathway.objects.filter(family=family).order_by("-included_at", "-pk").first()
    with refusals_of(MeetingItem):
        item: MeetingItem = MeetingItem.objects.create(
            meeting=meeting, family=family, pathway=pathway, cause=cause, added_by=by, added_at=at
        )
    return item


@transaction.atomic
def take_off_agenda(*, item: MeetingItem) -> None:
    """Take a family off the agenda. Raises `item_written` once something was decided or written about her."""
    _open_meeting(item.meeting)
    is_written = bool(item.family_words or item.facts)
    if is_written or _written_elsewhere(item):
        message = "Ce point est déjà écrit : retirez d’abord ce qui est décidé, ou gardez-le."
        raise BusinessError("item_written", message)
    MeetingItem.objects.filter(pk=item.pk).delete()


def _written_elsewhere(item: MeetingItem) -> bool:
    return any(rows.objects.filter(item=item).exists() for rows in (Decision, MeetingAnnex))


@transaction.atomic
def write_item(*, item: MeetingItem, words: Words, at: datetime) -> None:
    """Write what concerns one family. Raises `facts_too_long`, `who_tells_missing`, `tell_past`."""
    _open_meeting(item.meeting)
    if not rules.is_short_enough(words.facts):
        message = f"{rules.FACT_LINES} lignes au plus : des faits, l’essentiel."
        raise BusinessError("facts_too_long", message, field="facts")
    is_told = bool(words.family_words.strip())
    if is_told:
        values: dict[str, Any] = {"told_by": None, "tell_on": None}
    else:
        _check_who_tells(words, at)
        values = {"told_by": words.told_by, "tell_on": words.tell_on}
    values |= {"family_words": words.family_words.strip(), "facts": words.facts.strip()}
    MeetingItem.objects.filter(pk=item.pk).update(**values)


# What keeping the words refuses: the page has the decision beside it, and says each where it was typed.
WORDS_REFUSED = frozenset({"changed_meanwhile", "facts_too_long", "who_tells_missing", "tell_past"})


def words_token(item: MeetingItem) -> str:
    """A short fingerprint of what is written about this family: two write at one table, neither over the other."""
    columns = ("family_words", "facts", "told_by", "tell_on")
    return token_of(MeetingItem.objects.values_list(*columns).get(pk=item.pk))


def annex_token(item: MeetingItem) -> str:
    """The same of the sealed part; that of an empty one while nothing is written there."""
    return token_of(MeetingAnnex.objects.filter(item=item).values_list("text").first())


@transaction.atomic
def keep_item(
    *, item: MeetingItem, token: str, words: Words, decision: NewDecision | None, by: Member, at: datetime
) -> None:
    """Write what is said of one family and, unless None, what is decided: both or neither.

    `token` is what the writer has read (`words_token`). Raises as `write_item` and `add_decision`, and
    `changed_meanwhile`.
    """
    _open_meeting(item.meeting)
    check_unchanged(token, words_token(item))
    write_item(item=item, words=words, at=at)
    if decision is not None:
        add_decision(item=item, decision=decision, by=by, at=at)


def _check_who_tells(words: Words, at: datetime) -> None:
    if (words.told_by is None) != (words.tell_on is None):
        field = "told_by" if words.told_by is None else "tell_on"
        raise BusinessError("who_tells_missing", "Dites qui l’informe, et au plus tard quel jour.", field=field)
    if words.tell_on is not None and words.tell_on < local_day(at):
        raise BusinessError("tell_past", "Cette date est passée.", field="tell_on")


@transaction.atomic
def write_annex(*, item: MeetingItem, token: str, text: str, by: Member, at: datetime) -> None:
    """Write the sealed part of an item (S3), or empty it; `token` is what the writer has read (`annex_token`).

    Raises `changed_meanwhile`.
    """
    _open_meeting(item.meeting)
    check_unchanged(token, annex_token(item))
    if not text.strip():
        MeetingAnnex.objects.filter(item=item).delete()
        return
    values = {"text": text.strip(), "written_by": by, "written_at": at}
    MeetingAnnex.objects.update_or_create(
        item=item, defaults=values, create_defaults={**values, "family_id": item.family_id}
    )


@transaction.atomic
def add_decision(*, item: MeetingItem, decision: NewDecision, by: Member, at: datetime) -> Decision:
    """Note what is decided for a family; it becomes a task when the minutes are validated.

    Raises `words_missing` (a refused third visit is stored with its reason, R056), `owner_missing`, `due_missing`,
    `due_past`, `due_too_far`, `decision_to_come` before the meeting: what prepares it is typed as facts.
    """
    locked = _open_meeting(item.meeting)
    if not rules.has_begun(planned_at=locked.planned_at, at=at):
        message = "Cette réunion n’a pas commencé : préparez les faits utiles, la décision se note ensemble."
        raise BusinessError("decision_to_come", message)
    acts = decision.kind not in rules.NOBODY_ACTS
    if decision.kind in rules.NEED_WORDS and not decision.words.strip():
        raise BusinessError("words_missing", "Dites ce qui est décidé, et pourquoi.", field="words")
    if acts:
        _check_task(decision, at)
    settled = {} if acts else {"state": DecisionState.DONE, "settled_at": at, "settled_by": by}
    with refusals_of(Decision):
        stored: Decision = Decision.objects.create(
            item=item,
            family_id=item.family_id,
            kind=decision.kind,
            words=decision.words.strip(),
            owner=decision.owner if acts else None,
            due_on=decision.due_on if acts else None,
            told_by=decision.told_by,
            about=decision.about,
            parents_words=decision.parents_words.strip(),
            **settled,
        )
    return stored


def _check_task(decision: NewDecision, at: datetime) -> None:
    today = local_day(at)
    if decision.owner is None:
        raise BusinessError("owner_missing", "Dites qui s’en charge.", field="owner")
    if decision.due_on is None:
        raise BusinessError("due_missing", "Dites pour quand.", field="due_on")
    if decision.due_on < today:
        raise BusinessError("due_past", "Cette date est passée.", field="due_on")
    if decision.due_on > today + rules.DECISION_AHEAD:
        raise BusinessError("due_too_far", "Cette date est dans plus de trois mois.", field="due_on")


@transaction.atomic
def drop_decision(*, decision: Decision) -> None:
    """Take back a decision noted by mistake, before the minutes are validated."""
    _open_meeting(decision.item.meeting)
    Decision.objects.filter(pk=decision.pk).delete()


@transaction.atomic
def validate_minutes(*, meeting: StaffMeeting, by: Member, at: datetime) -> None:
    """Freeze the minutes: from now on they are read, and what is decided is owed by its owners, who are told.

    Participants who have no right on the family of an item left it, and the minutes say so. Suggestions of the
    repérage that it answered are decided. Those outside the team learn that minutes wait, each under her agreement.

    Raises `meeting_to_come`, `too_few_present`, `no_item`, MinutesIncomplete (which families, and what).
    """
    _open_meeting(meeting)
    if meeting.planned_at > at:
        raise BusinessError("meeting_to_come", "Cette réunion n’a pas encore eu lieu.")
    rows = MeetingParticipant.objects.filter(meeting=meeting, presence=Attendance.PRESENT).order_by("pk")
    present = list(rows.values_list("member_id", flat=True))
    if len(present) < rules.PRESENT_AT_LEAST:
        raise BusinessError("too_few_present", "Notez d’abord qui était là : une réunion se tient à deux au moins.")
    found = MeetingItem.objects.filter(meeting=meeting).select_related("family", "pathway__carrier")
    items = list(found.order_by("pk"))
    _check_items(items)
    may_hear = hearers(meeting)
    for item in items:
        left = sorted(set(present) - set(may_hear[item.pk]))
        MeetingItem.objects.filter(pk=item.pk).update(left_by=left)
    _settle_suggestions(items, by, at)
    StaffMeeting.objects.filter(pk=meeting.pk, closed_at=None).update(closed_at=at, closed_by=by)
    seal_minutes(meeting=meeting)
    for item in items:
        hand_out(item=item, by=by, at=at)
    _tell_owners(meeting, at)
    _tell_third_visits(meeting, by, at)


def _tell_third_visits(meeting: StaffMeeting, by: Member, at: datetime) -> None:
    """Those around a family are told once that a third visit was decided (R044)."""
    thirds = Decision.objects.filter(item__meeting=meeting, kind=DecisionKind.THIRD_VISIT, item__pathway__isnull=False)
    for pathway in Pathway.objects.filter(pk__in=thirds.values("item__pathway")).order_by("pk"):
        third_visit_decided(pathway=pathway, by=by, at=at)


def _settle_suggestions(items: Sequence[MeetingItem], by: Member, at: datetime) -> None:
    """What the meeting decided of a third visit answers the suggestions that wait; it was the talk of the team too."""
    decided = Decision.objects.filter(item__in=items, kind__in=_THIRD_VISIT).order_by("pk")
    answers = {one.item_id: one for one in decided}
    for item in items:
        if item.pathway_id is None:
            continue
        answer = answers.get(item.pk)
        if answer is not None:
            # Also where nothing had suggested it.
            keep_third_visit(pathway_id=item.pathway_id, is_decided=_THIRD_VISIT[answer.kind])
        waiting = Suggestion.objects.undecided().filter(pathway=item.pathway_id, is_same_day=False)
        for suggestion in waiting.select_for_update(of=("self",)).order_by("pk"):
            if suggestion.kind == SuggestionKind.TEAM_REVIEW:
                decide_suggestion(suggestion=suggestion, is_accepted=True, reason=SEEN_TOGETHER, by=by, at=at)
            elif answer is not None:
                decide_suggestion(
                    suggestion=suggestion, is_accepted=_THIRD_VISIT[answer.kind], reason=answer.words, by=by, at=at
                )


def _check_items(items: Sequence[MeetingItem]) -> None:
    if not items:
        raise BusinessError("no_item", "Aucune famille n’est à l’ordre du jour.")
    decided = set(Decision.objects.filter(item__in=items).order_by().values_list("item_id", flat=True))
    missing: dict[int, tuple[str, ...]] = {}
    for item in items:
        # documents.md 3, block 3: what the family knows and wishes is always there, or who tells her, and when.
        unsaid = not item.family_words and item.told_by_id is None
        said = ((NO_DECISION, item.pk not in decided), (NO_FAMILY_WORDS, unsaid))
        lacks = tuple(sentence for sentence, is_missing in said if is_missing)
        if lacks:
            missing[item.pk] = lacks
    if missing:
        raise MinutesIncomplete(missing)


def _tell_owners(meeting: StaffMeeting, at: datetime) -> None:
    owed = Decision.objects.filter(item__meeting=meeting, state=DecisionState.OPEN).order_by("pk")
    owners = Member.objects.filter(pk__in=owed.values("owner")).select_related("user").order_by("pk")
    for owner in owners:
        decisions_taken(meeting=meeting, owner=owner, at=at)


@transaction.atomic
def settle_decision(*, decision: Decision, state: str, words: str, by: Member, at: datetime) -> None:
    """Say that a decision is done, or not and why. Raises `decision_settled`, `decision_not_done_says_why`."""
    if state == DecisionState.NOT_DONE and not words.strip():
        raise BusinessError("why_missing", "Dites pourquoi cela n’a pas été fait.", field="words")
    values = {"state": state, "settled_by": by, "settled_at": at, "settled_words": words.strip()}
    if not Decision.objects.open().filter(pk=decision.pk).exists():
        raise BusinessError("decision_settled", "Cette décision n’est plus à faire.")
    if not Decision.objects.filter(pk=decision.pk, state=DecisionState.OPEN).update(**values):
        raise BusinessError("decision_settled", "Quelqu’un vient de répondre pour cette décision.")


@transaction.atomic
def hand_over_decision(*, decision: Decision, to: Member, reason: str, by: Member, at: datetime) -> None:
    """Give a decision that is still to do to somebody else, who is told; who had it, and why, is kept.

    The minutes keep the owner the meeting chose, and the day does not move. Raises `reason_missing`, `same_owner`,
    `decision_settled`.
    """
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi elle change de mains.", field="reason")
    held = Decision.objects.owed().select_for_update(of=("self",)).filter(pk=decision.pk).first()
    if held is None:
        raise BusinessError("decision_settled", "Cette décision n’est plus à faire.")
    if held.owner_id == to.pk:
        raise BusinessError("same_owner", "Cette décision lui est déjà confiée.", field="owner")
    handover = DecisionHandover.objects.create(
        family_id=held.family_id,
        decision=held,
        from_member_id=held.owner_id,
        to_member=to,
        reason=reason.strip(),
        by=by,
        at=at,
    )
    Decision.objects.filter(pk=held.pk).update(owner=to)
    if to != by:
        decision_handed(handover=handover, at=at)


def _open_meeting(meeting: StaffMeeting) -> StaffMeeting:
    """Hold the meeting until the transaction ends: nothing is added while it is validated."""
    locked: StaffMeeting = StaffMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.closed_at is not None:
        raise BusinessError("meeting_validated", "Le compte rendu de cette réunion est validé : il ne change plus.")
    return locked

"""Validated minutes: to whom they went, the print of what was validated, and what each parent is told of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from copa.kernel.digest import digest_of
from pathways import rules
from pathways.enums import RECIPIENT_WORDS, Agreement, Attendance
from pathways.models import (
    CoParentConsent,
    Decision,
    MeetingItem,
    MeetingParticipant,
    MinutesCopy,
    Mother,
)
from pathways.reads.agreements import sending_lines
from pathways.rules import COPARENT_READS, MOTHER_READS


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedTo:
    """One line of « Diffusion »: `state` is one of the design layer, `why` only when nothing went."""

    name: str
    label: str
    at: datetime
    state: str
    state_label: str
    why: str


def handed_to(items: Collection[int]) -> dict[int, tuple[HandedTo, ...]]:
    """To whom the minutes of these items went or not, by key of item; two queries at most."""
    rows = list(MinutesCopy.objects.filter(item__in=items).select_related("sending").order_by("pk"))
    sent = [row.sending for row in rows if row.sending]
    lines = dict(zip((one.pk for one in sent), sending_lines(sent), strict=True)) if sent else {}
    found: dict[int, list[HandedTo]] = defaultdict(list)
    for row in rows:
        line = lines.get(row.sending_id)
        found[row.item_id].append(
            HandedTo(
                name=row.to,
                label=RECIPIENT_WORDS.get(row.recipient, ""),
                at=row.at,
                state=line.state if line else "none",
                state_label=line.state_label if line else "Non envoyé",
                why=line.why if line else row.refused,
            )
        )
    return {key: tuple(one) for key, one in found.items()}


# ---- The print -------------------------------------------------------------------------------------------
_ITEM = ("cause", "family_words", "told_by_id", "facts", "left_by")
_DECISION = ("kind", "words", "told_by_id", "about", "parents_words")


def fingerprints(items: Iterable[Any], decisions: Iterable[Any]) -> dict[int, str]:
    """The print of each item as it stands now, by key; `items` carry their meeting, one query for who was there.

    Over what the minutes show, the sealed annex left out: what happened since (a decision done, the parents told) is
    no change of them. `decisions` carry their first owner: who has one now is what happened since.
    """
    rows, decided = list(items), list(decisions)
    present = _present({row.meeting_id for row in rows})
    return {
        row.pk: _fingerprint(row, present[row.meeting_id], [one for one in decided if one.item_id == row.pk])
        for row in rows
    }


def annex_fingerprint(annex: Any) -> str:
    """The print of what is sealed at one item as it stands now; the annex carries its item and its meeting."""
    item = annex.item
    return digest_of(
        {
            "meeting": str(item.meeting.public_id),
            "item": str(item.public_id),
            "text": annex.text,
            "written_by": annex.written_by_id,
            "written_at": annex.written_at.astimezone(UTC).isoformat(),
        }
    )


def _present(meetings: Collection[int]) -> dict[int, list[int]]:
    there = MeetingParticipant.objects.filter(meeting__in=meetings, presence=Attendance.PRESENT)
    found: dict[int, list[int]] = defaultdict(list)
    for meeting, member in there.order_by("meeting_id", "member_id").values_list("meeting_id", "member_id"):
        found[meeting].append(member)
    return found


def _fingerprint(item: Any, present: list[int], decisions: Iterable[Any]) -> str:
    meeting = item.meeting
    return digest_of(
        {
            "meeting": str(meeting.public_id),
            "planned_at": meeting.planned_at.isoformat(),
            "place": meeting.place,
            "structure": meeting.structure_id,
            "present": present,
            "item": str(item.public_id),
            **{name: getattr(item, name) for name in _ITEM},
            "tell_on": item.tell_on.isoformat() if item.tell_on else "",
            "decisions": [
                {
                    **{name: getattr(one, name) for name in _DECISION},
                    "owner_id": one.first_owner_id,
                    "due_on": one.due_on.isoformat() if one.due_on else "",
                }
                for one in decisions
            ],
        }
    )


# ---- What the parents are told ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class ParentCopy:
    """What one parent is told, in plain words. `key` is "" for the mother, else the public id of a co-parent."""

    key: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentCopies:
    """The copies of one item, only those with something to say. `told_at` None until a person has told them."""

    copies: tuple[ParentCopy, ...]
    told_at: datetime | None

    def of(self, key: str) -> ParentCopy | None:
        """The copy of this parent, once told by a person; None otherwise."""
        return next((one for one in self.copies if one.key == key), None) if self.told_at else None


def parent_copies(item: MeetingItem) -> ParentCopies:
    """Her decisions in plain words, and those of a co-parent who agreed to be followed; four queries.

    Only what somebody tells the family; never the words of the team, the facts, nor what is sealed (A36). After a stop
    and in mourning there is none (A38).
    """
    if _is_stopped(item):
        return ParentCopies(copies=(), told_at=None)
    decisions = list(Decision.objects.filter(item=item, told_by__isnull=False).order_by("pk"))
    copies = [ParentCopy(key="", name=_mother(item), lines=_lines(decisions, MOTHER_READS))]
    agreed = CoParentConsent.objects.filter(family=item.family_id, answer=Agreement.YES, is_safe=True)
    for said in agreed.select_related("coparent").order_by("coparent_id"):
        key, lines = str(said.coparent.public_id), _lines(decisions, COPARENT_READS)
        copies.append(ParentCopy(key=key, name=str(said.coparent), lines=lines))
    return ParentCopies(copies=tuple(one for one in copies if one.lines), told_at=item.parents_told_at)


def _is_stopped(item: MeetingItem) -> bool:
    if item.pathway is None:
        return False
    is_mourned = rules.is_in_mourning(is_silent=item.pathway.birth.is_silent, state=item.pathway.state)
    return is_mourned or item.pathway.state in rules.STOPPED


def _mother(item: MeetingItem) -> str:
    return str(Mother.objects.get(family=item.family_id))


def _lines(decisions: Iterable[Any], about: Collection[str]) -> tuple[str, ...]:
    said = (
        rules.parents_line(kind=one.kind, parents_words=one.parents_words) for one in decisions if one.about in about
    )
    return tuple(dict.fromkeys(line for line in said if line))

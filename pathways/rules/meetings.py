"""Rules of the multidisciplinary meeting and of the time of coordination."""

from datetime import datetime, timedelta

from pathways.enums import DecisionKind, NeedAbout

# A meeting is planned within the year; its minutes may be written down up to a month after it was held.
MEETING_AHEAD = timedelta(days=365)
MEETING_BEHIND = timedelta(days=31)
# People who are all there begin before the hour, and take notes as they go: half an hour, no more. Days before, what is
# written as attendance or as a decision did not happen (R086).
MEETING_MARGIN = timedelta(minutes=30)
# A meeting of one is no meeting (R086).
PRESENT_AT_LEAST = 2
# documents.md 3, block 4: five lines of facts for each family.
FACT_LINES = 5
# A decision is due within three months; further ahead it is a typing error.
DECISION_AHEAD = timedelta(days=92)
# R099: minutes given to one family by the team; a working day has no more.
COORDINATION_MINUTES = range(1, 481)
# The local hour from which those who owe a decision are reminded of it, once a day.
REMINDER_HOUR = 8
# Decisions that owe a reason in words: what is refused, and what the list of kinds does not say (R056).
NEED_WORDS = frozenset(
    {DecisionKind.THIRD_VISIT, DecisionKind.NO_THIRD_VISIT, DecisionKind.ORIENTATION, DecisionKind.OTHER}
)
# Decisions that leave nothing to do: they are settled by the meeting itself.
NOBODY_ACTS = frozenset({DecisionKind.NO_THIRD_VISIT, DecisionKind.NOTHING})


# Column F of documents.md 3: what the parents are told of a decision when nobody wrote it for them. Never the words of
# the team; what no list foresees is said only in words written for them.
PARENTS_WORDS: dict[str, str] = {
    DecisionKind.THIRD_VISIT: "Nous vous proposons une troisième visite.",
    DecisionKind.NO_THIRD_VISIT: "Pas de troisième visite pour l’instant. Vous pouvez nous en reparler.",
    DecisionKind.ORIENTATION: "Nous vous proposons de rencontrer une personne qui peut vous aider.",
    DecisionKind.CALL: "Nous vous appelons.",
    DecisionKind.PMI: "Nous vous proposons de faire le lien avec la PMI.",
    DecisionKind.OTHER: "",
    DecisionKind.NOTHING: "Rien de plus pour l’instant.",
}
# Whose decisions each parent reads (A36): what concerns one of them alone is never in the other's copy.
MOTHER_READS = frozenset({NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.FAMILY})
COPARENT_READS = frozenset({NeedAbout.COPARENT, NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.FAMILY})


def has_begun(*, planned_at: datetime, at: datetime) -> bool:
    """Whether attendance and decisions of a meeting planned for then may be recorded now."""
    return at >= planned_at - MEETING_MARGIN


def parents_line(*, kind: str, parents_words: str) -> str:
    """What a parent reads of a decision; "" for one that is not for paper."""
    return parents_words or PARENTS_WORDS.get(kind, "")


def is_short_enough(facts: str) -> bool:
    """Whether the facts of one family hold in FACT_LINES lines."""
    return len([line for line in facts.splitlines() if line.strip()]) <= FACT_LINES

"""What screening tells the story of a family: that it was done, by whom; never an answer, a value or a sealed thing."""

from collections.abc import Iterator

from pathways import perms
from pathways.enums import ConclusionLevel, EpdsReason, EpdsStatus, GridSkip, GridStatus, SuggestionKind
from pathways.models import EpdsScreening, Family, GridConclusion, GridReview, Suggestion
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.told import Told
from territories.models import Member

PAGE = "pathways:screening"


def told(family: Family, member: Member) -> Iterator[Told]:
    """Five queries for whoever reads screening, none for the others."""
    if not perms.SEE_SCREENING.is_held_by(member):
        return
    reviews = perms.screened(GridReview.objects.filter(family=family), member).order_by("at", "pk")
    scales = perms.screened(EpdsScreening.objects.filter(family=family), member).order_by("at", "pk")
    conclusions = perms.screened(GridConclusion.objects.filter(family=family), member).order_by("at", "pk")
    decided = perms.screened(Suggestion.objects.filter(family=family), member).exclude(decided_at=None)
    directory = Directory()
    directory.expect(people=[row.author_id for rows in (reviews, scales) for row in rows])
    directory.expect(people=[row.by_id for row in conclusions])
    directory.expect(people=[row.decided_by_id for row in decided.order_by("pk")])
    for review in reviews:
        yield _review(review, family, directory)
    for scale in scales:
        yield _scale(scale, directory)
    for row in conclusions:
        text = f"{words(ConclusionLevel, row.level)}, par {directory.name(row.by_id)}."
        yield Told(at=row.at, icon="check", title="Repérage conclu", text=text, page=PAGE, public_id=family.public_id)
    for row in decided.order_by("decided_at", "pk"):
        answer = "retenu" if row.is_accepted else "pas retenu"
        text = f"{words(SuggestionKind, row.kind)} : {answer}, par {directory.name(row.decided_by_id)}."
        yield Told(
            at=row.decided_at,
            icon="hand",
            title="Décision de l’équipe",
            text=text,
            page=PAGE,
            public_id=family.public_id,
        )


def _review(row: GridReview, family: Family, directory: Directory) -> Told:
    is_skipped = row.status == GridStatus.SKIPPED
    text = f"Par {directory.name(row.author_id)}."
    if is_skipped:
        text = f"{words(GridSkip, row.skip_reason)}, noté par {directory.name(row.author_id)}."
    return Told(
        at=row.at,
        icon="hand",
        title="Repérage remis à une autre fois" if is_skipped else "Point de repérage fait",
        text=text,
        page=PAGE,
        public_id=family.public_id,
    )


def _scale(row: EpdsScreening, directory: Directory) -> Told:
    """That it was filled in or not, without its result."""
    is_done = row.status == EpdsStatus.DONE
    why = "" if is_done else f"{words(EpdsReason, row.reason)}. "
    return Told(
        at=row.at,
        icon="file",
        title="EPDS rempli" if is_done else "EPDS pas rempli",
        text=f"{why}Noté par {directory.name(row.author_id)}.",
        page="pathways:epds",
        public_id=row.public_id,
    )

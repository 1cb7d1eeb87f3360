"""What screening tells the story of a family: that it was done, by whom; never an answer, a value or a sealed thing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from pathways import perms
from pathways.enums import ConclusionLevel, EpdsReason, EpdsStatus, GridSkip, GridStatus, SuggestionKind
from pathways.models import EpdsScreening, Family, GridConclusion, GridReview, Suggestion
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.told import Told
from territories.models import Member

PAGE = "pathways:screening"


class _Row(NamedTuple):
    """One thing that was done; `code` and `detail` are those of its subject."""

    subject: str
    happened_at: datetime
    who: int
    code: str
    detail: str
    key: UUID


def told(family: Family, member: Member) -> Iterator[Told]:
    """Two queries for whoever reads screening, none for the others."""
    if not perms.SEE_SCREENING.is_held_by(member):
        return
    done = [
        _rows(GridReview, family, member, "at", "author", "status", "skip_reason"),
        _rows(EpdsScreening, family, member, "at", "author", "status", "reason"),
        _rows(GridConclusion, family, member, "at", "by", "level", "level"),
        _rows(Suggestion, family, member, "decided_at", "decided_by", "kind", "is_accepted"),
    ]
    # One query: the file of a family is opened a hundred times a day.
    rows = [_Row(*row) for row in done[0].union(*done[1:], all=True).order_by("happened_at", "key")]
    directory = Directory()
    directory.expect(people=[row.who for row in rows])
    for row in rows:
        yield _TELLERS[row.subject](row, family, directory.name(row.who))


def _rows(model: Any, family: Family, member: Member, at: str, who: str, code: str, detail: str) -> Any:
    rows = perms.screened(model.objects.filter(family=family, **{f"{at}__isnull": False}), member).order_by()
    if model is Suggestion:
        rows = perms.known_suggestions(rows, member)
    words_ = {"code_": Cast(code, CharField()), "detail_": Cast(detail, CharField())}
    return rows.annotate(
        subject=Value(model.__name__, CharField()), happened_at=F(at), who_=F(f"{who}_id"), key=F("public_id"), **words_
    ).values_list("subject", "happened_at", "who_", "code_", "detail_", "key")


def _review(row: _Row, family: Family, who: str) -> Told:
    is_skipped = row.code == GridStatus.SKIPPED
    return Told(
        at=row.happened_at,
        icon="hand",
        title="Repérage remis à une autre fois" if is_skipped else "Point de repérage fait",
        text=f"{words(GridSkip, row.detail)}, noté par {who}." if is_skipped else f"Par {who}.",
        page=PAGE,
        public_id=family.public_id,
    )


def _scale(row: _Row, family: Family, who: str) -> Told:
    """That it was filled in or not, without its result."""
    is_done = row.code == EpdsStatus.DONE
    why = "" if is_done else f"{words(EpdsReason, row.detail)}. "
    return Told(
        at=row.happened_at,
        icon="file",
        title="EPDS rempli" if is_done else "EPDS pas rempli",
        text=f"{why}Noté par {who}.",
        page="pathways:epds",
        public_id=row.key,
    )


def _conclusion(row: _Row, family: Family, who: str) -> Told:
    text = f"{words(ConclusionLevel, row.code)}, par {who}."
    return Told(
        at=row.happened_at, icon="check", title="Repérage conclu", text=text, page=PAGE, public_id=family.public_id
    )


def _decision(row: _Row, family: Family, who: str) -> Told:
    answer = "oui" if row.detail == "true" else "non"
    text = f"{words(SuggestionKind, row.code)} : {answer}, par {who}."
    return Told(
        at=row.happened_at, icon="hand", title="Décision de l’équipe", text=text, page=PAGE, public_id=family.public_id
    )


_TELLERS: dict[str, Callable[[_Row, Family, str], Told]] = {
    GridReview.__name__: _review,
    EpdsScreening.__name__: _scale,
    GridConclusion.__name__: _conclusion,
    Suggestion.__name__: _decision,
}

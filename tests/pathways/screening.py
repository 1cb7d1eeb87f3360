"""Pathways with a grid and an EPDS, written through the actions."""

from datetime import datetime
from typing import Any

from copa.kernel import clock
from pathways.actions import epds, grid
from pathways.actions.suggestions import ask_third_visit, decide_suggestion
from pathways.enums import EpdsStatus, GridValue, Presence, ScreeningSource
from pathways.models import EpdsScreening, GridFactor, Pathway, SealedGridAnswer, Suggestion
from pathways.rules.screening import EPDS_ITEMS
from tests import factories

LOW = (0, 1, 1, 0, 1, 0, 0, 1, 0, 0)
HIGH = (2, 2, 1, 2, 1, 2, 1, 1, 1, 0)


def factor(code: str) -> GridFactor:
    """A factor of the version in use."""
    found: GridFactor = GridFactor.objects.get(template=grid.current_template(), code=code)
    return found


def source(by: str, *, at: datetime | None = None, kind: str = ScreeningSource.CALL) -> grid.Source:
    """Said or seen outside a visit."""
    at = at or clock.now()
    return grid.Source(kind=kind, author=factories.who(by), at=at, recorded_at=at)


def tell(pathway: Pathway, code: str, value: str = GridValue.PRESENT, *, by: str = "amal", **fields: Any) -> None:
    """One open answer."""
    at = fields.pop("at", None)
    told = grid.Told(factor=factor(code), value=value, **fields)
    grid.add_answers(pathway=pathway, answers=[told], source=source(by, at=at))


def tell_sealed(
    pathway: Pathway, code: str, value: str = GridValue.PRESENT, *, by: str = "farid", presence: str = Presence.ALONE
) -> SealedGridAnswer:
    """One sealed answer."""
    told = grid.Told(factor=factor(code), value=value, comment="« il m’a poussée »")
    return grid.add_sealed_answer(pathway=pathway, told=told, presence=presence, source=source(by))


def fill_epds(pathway: Pathway, *values: int | None, by: str = "farid", **changes: Any) -> EpdsScreening:
    """The scale filled in outside a report, at this moment."""
    at = changes.pop("at", None) or clock.now()
    given = dict(zip(EPDS_ITEMS, values or LOW, strict=True))
    fields: dict[str, Any] = {
        "status": EpdsStatus.DONE,
        "presence": Presence.ALONE,
        "values": {key: value for key, value in given.items() if value is not None},
        "source": ScreeningSource.OFFICE,
    }
    screening = epds.record_epds(
        pathway=pathway,
        sheet=epds.EpdsSheet(**(fields | changes)),
        author=factories.who(by),
        at=at,
        recorded_at=at,
        zone=pathway.territory.time_zone,
    )
    assert screening is not None
    return screening


def load_scale(language: str, word: str) -> None:
    """A made-up scale whose texts are this word and a number: no other stands in the repository."""
    options = [{"label": f"{word} {points}", "points": points} for points in (3, 0, 2, 1)]
    items = {key: {"text": f"{word} {key}", "options": options} for key in EPDS_ITEMS}
    document = {"language": language, "title": f"Titre {word}", "permission": "Accord n° 12", "items": items}
    epds.load_wording(document=document, at=clock.now())


def decide_third(pathway: Pathway, *, is_accepted: bool = True) -> None:
    """The parents asked for a third visit, and the team has answered."""
    ask_third_visit(pathway=pathway, is_of_parents=True, note="", by=factories.who("amal"), at=clock.now())
    suggestion = Suggestion.objects.get(pathway=pathway, decided_at=None)
    decide_suggestion(
        suggestion=suggestion,
        is_accepted=is_accepted,
        reason="Un appel suffit.",
        by=factories.who("farid"),
        at=clock.now(),
    )

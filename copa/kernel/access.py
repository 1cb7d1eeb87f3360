"""A permission is one object: roles plus a filter on rows. Pages, API, templates and lists all ask this object."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from copa.kernel import trace
from copa.kernel.errors import TooLate

registry: dict[str, "Perm"] = {}


class Holder(Protocol):
    """Whoever may hold a permission: a member of a territory, or a mandate over a region."""

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class Moment:
    """The state a row must still be in; `past(obj)` is the French sentence for one that no longer is."""

    still: Q
    past: Callable[[Any], str]


@dataclass(frozen=True, kw_only=True)
class Perm:
    """One thing that may be done, by whom, on which rows, while they are in which state.

    `where(rows, member)` narrows the rows; it is the only definition, for one object and for a list alike. It says
    whose rows they are; `moment` says until when: past it she is told so, where `where` would refuse her.
    `manager` is "objects" (the territory in scope) except for the aggregates that cross territories.
    """

    code: str
    label: str
    model: str
    roles: frozenset[str]
    where: Callable[[Any, Any], QuerySet[Any]]
    moment: Moment | None = None
    manager: str = "objects"

    def __post_init__(self) -> None:
        assert self.code not in registry, f"permission {self.code} is declared twice"
        registry[self.code] = self

    def rows(self, member: Holder) -> Any:
        """Every row on which this member may do this now: a QuerySet of the model, with the model's own methods."""
        rows = self._at_any_time(member)
        return rows.filter(self.moment.still) if self.moment else rows

    def comes_too_late(self, member: Holder, obj: Model) -> bool:
        """Whether only the state of the object keeps this member, asked of one on whom she may not do this."""
        return self.moment is not None and self._at_any_time(member).filter(pk=obj.pk).exists()

    def _at_any_time(self, member: Holder) -> QuerySet[Any]:
        rows: QuerySet[Any] = getattr(apps.get_model(self.model), self.manager).all()
        return self.where(rows, member) if self.is_held_by(member) else rows.none()

    def is_held_by(self, member: Holder) -> bool:
        """Whether this member's role holds it at all, whatever the rows."""
        return member.role in self.roles

    def allows(self, member: Holder, obj: Model) -> bool:
        """Whether this member may do this on this object; one small query."""
        return bool(self.rows(member).filter(pk=obj.pk).exists())


def everything(rows: Any, member: Any) -> QuerySet[Any]:
    """The filter of a permission that its roles hold on every row of the territory."""
    return rows  # type: ignore[no-any-return]


def visible(rows: Any, member: Any) -> QuerySet[Any]:
    """The filter of a permission that its roles hold on every row they see."""
    return rows.visible_to(member)  # type: ignore[no-any-return]


def permission(code: str) -> Perm:
    """The declared permission; an undeclared code raises KeyError, also from a template."""
    return registry[code]


def held(
    asked: Collection[tuple[Perm, int]], member: Holder, *, known: tuple[Perm, int], beside: QuerySet[Any]
) -> frozenset[str]:
    """Codes of the permissions the member holds, each on the row of this key; one query at most.

    `known` is the permission she came in by, with its row: `fetch` has just answered it. `beside` is a query of
    exactly one row, beside which the answers are put. Permissions that share their filter are one question.
    """
    answered = _question(*known)
    wanted = {perm.code: _question(perm, key) for perm, key in asked if perm.is_held_by(member)}
    unanswered = [(perm, key) for perm, key in asked if wanted.get(perm.code, answered) != answered]
    rows = {wanted[perm.code]: perm.rows(member).filter(pk=key) for perm, key in unanswered}
    names = {question: f"held_{place}" for place, question in enumerate(rows)}
    answers = beside.values(**{names[question]: Exists(rows[question]) for question in rows}).get() if rows else {}
    return frozenset(code for code, question in wanted.items() if question not in names or answers[names[question]])


def _question(perm: Perm, key: int) -> tuple[Any, ...]:
    return perm.model, perm.manager, perm.where, perm.moment, key


def refusal(perm: Perm) -> str:
    """The sentence for somebody who does not hold this permission, or not on this row."""
    return f"Ce droit ne vous est pas ouvert ici\u00a0: {perm.label[0].lower()}{perm.label[1:]}."


def fetch(perm: Perm, member: Holder, **lookup: Any) -> Any:
    """The object, if this member may do this on it.

    404 when the object is not hers to know about, 403 when she sees it but may not act. Both leave a line in the
    access log, and so does a success on anything that belongs to a family. TooLate when only its state is past.
    One query when she may.
    """
    model = apps.get_model(perm.model)
    hers = Exists(perm.rows(member).filter(pk=OuterRef("pk")))
    visible = getattr(model, perm.manager).visible_to(member).annotate(is_allowed=hers)
    try:
        obj = get_object_or_404(visible, **lookup)
    except Http404:
        trace.note(trace.Note(what=perm.code, family_id=None, refused=True))
        raise
    family_id = getattr(obj, "traced_family_id", None)
    if not obj.is_allowed:
        if perm.moment and perm.comes_too_late(member, obj):
            raise TooLate(perm.moment.past(obj), obj)
        trace.note(trace.Note(what=perm.code, family_id=family_id, refused=True))
        raise PermissionDenied(refusal(perm))
    if family_id is not None:
        trace.note(trace.Note(what=perm.code, family_id=family_id))
    return obj


def require(perm: Perm, member: Holder) -> None:
    """Refuse (403) a page that has no single object when the member's role does not hold the permission."""
    if not perm.is_held_by(member):
        trace.note(trace.Note(what=perm.code, family_id=None, refused=True))
        raise PermissionDenied(refusal(perm))

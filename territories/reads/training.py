"""Auxiliaries with what they have learnt and done, and what is missing (R100, R101, R102)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from territories import perms
from territories.enums import MANDATORY_MODULES, TrainingModule
from territories.models import Experience, Member, Training
from territories.rules import missing_of_auxiliary
from territories.scope_texts import ScopeText, scope_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AuxiliaryLine:
    """One auxiliary; `missing` in words, empty when nothing is. `supervisor` "" for nobody."""

    public_id: UUID
    name: str
    structure: str
    supervisor: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleLine:
    """A module of the programme or another one; `done_on` None while it is not followed, `public_id` with it."""

    label: str
    done_on: date | None
    public_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuxiliaryPage:
    """One auxiliary in full; `months` None while nobody has told her experience."""

    line: AuxiliaryLine
    nurse: str
    modules: tuple[ModuleLine, ...]
    months: int | None
    experience: str
    scope: ScopeText
    may_keep: bool


def auxiliaries(reader: Member, today: date) -> list[AuxiliaryLine]:
    """Auxiliaries of today whom the reader may read, by name; three queries."""
    rows = list(_people(perms.SEE_AUXILIARIES.rows(reader), today))
    done, told = _facts([one.pk for one in rows])
    return [_line(one, done.get(one.pk, []), told.get(one.pk)) for one in rows]


def auxiliary_page(member: Member, reader: Member, today: date) -> AuxiliaryPage:
    """One auxiliary in full; a fixed number of queries."""
    people = ("user", "structure", "supervisor__user", "nurse__user")
    row = Member.objects.select_related(*people).get(pk=member.pk)
    done, told = _facts([row.pk])
    trainings, experience = done.get(row.pk, []), told.get(row.pk)
    return AuxiliaryPage(
        line=_line(row, trainings, experience),
        nurse=_name(row.nurse),
        modules=tuple(_modules(trainings)),
        months=experience.months if experience else None,
        experience=experience.words if experience else "",
        scope=scope_on(today),
        may_keep=perms.KEEP_TRAININGS.allows(reader, row),
    )


def _people(rows: Any, today: date) -> Any:
    current = rows.current(today).select_related("user", "structure", "supervisor__user")
    return current.order_by("user__last_name", "user__first_name", "pk")


def _facts(keys: list[int]) -> tuple[dict[int, list[Any]], dict[int, Any]]:
    done: dict[int, list[Any]] = {}
    for training in Training.objects.standing().filter(member__in=keys).order_by("done_on", "pk"):
        done.setdefault(training.member_id, []).append(training)
    told = {one.member_id: one for one in Experience.objects.filter(member__in=keys).order_by("pk")}
    return done, told


def _line(row: Any, trainings: list[Any], experience: Any) -> AuxiliaryLine:
    supervisor = _name(row.supervisor)
    missing = missing_of_auxiliary(
        modules={one.module for one in trainings},
        has_experience=experience is not None and experience.months > 0,
        has_supervisor=bool(supervisor),
    )
    return AuxiliaryLine(
        public_id=row.public_id,
        name=row.user.get_full_name(),
        structure=row.structure.name,
        supervisor=supervisor,
        missing=tuple(missing),
    )


def _modules(trainings: list[Any]) -> list[ModuleLine]:
    """The three of the programme, followed or not, then the others."""
    lines = []
    for module in MANDATORY_MODULES:
        followed = [one for one in trainings if one.module == module]
        lines += [_module(module.label, one) for one in followed] or [_module(module.label, None)]
    return lines + [_module(one.words, one) for one in trainings if one.module == TrainingModule.OTHER]


def _module(label: str, training: Any) -> ModuleLine:
    return ModuleLine(
        label=label,
        done_on=training.done_on if training else None,
        public_id=training.public_id if training else None,
    )


def _name(member: Any) -> str:
    return member.user.get_full_name() if member else ""


def experience_of(member: Member) -> dict[str, Any]:
    """Her experience as the form takes it."""
    row = Experience.objects.filter(member=member).first()
    return {"months": row.months, "words": row.words} if row else {}

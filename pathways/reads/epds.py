"""One EPDS in detail, its ten values for named readers, and those that are due again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from copa.kernel.prepared import Prepared, among
from pathways import perms, rules
from pathways.enums import FRENCH, LANGUAGE_WORDS, EpdsStatus, PathwayState
from pathways.models import EpdsCorrection, EpdsScreening, EpdsThresholds, EpdsValues, EpdsWording, Pathway
from pathways.reads.facts.names import Directory
from pathways.reads.names import mothers_of
from pathways.reads.screening import EpdsLine, epds_line, with_contest
from pathways.rules.screening import EPDS_ITEMS, arithmetic, epds_total
from territories.models import Member

# How long a scale is still asked for again once the visits are over, as a suggestion nobody decided.
PERIOD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """A correction that was asked. `is_accepted` None while the team has not decided."""

    public_id: UUID
    item: str
    before: int | None
    value: int
    reason: str
    asked_by: str
    asked_at: datetime
    is_accepted: bool | None
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpdsDetail:
    """The ten values as first entered, their sum in full, and the corrections.

    `corrected` is the sum with the accepted corrections, "" when there are none; the stored total stays.
    """

    items: tuple[tuple[str, int | None], ...]
    arithmetic: str
    corrected: str
    corrections: tuple[CorrectionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLine:
    """A family to whom the scale is to be proposed again, since `repeat_on`."""

    family_id: UUID
    family: str
    last_at: datetime
    repeat_on: date


def epds_detail(screening: EpdsScreening) -> EpdsDetail:
    """The values and corrections of one EPDS, for a named reader; the reading was logged by `fetch`."""
    stored = EpdsValues.objects.filter(screening=screening).order_by("pk").values(*EPDS_ITEMS).first() or {}
    rows = list(EpdsCorrection.objects.filter(screening=screening).order_by("asked_at", "pk"))
    directory = Directory()
    directory.expect(people=[key for row in rows for key in (row.asked_by_id, row.decided_by_id)])
    values = {key: stored.get(key) for key in EPDS_ITEMS}
    corrected = values | {row.item: row.value for row in rows if row.is_accepted}
    return EpdsDetail(
        items=tuple((number_of(key), values[key]) for key in EPDS_ITEMS),
        arithmetic=arithmetic(list(values.values()), screening.total),
        corrected="" if corrected == values else arithmetic(list(corrected.values()), epds_total(corrected)),
        corrections=tuple(_correction(row, values, directory) for row in rows),
    )


def number_of(key: str) -> str:
    """The number printed beside an answer of the sheet, from its key."""
    return str(int(key[1:]))


def _correction(row: EpdsCorrection, values: dict[str, int | None], directory: Directory) -> CorrectionLine:
    return CorrectionLine(
        public_id=row.public_id,
        item=number_of(row.item),
        before=values[row.item],
        value=row.value,
        reason=row.reason,
        asked_by=directory.name(row.asked_by_id),
        asked_at=row.asked_at,
        is_accepted=row.is_accepted,
        decided_by=directory.name(row.decided_by_id),
        decided_at=row.decided_at,
    )


def epds_of(screening: EpdsScreening, *, tenth: bool | None = None) -> EpdsLine:
    """One EPDS without its values; `tenth` for those who may know of the tenth answer."""
    row = with_contest(EpdsScreening.objects).get(pk=screening.pk)
    return epds_line(row, Directory(), tenth=tenth)


@Prepared
def filled_by_mother(pathways: Any) -> Any:
    """When the mothers of these pathways filled in the scale, at a visit or elsewhere, the oldest first."""
    done = EpdsScreening.objects.filled_by_mother().filter(among("pathway", pathways))
    return done.order_by("at", "pk").values_list("pathway_id", "at")


def repeats_due(member: Member, on: date) -> list[RepeatLine]:
    """The scales to propose again, the longest due first."""
    rows = list(due_again(member, on).values_list("family_id", "family__public_id", "at", "repeat_on")[:50])
    names = mothers_of(row[0] for row in rows)
    return [
        RepeatLine(family_id=public_id, family=names[key].name, last_at=at, repeat_on=repeat_on)
        for key, public_id, at, repeat_on in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedLine:
    """A scale of which somebody asks a correction: whose, since when, asked by whom."""

    screening_id: UUID
    family: str
    asked_by: str
    asked_at: datetime


def corrections_waiting(member: Member) -> list[ContestedLine]:
    """The corrections that this member accepts or not, the oldest first."""
    rows = perms.DECIDE_CORRECTION.rows(member).filter(family__moved_at=None).order_by("asked_at", "pk")
    found = list(rows.values_list("screening__public_id", "family_id", "asked_by_id", "asked_at"))
    names = mothers_of(row[1] for row in found)
    directory = Directory()
    directory.expect(people=[row[2] for row in found])
    return [
        ContestedLine(screening_id=key, family=names[family].name, asked_by=directory.name(by), asked_at=at)
        for key, family, by, at in found
    ]


def due_again(member: Member, on: date) -> Any:
    """The last EPDS of those who are due another, in order; none in mourning or stopped for good (A38).

    The scale of a second visit falls due when the pathway has closed, as a rule: the end of the visits takes it from
    no list. Only one due for longer than PERIOD is no longer asked for then.
    """
    rows = perms.screened(_last_to_repeat(), member).filter(pathway__birth__is_silent=False, repeat_on__lte=on)
    is_recent = Q(pathway__state=PathwayState.CLOSED, repeat_on__gte=on - PERIOD)
    return rows.filter(is_recent | Q(pathway__state__in=rules.RUNNING)).order_by("repeat_on", "pk")


def repeat_after(pathway: Pathway) -> date | None:
    """From when somebody of this pathway is due the scale again, past or to come; None when nobody is."""
    found: date | None = (
        _last_to_repeat().filter(pathway=pathway).order_by("repeat_on").values_list("repeat_on", flat=True).first()
    )
    return found


def _last_to_repeat() -> Any:
    """Scales that call for another, which nobody has filled since."""
    done = EpdsScreening.objects.filter(
        family=OuterRef("family"), person=OuterRef("person"), status=EpdsStatus.DONE, at__gt=OuterRef("at")
    )
    return EpdsScreening.objects.filter(~Exists(done), repeat_on__isnull=False)


def loaded_wordings() -> list[EpdsWording]:
    """The scale as this territory may print it, the last one loaded in each language; none in paper mode."""
    last = EpdsWording.objects.order_by("language", "-loaded_at", "-pk").distinct("language")
    return sorted(last, key=lambda row: _place(row.language))


def loaded_languages() -> list[str]:
    """The languages in which this territory may print the scale, in the order in which they are offered."""
    codes = EpdsWording.objects.order_by("language").values_list("language", flat=True).distinct()
    return sorted(codes, key=_place)


def _place(language: str) -> tuple[bool, str]:
    """French first, the others by their name."""
    return language != FRENCH, language_name(language)


def language_name(code: str) -> str:
    """A language in French words; one the platform has no word for by its code."""
    return LANGUAGE_WORDS.get(code, code)


def sheet_languages(loaded: Iterable[str]) -> list[tuple[str, str]]:
    """The languages in which a mother may have answered: French, be it on paper alone, then those that are loaded."""
    return [(code, language_name(code)) for code in dict.fromkeys([FRENCH, *loaded])]


def validated_thresholds() -> list[dict[str, Any]]:
    """The versions this territory's pilots validated, the latest first."""
    rows = list(EpdsThresholds.objects.order_by("-valid_from", "-pk")[:20])
    directory = Directory()
    directory.expect(people=[row.validated_by_id for row in rows])
    own = ("version", "watch", "alert", "high", "offers_coparent", "valid_from")
    names = (*own, "coparent_watch", "coparent_alert", "coparent_high")
    return [{name: getattr(row, name) for name in names} | {"by": directory.name(row.validated_by_id)} for row in rows]

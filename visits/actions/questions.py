"""What asks for a second look instead of refusing a visit for good: one sentence each, all of them asked at once.

A date outside the window (WINDOW), an hour by night (HOUR), an AP who is already elsewhere (OVERLAP), or will be when a
visit that follows her is due (FOLLOWING), the midwife expected on the same half-day (MIDWIFE) and two of the visits of
a family on one day (SAME_DAY).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.errors import BusinessError, Refusals
from copa.kernel.french import day as in_words
from copa.kernel.french import hour, inner
from pathways.models import Pathway
from pathways.reads.calendar import midwife_expected
from pathways.rules import Window, halves_of
from territories.models import Member
from visits import rules
from visits.enums import COUNTED_KINDS, VisitKind, VisitState
from visits.models import Visit
from visits.reads.windows import window_of

WINDOW = "outside_window"
HOUR = "unusual_hour"
OVERLAP = "ap_busy"
FOLLOWING = "ap_busy_later"
MIDWIFE = "midwife_expected"
SAME_DAY = "same_day"
CONFIRMABLE = frozenset({WINDOW, HOUR, OVERLAP, FOLLOWING, MIDWIFE, SAME_DAY})


class Questions(Refusals):
    """Nothing but questions: with a yes to each, the same is done."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A visit as somebody wants it: `planned_at` aware, for `ap`; `moved` is the visit itself when it is there."""

    pathway: Pathway
    kind: str
    planned_at: datetime
    minutes: int
    ap: Member
    moved: Visit | None = None

    @property
    def local(self) -> datetime:
        """The hour on the clocks of the territory."""
        return self.planned_at.astimezone(ZoneInfo(self.pathway.territory.time_zone))


def ask(questions: Iterable[BusinessError | None], confirmed: Collection[str]) -> None:
    """Raise Questions with those that nobody has said yes to."""
    asked = [question for question in questions if question is not None and question.code not in confirmed]
    if asked:
        raise Questions(asked)


def questions_of(wish: Wish) -> list[BusinessError | None]:
    """Everything this wish asks by itself, in the order of the form; the AP is held until the transaction ends."""
    return [_window(wish), _hour(wish), _midwife(wish), _same_day(wish), asked_of_ap(wish)]


def outside(window: Window, day: date) -> str:
    """The beginning of both sentences about a day outside the window of its visit."""
    limits = f"du {in_words(window.first)} au {in_words(window.last)}"
    return f"Le {in_words(day)} est hors des dates de la visite ({limits})"


def _window(wish: Wish) -> BusinessError | None:
    window, day = window_of(wish.pathway, wish.kind), wish.local.date()
    if window is None or window.holds(day):
        return None
    return BusinessError(WINDOW, f"{outside(window, day)}. Confirmez pour garder cette date.")


def _hour(wish: Wish) -> BusinessError | None:
    if rules.is_usual_hour(wish.local, wish.minutes):
        return None
    message = "Une visite commence d’habitude après 7 h et finit avant 21 h."
    return BusinessError(HOUR, f"{message} Confirmez pour garder {hour(wish.local)}.")


def _midwife(wish: Wish) -> BusinessError | None:
    """R069: CoPa comes beside the liberal midwife, not at the same moment."""
    half = midwife_expected(wish.pathway.birth_id, wish.local.date(), halves_of(wish.local, wish.minutes))
    if not half:
        return None
    message = f"La sage-femme est attendue {in_words(wish.local)}, {half}. Confirmez pour garder les deux."
    return BusinessError(MIDWIFE, message)


def _same_day(wish: Wish) -> BusinessError | None:
    """The visits of a family are spread over its days (R045): two on one day are likelier a slip than a wish."""
    if wish.kind not in COUNTED_KINDS:
        return None
    starts_at, ends_at = clock.day_bounds(wish.local.date(), wish.pathway.territory.time_zone)
    others = Visit.objects.running().filter(pathway=wish.pathway, kind__in=COUNTED_KINDS).exclude(kind=wish.kind)
    same = others.filter(planned_at__gte=starts_at, planned_at__lt=ends_at).order_by("planned_at").first()
    if same is None:
        return None
    this, that = (inner(VisitKind(one).label) for one in (wish.kind, same.kind))
    message = f"La {this} serait le même jour que la {that}, {_moment(same)}. Confirmez pour garder les deux."
    return BusinessError(SAME_DAY, message)


def asked_of_ap(wish: Wish) -> BusinessError | None:
    """Whether she is elsewhere at that moment. One row per AP is held first: two people who plan for her at the same
    moment wait for each other.
    """
    Member.objects.select_for_update(of=("self",)).get(pk=wish.ap.pk)
    clash = next((one for one in _conflicts(wish.ap, wish.planned_at, wish.minutes) if one != wish.moved), None)
    if clash is None:
        return None
    return BusinessError(OVERLAP, f"Elle a déjà une visite {_moment(clash)}. Confirmez pour garder les deux.")


def asked_of_following(ap: Member, following: Sequence[Visit]) -> BusinessError | None:
    """Whether a visit that follows her to this family falls while she is elsewhere; the first one says it."""
    for visit in following:
        clash = next(iter(_conflicts(ap, visit.planned_at, visit.planned_minutes)), None)
        if clash is not None:
            kind = inner(visit.get_kind_display())
            message = f"La {kind} de cette famille, {_moment(visit)}, la suivrait, mais elle a déjà une visite"
            return BusinessError(FOLLOWING, f"{message} {_moment(clash)}. Confirmez pour garder les deux.")
    return None


def _moment(visit: Visit) -> str:
    return f"{in_words(visit.planned_at)} à {hour(visit.planned_at)}"


def _conflicts(ap: Member, planned_at: datetime, minutes: int) -> list[Visit]:
    """Visits of this AP, to come or under way, that share an instant with this one."""
    near = Visit.objects.filter(
        Q(state=VisitState.PLANNED) | Q(state=VisitState.STARTED),
        ap=ap,
        planned_at__gt=planned_at - rules.VISIT_MAX_DELAY,
        planned_at__lt=planned_at + timedelta(minutes=minutes),
    )
    return [
        visit
        for visit in near.order_by("planned_at")
        if rules.overlaps(planned_at, minutes, visit.planned_at, visit.planned_minutes)
    ]

"""« Le suivi propre »: what is silent after a death, who was told, what is left for a person to do."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from copa.kernel import clock
from pathways import perms, rules
from pathways.enums import AftercareStep, DeadPerson, OrientationState, OrientationUrgency
from pathways.models import AftercareDone, Birth, Child, Death, Pathway, PmiRelay
from pathways.models.deaths import of_orphans
from pathways.models.orientations import to_decide_again
from pathways.notices import stops as notices
from pathways.reads.deaths import deaths_of
from pathways.reads.facts.words import words
from pathways.rules.orientations import urgency_rank
from territories.models import DirectoryEntry, Member

SUPPORT = "BEREAVEMENT_SUPPORT"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person does; `done_by` "" while nobody has. `who` follows the child, once `asks_who` is answered."""

    code: str
    label: str
    asks_who: bool
    who: str
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OneDeath:
    """A death that stands, with its steps."""

    public_id: UUID
    who: str
    noted_at: datetime
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """How many steps nobody has done."""
        return sum(not step.done_by for step in self.steps)


@dataclass(frozen=True, slots=True)
class Support:
    """An entry of the directory for a family in mourning."""

    public_id: UUID
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class KeptOrientation:
    """An orientation of a child who lives, which goes on after the death of its mother; `urgency` "" where nobody said
    for when."""

    public_id: UUID
    need: str
    whom: str
    state: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The page. `ap` "" when none is named; `coparent_until` None unless the mother died.

    `keeps_relay`: the PMI had accepted the relay of a child who lives, and keeps it. `of_orphan`: what is asked for
    those left with a child who lives after the death of its mother, and goes on; `has_orphan`: whether there is such
    a child.
    """

    deaths: tuple[OneDeath, ...]
    is_whole: bool
    ap: str
    is_midwife_told: bool
    is_pmi_told: bool
    keeps_relay: bool
    coparent_until: date | None
    support: tuple[Support, ...]
    has_orphan: bool
    of_orphan: tuple[KeptOrientation, ...]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A birth after whose deaths a person has still to do `left`, in the order of the page; `since` the first one."""

    birth: UUID
    family_id: int
    reference: str
    since: datetime
    left: tuple[AftercareStep, ...]


# Deaths noted at once: whoever is at the end of this list has the first ones to see to.
MOST = 200


def unfinished(member: Member) -> list[Unfinished]:
    """Those this member may see to, the oldest first, until every step is noted (alerts.md 6.1). One query.

    Of more than MOST deaths the oldest alone are told.
    """
    if not perms.RECORD_SILENCE.is_held_by(member):
        return []
    hers = Death.objects.standing().filter(birth__in=perms.RECORD_SILENCE.rows(member), family__moved_at=None)
    columns = ("birth__public_id", "family_id", "family__reference", "noted_at", "person", "lives", "done")
    found: dict[UUID, Unfinished] = {}
    for row in _with_steps_left(hers).order_by("noted_at", "pk").values_list(*columns, named=True)[:MOST]:
        before = found.get(row.birth__public_id)
        asked = _asked(is_of_mother=row.person == DeadPerson.MOTHER, lives=row.lives)
        left = {*(before.left if before else ()), *(step for step in asked if step not in row.done)}
        found[row.birth__public_id] = Unfinished(
            birth=row.birth__public_id,
            family_id=row.family_id,
            reference=row.family__reference,
            since=before.since if before else row.noted_at,
            left=tuple(step for step in AftercareStep if step in left),
        )
    return list(found.values())


def _with_steps_left(deaths: Any) -> Any:
    """Those of which a step is not noted; `done` holds the codes of the others, `lives` whether a child does."""
    noted = AftercareDone.objects.filter(death=OuterRef("pk")).order_by("pk")
    usual = noted.exclude(step=AftercareStep.CHILD_FOLLOWED).values("step")
    child = Exists(Child.objects.filter(birth=OuterRef("birth"), closed_at=None))
    known = deaths.annotate(
        done=ArraySubquery(noted.values("step")),
        usual=ArraySubquery(usual),
        lives=child,
        is_followed=Exists(noted.filter(step=AftercareStep.CHILD_FOLLOWED)),
    )
    orphan = Q(person=DeadPerson.MOTHER, lives=True, is_followed=False)
    return known.filter(Q(usual__len__lt=len(_asked(is_of_mother=False, lives=True))) | orphan)


def _asked(*, is_of_mother: bool, lives: bool) -> tuple[AftercareStep, ...]:
    return rules.aftercare_steps(has_lost_mother=is_of_mother, has_living_child=lives)


def aftercare_of(birth: Birth, member: Member, at: datetime) -> Aftercare:
    """What stands after the deaths around this birth; a fixed number of queries."""
    pathways = Pathway.objects.filter(birth=birth).select_related("ap__user", "territory")
    pathway = pathways.order_by("-included_at", "-pk").first()
    told = notices.told_after_death(pathway, at) if pathway else (False, False)
    has_orphan = Birth.objects.filter(of_orphans("pk"), pk=birth.pk, is_silent=True).exists()
    return Aftercare(
        deaths=_deaths(birth),
        is_whole=Birth.objects.filter(pk=birth.pk, is_silent=True).exists(),
        ap=pathway.ap.user.get_full_name() if pathway and pathway.ap else "",
        is_midwife_told=told[0],
        is_pmi_told=told[1],
        keeps_relay=PmiRelay.objects.shown().filter(pathway__birth=birth).exists(),
        coparent_until=_coparent_until(birth),
        support=_support(birth, member, at),
        has_orphan=has_orphan,
        of_orphan=_of_orphan(birth, member) if has_orphan else (),
    )


def _of_orphan(birth: Birth, member: Member) -> tuple[KeptOrientation, ...]:
    """Those somebody still waits for, or has to decide, the most urgent first."""
    rows = perms.LIST_ORIENTATIONS.rows(member).running().filter(pathway__birth=birth)
    rows = rows.filter(need__about__in=rules.KEPT_FOR_ORPHAN)
    open_ones = rows.filter(Q(state__in=_OPEN) | to_decide_again()).select_related("need", "entry")
    found = sorted(open_ones.order_by("proposed_at", "pk"), key=lambda one: urgency_rank(one.urgency))
    return tuple(
        KeptOrientation(
            public_id=one.public_id,
            need=one.need.kind.label,
            whom=one.entry.name if one.entry else one.target.label,
            state=words(OrientationState, one.state),
            urgency=words(OrientationUrgency, one.urgency) if one.urgency else "",
        )
        for one in found
    )


_OPEN = (OrientationState.PROPOSED, OrientationState.ACCEPTED, OrientationState.SENT, OrientationState.GIVEN)


def _deaths(birth: Birth) -> tuple[OneDeath, ...]:
    rows = AftercareDone.objects.filter(death__birth=birth).select_related("done_by__user", "death").order_by("pk")
    done = {(row.death.public_id, row.step): row for row in rows}
    lives = Child.objects.filter(birth=birth, closed_at=None).exists()
    found = []
    for death in deaths_of(birth):
        if death.is_standing:
            asked = _asked(is_of_mother=death.is_of_mother, lives=lives)
            shown = tuple(_step(step, done.get((death.public_id, step.value))) for step in asked)
            found.append(OneDeath(death.public_id, death.who, death.noted_at, shown))
    return tuple(found)


def _step(step: AftercareStep, row: AftercareDone | None) -> Step:
    return Step(
        code=step.value,
        label=str(step.label),
        asks_who=step == AftercareStep.CHILD_FOLLOWED,
        who=row.who if row else "",
        done_by=row.done_by.user.get_full_name() if row else "",
        done_at=row.done_at if row else None,
    )


def _coparent_until(birth: Birth) -> date | None:
    """The last local day of the silence around the co-parent, None unless the mother died within it."""
    mother = Death.objects.of_mothers().filter(birth=birth).order_by("pk").first()
    if mother is None:
        return None
    return clock.local_date(mother.noted_at + rules.COPARENT_SILENCE, mother.territory.time_zone)


def _support(birth: Birth, member: Member, at: datetime) -> tuple[Support, ...]:
    today = clock.local_date(at, member.territory.time_zone)
    entries = DirectoryEntry.objects.visible_to(member).valid_on(today).filter(type=SUPPORT)
    commune = birth.family.commune
    if commune is not None:
        entries = entries.covering(commune.code)
    return tuple(Support(one.public_id, one.name, one.phone or one.short_number) for one in entries.order_by("name"))

"""A need: one problem, for one person, on one date."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import NEED_RUNNING, NeedAbout, NeedSource, NeedState
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.births import Child
from pathways.models.families import within_reach
from pathways.models.pathways import Pathway
from territories.catalogue import NEEDS, NeedCategory, NeedType
from territories.enums import EMR, Role
from territories.models import Member

# documents.md 1, block 11: the outside professional reads the child's, the co-parent's go to the team alone; the AP
# is among those who spot them.
_READ_BY_CARE = (NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.FAMILY)
_ABOUTS = {Role.OUTSIDE_PROFESSIONAL: (NeedAbout.CHILD,)}
# What is asked for several children of one birth together.
OF_SEVERAL = "MULTIPLES"


def of_the_living(rows: Any, *, need: str = "") -> Any:
    """Rows whose need is not that of a dead child (A38); `need` as of `readable_needs`."""
    return rows.filter(Q(**{f"{need}child": None}) | Q(**{f"{need}child__closed_at": None}))


def still_asked(*, need: str = "") -> Q:
    """Rows, of a pathway, whose need is not asked for several children of whom one is left (A38); `need` as of
    `readable_needs`."""
    elder = Child.objects.filter(birth=OuterRef("birth"), closed_at=None, rank__lt=OuterRef("rank"))
    several = Child.objects.filter(Exists(elder), birth=OuterRef("pathway__birth"), closed_at=None)
    return ~Q(**{f"{need}code": OF_SEVERAL}) | Q(Exists(several))


def readable_needs(rows: Any, member: Member, *, need: str = "") -> Any:
    """Rows whose need this role may read, sealed ones left out; `need` is the path to it ("need__" or "")."""
    rows = rows.exclude(**{f"{need}category": NeedCategory.SEALED})
    if member.role in EMR | {Role.AP}:
        return rows
    return rows.filter(**{f"{need}about__in": _ABOUTS.get(Role(member.role), _READ_BY_CARE)})


def needs_beyond(rows: Any, member: Member) -> Any:
    """Rows she may know to exist though her role does not read them; none for whoever reads all that is told outside.

    Neither a sealed need nor one of the co-parent: nobody outside the team learns that there is one.
    """
    read = _ABOUTS.get(Role(member.role))
    if read is None:
        return rows.none()
    others = [one for one in _READ_BY_CARE if one not in read]
    return rows.exclude(category=NeedCategory.SEALED).filter(about__in=others)


def sealed_needs_for(rows: Any, member: Member, *, need: str = "") -> Any:
    """Rows of sealed needs for their named readers: coordinator, PMI doctor, the team that answers for the pathway."""
    if member.role not in EMR:
        return rows.none()
    rows = within_reach(rows, member).filter(**{f"{need}category": NeedCategory.SEALED})
    is_of_team = member.role == Role.REFERRING_TEAM
    return rows.filter(pathway__carrier=member.structure_id) if is_of_team else rows


class NeedQuerySet(models.QuerySet["Need"]):
    """Reads of needs."""

    def visible_to(self, member: Member) -> "NeedQuerySet":
        """Needs of the families she may know of that her role may read; a sealed one exists for its readers alone."""
        rows: Any = of_visible_families(self, member)
        return readable_needs(rows, member) | sealed_needs_for(rows, member)

    def running(self) -> "NeedQuerySet":
        """Needs the team still has in hand."""
        return self.told().filter(state__in=NEED_RUNNING)

    def told(self) -> "NeedQuerySet":
        """All but those of a dead child, and what is asked for several children where one is left (A38)."""
        told: NeedQuerySet = of_the_living(self).filter(still_asked())
        return told


class Need(FamilyRow):
    """One problem spotted for one person (R088). The database history keeps every state it went through.

    `category` is that of the code, never chosen. `child` names one of several, None for all of them and for an adult.
    `report_id` and `report_row` say which line of which signed report it came from, None and None outside a visit.
    `words` names nobody.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    code = models.CharField("besoin", max_length=24)
    category = models.CharField("catégorie", max_length=6, choices=NeedCategory.choices)
    about = models.CharField("pour qui", max_length=8, choices=NeedAbout.choices)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    words = models.CharField("en une ligne", max_length=160, blank=True)
    source = models.CharField("repéré", max_length=6, choices=NeedSource.choices)
    report_id = models.UUIDField("compte rendu", null=True)
    report_row = models.PositiveSmallIntegerField("ligne", null=True)
    spotted_at = models.DateTimeField("repéré le")
    spotted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    state = models.CharField("état", max_length=8, choices=NeedState.choices, default=NeedState.OPEN)
    state_at = models.DateTimeField("depuis le")
    closing_words = models.CharField("pourquoi clos", max_length=160, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(NeedQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(NeedQuerySet)()

    class Meta:
        verbose_name = "besoin"
        indexes = [
            models.Index(fields=["territory", "family"], name="need_of_family"),
            models.Index(fields=["territory", "spotted_at"], name="need_spotted_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report_id", "report_row"], condition=Q(report_id__isnull=False), name="need_landed_once"
            ),
            models.UniqueConstraint(
                fields=["pathway", "code", "about", "child"],
                condition=Q(state__in=sorted(NEED_RUNNING)),
                nulls_distinct=False,
                name="need_running_once",
                violation_error_message="Ce besoin est déjà noté pour cette personne.",
            ),
            models.CheckConstraint(
                condition=Q(child=None) | Q(about=NeedAbout.CHILD),
                name="need_of_its_child",
                violation_error_message="Un enfant n’est nommé que pour son propre besoin.",
            ),
            models.CheckConstraint(
                condition=~Q(state=NeedState.CLOSED) | ~Q(closing_words=""),
                name="need_closed_with_words",
                violation_error_message="Dites pourquoi ce besoin est clos.",
            ),
        ]

    def __str__(self) -> str:
        return self.kind.label

    @property
    def kind(self) -> NeedType:
        """Its label, its category, those it may concern."""
        return NEEDS[self.code]

    @property
    def is_sealed(self) -> bool:
        """Whether it lies in the compartment of the referring team (S3)."""
        return self.category == NeedCategory.SEALED

    @property
    def who(self) -> str:
        """Whom it is about: a child by name when it is one of several, never one who died (A38)."""
        if self.child is None:
            return str(NeedAbout(self.about).label)
        return "Un enfant" if self.child.closed_at else self.child.shown_name

"""An orientation: asked by the AP, decided by the referring team, answered by whoever received it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import (
    NEED_RUNNING,
    Agreement,
    ConfirmedBy,
    LinkStep,
    OrientationState,
    OrientationUrgency,
    PathwayState,
    SentBy,
)
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.deaths import of_orphans
from pathways.models.needs import Need, of_the_living, readable_needs, sealed_needs_for, still_asked
from pathways.models.pathways import Pathway
from pathways.rules import KEPT_FOR_ORPHAN, STOPPED
from territories.catalogue import TYPES, DirectoryType
from territories.models import DirectoryEntry, Member, TerritoryRow

_DECIDED = [OrientationState.ACCEPTED, OrientationState.REFUSED, OrientationState.SENT]
_LEFT = [OrientationState.SENT, OrientationState.NOT_COME, OrientationState.CANNOT_TAKE]
_TURNED_DOWN = [OrientationState.NOT_COME, OrientationState.CANNOT_TAKE]
_LIVE = [OrientationState.PROPOSED, OrientationState.ACCEPTED, OrientationState.SENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Towards whom: a type, and the service of the directory when it is known."""

    type: str
    entry: DirectoryEntry | None = None


def to_decide_again() -> Q:
    """The rows of `OrientationQuerySet.to_decide_again`, as a condition among others."""
    others = Orientation.objects.filter(need=OuterRef("need")).exclude(pk=OuterRef("pk"))
    answers = Q(proposed_at__gt=OuterRef("answered_at")) | Q(state__in=[*_LIVE, OrientationState.SEEN])
    return Q(state__in=_TURNED_DOWN, need__state__in=NEED_RUNNING) & ~Q(Exists(others.filter(answers)))


class OrientationQuerySet(models.QuerySet["Orientation"]):
    """Reads of orientations."""

    def visible_to(self, member: Member) -> "OrientationQuerySet":
        """Those of the needs she may read."""
        rows: Any = of_visible_families(self, member)
        return readable_needs(rows, member, need="need__") | sealed_needs_for(rows, member, need="need__")

    def told(self) -> "OrientationQuerySet":
        """Those whose need is told: not a dead child's, nor for several children where one is left (A38)."""
        told: OrientationQuerySet = of_the_living(self, need="need__").filter(still_asked(need="need__"))
        return told

    def held_back(self) -> "OrientationQuerySet":
        """Live ones for several children of whom one is left: nothing leaves, the team says what becomes of them."""
        return self._of_running().filter(~still_asked(need="need__"), state__in=_LIVE)

    def running(self) -> "OrientationQuerySet":
        """Those of pathways that have not stopped, of families not in mourning, of a child who lives, whose need is
        still asked (A38, L12).

        The death of a mother stops nothing that is asked for those who are left with her child (`KEPT_FOR_ORPHAN`).
        """
        return self._of_running().filter(still_asked(need="need__"))

    def _of_running(self) -> "OrientationQuerySet":
        told: OrientationQuerySet = of_the_living(self, need="need__")
        here = Q(pathway__birth__is_silent=False) & ~Q(pathway__state__in=STOPPED)
        left = Q(need__about__in=KEPT_FOR_ORPHAN, pathway__birth__is_silent=True)
        left &= ~Q(pathway__state__in=STOPPED - {PathwayState.BEREAVED})
        return told.filter(here | (left & of_orphans("pathway__birth")))

    def to_decide(self) -> "OrientationQuerySet":
        """Requests the referring team has not answered."""
        return self.filter(state=OrientationState.PROPOSED)

    def unanswered(self) -> "OrientationQuerySet":
        """Sent, without a word since."""
        return self.filter(state=OrientationState.SENT)

    def to_decide_again(self) -> "OrientationQuerySet":
        """The professional cannot take her, or she did not come: to be decided anew while the need lasts, until it is
        closed or another one is asked for; not while another service has seen her, or may still."""
        found: OrientationQuerySet = self.filter(to_decide_again())
        return found


class Orientation(FamilyRow):
    """From a need to somebody who may meet it (R004, R060).

    `target_type` is always there, `entry` None while only the type is known. `urgency` is for when it was asked in a
    report, "" outside one. `agreement` is the person's own answer for this recipient, "" when nobody asked. `sent_at`
    None when nothing left (a contact given is not a sending). `reminders` counts those made. `answer_words` are those
    of the outside professional, without clinical detail.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+", verbose_name="besoin")
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    target_type = models.CharField("vers", max_length=24)
    entry = models.ForeignKey(
        DirectoryEntry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="service"
    )
    state = models.CharField("état", max_length=12, choices=OrientationState.choices, default=OrientationState.PROPOSED)
    reason = models.CharField("pourquoi", max_length=200, blank=True)
    urgency = models.CharField(
        "pour quand", max_length=9, choices=OrientationUrgency.choices, blank=True, db_default=""
    )
    proposed_at = models.DateTimeField("demandée le")
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par")
    agreement = models.CharField("accord", max_length=6, choices=Agreement.choices, blank=True)
    agreed_at = models.DateTimeField("accord noté le", null=True)
    agreed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("décidée le", null=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidée par"
    )
    decision_words = models.CharField("pourquoi cette décision", max_length=200, blank=True)
    letter_words = models.CharField("mot au professionnel", max_length=200, blank=True)
    sent_at = models.DateTimeField("envoyée le", null=True)
    sent_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    sent_how = models.CharField("par", max_length=6, choices=SentBy.choices, blank=True)
    reminders = models.PositiveSmallIntegerField("rappels", default=0)
    answered_at = models.DateTimeField("répondu le", null=True)
    answer_words = models.CharField("mot du professionnel", max_length=120, blank=True)
    first_contact_on = models.DateField("premier contact le", null=True)
    confirmed_by = models.CharField("confirmé par", max_length=12, choices=ConfirmedBy.choices, blank=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True)
    closed_at = models.DateTimeField("close le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OrientationQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OrientationQuerySet)()

    class Meta:
        verbose_name = "orientation"
        indexes = [
            models.Index(fields=["territory", "family"], name="orientation_of_family"),
            models.Index(fields=["territory", "need"], name="orientation_of_need"),
            # The menu counts these on every page.
            models.Index(
                fields=["territory", "proposed_at"], condition=Q(state="PROPOSED"), name="orientation_to_decide"
            ),
            # The reminders and the worklist.
            models.Index(fields=["territory", "sent_at"], condition=Q(state="SENT"), name="orientation_unanswered"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "target_type", "entry"],
                condition=Q(state__in=_LIVE),
                nulls_distinct=False,
                name="orientation_live_once",
                violation_error_message="Cette orientation est déjà en cours pour ce besoin.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="orientation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrientationState.REFUSED) | ~Q(decision_words=""),
                name="orientation_refused_with_reason",
                violation_error_message="Dites pourquoi cette orientation n’est pas retenue.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_how="")
                | (Q(sent_at__isnull=False, agreed_at__isnull=False, decided_at__isnull=False) & ~Q(sent_how="")),
                name="orientation_sent_with_agreement",
                violation_error_message="Rien ne part sans l’accord de la personne et la décision de l’équipe.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_LEFT) | Q(sent_at__isnull=False), name="orientation_waits_once_sent"
            ),
            models.CheckConstraint(
                condition=Q(first_contact_on=None, confirmed_by="", confirmed_at=None)
                | (Q(first_contact_on__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="orientation_contact_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrientationState.SEEN) | Q(first_contact_on__isnull=False),
                name="orientation_seen_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.label}, {self.state}"

    @property
    def target(self) -> DirectoryType:
        """The kind of resource, with its class and the way in."""
        return TYPES[self.target_type]


class AnswerLink(FamilyRow):
    """The one-time address by which an outside professional answers, or reads. Only the print of its token is stored.

    `orientation` for an answer; `copy_id` for the copy of a report to be read, by its public id, None otherwise.
    `used_at` once answered or read, `killed_at` once another link or a withdrawn agreement took its place.
    """

    orientation = models.ForeignKey(
        Orientation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="orientation"
    )
    copy_id = models.UUIDField("copie d’un compte rendu", null=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le")
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    expires_at = models.DateTimeField("jusqu’au")
    wrong_codes = models.PositiveSmallIntegerField("codes faux", default=0)
    used_at = models.DateTimeField("répondu le", null=True)
    killed_at = models.DateTimeField("annulé le", null=True)

    class Meta:
        verbose_name = "lien à usage unique"
        verbose_name_plural = "liens à usage unique"
        indexes = [
            models.Index(fields=["territory", "orientation"], name="link_of_orientation"),
            models.Index(fields=["territory", "copy_id"], condition=Q(copy_id__isnull=False), name="link_of_copy"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["orientation"], condition=Q(used_at=None, killed_at=None), name="link_alive_once"
            ),
            models.UniqueConstraint(
                fields=["copy_id"], condition=Q(used_at=None, killed_at=None), name="link_of_copy_alive_once"
            ),
            models.CheckConstraint(
                condition=Q(orientation=None, copy_id__isnull=False) | Q(orientation__isnull=False, copy_id=None),
                name="link_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        about = f"orientation {self.orientation_id}" if self.orientation_id else f"copy {self.copy_id}"
        return f"link of {about}"


class LinkEvent(TerritoryRow):
    """One opening of an answer link, one code typed, one answer. The runtime role inserts and reads, nothing else."""

    append_only = True

    link = models.ForeignKey(AnswerLink, on_delete=models.PROTECT, related_name="+", verbose_name="lien")
    step = models.CharField("quoi", max_length=12, choices=LinkStep.choices)
    at = models.DateTimeField("quand")

    class Meta:
        verbose_name = "passage sur un lien"
        indexes = [models.Index(fields=["territory", "link", "at"], name="linkevent_of_link")]

    def __str__(self) -> str:
        return f"{self.step} on link {self.link_id}"

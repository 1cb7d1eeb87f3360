"""The multidisciplinary meeting, its minutes family by family, its decisions, and the time of coordination."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from copa.kernel import clock
from copa.kernel.scope import ScopedManager
from pathways.enums import Attendance, DecisionKind, DecisionState, MeetingCause, NeedAbout, Recipient
from pathways.models.base import FamilyRow, OfFamiliesQuerySet, knows_every_family
from pathways.models.grants import FamilyGrant
from pathways.models.pathways import Pathway
from pathways.models.relays import PmiRelay
from pathways.models.sendings import Sending
from pathways.rules import STOPPED
from territories.enums import Role
from territories.models import Member, Structure, TerritoryRow


def is_invited(member: Member) -> Exists:
    """Whether she is invited to the meeting of the row."""
    return Exists(MeetingParticipant.objects.filter(meeting=OuterRef("pk"), member=member))


class StaffMeetingQuerySet(models.QuerySet["StaffMeeting"]):
    """Reads of meetings."""

    def visible_to(self, member: Member) -> "StaffMeetingQuerySet":
        """Those she is invited to; for a team those of its structure; for the pilots all of them."""
        if knows_every_family(member):
            return self
        invited = is_invited(member)
        if member.role == Role.REFERRING_TEAM:
            return self.filter(invited | Q(structure=member.structure_id))
        return self.filter(invited)

    def open(self) -> "StaffMeetingQuerySet":
        """Meetings whose minutes may still be written."""
        return self.filter(closed_at=None)


class StaffMeeting(TerritoryRow):
    """A meeting of professionals about several families (R086). Validated (`closed_at`), its minutes never change."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="équipe")
    planned_at = models.DateTimeField("prévue le")
    place = models.CharField("lieu ou lien", max_length=120, blank=True)
    convened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="préparée par")
    convened_at = models.DateTimeField("préparée le")
    closed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="validée par"
    )
    closed_at = models.DateTimeField("validée le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(StaffMeetingQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(StaffMeetingQuerySet)()

    class Meta:
        verbose_name = "réunion pluridisciplinaire"
        indexes = [
            models.Index(fields=["territory", "-planned_at"], name="meeting_recent"),
            models.Index(fields=["territory", "planned_at"], condition=Q(closed_at=None), name="meeting_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="meeting_closed_by_somebody",
            )
        ]


class MeetingParticipant(TerritoryRow):
    """Somebody invited to a meeting, and whether she was there."""

    meeting = models.ForeignKey(StaffMeeting, on_delete=models.PROTECT, related_name="+", verbose_name="réunion")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="participante")
    presence = models.CharField("présence", max_length=8, choices=Attendance.choices, default=Attendance.INVITED)

    class Meta:
        verbose_name = "participante à une réunion"
        indexes = [models.Index(fields=["territory", "member"], name="participant_member")]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="participant_once_per_meeting")]


class MeetingItemQuerySet(OfFamiliesQuerySet):
    """Reads of the items of meetings."""

    def validated(self) -> "MeetingItemQuerySet":
        """Items of meetings whose minutes are validated."""
        return self.filter(meeting__closed_at__isnull=False)


class MeetingItem(FamilyRow):
    """One family at one meeting: what opened the discussion, what she knows and wishes, the facts, what was decided.

    `told_by` tells a family that is not informed yet, at the latest on `tell_on`; both None once `family_words` hold
    what she said. `left_by` are the keys of the participants who left the item, having no right on the family.
    `fingerprint` is taken when the minutes are validated, "" before. `parents_told_at` None until somebody has told the
    parents what was decided: their copy comes after a person.
    """

    meeting = models.ForeignKey(StaffMeeting, on_delete=models.PROTECT, related_name="+", verbose_name="réunion")
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="parcours")
    cause = models.CharField("ce qui ouvre la discussion", max_length=16, choices=MeetingCause.choices)
    family_words = models.TextField("la parole de la famille", max_length=1000, blank=True)
    told_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="sera informée par"
    )
    tell_on = models.DateField("au plus tard le", null=True)
    facts = models.TextField("faits utiles", max_length=1500, blank=True)
    left_by = models.JSONField("sorties du point", default=list)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="ajoutée par")
    added_at = models.DateTimeField("ajoutée le")
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, db_default="")
    parents_told_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="dit aux parents par"
    )
    parents_told_at = models.DateTimeField("dit aux parents le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(MeetingItemQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(MeetingItemQuerySet)()

    class Meta:
        verbose_name = "point de réunion"
        indexes = [models.Index(fields=["territory", "family", "-added_at"], name="meeting_item_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "family"],
                name="meeting_item_once",
                violation_error_message="Cette famille est déjà à l’ordre du jour de cette réunion.",
            ),
            models.CheckConstraint(
                condition=Q(parents_told_at=None, parents_told_by=None)
                | Q(parents_told_at__isnull=False, parents_told_by__isnull=False),
                name="meeting_item_told_by_somebody",
            ),
        ]


class MinutesCopy(FamilyRow):
    """One line of the block « Diffusion » (documents.md 3): somebody outside the team, and whether she was told.

    Written when the minutes are validated and never changed: `sending` is what left for her, None when the rule of
    routing refused, with its sentence in `refused` (R076).
    """

    append_only = True

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="+", verbose_name="point")
    recipient = models.CharField("destinataire", max_length=24, choices=Recipient.choices)
    to = models.CharField("à qui", max_length=160)
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="envoi")
    refused = models.CharField("pourquoi pas", max_length=200, blank=True)
    at = models.DateTimeField("le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "diffusion d’un compte rendu"
        verbose_name_plural = "diffusions de comptes rendus"
        constraints = [
            models.UniqueConstraint(fields=["item", "recipient", "to"], name="minutes_copy_once"),
            models.CheckConstraint(
                condition=Q(sending__isnull=False, refused="") | (Q(sending=None) & ~Q(refused="")),
                name="minutes_copy_sent_or_refused",
            ),
        ]


class MeetingAnnex(FamilyRow):
    """What was said under seal (S3): named readers, its own page and its own print (documents.md 3, block 4).

    `fingerprint` is taken when the minutes are validated, "" before.
    """

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="+", verbose_name="point")
    text = models.TextField("partie protégée", max_length=3000)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="écrite par")
    written_at = models.DateTimeField("écrite le")
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, db_default="")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "annexe protégée"
        constraints = [models.UniqueConstraint(fields=["item"], name="meeting_annex_once")]


# Of a decision, as columns: its family has stopped, or mourns.
OF_STOPPED = Q(item__pathway__birth__is_silent=True) | Q(item__pathway__state__in=STOPPED)


class DecisionQuerySet(OfFamiliesQuerySet):
    """Reads of decisions."""

    def open(self) -> "DecisionQuerySet":
        """Decisions of validated meetings that somebody still has to carry out."""
        return self.filter(state=DecisionState.OPEN, item__meeting__closed_at__isnull=False)

    def owed(self) -> "DecisionQuerySet":
        """Those of families that have not stopped: after a stop and in mourning nobody is reminded (A38, L12)."""
        return self.open().exclude(OF_STOPPED)

    def with_left(self) -> "DecisionQuerySet":
        """Each with `is_left`: still open, and its owner of the PMI no longer has the family, which went to another
        sector or whose mother said no. She can neither see nor do it: it is the team's to confide again."""
        relays = PmiRelay.objects.shown().filter(
            family=OuterRef("family"), sector__structure=OuterRef("owner__structure")
        )
        grants = FamilyGrant.objects.running(clock.now())
        held = grants.filter(content_object=OuterRef("family"), user=OuterRef("owner__user"))
        is_open = Q(state=DecisionState.OPEN, owner__role=Role.PMI_STAFF)
        is_left = ExpressionWrapper(is_open & ~Exists(relays) & ~Exists(held), output_field=models.BooleanField())
        return self.annotate(is_left=is_left)

    def with_first_owner(self) -> "DecisionQuerySet":
        """Each with `first_owner_id`: to whom the meeting gave it, whoever has it now."""
        handed = DecisionHandover.objects.filter(decision=OuterRef("pk")).order_by("at", "pk")
        first = Coalesce(Subquery(handed.values("from_member")[:1]), F("owner"), output_field=models.BigIntegerField())
        return self.annotate(first_owner_id=first)


class Decision(FamilyRow):
    """What a meeting decided for a family: a task with an owner and a date, unless nobody has anything to do.

    `told_by` tells it to the family; None when there is nothing to tell. `settled_at` None while it is to be done.
    `about` says whose it is: one parent never reads what concerns the other alone. `parents_words` are the words of
    their copy, "" for those of its kind.
    """

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="+", verbose_name="point")
    kind = models.CharField("décision", max_length=16, choices=DecisionKind.choices)
    words = models.CharField("en clair", max_length=300, blank=True)
    about = models.CharField(
        "pour qui", max_length=8, choices=NeedAbout.choices, default=NeedAbout.MOTHER, db_default=NeedAbout.MOTHER
    )
    parents_words = models.CharField("en mots simples", max_length=300, blank=True, db_default="")
    owner = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="qui s’en charge"
    )
    due_on = models.DateField("pour le", null=True)
    told_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="dit à la famille par"
    )
    state = models.CharField("état", max_length=8, choices=DecisionState.choices, default=DecisionState.OPEN)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    settled_at = models.DateTimeField("le", null=True)
    settled_words = models.CharField("ce qui s’est passé", max_length=300, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(DecisionQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DecisionQuerySet)()

    class Meta:
        verbose_name = "décision"
        indexes = [
            models.Index(fields=["territory", "owner", "due_on"], condition=Q(state="OPEN"), name="decision_to_do"),
            models.Index(fields=["territory", "due_on"], condition=Q(state="OPEN"), name="decision_due"),
            models.Index(fields=["territory", "item"], name="decision_of_item"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DecisionState.OPEN) | Q(owner__isnull=False, due_on__isnull=False),
                name="decision_has_owner_and_date",
                violation_error_message="Dites qui s’en charge, et pour quand.",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.OPEN, settled_at=None, settled_by=None)
                | (~Q(state=DecisionState.OPEN) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="decision_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.NOT_DONE) | ~Q(settled_words=""),
                name="decision_not_done_says_why",
                violation_error_message="Dites pourquoi cela n’a pas été fait.",
            ),
        ]


class DecisionHandover(FamilyRow):
    """A decision handed to somebody else once the minutes are validated: they keep the name of its first owner."""

    append_only = True

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", verbose_name="décision")
    from_member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="confiée avant à")
    to_member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="confiée à")
    reason = models.CharField("pourquoi", max_length=300)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "décision confiée de nouveau"
        verbose_name_plural = "décisions confiées de nouveau"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["territory", "decision"], name="handover_of_decision")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="decision_handover_says_why"),
            models.CheckConstraint(condition=~Q(from_member=F("to_member")), name="decision_handover_to_another"),
        ]


class CoordinationEntry(FamilyRow):
    """Time the team gave to sharing about one family (R099): when, how long, who."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("minutes")
    participants = models.CharField("avec", max_length=200)
    note = models.CharField("en bref", max_length=400, blank=True)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "temps de coordination"
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["territory", "family"], name="coordination_of_family"),
            models.Index(fields=["territory", "pathway"], name="coordination_of_pathway"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=480),
                name="coordination_minutes_plausible",
                violation_error_message="De 1 à 480 minutes.",
            )
        ]

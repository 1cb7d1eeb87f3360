"""A family opened to one professional by name."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from guardian.models import UserObjectPermissionBase

from copa.kernel.scope import ScopedManager, current_territory_id
from pathways.enums import GrantReason, Recipient
from territories.enums import Role
from territories.models import Member, Territory

# Break-the-glass: a reason and a three-hour end (design.md 3.2).
EMERGENCY_HOURS = 3
# As whom the roles outside a team read, when nobody has to say it.
RECIPIENT_OF_ROLE: dict[str, str] = {
    Role.LIBERAL_MIDWIFE: Recipient.LIBERAL_MIDWIFE,
    Role.PMI_STAFF: Recipient.PMI,
}


# An emergency makes nobody a recipient. A midwife whom one orientation sent is not the one who follows her; another
# professional is sent by one.
RECEIVES = (
    ~models.Q(reason=GrantReason.EMERGENCY)
    & ~models.Q(recipient="")
    & ~models.Q(reason=GrantReason.ORIENTATION, recipient=Recipient.LIBERAL_MIDWIFE)
)


class FamilyGrantQuerySet(models.QuerySet["FamilyGrant"]):
    """Reads of grants."""

    def running_for(self, member: Member, family: Any) -> "FamilyGrantQuerySet":
        """Grants of one family (a key or an OuterRef) to this member that have not ended; the end is checked by SQL."""
        return self.filter(
            content_object=family, user=member.user_id, expires_at__gt=models.functions.Now(), revoked_at=None
        )

    def running(self, at: datetime) -> "FamilyGrantQuerySet":
        """Grants that open a family at this instant."""
        return self.filter(expires_at__gt=at, revoked_at=None)

    def hearing(self, at: datetime) -> "FamilyGrantQuerySet":
        """Grants whose holder is told of a danger at this instant: those that open the family, and those that nothing
        but its move to another territory has ended."""
        left = models.Q(revoked_at__gte=models.F("content_object__moved_at"))
        return self.filter(models.Q(revoked_at=None) | left, expires_at__gt=at)

    def ended(self, at: datetime) -> "FamilyGrantQuerySet":
        """Grants that open nothing any more: come to their term, or taken back."""
        return self.filter(models.Q(expires_at__lte=at) | models.Q(revoked_at__isnull=False))

    def to_midwives(self) -> "FamilyGrantQuerySet":
        """Those of liberal midwives, as which they read or for which the file was opened."""
        return self.filter(models.Q(recipient=Recipient.LIBERAL_MIDWIFE) | models.Q(reason=GrantReason.LIBERAL_MIDWIFE))

    def of_followers(self) -> "FamilyGrantQuerySet":
        """Those of the people who follow the family: not whom one orientation sent, nor who opened it herself."""
        return self.exclude(reason__in=[GrantReason.ORIENTATION, GrantReason.EMERGENCY])

    def receiving(self, recipients: Collection[str]) -> "FamilyGrantQuerySet":
        """Those whose holder receives as one of these, if the mother agrees."""
        return self.filter(RECEIVES, recipient__in=list(recipients))

    def with_receives(self) -> "FamilyGrantQuerySet":
        """Each with `receives`: whether its holder is a recipient, if the mother agrees."""
        return self.annotate(receives=models.ExpressionWrapper(RECEIVES, output_field=models.BooleanField()))

    def in_emergency(self) -> "FamilyGrantQuerySet":
        """Openings that somebody gave herself, for three hours."""
        return self.filter(reason=GrantReason.EMERGENCY)

    def not_in_emergency(self) -> "FamilyGrantQuerySet":
        """Those that somebody else gave."""
        return self.exclude(reason=GrantReason.EMERGENCY)


class FamilyGrant(UserObjectPermissionBase):
    """One family opened to one professional by name: who granted it, why, until when (design.md 3.2).

    A direct foreign-key permission of django-guardian on `Family`; the row filters of `perms.py` read this table.
    """

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", default=current_territory_id, editable=False
    )
    content_object = models.ForeignKey(
        "pathways.Family", on_delete=models.PROTECT, related_name="+", verbose_name="famille"
    )
    reason = models.CharField("motif", max_length=16, choices=GrantReason.choices)
    # As whom she reads: the mother's answer for this recipient opens the reports to her (R076, A16). "" for nobody.
    recipient = models.CharField("en tant que", max_length=24, choices=Recipient.choices, blank=True, db_default="")
    named = models.CharField("nom et fonction", max_length=120, blank=True, db_default="")
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="ouvert par")
    granted_at = models.DateTimeField("ouvert le")
    expires_at = models.DateTimeField("jusqu’au")
    # Only for an emergency, where nobody else granted it: what she had to do (design.md 3.2).
    why = models.CharField("pourquoi", max_length=300, blank=True, db_default="")
    revoked_at = models.DateTimeField("retiré le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyGrantQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyGrantQuerySet)()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "ouverture d’un dossier"
        indexes = [
            models.Index(fields=["territory", "user"], name="grant_of_user"),
            models.Index(
                fields=["territory", "-granted_at"], condition=models.Q(reason="EMERGENCY"), name="grant_emergency"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=GrantReason.EMERGENCY)
                | (
                    ~models.Q(why="")
                    & models.Q(expires_at__lte=models.F("granted_at") + timedelta(hours=EMERGENCY_HOURS))
                ),
                name="grant_emergency_reasoned",
                violation_error_message="Une ouverture en urgence dure trois heures au plus, et dit pourquoi.",
            ),
        ]

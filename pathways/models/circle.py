"""The care circle: who follows the family, since when, why, and why it ended."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import HOME_MIDWIVES, CircleEnd, CircleRole
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from territories.models import DirectoryEntry, Member


class CareCircleQuerySet(OfFamiliesQuerySet):
    """Reads of circles."""

    def running(self, day: date) -> "CareCircleQuerySet":
        """Those who stand in the circle on this local day, from the first day to the last but one."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class CareCircleMember(FamilyRow):
    """Somebody around a family. Standing in the circle opens nothing: `FamilyGrant` does.

    `member` is somebody of the platform; None for a person outside it, who then has a `name`. `entry` is her line in
    the directory, None for a name typed by hand (« sans identifiant »).
    `until` is the local day on which it ended, None while it runs; it never comes without `end_reason`.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="membre de la plateforme"
    )
    entry = models.ForeignKey(
        DirectoryEntry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="dans l’annuaire"
    )
    name = models.CharField("nom", max_length=120, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    role = models.CharField("rôle", max_length=24, choices=CircleRole.choices)
    why = models.CharField("pourquoi", max_length=200, blank=True)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True)
    end_reason = models.CharField("raison de la fin", max_length=12, choices=CircleEnd.choices, blank=True)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="ajouté par")
    added_at = models.DateTimeField("ajouté le")
    ended_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="terminé par"
    )
    ended_at = models.DateTimeField("terminé le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(CareCircleQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(CareCircleQuerySet)()

    class Meta:
        verbose_name = "membre du cercle de soins"
        verbose_name_plural = "cercle de soins"
        indexes = [models.Index(fields=["territory", "family"], name="circle_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "member", "role"],
                condition=Q(until=None),
                name="circle_member_once",
                violation_error_message="Cette personne est déjà dans le cercle, avec ce rôle.",
            ),
            models.UniqueConstraint(
                fields=["family", "entry", "role"],
                condition=Q(until=None),
                name="circle_entry_once",
                violation_error_message="Cette personne est déjà dans le cercle, avec ce rôle.",
            ),
            models.CheckConstraint(
                condition=Q(entry=None) | Q(member=None),
                name="circle_entry_outside",
                violation_error_message="Choisissez quelqu’un de la plateforme, ou de l’annuaire.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) ^ Q(name=""),
                name="circle_member_named",
                violation_error_message="Choisissez quelqu’un de la plateforme, ou écrivez son nom.",
            ),
            # les-emplois keeps the end reason mandatory with the end date (peers 2.6): without it nobody knows later.
            models.CheckConstraint(
                condition=Q(until=None, end_reason="", ended_at=None, ended_by=None)
                | (Q(until__isnull=False, ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="circle_end_with_a_reason",
                violation_error_message="Dites pourquoi cette personne quitte le cercle.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="circle_ends_after_start",
                violation_error_message="La fin précède le début.",
            ),
        ]

    @property
    def number(self) -> str:
        """Where she is called now (E.164, "" unknown): her own, that of the directory, else what was typed."""
        if self.member is not None:
            return self.member.user.phone
        return (self.entry.phone if self.entry else "") or self.phone

    @property
    def is_home_midwife(self) -> bool:
        """Whether she is the midwife of the mother outside the hospital, of the town or of the PMI."""
        return self.role in HOME_MIDWIVES

    @property
    def full_name(self) -> str:
        """Her name, of the platform or as it was written."""
        return self.member.user.get_full_name() if self.member is not None else self.name

"""The observations log: a dated fact, who saw it, and for whom it is written (R222)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import GridDomain, MidwifeTopic, ObservationReader, ScreeningSource
from pathways.models.base import FamilyRow, of_visible_families
from pathways.rules.screening import SEALED_DOMAINS
from territories.enums import Role
from territories.models import Member

# Which kind of the care team each role is; the others read nobody's observations.
READER_OF_ROLE: dict[str, str] = {
    Role.COORDINATOR: ObservationReader.TEAM,
    Role.REFERRING_TEAM: ObservationReader.TEAM,
    Role.AP: ObservationReader.AP,
    Role.LIBERAL_MIDWIFE: ObservationReader.LIBERAL_MIDWIFE,
    Role.PMI_DOCTOR: ObservationReader.PMI_DOCTOR,
    Role.PMI_STAFF: ObservationReader.PMI,
    Role.CPP_PILOT: ObservationReader.CPP,
}


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Reads of observations."""

    def visible_to(self, member: Member) -> "ObservationQuerySet":
        """Her own, and those written for her kind of professional, in the families she may know of (R222)."""
        kind = READER_OF_ROLE.get(member.role, "")
        declared = Q(recipients__contains=[kind]) if kind else Q(pk=None)
        return of_visible_families(self.filter(declared | Q(author=member)), member)  # type: ignore[no-any-return]


class Observation(FamilyRow):
    """A fact about a family. Never edited: the database lets only its author's withdrawal be added.

    `at` is when it was seen, `recorded_at` when it was written. It is never about a sealed domain: see `SealedSignal`.
    """

    domain = models.CharField("domaine", max_length=2, choices=GridDomain.choices)
    fact = models.CharField("fait", max_length=400)
    at = models.DateTimeField("vu le")
    recorded_at = models.DateTimeField("noté le")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    source = models.CharField("source", max_length=8, choices=ScreeningSource.choices)
    source_id = models.UUIDField("visite", null=True)
    # R112: "" for everybody but the liberal midwife, who may leave it empty.
    midwife_topic = models.CharField("sujet de la sage-femme", max_length=16, choices=MidwifeTopic.choices, blank=True)
    recipients = ArrayField(
        models.CharField(max_length=16, choices=ObservationReader.choices), verbose_name="destinataires"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_reason = models.CharField("pourquoi retirée", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ObservationQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ObservationQuerySet)()

    class Meta:
        verbose_name = "observation"
        indexes = [models.Index(fields=["territory", "family", "-at"], name="observation_of_family")]
        constraints = [
            models.UniqueConstraint(fields=["territory", "source_id"], name="observation_once_per_visit"),
            models.CheckConstraint(
                condition=~Q(domain__in=sorted(SEALED_DOMAINS)),
                name="observation_of_open_domain",
                violation_error_message="Une situation protégée se signale à l’équipe, jamais ici.",
            ),
            models.CheckConstraint(
                condition=~Q(recipients=[]),
                name="observation_is_for_somebody",
                violation_error_message="Dites pour qui vous l’écrivez.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="observation_withdrawn_with_a_reason",
                violation_error_message="Dites pourquoi vous la retirez.",
            ),
        ]

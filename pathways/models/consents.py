"""What the mother agreed to."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import AgreedContent, Agreement, Collector, ConsentMode, ConsentPlace, MinorBeside, Recipient
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth
from territories.enums import Role
from territories.models import Member


class Consent(FamilyRow):
    """Adhesion to the visits: not the RGPD notice, not the agreement per recipient (L12)."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="recueilli par")
    collector_role = models.CharField("fonction", max_length=24, choices=Role.choices)
    # R067: a midwife or an AP; "" for an adhesion collected before it was written. `collector_name` is "" when it was
    # `collected_by` herself.
    collector = models.CharField("recueilli par", max_length=8, choices=Collector.choices, blank=True, db_default="")
    collector_name = models.CharField("son nom", max_length=120, blank=True, db_default="")
    at = models.DateTimeField("le")
    place = models.CharField("lieu", max_length=12, choices=ConsentPlace.choices)
    mode = models.CharField("forme", max_length=8, choices=ConsentMode.choices)
    text_version = models.CharField("version du texte", max_length=40)
    notice_version = models.CharField("information remise", max_length=40)
    # None for an adhesion collected before it was asked.
    was_alone = models.BooleanField("a décidé tranquillement", null=True)
    minor_beside = models.CharField(
        "à ses côtés si elle est mineure", max_length=12, choices=MinorBeside.choices, blank=True, db_default=""
    )
    # N8, L12: her opposition removes her rows from every evaluation export, never from care.
    is_evaluation_opposed = models.BooleanField("s’oppose à l’évaluation", default=False, db_default=False)
    # When she said it otherwise since, to whom and how; all three empty while her answer is that of her adhesion.
    evaluation_at = models.DateTimeField("évaluation, dit le", null=True)
    evaluation_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="évaluation, noté par"
    )
    evaluation_mode = models.CharField(
        "évaluation, forme", max_length=8, choices=ConsentMode.choices, blank=True, db_default=""
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawn_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    # VISITS_KEEP_SPACE: she stopped the visits alone; her space, and what of the child goes with it, stay hers.
    keeps_space = models.BooleanField("garde son espace", default=False, db_default=False)

    class Meta:
        verbose_name = "adhésion"
        constraints = [
            models.UniqueConstraint(
                fields=["birth"],
                condition=Q(withdrawn_at=None),
                name="consent_running_once",
                violation_error_message="Une adhésion est déjà en cours pour cette naissance.",
            ),
            # R067: collected by a midwife or an AP.
            models.CheckConstraint(
                condition=Q(
                    collector_role__in=[
                        Role.COORDINATOR,
                        Role.REFERRING_TEAM,
                        Role.LIBERAL_MIDWIFE,
                        Role.PMI_STAFF,
                        Role.AP,
                    ]
                ),
                name="consent_collector_allowed",
                violation_error_message="L’adhésion est recueillie par une sage-femme ou une auxiliaire.",
            ),
            models.CheckConstraint(
                condition=Q(evaluation_at=None, evaluation_by=None, evaluation_mode="")
                | (Q(evaluation_at__isnull=False, evaluation_by__isnull=False) & ~Q(evaluation_mode="")),
                name="consent_evaluation_said_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(keeps_space=False) | Q(withdrawn_at__isnull=False), name="consent_space_kept_once_withdrawn"
            ),
        ]


class RecipientConsent(FamilyRow):
    """Whether one recipient may receive what is written; the last answer counts, history keeps the others.

    `named` is who somebody is that no list foresees, "" for every other recipient. MOOD_SCORE is no recipient but what
    they may read besides.
    """

    recipient = models.CharField("destinataire", max_length=24, choices=[*Recipient.choices, *AgreedContent.choices])
    named = models.CharField("nom et fonction", max_length=120, blank=True, db_default="")
    answer = models.CharField("réponse", max_length=6, choices=Agreement.choices)
    at = models.DateTimeField("le")
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "accord par destinataire"
        constraints = [
            models.UniqueConstraint(fields=["family", "recipient", "named"], name="recipient_consent_once"),
            models.CheckConstraint(
                condition=(Q(recipient=Recipient.OTHER) & ~Q(named="")) | (~Q(recipient=Recipient.OTHER) & Q(named="")),
                name="recipient_consent_named",
                violation_error_message="Écrivez le nom et la fonction de cette personne.",
            ),
        ]


class AdhesionScan(FamilyRow):
    """A signed sheet of paper as it was scanned or photographed (cons_mode PAPER): a PDF or a JPEG, never changed.

    Several pages may be several files. `digest` is the SHA-256 of the bytes; `is_photo` says JPEG.
    """

    append_only = True

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", verbose_name="adhésion")
    content = models.BinaryField("contenu")
    is_photo = models.BooleanField("photo")
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte", max_length=64)
    stored_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par")
    stored_at = models.DateTimeField("déposé le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "adhésion signée"
        verbose_name_plural = "adhésions signées"
        indexes = [models.Index(fields=["territory", "family"], name="adhesionscan_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "digest"],
                name="adhesion_scan_once",
                violation_error_message="Ce fichier est déjà gardé avec cette adhésion.",
            ),
        ]

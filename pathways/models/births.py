"""A delivery, its children, the way home, and CoPa presented to the mother."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from copa.kernel.scope import ScopedManager
from pathways.enums import (
    BirthMode,
    BirthPlace,
    ChildSituation,
    DischargeKind,
    Parity,
    Presenter,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
    Sex,
)
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.rules import shown_name
from territories.enums import Role, StructureKind
from territories.models import Member, Structure

_PRESENTER_OF_ROLE: dict[str, str] = {
    Role.LIBERAL_MIDWIFE: Presenter.LIBERAL_MIDWIFE,
    Role.PMI_STAFF: Presenter.PMI_MIDWIFE,
    Role.AP: Presenter.AP,
}
# The role says nothing of the trade of a referring team: a maternity, a CPP and a PMI hold one.
_PRESENTER_OF_TEAM: dict[str, str] = {
    StructureKind.MATERNITY: Presenter.HOSPITAL_MIDWIFE,
    StructureKind.PMI: Presenter.PMI_MIDWIFE,
}


def presenter_offered(role: str, kind: str) -> str:
    """As whom somebody of this role, in a structure of this kind, likely presents CoPa (R064); "" where nothing says.

    Offered on the page, where another may be said; never stored for somebody who was not asked.
    """
    return _PRESENTER_OF_TEAM.get(kind, "") if role == Role.REFERRING_TEAM else _PRESENTER_OF_ROLE.get(role, "")


class BirthQuerySet(OfFamiliesQuerySet):
    """Reads of births."""

    def not_proposed(self) -> "BirthQuerySet":
        """Births of families to whom CoPa has not been presented and who are not in mourning (R066, A38)."""
        proposed = Proposal.objects.filter(birth=OuterRef("pk"))
        return self.filter(~Exists(proposed), ~Exists(self._told_why()), is_silent=False)

    @staticmethod
    def _told_why() -> Any:
        """Rows that say why CoPa was not proposed; their class stands above this one."""
        rows = apps.get_model("pathways.NotProposed").objects
        return rows.filter(birth=OuterRef("pk"))

    def with_children_count(self) -> "BirthQuerySet":
        """Adds `children_count`, those who died included."""
        counted = Child.objects.filter(birth=OuterRef("pk")).order_by().values("birth").annotate(n=Count("pk"))
        return self.annotate(children_count=Coalesce(Subquery(counted.values("n")), 0))


class Birth(FamilyRow):
    """One delivery, of one or more children. `at` is an instant; D+0 is its date where the territory lives."""

    maternity = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    at = models.DateTimeField("naissance")
    # The local date of `at`, stored once: windows and lists compare dates.
    day = models.DateField("jour de naissance")
    # "" while nobody has asked.
    place = models.CharField("lieu", max_length=20, choices=BirthPlace.choices, blank=True, db_default="")
    mode = models.CharField("mode de naissance", max_length=12, choices=BirthMode.choices)
    term_weeks = models.PositiveSmallIntegerField("terme (SA)", null=True)
    parity = models.CharField("parité", max_length=8, choices=Parity.choices)
    # R022: the way home with Prado; None while nobody asked.
    is_prado = models.BooleanField("retour avec Prado", null=True)
    # A38: nothing is proposed, reminded or sent around a stillbirth or a death.
    is_silent = models.BooleanField("silence", default=False)

    objects: ClassVar[Any] = ScopedManager.from_queryset(BirthQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(BirthQuerySet)()

    class Meta:
        verbose_name = "naissance"
        indexes = [
            models.Index(fields=["territory", "-at"], name="birth_recent"),
            models.Index(fields=["territory", "day"], name="birth_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(term_weeks=None) | Q(term_weeks__gte=22, term_weeks__lte=43),
                name="birth_term_plausible",
                violation_error_message="Le terme va de 22 à 43 semaines d’aménorrhée.",
            ),
            # R037: a stratum of every figure.
            models.CheckConstraint(
                condition=Q(parity__in=Parity.values),
                name="birth_parity_known",
                violation_error_message="Dites si c’est un premier enfant.",
            ),
        ]


class Child(FamilyRow):
    """A child of a birth; an empty first name is shown as « bébé »."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    rank = models.PositiveSmallIntegerField("rang", default=1)
    first_name = models.CharField("prénom", max_length=60, blank=True)
    sex = models.CharField("sexe", max_length=8, choices=Sex.choices)
    birth_weight_g = models.PositiveIntegerField("poids de naissance (g)", null=True)
    is_hospitalised = models.BooleanField("encore hospitalisé", default=False)
    closed_at = models.DateTimeField("suivi arrêté le", null=True)
    # Written by the referring team alone (inclusion.md 8): nothing automatic speaks of a child who lives elsewhere.
    situation = models.CharField(
        "situation", max_length=8, choices=ChildSituation.choices, blank=True, default="", db_default=""
    )
    situation_at = models.DateTimeField("situation notée le", null=True)

    class Meta:
        verbose_name = "enfant"
        ordering = ["rank"]
        indexes = [models.Index(fields=["territory", "birth"], name="child_of_birth")]
        constraints = [
            models.UniqueConstraint(fields=["birth", "rank"], name="child_rank_once"),
            models.CheckConstraint(
                condition=Q(birth_weight_g=None) | Q(birth_weight_g__gte=400, birth_weight_g__lte=6500),
                name="child_weight_plausible",
                violation_error_message="Le poids de naissance va de 400 à 6 500 g.",
            ),
            models.CheckConstraint(
                condition=Q(situation="") | Q(situation_at__isnull=False), name="child_situation_dated"
            ),
        ]

    @property
    def shown_name(self) -> str:
        """First name, or « bébé » until it is chosen."""
        return shown_name(self.first_name)


class Discharge(FamilyRow):
    """The way home. `kind` is the doctor's choice; permission for an ultra-early discharge is never computed."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    at = models.DateTimeField("sortie")
    kind = models.CharField("type de sortie", max_length=12, choices=DischargeKind.choices)
    has_medical_agreement = models.BooleanField("accord médical", default=False)
    decided_by = models.CharField("médecin", max_length=120)
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "sortie de maternité"
        constraints = [
            models.UniqueConstraint(fields=["birth"], name="discharge_once_per_birth"),
            models.CheckConstraint(
                condition=~Q(kind=DischargeKind.ULTRA_EARLY) | Q(has_medical_agreement=True),
                name="discharge_ultra_early_agreed",
                violation_error_message="Une sortie ultra-précoce demande l’accord médical.",
            ),
        ]


class Proposal(FamilyRow):
    """CoPa was presented: once per birth, with the mother's answer (R064, R070)."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    proposed_on = models.DateField("présenté le")
    context = models.CharField("occasion", max_length=14, choices=ProposalContext.choices)
    # Whoever notes it here is not always who spoke to her: "" where nobody was asked.
    presenter = models.CharField("présenté par", max_length=16, choices=Presenter.choices, blank=True, db_default="")
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    answer = models.CharField("réponse", max_length=8, choices=ProposalAnswer.choices, default=ProposalAnswer.PENDING)
    answered_at = models.DateTimeField("répondu le", null=True)
    ask_again_on = models.DateField("en reparler le", null=True)
    # Codes of RefusalReason, as many as she said (inclusion.md 2: it repeats); empty when nobody asked.
    refusal_reasons = models.JSONField("raisons", default=list, db_default=[], blank=True)
    # She refused, and agrees that it is proposed once more before she leaves (R066).
    is_welcome_back = models.BooleanField("repropose avant sa sortie", default=False, db_default=False)
    asked_again_at = models.DateTimeField("reproposé le", null=True)
    # Codes of CoveredPoint (R065).
    covered = models.JSONField("points expliqués", default=list, db_default=[])
    support = models.CharField(
        "document remis", max_length=12, choices=ProposalSupport.choices, blank=True, db_default=""
    )

    class Meta:
        verbose_name = "proposition"
        indexes = [
            models.Index(fields=["territory", "proposed_on"], condition=Q(answer="PENDING"), name="proposal_waiting"),
            models.Index(fields=["territory", "birth"], name="proposal_of_birth"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["birth"],
                name="proposal_once_per_birth",
                violation_error_message="CoPa a déjà été proposé pour cette naissance.",
            ),
            models.CheckConstraint(
                condition=Q(answer=ProposalAnswer.PENDING, answered_at=None)
                | (~Q(answer=ProposalAnswer.PENDING) & Q(answered_at__isnull=False)),
                name="proposal_answer_dated",
            ),
            models.CheckConstraint(
                condition=Q(is_welcome_back=False) | Q(answer=ProposalAnswer.NO), name="proposal_welcome_back_refused"
            ),
            models.CheckConstraint(
                condition=~Q(presenter=Presenter.AP) | Q(context=ProposalContext.STAY), name="proposal_by_ap_in_stay"
            ),
        ]

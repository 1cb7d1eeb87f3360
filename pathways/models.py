"""Families and what is promised to them: births, proposals, consents, pathways, alerts, relays."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from guardian.models import UserObjectPermissionBase

from copa.kernel.scope import ScopedManager, current_territory_id
from pathways.enums import (
    Agreement,
    AlertKind,
    BirthMode,
    ClosingReason,
    ConsentMode,
    ConsentPlace,
    ContactHours,
    DischargeKind,
    GrantReason,
    Parity,
    PathwayState,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
    Recipient,
    RefusalReason,
    RelayState,
    Sex,
)
from pathways.rules import STOPPED
from territories.enums import PILOTS, Role
from territories.models import Commune, Member, PmiSector, Structure, Territory, TerritoryRow


class ProgrammeRules(models.Model):
    """One version of the programme (R006): what a pathway promises. Immutable once a pathway points at it."""

    code = models.CharField("version", max_length=10, unique=True)
    label = models.CharField("nom", max_length=80)
    valid_from = models.DateField("valable du")
    valid_to = models.DateField("au", null=True)
    planned_visits = models.PositiveSmallIntegerField("visites prévues")
    visit_minutes = models.PositiveSmallIntegerField("minutes par visite")
    ultra_early_minutes = models.PositiveSmallIntegerField("minutes, visite ultra-précoce")
    # Days after birth, D+0 being the local day of birth; both ends inclusive (A12, R167).
    window_from_day = models.PositiveSmallIntegerField("premier jour")
    window_to_day = models.PositiveSmallIntegerField("dernier jour")
    relay_day = models.PositiveSmallIntegerField("jour du relais PMI")

    class Meta:
        verbose_name = "règles du programme"
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.label


def knows_every_family(member: Member) -> bool:
    """Pilots and the administrator know of every family of the territory; knowing is not opening."""
    return member.role in PILOTS | {Role.ADMINISTRATOR}


def of_visible_families(rows: Any, member: Member) -> Any:
    """Rows of the families this member may know of; without a join for those who know of all of them."""
    return rows if knows_every_family(member) else rows.filter(family__in=Family.objects.visible_to(member))


class FamilyQuerySet(models.QuerySet["Family"]):
    """Reads of families."""

    def visible_to(self, member: Member) -> "FamilyQuerySet":
        """Families this member may know of (404 for any other): by role, by assignment, by grant, by relay."""
        if knows_every_family(member):
            return self.all()
        mine = Pathway.objects.filter(family=OuterRef("pk"))
        if member.role in {Role.AP, Role.REFERRING_TEAM}:
            # Colleagues of a structure know of each other's families; acting on one is another question.
            return self.filter(
                Exists(mine.filter(Q(carrier=member.structure_id) | Q(ap=member))) | Q(maternity=member.structure_id)
            )
        if member.role == Role.PMI_STAFF:
            relays = PmiRelay.objects.shown().filter(family=OuterRef("pk"), sector__structure=member.structure_id)
            return self.filter(Exists(relays) | Exists(FamilyGrant.objects.running_for(member, OuterRef("pk"))))
        return self.filter(Exists(FamilyGrant.objects.running_for(member, OuterRef("pk"))))


class Family(TerritoryRow):
    """A household around one or more births. `search` is the normalised names, for `^@` (stack.md 2.1)."""

    reference = models.CharField("référence", max_length=12)
    search = models.CharField(max_length=200, editable=False)
    maternity = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    address = models.CharField("adresse", max_length=200, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="commune")
    access_hint = models.CharField("pour vous trouver", max_length=120, blank=True)
    # Computed from the commune and frozen at inclusion (R124); None before.
    is_isolated = models.BooleanField("zone isolée", null=True)
    # Safe-contact rules, obeyed by every channel (inclusion.md 3). None of them is a health fact.
    contact_hours = models.CharField(
        "heures d’appel", max_length=10, choices=ContactHours.choices, default=ContactHours.ANY
    )
    may_email = models.BooleanField("e-mails acceptés", default=False)
    may_sms = models.BooleanField("SMS acceptés", default=False)
    is_discreet = models.BooleanField("messages discrets", default=False)
    no_voice_mail = models.BooleanField("pas de message vocal", default=False)
    created_at = models.DateTimeField("créée le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyQuerySet)()

    class Meta:
        verbose_name = "famille"
        indexes = [
            models.Index(
                fields=["territory", "search"],
                name="family_search",
                opclasses=["uuid_ops", "text_pattern_ops"],
            ),
            models.Index(fields=["territory", "-id"], name="family_recent"),
            models.Index(fields=["territory", "maternity"], name="family_maternity"),
        ]
        constraints = [models.UniqueConstraint(fields=["territory", "reference"], name="family_reference_once")]

    def __str__(self) -> str:
        return self.reference

    @property
    def traced_family_id(self) -> int:
        """Whose file is read when this row is."""
        return int(self.pk)


class FamilyRow(TerritoryRow):
    """A row that belongs to one family; reading it is reading her file."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", verbose_name="famille")

    class Meta:
        abstract = True

    @property
    def traced_family_id(self) -> int:
        """Whose file is read when this row is."""
        return int(self.family_id)


class Mother(FamilyRow):
    """The woman who gave birth. Phone is E.164; the local register stays the maternity's."""

    birth_name = models.CharField("nom de naissance", max_length=80)
    used_name = models.CharField("nom utilisé", max_length=80, blank=True)
    first_names = models.CharField("prénoms", max_length=80)
    birth_on = models.DateField("née le")
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)

    class Meta:
        verbose_name = "mère"
        indexes = [
            models.Index(fields=["territory", "birth_on"], name="mother_birth_on"),
            models.Index(fields=["territory", "phone"], name="mother_phone"),
        ]
        constraints = [models.UniqueConstraint(fields=["family"], name="mother_once_per_family")]

    def __str__(self) -> str:
        return f"{self.first_names} {self.name}"

    @property
    def name(self) -> str:
        """The name she uses."""
        return self.used_name or self.birth_name


class CoParent(FamilyRow):
    """The other parent; never sees what concerns the mother alone (A36)."""

    first_names = models.CharField("prénoms", max_length=80)
    name = models.CharField("nom", max_length=80)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    class Meta:
        verbose_name = "co-parent"

    def __str__(self) -> str:
        return f"{self.first_names} {self.name}"


class BirthQuerySet(models.QuerySet["Birth"]):
    """Reads of births."""

    def visible_to(self, member: Member) -> "BirthQuerySet":
        """Births of the families she may know of."""
        return of_visible_families(self, member)

    def not_proposed(self) -> "BirthQuerySet":
        """Births of families to whom CoPa has not been presented and who are not in mourning (R066, A38)."""
        return self.filter(~Exists(Proposal.objects.filter(birth=OuterRef("pk"))), is_silent=False)


class Birth(FamilyRow):
    """One delivery, of one or more children. `at` is an instant; D+0 is its date where the territory lives."""

    maternity = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    at = models.DateTimeField("naissance")
    # The local date of `at`, stored once: windows and lists compare dates.
    day = models.DateField("jour de naissance")
    mode = models.CharField("mode de naissance", max_length=12, choices=BirthMode.choices)
    term_weeks = models.PositiveSmallIntegerField("terme (SA)", null=True)
    parity = models.CharField("parité", max_length=8, choices=Parity.choices)
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
            )
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
        ]

    @property
    def shown_name(self) -> str:
        """First name, or « bébé » until it is chosen."""
        return self.first_name or "bébé"


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


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Reads of proposals."""

    def without_answer(self) -> "ProposalQuerySet":
        """Proposals the mother is still thinking about."""
        return self.filter(answer=ProposalAnswer.PENDING)


class Proposal(FamilyRow):
    """CoPa was presented: once per birth, with the mother's answer (R064, R070)."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    proposed_on = models.DateField("présenté le")
    context = models.CharField("occasion", max_length=14, choices=ProposalContext.choices)
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    answer = models.CharField("réponse", max_length=8, choices=ProposalAnswer.choices, default=ProposalAnswer.PENDING)
    answered_at = models.DateTimeField("répondu le", null=True)
    ask_again_on = models.DateField("en reparler le", null=True)
    refusal_reason = models.CharField("raison", max_length=16, choices=RefusalReason.choices, blank=True)
    # Codes of CoveredPoint (R065).
    covered = models.JSONField("points expliqués", default=list, db_default=[])
    support = models.CharField(
        "document remis", max_length=12, choices=ProposalSupport.choices, blank=True, db_default=""
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(ProposalQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ProposalQuerySet)()

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
        ]


class Consent(FamilyRow):
    """Adhesion to the visits: not the RGPD notice, not the agreement per recipient (L12)."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="recueilli par")
    collector_role = models.CharField("fonction", max_length=24, choices=Role.choices)
    at = models.DateTimeField("le")
    place = models.CharField("lieu", max_length=12, choices=ConsentPlace.choices)
    mode = models.CharField("forme", max_length=8, choices=ConsentMode.choices)
    text_version = models.CharField("version du texte", max_length=40)
    notice_version = models.CharField("information remise", max_length=40)
    # N8, L12: her opposition removes her rows from every evaluation export, never from care.
    is_evaluation_opposed = models.BooleanField("s’oppose à l’évaluation", default=False, db_default=False)
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawn_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

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
        ]


class RecipientConsent(FamilyRow):
    """Whether one kind of recipient may receive the reports; the last answer counts, history keeps the others."""

    recipient = models.CharField("destinataire", max_length=24, choices=Recipient.choices)
    answer = models.CharField("réponse", max_length=6, choices=Agreement.choices)
    at = models.DateTimeField("le")
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "accord par destinataire"
        constraints = [models.UniqueConstraint(fields=["family", "recipient"], name="recipient_consent_once")]


class PathwayQuerySet(models.QuerySet["Pathway"]):
    """Reads of pathways."""

    def visible_to(self, member: Member) -> "PathwayQuerySet":
        """Pathways of the families she may know of."""
        return of_visible_families(self, member)

    def active(self) -> "PathwayQuerySet":
        """Pathways under way."""
        return self.filter(state=PathwayState.ACTIVE)

    def closed(self) -> "PathwayQuerySet":
        """Pathways that came to their end."""
        return self.filter(state=PathwayState.CLOSED)


class Pathway(FamilyRow):
    """One included birth: who answers for it, under which rules, within which days.

    `carrier` is the structure of the referring team (R028). `window_from` and `window_to` are local dates, both
    inclusive, frozen at inclusion from the rules.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", verbose_name="adhésion")
    rules = models.ForeignKey(ProgrammeRules, on_delete=models.PROTECT, related_name="+", verbose_name="règles")
    carrier = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="équipe de référence"
    )
    ap = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auxiliaire")
    state = models.CharField("état", max_length=10, choices=PathwayState.choices, default=PathwayState.ACTIVE)
    included_at = models.DateTimeField("inclus le")
    included_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="incluse par")
    window_from = models.DateField("visites à partir du")
    window_to = models.DateField("visites jusqu’au")
    is_pmi_presented = models.BooleanField("PMI présentée", default=False)
    closed_at = models.DateTimeField("clos le", null=True)
    closing_reason = models.CharField("motif de fin", max_length=12, choices=ClosingReason.choices, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PathwayQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PathwayQuerySet)()

    class Meta:
        verbose_name = "parcours"
        indexes = [
            models.Index(fields=["territory", "window_to"], condition=Q(state="active"), name="pathway_active_window"),
            models.Index(fields=["territory", "family"], name="pathway_of_family"),
            models.Index(fields=["territory", "ap"], name="pathway_of_ap"),
            models.Index(fields=["territory", "window_to", "id"], name="pathway_by_window"),
            models.Index(fields=["territory", "closed_at"], condition=Q(state="closed"), name="pathway_closed_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["birth"],
                condition=Q(state__in=["active", "suspended", "closed"]),
                name="pathway_once_per_birth",
                violation_error_message="Un parcours existe déjà pour cette naissance.",
            ),
            models.CheckConstraint(
                condition=(Q(state=PathwayState.CLOSED, closed_at__isnull=False) & ~Q(closing_reason=""))
                | ~Q(state=PathwayState.CLOSED),
                name="pathway_closed_is_dated",
            ),
            models.CheckConstraint(condition=Q(window_to__gte=F("window_from")), name="pathway_window_ordered"),
        ]


class AlertQuerySet(models.QuerySet["Alert"]):
    """Reads of alerts."""

    def visible_to(self, member: Member) -> "AlertQuerySet":
        """Alerts of the families she may know of."""
        return of_visible_families(self, member)

    def open(self) -> "AlertQuerySet":
        """Alerts nobody has taken and that have not ended by themselves."""
        return self.filter(acknowledged_at=None, ended_at=None)


class Alert(FamilyRow):
    """Something somebody must look at now; acknowledged once, by name.

    `subject_id` names what it is about (the public id of a visit); with `kind` and `code` it is unique, so a job that
    runs twice raises it once. `ended_at` says that the cause is gone (a late report that arrived).
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    kind = models.CharField("type", max_length=20, choices=AlertKind.choices)
    subject_id = models.UUIDField("objet")
    code = models.CharField("signe", max_length=40, blank=True)
    facts = models.CharField("faits", max_length=400, blank=True)
    is_sealed = models.BooleanField("protégée", default=False)
    raised_at = models.DateTimeField("levée le")
    raised_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    # Sign alerts: the referring team must answer before this instant (alerts.md 1).
    answer_due_at = models.DateTimeField("réponse attendue avant", null=True)
    acknowledged_at = models.DateTimeField("prise le", null=True)
    acknowledged_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="prise par"
    )
    instruction = models.CharField("consigne", max_length=300, blank=True)
    ended_at = models.DateTimeField("finie le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(AlertQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(AlertQuerySet)()

    class Meta:
        verbose_name = "alerte"
        indexes = [
            models.Index(
                fields=["territory", "raised_at"],
                condition=Q(acknowledged_at=None, ended_at=None),
                name="alert_open",
            ),
            models.Index(fields=["territory", "family"], name="alert_of_family"),
            models.Index(fields=["territory", "-raised_at"], name="alert_recent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "kind", "subject_id", "code"], name="alert_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_somebody",
            ),
        ]


class PmiRelayQuerySet(models.QuerySet["PmiRelay"]):
    """Reads of relays."""

    def visible_to(self, member: Member) -> "PmiRelayQuerySet":
        """For PMI staff the relays of her service that the mother agreed to; else those of the families she knows."""
        if member.role == Role.PMI_STAFF:
            return self.shown().filter(sector__structure=member.structure_id)
        return of_visible_families(self, member)

    def shown(self) -> "PmiRelayQuerySet":
        """Relays the mother agreed to, of pathways that have not stopped and families not in mourning (A16, A38)."""
        return self.filter(is_agreed=True, pathway__birth__is_silent=False).exclude(pathway__state__in=STOPPED)

    def waiting(self) -> "PmiRelayQuerySet":
        """Relays without an answer, or with a question nobody has answered."""
        return self.exclude(state=RelayState.ACCEPTED)


class PmiRelay(FamilyRow):
    """The hand-over to the PMI of the commune's sector, made at inclusion, due D+21 (K17, R164).

    `sector` is None while the commune has none ("unassigned", R024). `is_agreed` follows the mother's agreement.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    sector = models.ForeignKey(PmiSector, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="secteur")
    due_on = models.DateField("à faire le")
    is_agreed = models.BooleanField("accord de la mère", default=False)
    state = models.CharField("état", max_length=12, choices=RelayState.choices, default=RelayState.WAITING)
    answered_at = models.DateTimeField("répondu le", null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    question = models.CharField("question", max_length=400, blank=True)
    reply = models.CharField("réponse à la question", max_length=400, blank=True)
    next_contact_on = models.DateField("prochain contact", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PmiRelayQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PmiRelayQuerySet)()

    class Meta:
        verbose_name = "relais PMI"
        indexes = [
            models.Index(fields=["territory", "due_on"], condition=~Q(state="accepted"), name="relay_waiting"),
            models.Index(fields=["territory", "sector", "due_on"], name="relay_of_sector"),
            models.Index(fields=["territory", "family"], name="relay_of_family"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pathway"], name="relay_once_per_pathway"),
            models.CheckConstraint(
                condition=~Q(state=RelayState.ACCEPTED) | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="relay_accepted_by_somebody",
            ),
        ]


class FamilyGrantQuerySet(models.QuerySet["FamilyGrant"]):
    """Reads of grants."""

    def running_for(self, member: Member, family: Any) -> "FamilyGrantQuerySet":
        """Grants of one family (a key or an OuterRef) to this member that have not ended; the end is checked by SQL."""
        return self.filter(
            content_object=family, user=member.user_id, expires_at__gt=models.functions.Now(), revoked_at=None
        )


class FamilyGrant(UserObjectPermissionBase):
    """One family opened to one professional by name: who granted it, why, until when (design.md 3.2).

    A direct foreign-key permission of django-guardian on `Family`; the row filters of `perms.py` read this table.
    """

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", default=current_territory_id, editable=False
    )
    content_object = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", verbose_name="famille")
    reason = models.CharField("motif", max_length=16, choices=GrantReason.choices)
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="ouvert par")
    granted_at = models.DateTimeField("ouvert le")
    expires_at = models.DateTimeField("jusqu’au")
    revoked_at = models.DateTimeField("retiré le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyGrantQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyGrantQuerySet)()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "ouverture d’un dossier"
        indexes = [models.Index(fields=["territory", "user"], name="grant_of_user")]


def day_of(birth_day: date, day: date) -> int:
    """D+n: whole local days since the day of birth."""
    return (day - birth_day).days

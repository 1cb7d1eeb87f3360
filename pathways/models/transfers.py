"""A family that another territory takes over: the offer stays in the origin, the answer in the destination."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager, current_territory_id
from pathways.enums import ConsentMode, CoParentLeaves, TransferState
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth
from pathways.models.families import CoParent, Family
from pathways.models.pathways import Pathway
from territories.models import Member, Territory, TerritoryRow


class FamilyTransferQuerySet(OfFamiliesQuerySet):
    """Reads of transfers."""

    def waiting(self) -> "FamilyTransferQuerySet":
        """Transfers the other territory has not answered."""
        return self.filter(state=TransferState.WAITING)

    def to_settle(self) -> "FamilyTransferQuerySet":
        """Those that wait, and those taken back in the very second in which the other territory accepted."""
        accepted = TransferAnswer.received.filter(is_accepted=True).values("transfer")
        return self.filter(Q(state=TransferState.WAITING) | Q(state=TransferState.CANCELLED, public_id__in=accepted))


class IncomingManager(models.Manager.from_queryset(FamilyTransferQuerySet)):  # type: ignore[misc]
    """Transfers that wait for the territory in scope: the one reading across the wall, allowed by the policy of the
    table for the destination alone, and while it waits. Their family, pathway and people stay behind the wall."""

    def get_queryset(self) -> Any:
        """Raises NoTerritory outside a territory."""
        return super().get_queryset().filter(to_territory=current_territory_id(), state=TransferState.WAITING)


class FamilyTransfer(FamilyRow):
    """One family offered to another territory, with the mother's agreement.

    `payload` is what she agreed to send (`reads.transfers.payload_of`): emptied once answered, cancelled or expired.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    to_territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="vers")
    # Codes of TransferPart.
    covers = models.JSONField("ce qui part", default=list)
    agreed_on = models.DateField("accord du")
    agreement_mode = models.CharField("forme de l’accord", max_length=8, choices=ConsentMode.choices)
    payload = models.JSONField("dossier transmis", default=dict)
    state = models.CharField("état", max_length=10, choices=TransferState.choices, default=TransferState.WAITING)
    offered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="proposé par")
    offered_at = models.DateTimeField("proposé le")
    expires_at = models.DateTimeField("jusqu’au")
    settled_at = models.DateTimeField("terminé le", null=True)
    decline_reason = models.CharField("pourquoi décliné", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyTransferQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyTransferQuerySet)()
    incoming: ClassVar[Any] = IncomingManager()

    class Meta:
        verbose_name = "transfert vers un autre territoire"
        indexes = [
            models.Index(fields=["territory", "expires_at"], condition=Q(state="waiting"), name="transfer_waiting"),
            models.Index(fields=["to_territory", "offered_at"], condition=Q(state="waiting"), name="transfer_incoming"),
            models.Index(fields=["territory", "family"], name="transfer_of_family"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(state=TransferState.WAITING),
                name="transfer_waiting_once",
                violation_error_message="Un transfert attend déjà la réponse de l’autre territoire.",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.WAITING, settled_at=None)
                | (~Q(state=TransferState.WAITING) & Q(settled_at__isnull=False, payload={})),
                name="transfer_settled_is_emptied",
            ),
        ]

    @property
    def traced_family_id(self) -> int | None:  # type: ignore[override]
        """Whose file is read: nobody's of the territory that looks at a transfer coming in."""
        return int(self.family_id) if self.territory_id == current_territory_id() else None


class CoParentTransfer(FamilyRow):
    """What one co-parent answered when his family was offered to another territory: his data leave on his yes alone.

    Whoever offered noted it then; a change of mind takes the offer back, and makes another.
    """

    append_only = True

    transfer = models.ForeignKey(FamilyTransfer, on_delete=models.PROTECT, related_name="+", verbose_name="transfert")
    coparent = models.ForeignKey(CoParent, on_delete=models.PROTECT, related_name="+", verbose_name="co-parent")
    answer = models.CharField("réponse", max_length=9, choices=CoParentLeaves.choices)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="notée par")
    noted_at = models.DateTimeField("notée le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "réponse d’un co-parent à un transfert"
        verbose_name_plural = "réponses des co-parents à un transfert"
        constraints = [models.UniqueConstraint(fields=["transfer", "coparent"], name="transfer_coparent_once")]

    def __str__(self) -> str:
        return self.answer


class TransferAnswerManager(models.Manager.from_queryset(OfFamiliesQuerySet)):  # type: ignore[misc]
    """Answers to what the territory in scope has offered, written in the other one."""

    def get_queryset(self) -> Any:
        """Raises NoTerritory outside a territory."""
        return super().get_queryset().filter(from_territory=current_territory_id())

    def to(self, transfer: FamilyTransfer) -> Any:
        """Only the territory it was offered to may answer: a row of a third one is nobody's answer."""
        return self.filter(transfer=transfer.public_id, territory=transfer.to_territory_id)


class TransferAnswer(TerritoryRow):
    """What the destination answered, once per transfer; `family` is the one it opened, None when it declined.

    The origin reads it: nothing of the file stands here. `summary` is not written any more (`ReceivedFile`).
    """

    append_only = True

    transfer = models.UUIDField("transfert")
    from_territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="depuis")
    is_accepted = models.BooleanField("accepté")
    reason = models.CharField("pourquoi décliné", max_length=200, blank=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="famille")
    summary = models.JSONField("repris du dossier", default=dict)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    answered_at = models.DateTimeField("le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()
    received: ClassVar[Any] = TransferAnswerManager()

    class Meta:
        verbose_name = "réponse à un transfert"
        indexes = [models.Index(fields=["from_territory", "answered_at"], name="transfer_answer_from")]
        constraints = [
            # In each territory: a row of a third one is nobody's answer, and stands in nobody's way.
            models.UniqueConstraint(fields=["transfer", "territory"], name="transfer_answered_once"),
            models.CheckConstraint(
                condition=Q(is_accepted=True, family__isnull=False, reason="")
                | (Q(is_accepted=False, family=None, summary={}) & ~Q(reason="")),
                name="transfer_answer_whole",
                violation_error_message="Dites pourquoi ce transfert est décliné.",
            ),
        ]


class IncomingCallManager(models.Manager["TransferCall"]):
    """Calls for the territory in scope, written in the one that the family left."""

    def get_queryset(self) -> Any:
        """Raises NoTerritory outside a territory."""
        return super().get_queryset().filter(to_territory=current_territory_id())


class TransferCall(TerritoryRow):
    """The team that followed a family asks to be called by the territory that follows her now; never why.

    The destination reads it: the name of a team, its number, nothing of the file, which stays behind the wall. Its own
    `TransferAnswer` says which family it is about. `team_phone` "" when no number is known.
    """

    append_only = True

    transfer = models.UUIDField("transfert")
    to_territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="vers")
    team = models.CharField("équipe", max_length=120)
    team_phone = models.CharField("téléphone", max_length=20, blank=True)
    called_at = models.DateTimeField("le")

    objects: ClassVar[Any] = ScopedManager()
    unscoped: ClassVar[Any] = models.Manager()
    incoming: ClassVar[Any] = IncomingCallManager()

    class Meta:
        verbose_name = "appel à l’autre territoire"
        verbose_name_plural = "appels à l’autre territoire"
        indexes = [
            models.Index(fields=["to_territory", "called_at"], name="transfer_call_incoming"),
            models.Index(fields=["territory", "transfer"], name="transfer_call_of_transfer"),
        ]


class ReceivedFile(FamilyRow):
    """What came along with a family from another territory, and has no row of its own here.

    `visits` are those made there, as {"kind", "on"}: this territory promises the others only. `need_codes` become needs
    with the inclusion, as {"code", "about", "child"}, the child by its rank. `circle` are names and functions to agree
    upon anew, as {"name", "role"}: nothing is opened to them.
    """

    append_only = True

    birth = models.OneToOneField(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    from_territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="depuis")
    received_at = models.DateTimeField("reçu le")
    visits = models.JSONField("visites faites ailleurs", default=list)
    needs = models.CharField("ce dont la famille a besoin", max_length=400, blank=True)
    need_codes = models.JSONField("besoins en cours", default=list)
    circle = models.JSONField("qui suivait la famille", default=list)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "dossier reçu"
        indexes = [models.Index(fields=["territory", "family"], name="received_file_of_family")]


class CarriedReport(FamilyRow):
    """What was written of one visit made in another territory, as the mother agreed to send it along.

    Words, not answers: each block is {"code", "number", "title", "lines"}, each line {"label", "text", "for"}, `for`
    being the readers (letters of the columns of documents.md 1) who find it in their copy. `with_coparent` are the same
    blocks with what concerns the co-parent, [] unless he said yes himself. `addenda` are {"at", "author", "reason",
    "text"}. `written_in` is the territory where it was written, which may be an earlier one than that of the file.
    """

    append_only = True

    received = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="+", verbose_name="dossier reçu")
    written_in = models.CharField("écrit dans", max_length=120)
    kind = models.CharField("visite", max_length=12)
    on = models.DateField("visite du")
    author = models.CharField("auteure", max_length=160)
    author_role = models.CharField("fonction de l’auteure", max_length=24)
    form = models.CharField("formulaire", max_length=100)
    blocks = models.JSONField("ce qui est écrit", default=list)
    with_coparent = models.JSONField("avec ce qui concerne le co-parent", default=list)
    addenda = models.JSONField("compléments", default=list)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "compte rendu reçu d’un autre territoire"
        verbose_name_plural = "comptes rendus reçus d’un autre territoire"
        indexes = [
            models.Index(fields=["territory", "family"], name="carried_report_of_family"),
            models.Index(fields=["territory", "received"], name="carried_report_of_file"),
        ]

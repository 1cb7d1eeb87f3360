"""A parent's way in, the conversation of each adult, and the hours at which an auxiliary reads."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Length

from copa.kernel.scope import ScopedManager
from messaging.enums import AccessEnd, AccessWay
from messaging.rules import MESSAGE_MAX
from pathways.enums import PathwayState
from pathways.models import Birth, CoParent, FamilyRow, OfFamiliesQuerySet, Pathway, within_reach
from territories.enums import Role
from territories.models import Member, TerritoryRow

models.TextField.register_lookup(Length)


def of_correspondents(rows: Any, member: Member, *, family: str = "family") -> Any:
    """Rows of the families whose messages this member reads: its auxiliary, and the referring team that carries it.

    Nobody else, whatever they follow (A36): not the PMI, not a midwife, not the coordination of another structure. In
    mourning the team alone, which rings her (A38).
    `family` is the way to the family from these rows, "pk" from families.
    """
    of_family = Pathway.objects.filter(family=OuterRef("family")).order_by("-included_at", "-pk")
    last = Pathway.objects.filter(family=OuterRef(family), pk=Subquery(of_family.values("pk")[:1]))
    if member.role == Role.AP:
        hers = last.filter(ap=member).exclude(state=PathwayState.BEREAVED)
        rows = rows.exclude(Exists(_last_births(family).filter(is_silent=True)))
    elif member.role in {Role.REFERRING_TEAM, Role.COORDINATOR}:
        hers = last.filter(carrier=member.structure_id)
    else:
        return rows.none()
    return within_reach(rows.filter(Exists(hers)), member, family=family)


def _last_births(family: str) -> Any:
    """The last birth of the family of each row, whose silence is the family's (`Standing.is_mourned`)."""
    of_family = Birth.objects.filter(family=OuterRef("family")).order_by("-at", "-pk")
    return Birth.objects.filter(family=OuterRef(family), pk=Subquery(of_family.values("pk")[:1]))


class OfCorrespondentsQuerySet(OfFamiliesQuerySet):
    """Reads of rows that stand between a parent and those who answer; for anybody else they do not exist."""

    def visible_to(self, member: Member) -> "OfCorrespondentsQuerySet":
        """Rows of the families whose messages she reads."""
        return of_correspondents(self, member)  # type: ignore[no-any-return]

    def of_adult(self, family: int, coparent: int | None) -> "OfCorrespondentsQuerySet":
        """Those of one adult of a family; None is the mother."""
        return self.filter(family=family, coparent=coparent)


class ParentAccountQuerySet(OfCorrespondentsQuerySet):
    """Reads of accounts."""

    def open(self) -> "ParentAccountQuerySet":
        """Accounts that nobody closed."""
        return self.filter(closed_at=None)


class ParentAccount(FamilyRow):
    """The way in of one adult, opened by her auxiliary or the team on her word. `coparent` None is the mother.

    `phone` (E.164) is the one she says is hers alone: each sign-in sends it a code. The address holds a token of which
    the print alone is kept. `closed_by` None: closed from the space, or with the family. `stopped` is the pathway whose
    stop closed it.
    """

    coparent = models.ForeignKey(
        CoParent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="co-parent"
    )
    phone = models.CharField("téléphone", max_length=20)
    token_hash = models.CharField("empreinte", max_length=64, unique=True)
    way = models.CharField("adresse remise", max_length=5, choices=AccessWay.choices)
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="ouvert par")
    opened_at = models.DateTimeField("ouvert le")
    closed_at = models.DateTimeField("fermé le", null=True)
    closed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="fermé par"
    )
    closing = models.CharField("pourquoi fermé", max_length=9, choices=AccessEnd.choices, blank=True)
    stopped = models.ForeignKey(
        Pathway, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="parcours arrêté"
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(ParentAccountQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ParentAccountQuerySet)()

    class Meta:
        verbose_name = "espace d’un parent"
        verbose_name_plural = "espaces des parents"
        indexes = [models.Index(fields=["territory", "family"], name="account_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "coparent"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="account_open_once",
                violation_error_message="Cette personne a déjà un espace ouvert.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing="") | (Q(closed_at__isnull=False) & ~Q(closing="")),
                name="account_closed_says_why",
            ),
            models.CheckConstraint(condition=Q(phone__startswith="+"), name="account_has_number"),
        ]


class SignInCode(TerritoryRow):
    """A code sent by SMS; its digits come from `public_id` (`one_time`) and are nowhere stored.

    `ended_at`: used, replaced, or killed by wrong tries.
    """

    account = models.ForeignKey(ParentAccount, on_delete=models.PROTECT, related_name="+", verbose_name="espace")
    sent_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("valable jusqu’à")
    wrong_tries = models.PositiveSmallIntegerField("essais faux", default=0)
    ended_at = models.DateTimeField("fini le", null=True)

    class Meta:
        verbose_name = "code de connexion"
        verbose_name_plural = "codes de connexion"
        indexes = [models.Index(fields=["territory", "account", "-sent_at"], name="code_of_account")]


class ParentSession(TerritoryRow):
    """A parent signed in on one device, by a cookie of which the print alone is kept; nothing of a professional's."""

    account = models.ForeignKey(ParentAccount, on_delete=models.PROTECT, related_name="+", verbose_name="espace")
    key_hash = models.CharField("empreinte", max_length=64, unique=True)
    opened_at = models.DateTimeField("ouverte le")
    seen_at = models.DateTimeField("vue le")
    ended_at = models.DateTimeField("finie le", null=True)

    class Meta:
        verbose_name = "session d’un parent"
        verbose_name_plural = "sessions des parents"
        indexes = [models.Index(fields=["territory", "account"], name="session_of_account")]


class ConversationQuerySet(OfCorrespondentsQuerySet):
    """Reads of conversations."""

    def unread(self) -> "ConversationQuerySet":
        """Those in which what a parent wrote waits for its reader."""
        return self.filter(unread_since__isnull=False)

    def told_unread(self) -> "ConversationQuerySet":
        """Unread ones whose reader has been told: what came in out of her hours waits for them (R072)."""
        return self.unread().filter(notice_due_at=None)


class Conversation(FamilyRow):
    """What one adult and those who follow the family write to each other. `coparent` None is the mother's (A36).

    `unread_since`: the first message of the parent that its reader has not read and nobody has answered, None without
    one. `notice_due_at`: when its reader is to be told, None once she has been. `team_due_at`: when it is the team's to
    read.
    """

    coparent = models.ForeignKey(
        CoParent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="co-parent"
    )
    last_at = models.DateTimeField("dernier message", null=True)
    unread_since = models.DateTimeField("à lire depuis", null=True)
    notice_due_at = models.DateTimeField("à annoncer le", null=True)
    team_due_at = models.DateTimeField("à l’équipe le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ConversationQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ConversationQuerySet)()

    class Meta:
        verbose_name = "conversation"
        indexes = [
            models.Index(
                fields=["territory", "notice_due_at"],
                condition=Q(notice_due_at__isnull=False),
                name="conversation_to_tell",
            ),
            models.Index(
                fields=["territory", "unread_since"],
                condition=Q(unread_since__isnull=False),
                name="conversation_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "coparent"], nulls_distinct=False, name="conversation_once_per_adult"
            ),
            models.CheckConstraint(
                condition=Q(unread_since=None, notice_due_at=None, team_due_at=None)
                | Q(unread_since__isnull=False, team_due_at__isnull=False),
                name="conversation_tells_what_is_unread",
            ),
        ]


class Message(FamilyRow):
    """One message, never changed: by a professional (`by`), or by the parent from her space (`account`)."""

    append_only = True

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="+", verbose_name="conversation"
    )
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="écrit par")
    account = models.ForeignKey(
        ParentAccount, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="depuis l’espace"
    )
    text = models.TextField("texte")
    sent_at = models.DateTimeField("envoyé le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfCorrespondentsQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfCorrespondentsQuerySet)()

    class Meta:
        verbose_name = "message d’une conversation"
        verbose_name_plural = "messages des conversations"
        indexes = [models.Index(fields=["territory", "conversation", "-sent_at"], name="message_of_conversation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, account__isnull=False) | Q(by__isnull=False, account=None),
                name="message_has_one_author",
            ),
            models.CheckConstraint(
                condition=Q(text__length__gte=1, text__length__lte=MESSAGE_MAX), name="message_is_of_a_length"
            ),
        ]


class MessageReading(TerritoryRow):
    """The first time each person opened one message: a professional, or the parent (`by` None).

    Only what its reader opened is read (`Reader.is_read_by`): the others leave a receipt.
    """

    append_only = True

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+", verbose_name="message")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="lu par")
    at = models.DateTimeField("lu le")

    class Meta:
        verbose_name = "lecture d’un message"
        verbose_name_plural = "lectures des messages"
        constraints = [
            models.UniqueConstraint(fields=["message", "by"], nulls_distinct=False, name="message_read_once_by_each")
        ]


class WorkingHours(TerritoryRow):
    """When an auxiliary reads her messages, from an instant on; the last row counts, the usual week without any.

    `week` maps an ISO day to its first and last local hour, as {"1": ["09:00", "17:00"]}; other days are off.
    """

    append_only = True

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auxiliaire")
    week = models.JSONField("semaine")
    valid_from = models.DateTimeField("depuis le")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="réglé par")

    class Meta:
        verbose_name = "heures de lecture"
        verbose_name_plural = "heures de lecture"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "valid_from"],
                name="working_hours_once",
                violation_error_message="Ces heures viennent d’être réglées\u00a0: rechargez la page.",
            )
        ]

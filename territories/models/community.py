"""The communauté de pratiques of the pilot teams (R093): who takes part, what is written, what is pointed out.

It crosses territories by its nature, and holds nothing of a family: these tables have no territory wall. Another one
stands in its place, in the database too (migration `community`): only who takes part reads, everybody writes in her
own name and from the territory she stands in. Name, function and territory are copied when she writes, so that reading
a message opens no table of her territory.
"""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from territories.enums import BINOME, PostKind
from territories.models.base import Member, Territory, User


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Reads of who takes part; the database shows each person her own rows alone."""

    def running(self) -> "ParticipationQuerySet":
        """Those nobody has ended."""
        return self.filter(left_at=None)

    def of(self, member: Member) -> "ParticipationQuerySet":
        """Her own, whatever territory she stands in: a person takes part, not a post."""
        return self.filter(user=member.user_id)


class Participation(models.Model):
    """Somebody takes part, of her own choice, until `left_at`. What came after `read_until` is new to her."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="qui")
    joined_at = models.DateTimeField("depuis le")
    left_at = models.DateTimeField("jusqu’au", null=True)
    read_until = models.DateTimeField("lu jusqu’au")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation à la communauté"
        verbose_name_plural = "participations à la communauté"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(left_at=None),
                name="participation_once",
                violation_error_message="Vous êtes déjà dans la communauté.",
            )
        ]

    def __str__(self) -> str:
        return f"participation of user {self.user_id}"


class PostQuerySet(models.QuerySet["Post"]):
    """Reads of messages."""

    def visible_to(self, member: Member) -> "PostQuerySet":
        """Every message for who takes part; those pointed out, for the binôme of the territory that wrote them."""
        takes_part = Exists(Participation.objects.running().of(member))
        if member.role not in BINOME:
            return self.filter(takes_part)
        return self.filter(takes_part | Q(written_from=member.territory_id) & _pointed_out())

    def topics(self) -> "PostQuerySet":
        """Those that open a topic."""
        return self.filter(topic=None)

    def standing(self) -> "PostQuerySet":
        """Those nobody has withdrawn."""
        return self.filter(withdrawn_at=None)

    def pointed_out(self) -> "PostQuerySet":
        """Those whose pointing out nobody has answered."""
        return self.standing().filter(_pointed_out())

    def hidden(self) -> "PostQuerySet":
        """Those in which somebody recognised a family: nobody reads them before the binôme has."""
        return self.standing().filter(_pointed_out(is_recognisable=True))

    def readable(self) -> "PostQuerySet":
        """Those whose text everybody who takes part reads."""
        return self.standing().exclude(_pointed_out(is_recognisable=True))

    def with_hidden(self) -> "PostQuerySet":
        """With `is_hidden`."""
        return self.annotate(is_hidden=_pointed_out(is_recognisable=True))


class Post(models.Model):
    """One message: it opens a topic (`kind`, `title`), or answers one (`topic`). Withdrawn, it has no words any more.

    The column of `written_from` bears the name that policies and history read; the row belongs to no territory.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    topic = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="sujet")
    kind = models.CharField("type", max_length=12, choices=PostKind.choices, blank=True)
    title = models.CharField("titre", max_length=120, blank=True)
    text = models.TextField("message", max_length=4000, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="autrice")
    author_name = models.CharField("nom de l’autrice", max_length=254)
    author_function = models.CharField("fonction de l’autrice", max_length=80)
    written_from = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", db_column="territory_id", verbose_name="écrit depuis"
    )
    place = models.CharField("territoire de l’autrice", max_length=80)
    written_at = models.DateTimeField("écrit le")
    edited_at = models.DateTimeField("corrigé le", null=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="retiré par"
    )
    withdrawal_reason = models.CharField("motif du retrait", max_length=300, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "message de la communauté"
        verbose_name_plural = "messages de la communauté"
        indexes = [
            models.Index(fields=["topic", "written_at"], name="post_of_topic"),
            models.Index(fields=["written_from", "-written_at"], name="post_of_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic=None, kind__in=PostKind.values) | Q(topic__isnull=False, kind="", title=""),
                name="post_opens_or_answers",
                violation_error_message="Un sujet a un type et un titre, une réponse n’en a pas.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(withdrawn_at=None, withdrawn_by=None) & ~Q(text="") & (Q(topic__isnull=False) | ~Q(title=""))
                )
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, text="", title=""),
                name="post_told_or_withdrawn",
                violation_error_message="Écrivez un titre et un message.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | Q(withdrawn_by=F("author")) | ~Q(withdrawal_reason=""),
                name="post_withdrawal_has_reason",
                violation_error_message="Écrivez le motif du retrait.",
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.public_id}"


class PostFlag(models.Model):
    """Somebody points a message out to the binôme of the territory that wrote it, until one of them answers."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name="message")
    # That of the message: who answers is found by it.
    written_from = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", db_column="territory_id", verbose_name="écrit depuis"
    )
    flagged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="signalé par")
    flagged_at = models.DateTimeField("signalé le")
    is_recognisable = models.BooleanField("une famille s’y reconnaît")
    words = models.CharField("précisions", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="traité par"
    )
    settled_at = models.DateTimeField("traité le", null=True)

    class Meta:
        verbose_name = "signalement d’un message"
        verbose_name_plural = "signalements de messages"
        indexes = [
            models.Index(fields=["written_from"], condition=Q(settled_at=None), name="postflag_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "flagged_by"],
                name="postflag_once",
                violation_error_message="Vous avez déjà signalé ce message.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="postflag_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"flag {self.public_id}"


def _pointed_out(**which: bool) -> Exists:
    """Whether somebody pointed the message out, and nobody of its binôme has answered."""
    return Exists(PostFlag.objects.filter(post=OuterRef("pk"), settled_at=None, **which))

"""The communauté de pratiques: no territory wall, another one in its place (R093)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from copa.kernel import walls

# Whoever reads takes part: her own running row is the only one that this sub-query can see.
TAKES_PART = f"exists (select from territories_participation where {walls.IS_ME} and left_at is null)"
ME = "nullif(current_setting('copa.user', true), '')::bigint"
# The binôme of the territory that wrote a message answers whoever points it out, without taking part.
POINTED_OUT = "exists (select from territories_postflag where post_id = territories_post.id and settled_at is null)"


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0016_sector_by_radius"),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("experience", "Expérience"), ("tool", "Outil"), ("difficulty", "Difficulté")],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="titre")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="message")),
                ("author_name", models.CharField(max_length=254, verbose_name="nom de l’autrice")),
                ("author_function", models.CharField(max_length=80, verbose_name="fonction de l’autrice")),
                ("place", models.CharField(max_length=80, verbose_name="territoire de l’autrice")),
                ("written_at", models.DateTimeField(verbose_name="écrit le")),
                ("edited_at", models.DateTimeField(null=True, verbose_name="corrigé le")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="retiré le")),
                ("withdrawal_reason", models.CharField(blank=True, max_length=300, verbose_name="motif du retrait")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="autrice",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.post",
                        verbose_name="sujet",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="retiré par",
                    ),
                ),
                (
                    "written_from",
                    models.ForeignKey(
                        db_column="territory_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                        verbose_name="écrit depuis",
                    ),
                ),
            ],
            options={
                "verbose_name": "message de la communauté",
                "verbose_name_plural": "messages de la communauté",
            },
        ),
        migrations.CreateModel(
            name="PostFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("flagged_at", models.DateTimeField(verbose_name="signalé le")),
                ("is_recognisable", models.BooleanField(verbose_name="une famille s’y reconnaît")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="précisions")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="traité le")),
                (
                    "flagged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signalé par",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.post",
                        verbose_name="message",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="traité par",
                    ),
                ),
                (
                    "written_from",
                    models.ForeignKey(
                        db_column="territory_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                        verbose_name="écrit depuis",
                    ),
                ),
            ],
            options={
                "verbose_name": "signalement d’un message",
                "verbose_name_plural": "signalements de messages",
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("joined_at", models.DateTimeField(verbose_name="depuis le")),
                ("left_at", models.DateTimeField(null=True, verbose_name="jusqu’au")),
                ("read_until", models.DateTimeField(verbose_name="lu jusqu’au")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="qui",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation à la communauté",
                "verbose_name_plural": "participations à la communauté",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("user",),
                        name="participation_once",
                        violation_error_message="Vous êtes déjà dans la communauté.",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["topic", "written_at"], name="post_of_topic"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["written_from", "-written_at"], name="post_of_place"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["experience", "tool", "difficulty"]), ("topic", None)),
                    models.Q(("kind", ""), ("title", ""), ("topic__isnull", False)),
                    _connector="OR",
                ),
                name="post_opens_or_answers",
                violation_error_message="Un sujet a un type et un titre, une réponse n’en a pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at", None),
                        ("withdrawn_by", None),
                        models.Q(("text", ""), _negated=True),
                        models.Q(("topic__isnull", False), models.Q(("title", ""), _negated=True), _connector="OR"),
                    ),
                    models.Q(
                        ("text", ""), ("title", ""), ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="post_told_or_withdrawn",
                violation_error_message="Écrivez un titre et un message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_by", None),
                    ("withdrawn_by", models.F("author")),
                    models.Q(("withdrawal_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="post_withdrawal_has_reason",
                violation_error_message="Écrivez le motif du retrait.",
            ),
        ),
        migrations.AddIndex(
            model_name="postflag",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["written_from"], name="postflag_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="postflag",
            constraint=models.UniqueConstraint(
                fields=("post", "flagged_by"),
                name="postflag_once",
                violation_error_message="Vous avez déjà signalé ce message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="postflag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="postflag_settled_by_somebody",
            ),
        ),
        walls.own_wall("territories_participation", read=walls.IS_ME, insert=walls.IS_ME, update=walls.IS_ME),
        walls.own_wall(
            "territories_post",
            read=f"{TAKES_PART} or {walls.IN_TERRITORY} and {POINTED_OUT}",
            insert=f"{walls.IN_TERRITORY} and author_id = {ME} and {TAKES_PART}",
            # Her own words, or those the binôme of her territory withdraws.
            update=walls.IN_TERRITORY,
        ),
        walls.own_wall(
            "territories_postflag",
            read=f"{TAKES_PART} or {walls.IN_TERRITORY}",
            insert=f"flagged_by_id = {ME} and {TAKES_PART}",
            update=walls.IN_TERRITORY,
        ),
        # What was withdrawn is nowhere any more: neither its words nor its title are copied.
        walls.history("territories_post", hidden=["text", "title"]),
    ]

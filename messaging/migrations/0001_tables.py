"""Accounts of parents, conversations, messages that never change, and the hours at which they are read."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

ACCOUNT, CODE, SESSION = "messaging_parentaccount", "messaging_signincode", "messaging_parentsession"
CONVERSATION, MESSAGE, READING = "messaging_conversation", "messaging_message", "messaging_messagereading"
HOURS = "messaging_workinghours"
TABLES = (ACCOUNT, CODE, SESSION, CONVERSATION, MESSAGE, READING, HOURS)
FAMILY, COPARENT, MEMBER = "pathways_family", "pathways_coparent", "territories_member"
LINKS = [
    (ACCOUNT, "family_id", FAMILY),
    (ACCOUNT, "coparent_id", COPARENT),
    (ACCOUNT, "opened_by_id", MEMBER),
    (ACCOUNT, "closed_by_id", MEMBER),
    (ACCOUNT, "stopped_id", "pathways_pathway"),
    (CODE, "account_id", ACCOUNT),
    (SESSION, "account_id", ACCOUNT),
    (CONVERSATION, "family_id", FAMILY),
    (CONVERSATION, "coparent_id", COPARENT),
    (MESSAGE, "family_id", FAMILY),
    (MESSAGE, "conversation_id", CONVERSATION),
    (MESSAGE, "by_id", MEMBER),
    (MESSAGE, "account_id", ACCOUNT),
    (READING, "message_id", MESSAGE),
    (READING, "by_id", MEMBER),
    (HOURS, "member_id", MEMBER),
    (HOURS, "set_by_id", MEMBER),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pathways", "0078_transfer_call"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("last_at", models.DateTimeField(null=True, verbose_name="dernier message")),
                ("unread_since", models.DateTimeField(null=True, verbose_name="à lire depuis")),
                ("notice_due_at", models.DateTimeField(null=True, verbose_name="à annoncer le")),
                ("team_due_at", models.DateTimeField(null=True, verbose_name="à l’équipe le")),
                (
                    "coparent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.coparent",
                        verbose_name="co-parent",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(verbose_name="texte")),
                ("sent_at", models.DateTimeField(verbose_name="envoyé le")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="écrit par",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.conversation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "message d’une conversation",
                "verbose_name_plural": "messages des conversations",
            },
        ),
        migrations.CreateModel(
            name="MessageReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField(verbose_name="lu le")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="lu par",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "lecture d’un message",
                "verbose_name_plural": "lectures des messages",
            },
        ),
        migrations.CreateModel(
            name="ParentAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("phone", models.CharField(max_length=20, verbose_name="téléphone")),
                ("token_hash", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                (
                    "way",
                    models.CharField(
                        choices=[("SMS", "Par SMS"), ("PAPER", "Sur papier, en main propre")],
                        max_length=5,
                        verbose_name="adresse remise",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="ouvert le")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="fermé le")),
                (
                    "closing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SELF", "Fermé depuis l’espace"),
                            ("TEAM", "Fermé à sa demande"),
                            ("WITHDRAWN", "L’accompagnement est arrêté"),
                            ("MOVED", "La famille est suivie ailleurs"),
                            ("DIED", "Fermé"),
                        ],
                        max_length=9,
                        verbose_name="pourquoi fermé",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="fermé par",
                    ),
                ),
                (
                    "coparent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.coparent",
                        verbose_name="co-parent",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="ouvert par",
                    ),
                ),
                (
                    "stopped",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours arrêté",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "espace d’un parent",
                "verbose_name_plural": "espaces des parents",
            },
        ),
        migrations.AddField(
            model_name="message",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="messaging.parentaccount",
                verbose_name="depuis l’espace",
            ),
        ),
        migrations.CreateModel(
            name="ParentSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key_hash", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("opened_at", models.DateTimeField(verbose_name="ouverte le")),
                ("seen_at", models.DateTimeField(verbose_name="vue le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="finie le")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.parentaccount",
                        verbose_name="espace",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "session d’un parent",
                "verbose_name_plural": "sessions des parents",
            },
        ),
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sent_at", models.DateTimeField(verbose_name="envoyé le")),
                ("expires_at", models.DateTimeField(verbose_name="valable jusqu’à")),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0, verbose_name="essais faux")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="fini le")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.parentaccount",
                        verbose_name="espace",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "code de connexion",
                "verbose_name_plural": "codes de connexion",
            },
        ),
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("week", models.JSONField(verbose_name="semaine")),
                ("valid_from", models.DateTimeField(verbose_name="depuis le")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="auxiliaire",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="réglé par",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "heures de lecture",
                "verbose_name_plural": "heures de lecture",
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("notice_due_at__isnull", False)),
                fields=["territory", "notice_due_at"],
                name="conversation_to_tell",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("unread_since__isnull", False)),
                fields=["territory", "unread_since"],
                name="conversation_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("family", "coparent"), name="conversation_once_per_adult", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("notice_due_at", None), ("team_due_at", None), ("unread_since", None)),
                    models.Q(("team_due_at__isnull", False), ("unread_since__isnull", False)),
                    _connector="OR",
                ),
                name="conversation_tells_what_is_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="parentaccount",
            index=models.Index(fields=["territory", "family"], name="account_of_family"),
        ),
        migrations.AddConstraint(
            model_name="parentaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("family", "coparent"),
                name="account_open_once",
                nulls_distinct=False,
                violation_error_message="Cette personne a déjà un espace ouvert.",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closing", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("closing", ""), _negated=True)),
                    _connector="OR",
                ),
                name="account_closed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone__startswith", "+")), name="account_has_number"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["territory", "conversation", "-sent_at"], name="message_of_conversation"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("by", None)),
                    models.Q(("account", None), ("by__isnull", False)),
                    _connector="OR",
                ),
                name="message_has_one_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__length__gte", 1), ("text__length__lte", 2000)), name="message_is_of_a_length"
            ),
        ),
        migrations.AddIndex(
            model_name="parentsession",
            index=models.Index(fields=["territory", "account"], name="session_of_account"),
        ),
        migrations.AddIndex(
            model_name="signincode",
            index=models.Index(fields=["territory", "account", "-sent_at"], name="code_of_account"),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.UniqueConstraint(
                fields=("member", "valid_from"),
                name="working_hours_once",
                violation_error_message="Ces heures viennent d’être réglées\xa0: rechargez la page.",
            ),
        ),
        *(walls.wall(table) for table in TABLES),
        *(walls.pointable(table) for table in (ACCOUNT, CONVERSATION, MESSAGE)),
        *(walls.same_territory(*link) for link in LINKS),
        # What was written stays in its own table: history says that it was, and by whom.
        walls.history(MESSAGE, hidden=["text"]),
        *(walls.history(table) for table in (ACCOUNT, CONVERSATION, HOURS)),
        walls.frozen(MESSAGE),
    ]

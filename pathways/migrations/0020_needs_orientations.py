"""Needs, orientations, the links by which outside professionals answer (R004, R088, I9)."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

NEED, ORIENTATION, LINK, EVENT = (
    "pathways_need",
    "pathways_orientation",
    "pathways_answerlink",
    "pathways_linkevent",
)
FAMILY, PATHWAY, MEMBER = "pathways_family", "pathways_pathway", "territories_member"
LINKS = [
    (NEED, "family_id", FAMILY),
    (NEED, "pathway_id", PATHWAY),
    (NEED, "spotted_by_id", MEMBER),
    (ORIENTATION, "family_id", FAMILY),
    (ORIENTATION, "pathway_id", PATHWAY),
    (ORIENTATION, "need_id", NEED),
    (ORIENTATION, "entry_id", "territories_directoryentry"),
    *((ORIENTATION, f"{verb}_by_id", MEMBER) for verb in ("proposed", "agreed", "decided", "sent")),
    (LINK, "family_id", FAMILY),
    (LINK, "orientation_id", ORIENTATION),
    (LINK, "created_by_id", MEMBER),
    (EVENT, "link_id", LINK),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0019_meetings"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=24, verbose_name="besoin")),
                (
                    "category",
                    models.CharField(
                        choices=[("HEALTH", "Santé"), ("SOCIAL", "Social et parentalité"), ("SEALED", "Protégé")],
                        max_length=6,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("MOTHER", "La mère"),
                            ("COPARENT", "Le coparent"),
                            ("CHILD", "L’enfant"),
                            ("SIBLING", "Un frère, une sœur"),
                            ("FAMILY", "La famille"),
                        ],
                        max_length=8,
                        verbose_name="pour qui",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=160, verbose_name="en une ligne")),
                (
                    "source",
                    models.CharField(
                        choices=[("REPORT", "Compte rendu de visite"), ("FREE", "En dehors d’une visite")],
                        max_length=6,
                        verbose_name="repéré",
                    ),
                ),
                ("report_id", models.UUIDField(null=True, verbose_name="compte rendu")),
                ("report_row", models.PositiveSmallIntegerField(null=True, verbose_name="ligne")),
                ("spotted_at", models.DateTimeField(verbose_name="repéré le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Ouvert"),
                            ("WATCH", "À revoir à la prochaine visite"),
                            ("ORIENTED", "Orientation faite"),
                            ("FOLLOWED", "Suivi par un professionnel"),
                            ("INFO", "Information donnée"),
                            ("DECLINED", "La famille ne souhaite pas"),
                            ("MET", "Réglé"),
                            ("CLOSED", "Clos"),
                        ],
                        default="OPEN",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("state_at", models.DateTimeField(verbose_name="depuis le")),
                ("closing_words", models.CharField(blank=True, max_length=160, verbose_name="pourquoi clos")),
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
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
                    ),
                ),
                (
                    "spotted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
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
                "verbose_name": "besoin",
            },
        ),
        migrations.CreateModel(
            name="Orientation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("target_type", models.CharField(max_length=24, verbose_name="vers")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "À décider"),
                            ("ACCEPTED", "Acceptée, à envoyer"),
                            ("REFUSED", "Non retenue"),
                            ("GIVEN", "Contact donné"),
                            ("SENT", "Envoyée, sans réponse"),
                            ("SEEN", "Premier contact fait"),
                            ("NOT_COME", "Pas venue"),
                            ("CANNOT_TAKE", "Ne peut pas prendre"),
                            ("CLOSED", "Close"),
                        ],
                        default="PROPOSED",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi")),
                ("proposed_at", models.DateTimeField(verbose_name="demandée le")),
                (
                    "agreement",
                    models.CharField(
                        blank=True,
                        choices=[("YES", "Oui"), ("NO", "Non"), ("LATER", "Plus tard")],
                        max_length=6,
                        verbose_name="accord",
                    ),
                ),
                ("agreed_at", models.DateTimeField(null=True, verbose_name="accord noté le")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="décidée le")),
                (
                    "decision_words",
                    models.CharField(blank=True, max_length=200, verbose_name="pourquoi cette décision"),
                ),
                ("letter_words", models.CharField(blank=True, max_length=200, verbose_name="mot au professionnel")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="envoyée le")),
                (
                    "sent_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LINK", "Lien de réponse, par e-mail"),
                            ("LETTER", "Lettre remise ou envoyée"),
                            ("PHONE", "Par téléphone"),
                        ],
                        max_length=6,
                        verbose_name="par",
                    ),
                ),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="rappels")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="répondu le")),
                ("answer_words", models.CharField(blank=True, max_length=120, verbose_name="mot du professionnel")),
                ("first_contact_on", models.DateField(null=True, verbose_name="premier contact le")),
                (
                    "confirmed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PROFESSIONAL", "Le professionnel"),
                            ("PARENT", "Les parents"),
                            ("AP", "L’auxiliaire ou l’équipe"),
                        ],
                        max_length=12,
                        verbose_name="confirmé par",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmé le")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="close le")),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="décidée par",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.directoryentry",
                        verbose_name="service",
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
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.need",
                        verbose_name="besoin",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="demandée par",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
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
                "verbose_name": "orientation",
            },
        ),
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="créé le")),
                ("expires_at", models.DateTimeField(verbose_name="jusqu’au")),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0, verbose_name="codes faux")),
                ("used_at", models.DateTimeField(null=True, verbose_name="répondu le")),
                ("killed_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
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
                (
                    "orientation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.orientation",
                        verbose_name="orientation",
                    ),
                ),
            ],
            options={
                "verbose_name": "lien de réponse",
            },
        ),
        migrations.CreateModel(
            name="LinkEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("OPENED", "Ouvert"),
                            ("WRONG_CODE", "Code faux"),
                            ("RIGHT_CODE", "Code juste"),
                            ("ANSWERED", "Répondu"),
                        ],
                        max_length=12,
                        verbose_name="quoi",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="quand")),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.answerlink",
                        verbose_name="lien",
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
                "verbose_name": "passage sur un lien",
                "indexes": [models.Index(fields=["territory", "link", "at"], name="linkevent_of_link")],
            },
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(fields=["territory", "family"], name="need_of_family"),
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(fields=["territory", "spotted_at"], name="need_spotted_at"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(
                condition=models.Q(("report_id__isnull", False)),
                fields=("report_id", "report_row"),
                name="need_landed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["FOLLOWED", "OPEN", "ORIENTED", "WATCH"])),
                fields=("pathway", "code", "about"),
                name="need_running_once",
                violation_error_message="Ce besoin est déjà noté pour cette personne.",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    models.Q(("closing_words", ""), _negated=True),
                    _connector="OR",
                ),
                name="need_closed_with_words",
                violation_error_message="Dites pourquoi ce besoin est clos.",
            ),
        ),
        migrations.AddIndex(
            model_name="orientation",
            index=models.Index(fields=["territory", "family"], name="orientation_of_family"),
        ),
        migrations.AddIndex(
            model_name="orientation",
            index=models.Index(fields=["territory", "need"], name="orientation_of_need"),
        ),
        migrations.AddIndex(
            model_name="orientation",
            index=models.Index(
                condition=models.Q(("state", "PROPOSED")),
                fields=["territory", "proposed_at"],
                name="orientation_to_decide",
            ),
        ),
        migrations.AddIndex(
            model_name="orientation",
            index=models.Index(
                condition=models.Q(("state", "SENT")), fields=["territory", "sent_at"], name="orientation_unanswered"
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["PROPOSED", "ACCEPTED", "SENT"])),
                fields=("need", "target_type", "entry"),
                name="orientation_live_once",
                nulls_distinct=False,
                violation_error_message="Cette orientation est déjà en cours pour ce besoin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ACCEPTED", "REFUSED", "SENT"]), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="orientation_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "REFUSED"), _negated=True),
                    models.Q(("decision_words", ""), _negated=True),
                    _connector="OR",
                ),
                name="orientation_refused_with_reason",
                violation_error_message="Dites pourquoi cette orientation n’est pas retenue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at", None), ("sent_how", "")),
                    models.Q(
                        ("agreed_at__isnull", False),
                        ("decided_at__isnull", False),
                        ("sent_at__isnull", False),
                        models.Q(("sent_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orientation_sent_with_agreement",
                violation_error_message="Rien ne part sans l’accord de la personne et la décision de l’équipe.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["SENT", "NOT_COME", "CANNOT_TAKE"]), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="orientation_waits_once_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", ""), ("first_contact_on", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("first_contact_on__isnull", False),
                        models.Q(("confirmed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orientation_contact_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="orientation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SEEN"), _negated=True), ("first_contact_on__isnull", False), _connector="OR"
                ),
                name="orientation_seen_is_dated",
            ),
        ),
        migrations.AddIndex(
            model_name="answerlink",
            index=models.Index(fields=["territory", "orientation"], name="link_of_orientation"),
        ),
        migrations.AddConstraint(
            model_name="answerlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("killed_at", None), ("used_at", None)),
                fields=("orientation",),
                name="link_alive_once",
            ),
        ),
        *(walls.wall(table) for table in (NEED, ORIENTATION, LINK, EVENT)),
        *(walls.pointable(table) for table in (NEED, ORIENTATION, LINK)),
        *(walls.same_territory(*link) for link in LINKS),
        # What is sealed is told as changed, never copied; a need's code alone would say it.
        walls.history(NEED, hidden=["code", "category", "words", "closing_words"]),
        walls.history(ORIENTATION, hidden=["target_type", "reason", "decision_words", "letter_words", "answer_words"]),
        walls.history(LINK, hidden=["token_hash"]),
    ]

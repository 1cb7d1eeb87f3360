"""Doors of consent: what was sent, what each adult was told, the co-parent's answer, who decided beside whom."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

SENDING, NOTICE, COPARENT = "pathways_sending", "pathways_informationnotice", "pathways_coparentconsent"
FAMILY, MEMBER = "pathways_family", "territories_member"
LINKS = [
    ("pathways_carecirclemember", "entry_id", "territories_directoryentry"),
    (SENDING, "family_id", FAMILY),
    (SENDING, "pathway_id", "pathways_pathway"),
    (SENDING, "orientation_id", "pathways_orientation"),
    (SENDING, "structure_id", "territories_structure"),
    (SENDING, "by_id", MEMBER),
    (NOTICE, "family_id", FAMILY),
    (NOTICE, "coparent_id", "pathways_coparent"),
    (NOTICE, "given_by_id", MEMBER),
    (COPARENT, "family_id", FAMILY),
    (COPARENT, "coparent_id", "pathways_coparent"),
    (COPARENT, "collected_by_id", MEMBER),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0026_calendar"),
        ("territories", "0005_consent_doors"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoParentConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[("YES", "Oui"), ("NO", "Non"), ("LATER", "Plus tard")],
                        max_length=6,
                        verbose_name="réponse",
                    ),
                ),
                ("is_safe", models.BooleanField(default=False, verbose_name="sans danger pour elle")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "collected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="recueilli par",
                    ),
                ),
                (
                    "coparent",
                    models.ForeignKey(
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
                "verbose_name": "adhésion du co-parent",
                "verbose_name_plural": "adhésions des co-parents",
            },
        ),
        migrations.CreateModel(
            name="InformationNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.CharField(max_length=40, verbose_name="version du texte")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("READ", "Lue ensemble"),
                            ("GIVEN", "Remise"),
                            ("TRANSLATED", "Traduite"),
                            ("INTERPRETED", "Avec interprète"),
                        ],
                        max_length=12,
                        verbose_name="forme",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="remise le")),
                (
                    "coparent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.coparent",
                        verbose_name="à",
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
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="remise par",
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
                "verbose_name": "information remise",
                "verbose_name_plural": "informations remises",
            },
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("LIBERAL_MIDWIFE", "Ma sage-femme libérale"),
                            ("GENERAL_PRACTITIONER", "Mon médecin traitant"),
                            ("PAEDIATRICIAN", "Le médecin de mon enfant"),
                            ("PMI", "La PMI de mon quartier ou de ma commune"),
                            ("PSYCHOLOGIST", "La ou le psychologue qui me suit"),
                            ("OTHER", "Une autre personne"),
                        ],
                        max_length=24,
                        verbose_name="destinataire",
                    ),
                ),
                ("named", models.CharField(blank=True, db_default="", max_length=120, verbose_name="nom et fonction")),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("REPORT", "Compte rendu de visite"),
                            ("MOOD_SCORE", "Résultat du questionnaire sur le moral"),
                            ("RELAY_FILE", "Dossier de relais"),
                            ("ORIENTATION", "Orientation de la mère"),
                            ("CHILD_ORIENTATION", "Orientation de l’enfant"),
                            ("CHILD_CALENDAR", "Examens et certificats de l’enfant"),
                            ("MINUTES", "Compte rendu de réunion"),
                            ("NEWS", "Avis de nouveauté"),
                            ("NOTICE", "Avis sans contenu"),
                            ("SEALED", "Compartiment protégé"),
                        ],
                        max_length=20,
                        verbose_name="quoi",
                    ),
                ),
                ("to", models.CharField(max_length=160, verbose_name="à qui")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("MAIL", "E-mail sans contenu"),
                            ("SMS", "SMS sans contenu"),
                            ("LINK", "Lien de réponse"),
                            ("LETTER", "Lettre"),
                            ("PHONE", "Téléphone"),
                        ],
                        max_length=8,
                        verbose_name="comment",
                    ),
                ),
                ("message", models.UUIDField(null=True, verbose_name="message")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="retenu le")),
                ("stopped_reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
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
                    "orientation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.orientation",
                        verbose_name="orientation",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="service de PMI",
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
                "verbose_name": "envoi",
            },
        ),
        migrations.AddField(
            model_name="carecirclemember",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.directoryentry",
                verbose_name="dans l’annuaire",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="minor_beside",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ALONE", "Seule, c’est son choix"),
                    ("ADULT_CHOSEN", "Un adulte qu’elle a choisi"),
                    ("PARENT", "Un parent"),
                    ("SERVICE", "Un professionnel"),
                ],
                db_default="",
                max_length=12,
                verbose_name="à ses côtés si elle est mineure",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="was_alone",
            field=models.BooleanField(null=True, verbose_name="a décidé tranquillement"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="asked_again_at",
            field=models.DateTimeField(null=True, verbose_name="reproposé le"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="is_welcome_back",
            field=models.BooleanField(db_default=False, default=False, verbose_name="repropose avant sa sortie"),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("family", "entry", "role"),
                name="circle_entry_once",
                violation_error_message="Cette personne est déjà dans le cercle, avec ce rôle.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecirclemember",
            constraint=models.CheckConstraint(
                condition=models.Q(("entry", None), ("member", None), _connector="OR"),
                name="circle_entry_outside",
                violation_error_message="Choisissez quelqu’un de la plateforme, ou de l’annuaire.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_welcome_back", False), ("answer", "NO"), _connector="OR"),
                name="proposal_welcome_back_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="coparentconsent",
            constraint=models.UniqueConstraint(fields=("coparent",), name="coparent_consent_once"),
        ),
        migrations.AddConstraint(
            model_name="coparentconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("answer", "YES"), _negated=True), ("is_safe", True), _connector="OR"),
                name="coparent_consent_safe",
                violation_error_message="Demandez d’abord à la mère, seule, si c’est sans danger pour elle.",
            ),
        ),
        migrations.AddIndex(
            model_name="informationnotice",
            index=models.Index(fields=["territory", "family", "given_at"], name="notice_of_family"),
        ),
        migrations.AddIndex(
            model_name="sending",
            index=models.Index(fields=["territory", "family", "-at"], name="sending_of_family"),
        ),
        migrations.AddIndex(
            model_name="sending",
            index=models.Index(
                condition=models.Q(("message__isnull", False)),
                fields=["territory", "message"],
                name="sending_of_message",
            ),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at", None), ("stopped_reason", "")),
                    models.Q(
                        ("message__isnull", False),
                        ("stopped_at__isnull", False),
                        models.Q(("stopped_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sending_stopped_with_a_reason",
            ),
        ),
        walls.pointable("pathways_coparent"),
        *(walls.wall(table) for table in (SENDING, NOTICE, COPARENT)),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in (SENDING, NOTICE, COPARENT)),
    ]

"""Groups and workshops of a territory, with their dates."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0012_committees"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "Groupe"),
                            ("workshop", "Atelier"),
                            ("open_door", "Accueil ouvert"),
                            ("information", "Rencontre d’information"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="adresse")),
                ("access_text", models.CharField(blank=True, max_length=200, verbose_name="pour venir")),
                (
                    "audiences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("M", "mère"),
                                ("C", "coparent"),
                                ("B", "enfant"),
                                ("F", "famille"),
                                ("P", "professionnels"),
                            ],
                            max_length=1,
                        ),
                        size=None,
                        verbose_name="publics",
                    ),
                ),
                (
                    "child_age_from",
                    models.PositiveSmallIntegerField(null=True, verbose_name="âge de l’enfant, dès, en mois"),
                ),
                (
                    "child_age_to",
                    models.PositiveSmallIntegerField(null=True, verbose_name="âge de l’enfant, jusqu’à, en mois"),
                ),
                ("theme", models.CharField(blank=True, max_length=24, verbose_name="thème")),
                (
                    "registration",
                    models.CharField(
                        choices=[
                            ("free", "Entrée libre"),
                            ("phone", "Inscription par téléphone"),
                            ("link", "Inscription en ligne"),
                            ("required", "Inscription obligatoire auprès de l’organisateur"),
                            ("closed", "Inscriptions closes"),
                            ("full", "Complet"),
                        ],
                        max_length=10,
                        verbose_name="inscription",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("link", models.URLField(blank=True, verbose_name="lien d’inscription")),
                (
                    "wheelchair",
                    models.CharField(
                        choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                        default="unknown",
                        max_length=8,
                        verbose_name="accessible",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("PUB", "Annuaire public"),
                            ("PRO", "Annuaire des professionnels"),
                            ("ARC", "Archivé"),
                        ],
                        max_length=3,
                        verbose_name="visible",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=600, verbose_name="ce qui s’y passe")),
                ("written_at", models.DateTimeField(verbose_name="écrit le")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="motif")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="annulé par",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.directoryentry",
                        verbose_name="organisé par",
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
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="écrit par",
                    ),
                ),
            ],
            options={
                "verbose_name": "groupe ou atelier",
                "verbose_name_plural": "groupes et ateliers",
            },
        ),
        migrations.CreateModel(
            name="GroupEventDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_at", models.DateTimeField(verbose_name="de")),
                ("ends_at", models.DateTimeField(verbose_name="à")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="annulée le")),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="motif")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="annulée par",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.groupevent",
                        verbose_name="groupe ou atelier",
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
                "verbose_name": "date d’un groupe ou atelier",
                "verbose_name_plural": "dates des groupes et ateliers",
            },
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entry__isnull", False),
                    models.Q(("commune__isnull", False), models.Q(("address", ""), _negated=True)),
                    _connector="OR",
                ),
                name="event_somewhere",
                violation_error_message="Choisissez qui l’organise, ou écrivez la commune et l’adresse.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audiences__contained_by", ["M", "C", "B", "F", "P"]), models.Q(("audiences", []), _negated=True)
                ),
                name="event_audiences",
                violation_error_message="Choisissez pour qui il est.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("child_age_from", None),
                    ("child_age_to", None),
                    ("child_age_to__gte", models.F("child_age_from")),
                    _connector="OR",
                ),
                name="event_ages",
                violation_error_message="L’âge le plus grand vient après l’âge le plus petit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("child_age_from", None), ("child_age_from__lte", 216), _connector="OR"),
                    models.Q(("child_age_to", None), ("child_age_to__lte", 216), _connector="OR"),
                ),
                name="event_age_of_a_child",
                violation_error_message="Dix-huit ans au plus, soit 216 mois.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("theme__in", ["CHILD_PROTECTION_SEALED", "JUSTICE_SEALED", "MIND_SEALED", "VIOLENCE_SEALED"]),
                    _negated=True,
                ),
                name="event_theme_not_sealed",
                violation_error_message="Choisissez un thème de la liste.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registration", "phone"), _negated=True),
                    models.Q(("phone", ""), _negated=True),
                    _connector="OR",
                ),
                name="event_phone_given",
                violation_error_message="Indiquez le numéro où l’on s’inscrit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registration", "link"), _negated=True),
                    models.Q(("link", ""), _negated=True),
                    _connector="OR",
                ),
                name="event_link_given",
                violation_error_message="Indiquez l’adresse de la page où l’on s’inscrit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registration", "required"), _negated=True),
                    ("entry__isnull", False),
                    models.Q(("phone", ""), _negated=True),
                    models.Q(("link", ""), _negated=True),
                    _connector="OR",
                ),
                name="event_registration_reachable",
                violation_error_message="Indiquez un numéro ou une page où l’on s’inscrit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility__in", ["PUB", "PRO"])), name="event_visibility"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancel_reason", ""), ("cancelled_at", None), ("cancelled_by", None)),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("cancelled_by__isnull", False),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="event_cancelled_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="groupeventdate",
            index=models.Index(fields=["territory", "ends_at"], name="event_date_coming"),
        ),
        migrations.AddConstraint(
            model_name="groupeventdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="event_date_ends_after_start",
                violation_error_message="L’heure de fin vient après celle du début.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupeventdate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("event", "starts_at"),
                name="event_date_once",
                violation_error_message="Une de ces dates est déjà notée\xa0: retirez-la de la répétition.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupeventdate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancel_reason", ""), ("cancelled_at", None), ("cancelled_by", None)),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("cancelled_by__isnull", False),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="event_date_cancelled_whole",
            ),
        ),
        walls.wall("territories_groupevent"),
        walls.wall("territories_groupeventdate"),
        walls.pointable("territories_groupevent"),
        walls.same_territory("territories_groupevent", "entry_id", "territories_directoryentry"),
        walls.same_territory("territories_groupevent", "commune_id", "territories_commune"),
        walls.same_territory("territories_groupevent", "written_by_id", "territories_member"),
        walls.same_territory("territories_groupevent", "cancelled_by_id", "territories_member"),
        walls.same_territory("territories_groupeventdate", "event_id", "territories_groupevent"),
        walls.same_territory("territories_groupeventdate", "cancelled_by_id", "territories_member"),
        walls.history("territories_groupevent"),
        walls.history("territories_groupeventdate"),
    ]

"""What the directory knows of each resource; who supervises an auxiliary, whom a member of the PMI stands for."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0005_consent_doors"),
    ]

    operations = [
        migrations.AddField(
            model_name="directoryentry",
            name="access_text",
            field=models.CharField(blank=True, max_length=200, verbose_name="pour venir"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="adapted_equipment",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="matériel adapté",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="ask_by",
            field=models.CharField(
                choices=[
                    ("call", "On appelle"),
                    ("write", "On écrit"),
                    ("letter", "Il faut une lettre"),
                    ("form", "Un formulaire sur son site"),
                    ("unknown", "Ne sait pas"),
                ],
                default="unknown",
                max_length=8,
                verbose_name="comment demander",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="audiences",
            field=django.contrib.postgres.fields.ArrayField(
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
                blank=True,
                default=list,
                size=None,
                verbose_name="publics",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="child_age_max",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="âge maximum de l’enfant, en mois"
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="coparent_welcome",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="reçoit le coparent",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="falc_docs",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="documents faciles à lire",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="finess",
            field=models.CharField(blank=True, max_length=9, verbose_name="FINESS"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="has_discharge_organisation",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="organisation de la sortie",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="has_pass",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="a une PASS",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="in_group",
            field=models.BooleanField(default=False, verbose_name="en groupe"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="interpreter",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="interprète possible",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="legal_name",
            field=models.CharField(blank=True, max_length=160, verbose_name="raison sociale"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="minors_alone",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="reçoit une mineure seule",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="mssante",
            field=models.EmailField(blank=True, max_length=254, verbose_name="messagerie sécurisée de santé"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="on_holidays",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="ouvert pendant les vacances",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="one_to_one",
            field=models.BooleanField(default=False, verbose_name="en individuel"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="parking_disabled",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="place de stationnement adaptée",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="quiet_room",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="pièce calme",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="rpps",
            field=models.CharField(blank=True, max_length=11, verbose_name="RPPS"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="siblings_welcome",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="reçoit les aînés",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="sign_language",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="langue des signes",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="siret",
            field=models.CharField(blank=True, max_length=14, verbose_name="SIRET"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="source",
            field=models.CharField(blank=True, max_length=120, verbose_name="d’où viennent ces informations"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="third_party",
            field=models.CharField(
                choices=[("yes", "Oui"), ("no", "Non"), ("unknown", "Ne sait pas")],
                default="unknown",
                max_length=8,
                verbose_name="tiers payant",
            ),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="video",
            field=models.BooleanField(default=False, verbose_name="reçoit en vidéo"),
        ),
        migrations.AddField(
            model_name="member",
            name="nurse",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="infirmière ou puéricultrice",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="represents",
            field=models.CharField(blank=True, max_length=120, verbose_name="représente"),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("finess", ""), ("finess__regex", "^[0-9]{9}$|^2[AB][0-9]{7}$"), _connector="OR"),
                name="directory_finess",
                violation_error_message="Un FINESS a neuf caractères.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("siret", ""), ("siret__regex", "^[0-9]{14}$"), _connector="OR"),
                name="directory_siret",
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("rpps", ""), ("rpps__regex", "^[0-9]{11}$"), _connector="OR"),
                name="directory_rpps",
                violation_error_message="Un RPPS a onze chiffres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("audiences__contained_by", ["M", "C", "B", "F", "P"])),
                name="directory_audiences",
                violation_error_message="Choisissez des publics de la liste.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("type", "MATERNITY"),
                    models.Q(("has_discharge_organisation", "unknown"), ("has_pass", "unknown")),
                    _connector="OR",
                ),
                name="directory_maternity_only",
                violation_error_message="Cela ne se demande qu’à une maternité\xa0: laissez «\xa0Ne sait pas\xa0».",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("represents", ""), ("role", "pmi_doctor"), _connector="OR"),
                name="member_represents_a_doctor",
                violation_error_message="Seul un médecin de PMI a une représentante.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("nurse", None), ("supervisor", None)), ("role", "ap"), _connector="OR"),
                name="member_supervised_is_ap",
                violation_error_message="Seule une auxiliaire a une responsable et une encadrante.",
            ),
        ),
        walls.same_territory("territories_member", "nurse_id", "territories_member"),
    ]

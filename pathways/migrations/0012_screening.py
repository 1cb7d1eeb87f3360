"""Screening: the grid, the EPDS, observations and suggestions, sealed compartment included, with their walls."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

FAMILY, CHILD, PATHWAY = "pathways_family", "pathways_child", "pathways_pathway"
MEMBER = "territories_member"
REVIEW, ANSWER, SEALED = "pathways_gridreview", "pathways_gridanswer", "pathways_sealedgridanswer"
SIGNAL, CONCLUSION = "pathways_sealedsignal", "pathways_gridconclusion"
THRESHOLDS, WORDING = "pathways_epdsthresholds", "pathways_epdswording"
SCREENING, VALUES, CORRECTION = "pathways_epdsscreening", "pathways_epdsvalues", "pathways_epdscorrection"
SUGGESTION, OBSERVATION = "pathways_suggestion", "pathways_observation"

LINKS = [
    *(
        (table, "family_id", FAMILY)
        for table in (
            REVIEW,
            ANSWER,
            SEALED,
            SIGNAL,
            CONCLUSION,
            SCREENING,
            VALUES,
            CORRECTION,
            SUGGESTION,
            OBSERVATION,
        )
    ),
    *((table, "pathway_id", PATHWAY) for table in (REVIEW, SIGNAL, SCREENING, SUGGESTION)),
    *((table, "author_id", MEMBER) for table in (REVIEW, ANSWER, SEALED, SIGNAL, SCREENING, OBSERVATION)),
    *((table, "child_id", CHILD) for table in (ANSWER, SEALED)),
    *((table, "screening_id", SCREENING) for table in (VALUES, CORRECTION)),
    *((table, "decided_by_id", MEMBER) for table in (CORRECTION, SUGGESTION)),
    (CONCLUSION, "by_id", MEMBER),
    (CORRECTION, "asked_by_id", MEMBER),
    (SUGGESTION, "suggested_by_id", MEMBER),
    (THRESHOLDS, "validated_by_id", MEMBER),
]
# What is sealed is recorded as changed in the history, never copied there (G6).
HIDDEN = {
    SEALED: ("factor_id", "person", "child_id", "value", "comment", "presence"),
    SIGNAL: ("domains", "facts", "presence", "safe_call"),
    VALUES: tuple(f"i{number:02d}" for number in range(1, 11)),
    CORRECTION: ("item", "value", "reason"),
    WORDING: ("items",),
}
TABLES = sorted({table for table, _, _ in LINKS} | {WORDING})

# An answer about a sealed factor never enters the open table, nor the other way round.
FITS = f"""
    create function copa_grid_factor_fits() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    begin
      if (select (sensitivity = 'S3')::text from public.pathways_gridfactor where id = new.factor_id) <> tg_argv[0] then
        raise exception 'grid: this factor belongs to the other table' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
    revoke all on function copa_grid_factor_fits() from public;
    create trigger copa_grid_factor_fits before insert or update on {ANSWER}
      for each row execute function copa_grid_factor_fits('false');
    create trigger copa_grid_factor_fits before insert or update on {SEALED}
      for each row execute function copa_grid_factor_fits('true');
"""  # noqa: S608 - the names of our own tables
MISFITS = f"""
    drop trigger copa_grid_factor_fits on {SEALED};
    drop trigger copa_grid_factor_fits on {ANSWER};
    drop function copa_grid_factor_fits();
"""  # noqa: S608 - the names of our own tables

# An observation is withdrawn, once, and never edited; nobody deletes one.
STANDS = f"""
    create function copa_observation_stands() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    begin
      if tg_op = 'DELETE' or old.withdrawn_at is not null
         or to_jsonb(new) - 'withdrawn_at' - 'withdrawn_reason' <> to_jsonb(old) - 'withdrawn_at' - 'withdrawn_reason'
      then
        raise exception 'observation: never edited, only withdrawn' using errcode = 'check_violation';
      end if;
      return new;
    end $$;
    revoke all on function copa_observation_stands() from public;
    create trigger copa_observation_stands before update or delete on {OBSERVATION}
      for each row execute function copa_observation_stands();
"""  # noqa: S608 - the names of our own tables
FALLS = f"""
    drop trigger copa_observation_stands on {OBSERVATION};
    drop function copa_observation_stands();
"""  # noqa: S608 - the names of our own tables


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0011_routing"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="GridFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("V1", "Conditions de vie"),
                            ("V2", "Âge"),
                            ("V3", "Violences"),
                            ("V4", "Santé psychique"),
                            ("V5", "Tabac, alcool, autres"),
                            ("V6", "Handicap, maladie longue"),
                            ("V7", "Justice, protection"),
                            ("V8", "Début de vie"),
                            ("V9", "Famille et lien"),
                            ("R", "Forces"),
                        ],
                        max_length=2,
                        verbose_name="domaine",
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[("S1", "Soutien ordinaire"), ("S2", "Cercle de soin"), ("S3", "Compartiment protégé")],
                        max_length=2,
                        verbose_name="sensibilité",
                    ),
                ),
                (
                    "ticker",
                    models.CharField(
                        choices=[("care", "L’auxiliaire et l’équipe"), ("team", "L’équipe et le médecin de PMI")],
                        max_length=4,
                        verbose_name="noté par",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("mother", "La mère"),
                            ("coparent", "Le co-parent"),
                            ("child", "L’enfant"),
                            ("family", "La famille"),
                        ],
                        max_length=8,
                        verbose_name="personne",
                    ),
                ),
                ("is_psychosocial", models.BooleanField(default=False, verbose_name="psychosocial")),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("form_domain", models.CharField(blank=True, max_length=20, verbose_name="domaine du compte rendu")),
                ("link_id", models.CharField(blank=True, max_length=40, verbose_name="question")),
                ("option", models.CharField(blank=True, max_length=40, verbose_name="réponse")),
            ],
            options={
                "verbose_name": "facteur de repérage",
                "ordering": ["template", "position"],
            },
        ),
        migrations.CreateModel(
            name="GridTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, unique=True, verbose_name="version")),
                ("label", models.CharField(max_length=80, verbose_name="nom")),
                ("valid_from", models.DateField(verbose_name="valable du")),
            ],
            options={
                "verbose_name": "grille de repérage",
                "ordering": ["valid_from"],
            },
        ),
        migrations.CreateModel(
            name="EpdsScreening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.CharField(
                        choices=[
                            ("mother", "La mère"),
                            ("coparent", "Le co-parent"),
                            ("child", "L’enfant"),
                            ("family", "La famille"),
                        ],
                        default="mother",
                        max_length=8,
                        verbose_name="personne",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("DONE", "Rempli"), ("REFUSED", "Ne souhaite pas"), ("NOT_DONE", "Pas proposé")],
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("REFUSED", "Ne souhaite pas"),
                            ("NOT_ALONE", "Jamais seule"),
                            ("LANGUAGE", "Pas de feuille dans sa langue"),
                            ("TOO_EARLY", "Trop tôt, reporté"),
                            ("STATE", "Ce n’était pas le moment"),
                            ("ALREADY", "Déjà fait par un autre professionnel"),
                            ("MOTHER_AWAY", "Mère absente"),
                            ("FORGOTTEN", "Oubli"),
                        ],
                        max_length=12,
                        verbose_name="pourquoi pas",
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ALONE", "Seule"),
                            ("BABY_ONLY", "Seule avec bébé"),
                            ("OTHER_NEAR", "Quelqu’un à côté, sans lire"),
                            ("PARTNER_NEAR", "Le co-parent était là"),
                            ("UNKNOWN", "Pas noté"),
                        ],
                        max_length=12,
                        verbose_name="entourage",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=5, verbose_name="langue")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("day", models.SmallIntegerField(verbose_name="jour")),
                ("recorded_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                ("total", models.PositiveSmallIntegerField(null=True, verbose_name="total")),
                ("thresholds_version", models.CharField(blank=True, max_length=20, verbose_name="version des seuils")),
                ("watch", models.PositiveSmallIntegerField(null=True, verbose_name="seuil : à surveiller")),
                ("alert", models.PositiveSmallIntegerField(null=True, verbose_name="seuil : suggestion")),
                ("high", models.PositiveSmallIntegerField(null=True, verbose_name="seuil : appel")),
                ("repeat_on", models.DateField(null=True, verbose_name="à reproposer à partir du")),
                (
                    "author",
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
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
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
                "verbose_name": "questionnaire EPDS",
            },
        ),
        migrations.CreateModel(
            name="EpdsCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("item", models.CharField(max_length=3, verbose_name="réponse")),
                ("value", models.PositiveSmallIntegerField(verbose_name="valeur lue sur la feuille")),
                ("reason", models.CharField(max_length=200, verbose_name="motif")),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                ("is_accepted", models.BooleanField(null=True, verbose_name="acceptée")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="décidée le")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="demandée par",
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
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.epdsscreening",
                        verbose_name="EPDS",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction de l’EPDS",
            },
        ),
        migrations.CreateModel(
            name="EpdsThresholds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("watch", models.PositiveSmallIntegerField(verbose_name="à surveiller à partir de")),
                ("alert", models.PositiveSmallIntegerField(verbose_name="suggestion à l’équipe à partir de")),
                ("high", models.PositiveSmallIntegerField(verbose_name="appel le jour même à partir de")),
                ("offers_coparent", models.BooleanField(default=False, verbose_name="proposé aussi au co-parent")),
                ("valid_from", models.DateTimeField(verbose_name="valables à partir du")),
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
                    "validated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="validés par",
                    ),
                ),
            ],
            options={
                "verbose_name": "seuils de l’EPDS",
            },
        ),
        migrations.CreateModel(
            name="EpdsValues",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("i01", models.PositiveSmallIntegerField(null=True)),
                ("i02", models.PositiveSmallIntegerField(null=True)),
                ("i03", models.PositiveSmallIntegerField(null=True)),
                ("i04", models.PositiveSmallIntegerField(null=True)),
                ("i05", models.PositiveSmallIntegerField(null=True)),
                ("i06", models.PositiveSmallIntegerField(null=True)),
                ("i07", models.PositiveSmallIntegerField(null=True)),
                ("i08", models.PositiveSmallIntegerField(null=True)),
                ("i09", models.PositiveSmallIntegerField(null=True)),
                ("i10", models.PositiveSmallIntegerField(null=True)),
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
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.epdsscreening",
                        verbose_name="EPDS",
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
                "verbose_name": "valeurs de l’EPDS",
            },
        ),
        migrations.CreateModel(
            name="EpdsWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=5, verbose_name="langue")),
                ("title", models.CharField(max_length=120, verbose_name="titre")),
                ("permission", models.CharField(max_length=200, verbose_name="autorisation")),
                ("items", models.JSONField(verbose_name="questions")),
                ("loaded_at", models.DateTimeField(verbose_name="chargée le")),
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
                "verbose_name": "texte de l’EPDS",
            },
        ),
        migrations.CreateModel(
            name="GridConclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("ordinary", "Accompagnement habituel"),
                            ("watch", "À suivre de près"),
                            ("shared", "À discuter à plusieurs"),
                        ],
                        max_length=8,
                        verbose_name="conclusion",
                    ),
                ),
                ("proposals", models.CharField(max_length=500, verbose_name="propositions")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "by",
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
            ],
            options={
                "verbose_name": "conclusion du repérage",
            },
        ),
        migrations.CreateModel(
            name="GridAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.CharField(
                        choices=[
                            ("mother", "La mère"),
                            ("coparent", "Le co-parent"),
                            ("child", "L’enfant"),
                            ("family", "La famille"),
                        ],
                        max_length=8,
                        verbose_name="personne",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("present", "Présent"),
                            ("absent", "Absent"),
                            ("not_explored", "Pas abordé"),
                            ("refuses", "Ne souhaite pas en parler"),
                        ],
                        max_length=12,
                        verbose_name="valeur",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=400, verbose_name="commentaire")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("recorded_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.child",
                        verbose_name="enfant",
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
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.gridfactor",
                        verbose_name="facteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse du repérage",
            },
        ),
        migrations.CreateModel(
            name="GridReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REVIEWED_NOTHING", "Oui, rien de nouveau à noter"),
                            ("TO_NOTE", "Oui, quelque chose à noter"),
                            ("PARTLY", "En partie"),
                            ("SKIPPED", "Pas cette fois"),
                        ],
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                (
                    "skip_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_ALONE", "Mère jamais seule"),
                            ("TIME", "Pas le temps"),
                            ("LANGUAGE", "Langue"),
                            ("FAMILY_WISH", "La famille ne souhaite pas"),
                            ("URGENT", "Autre chose d’urgent"),
                            ("OTHER", "Autre"),
                        ],
                        max_length=12,
                        verbose_name="pourquoi pas",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                (
                    "author",
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
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.gridtemplate",
                        verbose_name="grille",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage de la grille",
            },
        ),
        migrations.AddField(
            model_name="gridfactor",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pathways.gridtemplate",
                verbose_name="grille",
            ),
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("V1", "Conditions de vie"),
                            ("V2", "Âge"),
                            ("V3", "Violences"),
                            ("V4", "Santé psychique"),
                            ("V5", "Tabac, alcool, autres"),
                            ("V6", "Handicap, maladie longue"),
                            ("V7", "Justice, protection"),
                            ("V8", "Début de vie"),
                            ("V9", "Famille et lien"),
                            ("R", "Forces"),
                        ],
                        max_length=2,
                        verbose_name="domaine",
                    ),
                ),
                ("fact", models.CharField(max_length=400, verbose_name="fait")),
                ("at", models.DateTimeField(verbose_name="vu le")),
                ("recorded_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("team", "Équipe de référence et coordination"),
                                ("ap", "Auxiliaire de la famille"),
                                ("liberal_midwife", "Sage-femme libérale"),
                                ("pmi_doctor", "Médecin de PMI"),
                                ("pmi", "Équipe de PMI"),
                                ("cpp", "Pilote CPP"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                        verbose_name="destinataires",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="retirée le")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi retirée")),
                (
                    "author",
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
            ],
            options={
                "verbose_name": "observation",
            },
        ),
        migrations.CreateModel(
            name="SealedGridAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.CharField(
                        choices=[
                            ("mother", "La mère"),
                            ("coparent", "Le co-parent"),
                            ("child", "L’enfant"),
                            ("family", "La famille"),
                        ],
                        max_length=8,
                        verbose_name="personne",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("present", "Présent"),
                            ("absent", "Absent"),
                            ("not_explored", "Pas abordé"),
                            ("refuses", "Ne souhaite pas en parler"),
                        ],
                        max_length=12,
                        verbose_name="valeur",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=400, verbose_name="commentaire")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("recorded_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("ALONE", "Seule"),
                            ("BABY_ONLY", "Seule avec bébé"),
                            ("OTHER_NEAR", "Quelqu’un à côté, sans lire"),
                            ("PARTNER_NEAR", "Le co-parent était là"),
                            ("UNKNOWN", "Pas noté"),
                        ],
                        max_length=12,
                        verbose_name="vue seule",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.child",
                        verbose_name="enfant",
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.gridfactor",
                        verbose_name="facteur",
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
                "verbose_name": "réponse protégée du repérage",
            },
        ),
        migrations.CreateModel(
            name="SealedSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "Visite"),
                            ("call", "Appel"),
                            ("meeting", "Réunion"),
                            ("office", "Consultation"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="visite")),
                ("domains", models.JSONField(default=list, verbose_name="domaines")),
                ("facts", models.CharField(max_length=800, verbose_name="faits")),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("ALONE", "Seule"),
                            ("BABY_ONLY", "Seule avec bébé"),
                            ("OTHER_NEAR", "Quelqu’un à côté, sans lire"),
                            ("PARTNER_NEAR", "Le co-parent était là"),
                            ("UNKNOWN", "Pas noté"),
                        ],
                        max_length=12,
                        verbose_name="vue seule",
                    ),
                ),
                (
                    "safe_call",
                    models.CharField(
                        choices=[("YES", "Oui"), ("ONLY_TIMES", "Seulement à certaines heures"), ("NO", "Non")],
                        max_length=10,
                        verbose_name="appel sans danger",
                    ),
                ),
                (
                    "author",
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
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
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
                "verbose_name": "signalement à l’équipe",
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("third_visit", "Une troisième visite"), ("team_review", "Faire le point en équipe")],
                        max_length=12,
                        verbose_name="suggestion",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("grid", "Repérage"),
                            ("epds", "Questionnaire EPDS"),
                            ("parents_request", "Demande des parents"),
                            ("team", "Échange d’équipe"),
                        ],
                        max_length=16,
                        verbose_name="origine",
                    ),
                ),
                ("source_id", models.UUIDField(null=True, verbose_name="objet")),
                ("note", models.CharField(blank=True, max_length=160, verbose_name="en une ligne")),
                ("is_same_day", models.BooleanField(default=False, verbose_name="le jour même")),
                ("suggested_at", models.DateTimeField(verbose_name="suggérée le")),
                ("is_accepted", models.BooleanField(null=True, verbose_name="retenue")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="décidée le")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="motif")),
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
                    "suggested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="suggérée par",
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
                "verbose_name": "suggestion à l’équipe",
            },
        ),
        migrations.AddIndex(
            model_name="epdsscreening",
            index=models.Index(fields=["territory", "family", "-at"], name="epds_of_family"),
        ),
        migrations.AddIndex(
            model_name="epdsscreening",
            index=models.Index(
                condition=models.Q(("repeat_on__isnull", False)),
                fields=["territory", "repeat_on"],
                name="epds_repeat_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.UniqueConstraint(fields=("territory", "source_id"), name="epds_once_per_visit"),
        ),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.CheckConstraint(
                condition=models.Q(("person__in", ["mother", "coparent"])), name="epds_of_an_adult"
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.CheckConstraint(
                condition=models.Q(("total", None), ("total__lte", 30), _connector="OR"), name="epds_total_up_to_thirty"
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("status", "DONE")),
                    models.Q(
                        models.Q(("status", "DONE"), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        ("total", None),
                    ),
                    _connector="OR",
                ),
                name="epds_not_done_with_a_reason",
                violation_error_message="Dites pourquoi le questionnaire n’est pas rempli.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsscreening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total", None),
                    models.Q(
                        ("alert__isnull", False),
                        ("high__isnull", False),
                        ("watch__isnull", False),
                        models.Q(("thresholds_version", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="epds_total_with_its_thresholds",
            ),
        ),
        migrations.AddIndex(
            model_name="epdscorrection",
            index=models.Index(fields=["territory", "screening"], name="epds_correction_of"),
        ),
        migrations.AddConstraint(
            model_name="epdscorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("item__in", ("i01", "i02", "i03", "i04", "i05", "i06", "i07", "i08", "i09", "i10"))
                ),
                name="epds_correction_of_an_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdscorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__lte", 3)), name="epds_correction_from_0_to_3"
            ),
        ),
        migrations.AddConstraint(
            model_name="epdscorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_accepted", None)),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by__isnull", False), ("is_accepted__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="epds_correction_decided_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="epdsthresholds",
            index=models.Index(fields=["territory", "-valid_from"], name="epds_thresholds_latest"),
        ),
        migrations.AddConstraint(
            model_name="epdsthresholds",
            constraint=models.UniqueConstraint(
                fields=("territory", "version"),
                name="epds_thresholds_once",
                violation_error_message="Cette version existe déjà : donnez-lui un autre nom.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsthresholds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alert__gte", models.F("watch")),
                    ("high__gte", models.F("alert")),
                    ("high__lte", 30),
                    ("watch__gte", 1),
                ),
                name="epds_thresholds_in_order",
                violation_error_message="Les trois seuils vont dans l’ordre, de 1 à 30.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.UniqueConstraint(fields=("screening",), name="epds_values_once"),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i01", None), ("i01__lte", 3), _connector="OR"),
                name="epds_i01_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i02", None), ("i02__lte", 3), _connector="OR"),
                name="epds_i02_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i03", None), ("i03__lte", 3), _connector="OR"),
                name="epds_i03_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i04", None), ("i04__lte", 3), _connector="OR"),
                name="epds_i04_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i05", None), ("i05__lte", 3), _connector="OR"),
                name="epds_i05_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i06", None), ("i06__lte", 3), _connector="OR"),
                name="epds_i06_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i07", None), ("i07__lte", 3), _connector="OR"),
                name="epds_i07_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i08", None), ("i08__lte", 3), _connector="OR"),
                name="epds_i08_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i09", None), ("i09__lte", 3), _connector="OR"),
                name="epds_i09_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="epdsvalues",
            constraint=models.CheckConstraint(
                condition=models.Q(("i10", None), ("i10__lte", 3), _connector="OR"),
                name="epds_i10_from_0_to_3",
                violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
            ),
        ),
        migrations.AddIndex(
            model_name="epdswording",
            index=models.Index(fields=["territory", "language", "-loaded_at"], name="epds_wording_latest"),
        ),
        migrations.AddIndex(
            model_name="gridconclusion",
            index=models.Index(fields=["territory", "family", "-at"], name="grid_conclusion_latest"),
        ),
        migrations.AddIndex(
            model_name="gridanswer",
            index=models.Index(fields=["territory", "family", "factor", "-at"], name="grid_answer_latest"),
        ),
        migrations.AddConstraint(
            model_name="gridanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("child", None), ("person", "child"), _connector="OR"),
                name="grid_answer_of_its_child",
            ),
        ),
        migrations.AddIndex(
            model_name="gridreview",
            index=models.Index(fields=["territory", "pathway"], name="grid_review_of_pathway"),
        ),
        migrations.AddConstraint(
            model_name="gridreview",
            constraint=models.UniqueConstraint(fields=("territory", "source_id"), name="grid_review_once_per_visit"),
        ),
        migrations.AddConstraint(
            model_name="gridreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "SKIPPED"), models.Q(("skip_reason", ""), _negated=True)),
                    models.Q(models.Q(("status", "SKIPPED"), _negated=True), ("skip_reason", "")),
                    _connector="OR",
                ),
                name="grid_review_skipped_with_a_reason",
                violation_error_message="Dites pourquoi le repérage n’est pas fait cette fois.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridfactor",
            constraint=models.UniqueConstraint(fields=("template", "code"), name="grid_factor_once"),
        ),
        migrations.AddConstraint(
            model_name="gridfactor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sensitivity", "S3"), _negated=True),
                    models.Q(("link_id", ""), ("ticker", "team")),
                    _connector="OR",
                ),
                name="grid_factor_sealed_is_of_team",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(fields=["territory", "family", "-at"], name="observation_of_family"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(fields=("territory", "source_id"), name="observation_once_per_visit"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("domain__in", ["V3", "V4", "V7"]), _negated=True),
                name="observation_of_open_domain",
                violation_error_message="Une situation protégée se signale à l’équipe, jamais ici.",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipients", []), _negated=True),
                name="observation_is_for_somebody",
                violation_error_message="Dites pour qui vous l’écrivez.",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="observation_withdrawn_with_a_reason",
                violation_error_message="Dites pourquoi vous la retirez.",
            ),
        ),
        migrations.AddIndex(
            model_name="sealedgridanswer",
            index=models.Index(fields=["territory", "family", "factor", "-at"], name="sealed_grid_latest"),
        ),
        migrations.AddConstraint(
            model_name="sealedgridanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("child", None), ("person", "child"), _connector="OR"),
                name="sealed_grid_of_its_child",
            ),
        ),
        migrations.AddIndex(
            model_name="sealedsignal",
            index=models.Index(fields=["territory", "family"], name="sealed_signal_of_family"),
        ),
        migrations.AddConstraint(
            model_name="sealedsignal",
            constraint=models.UniqueConstraint(fields=("territory", "source_id"), name="sealed_signal_once_per_visit"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("decided_at", None)), fields=["territory", "suggested_at"], name="suggestion_open"
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["territory", "family"], name="suggestion_of_family"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)),
                fields=("pathway", "kind", "cause"),
                name="suggestion_open_once",
                violation_error_message="Cette suggestion attend déjà la décision de l’équipe.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                fields=("territory", "kind", "cause", "source_id"), name="suggestion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_accepted", None)),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by__isnull", False), ("is_accepted__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="suggestion_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_accepted", False), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="suggestion_refused_with_a_reason",
                violation_error_message="Dites pourquoi la suggestion n’est pas retenue.",
            ),
        ),
        *(walls.wall(table) for table in TABLES),
        walls.pointable(SCREENING),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table, hidden=HIDDEN.get(table, ())) for table in TABLES),
        migrations.RunSQL(FITS, MISFITS),
        migrations.RunSQL(STANDS, FALLS),
    ]

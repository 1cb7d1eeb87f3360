"""What comes along with a family stands in the territory that takes her over, where the origin does not read it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

FILE, FAMILY, BIRTH = "pathways_receivedfile", "pathways_family", "pathways_birth"

# Territory by territory: the policies hold for the owner too, and history wants to know who writes.
FILL = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:pathways.0039', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    insert into pathways_receivedfile (public_id, territory_id, family_id, birth_id, from_territory_id, received_at,
        visits, needs, need_codes, circle)
      select gen_random_uuid(), t, a.family_id, b.id, a.from_territory_id, a.answered_at,
        coalesce(a.summary -> 'visits', '[]'), coalesce(a.summary ->> 'needs', ''), '[]', '[]'
      from pathways_transferanswer a
      join lateral (select id from pathways_birth where family_id = a.family_id order by at, id limit 1) b on true
      where a.territory_id = t;
    update pathways_transferanswer set summary = '{}' where territory_id = t and summary <> '{}';
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0039_sealed_alert_facts"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.AddField(
            "pathway",
            "elsewhere",
            models.JSONField(db_default=[], default=list, verbose_name="visites faites ailleurs"),
        ),
        migrations.AlterField(
            "need",
            "source",
            models.CharField(
                choices=[
                    ("REPORT", "Compte rendu de visite"),
                    ("FREE", "En dehors d’une visite"),
                    ("MOVED", "Dossier reçu d’un autre territoire"),
                ],
                max_length=6,
                verbose_name="repéré",
            ),
        ),
        migrations.AlterField("transferanswer", "transfer", models.UUIDField(verbose_name="transfert")),
        migrations.AddConstraint(
            "transferanswer",
            models.UniqueConstraint(fields=("transfer", "territory"), name="transfer_answered_once"),
        ),
        migrations.CreateModel(
            name="ReceivedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("received_at", models.DateTimeField(verbose_name="reçu le")),
                ("visits", models.JSONField(default=list, verbose_name="visites faites ailleurs")),
                (
                    "needs",
                    models.CharField(blank=True, max_length=400, verbose_name="ce dont la famille a besoin"),
                ),
                ("need_codes", models.JSONField(default=list, verbose_name="besoins en cours")),
                ("circle", models.JSONField(default=list, verbose_name="qui suivait la famille")),
                (
                    "birth",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.birth",
                        verbose_name="naissance",
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
                    "from_territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                        verbose_name="depuis",
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
                "verbose_name": "dossier reçu",
                "indexes": [models.Index(fields=["territory", "family"], name="received_file_of_family")],
            },
        ),
        walls.wall(FILE),
        walls.same_territory(FILE, "family_id", FAMILY),
        walls.same_territory(FILE, "birth_id", BIRTH),
        walls.history(FILE, hidden=["needs", "need_codes", "circle"]),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

"""Every month a service of the directory says by a link whether it takes new families; its answer has a date."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

# What was known before was last seen with the entry itself. Territory by territory, with an actor: see history.
DATE = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:territories.capacity', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update territories_directoryentry set capacity_on = reviewed_on
      where territory_id = t and capacity_now <> 'unknown';
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("territories", "0006_entry_facts_and_supervision")]

    operations = [
        migrations.AddField(
            model_name="directoryentry",
            name="capacity_on",
            field=models.DateField(null=True, verbose_name="places dites le"),
        ),
        migrations.RunSQL(DATE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CapacityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField(verbose_name="mois")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="demandé le")),
                ("expires_at", models.DateTimeField(verbose_name="jusqu’au")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="rappelé le")),
                ("used_at", models.DateTimeField(null=True, verbose_name="répondu le")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Oui"),
                            ("waiting", "Liste d’attente"),
                            ("full", "Non"),
                            ("unknown", "Ne sait pas"),
                        ],
                        max_length=8,
                        verbose_name="réponse",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.directoryentry",
                        verbose_name="service",
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
                "verbose_name": "question sur les places",
                "verbose_name_plural": "questions sur les places",
            },
        ),
        migrations.AddConstraint(
            model_name="capacitycheck",
            constraint=models.UniqueConstraint(fields=("entry", "month"), name="capacity_asked_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="capacitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("used_at", None)),
                    models.Q(("answer__in", ["open", "waiting", "full"]), ("used_at__isnull", False)),
                    _connector="OR",
                ),
                name="capacity_answered_whole",
            ),
        ),
        walls.wall("territories_capacitycheck"),
        walls.same_territory("territories_capacitycheck", "entry_id", "territories_directoryentry"),
        walls.history("territories_capacitycheck", hidden=("token_hash",)),
    ]

"""Row-level security, composite keys and history for the tables of this app."""

from django.db import migrations

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_tables"), ("pathways", "0002_walls")]

    operations = [
        walls.wall("billing_chargeableline"),
        walls.same_territory("billing_chargeableline", "family_id", "pathways_family"),
        walls.same_territory("billing_chargeableline", "pathway_id", "pathways_pathway"),
        walls.history("billing_chargeableline"),
    ]

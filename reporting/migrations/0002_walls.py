"""Row-level security, composite keys and history for the tables of this app."""

from django.db import migrations

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_tables"), ("territories", "0002_walls")]

    operations = [
        # The one table an ARS reads across its territories: figures, never a family.
        walls.wall("reporting_figure", also_readable=walls.IN_REGION),
        walls.wall("reporting_exportrun"),
        walls.same_territory("reporting_exportrun", "requested_by_id", "territories_member"),
        walls.history("reporting_figure"),
        walls.history("reporting_exportrun"),
    ]

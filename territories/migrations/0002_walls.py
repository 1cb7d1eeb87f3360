"""Row-level security, composite keys, history and the runtime role for the tables of this app."""

from django.db import migrations

from copa.kernel import walls

TABLES = [
    "territories_structure",
    "territories_pmisector",
    "territories_commune",
    "territories_accesslog",
    "territories_historyevent",
    "territories_outgoingmessage",
]


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_tables")]

    operations = [
        walls.runtime_role(),
        *(walls.wall(table) for table in TABLES),
        # Each person reads her own memberships: that is how a request finds out where she may stand.
        walls.wall("territories_member", also_readable=walls.IS_ME),
        walls.pointable("territories_structure"),
        walls.pointable("territories_pmisector"),
        walls.pointable("territories_commune"),
        walls.pointable("territories_member"),
        walls.same_territory("territories_pmisector", "structure_id", "territories_structure"),
        walls.same_territory("territories_commune", "sector_id", "territories_pmisector"),
        walls.same_territory("territories_member", "structure_id", "territories_structure"),
        walls.same_territory("territories_member", "supervisor_id", "territories_member"),
        walls.history_function("territories_historyevent"),
        walls.history("territories_member"),
    ]

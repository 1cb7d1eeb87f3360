"""Row-level security, composite keys and history for the tables of this app."""

from django.db import migrations

from copa.kernel import walls

VISIT = "visits_visit"
REPORT = "visits_report"
FAMILY = "pathways_family"
MEMBER = "territories_member"

# (table, column, table it points at): no row may point into another territory.
LINKS = [
    (VISIT, "family_id", FAMILY),
    (VISIT, "pathway_id", "pathways_pathway"),
    (VISIT, "ap_id", MEMBER),
    (REPORT, "family_id", FAMILY),
    (REPORT, "visit_id", VISIT),
    (REPORT, "author_id", MEMBER),
    ("visits_sealedanswers", "family_id", FAMILY),
    ("visits_sealedanswers", "report_id", REPORT),
    ("visits_addendum", "family_id", FAMILY),
    ("visits_addendum", "report_id", REPORT),
    ("visits_addendum", "author_id", MEMBER),
    ("visits_delivery", "family_id", FAMILY),
    ("visits_delivery", "report_id", REPORT),
    ("visits_delivery", "structure_id", "territories_structure"),
    ("visits_delivery", "opened_by_id", MEMBER),
]
TABLES = sorted({table for table, _, _ in LINKS})


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_tables"), ("pathways", "0002_walls")]

    operations = [
        *(walls.wall(table) for table in TABLES),
        walls.pointable(VISIT),
        walls.pointable(REPORT),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(VISIT),
        # A draft is saved every few seconds: the event says who and when, the sealed answers are never copied.
        walls.history(REPORT, hidden=["context"]),
        walls.history("visits_sealedanswers", hidden=["answers"]),
        walls.history("visits_addendum"),
        walls.history("visits_delivery"),
    ]

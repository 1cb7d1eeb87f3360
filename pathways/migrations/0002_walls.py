"""Row-level security, composite keys and history for the tables of this app."""

from django.db import migrations

from copa.kernel import walls

FAMILY = "pathways_family"
BIRTH = "pathways_birth"
MEMBER = "territories_member"
STRUCTURE = "territories_structure"

# (table, column, table it points at): no row may point into another territory.
LINKS = [
    (FAMILY, "maternity_id", STRUCTURE),
    (FAMILY, "commune_id", "territories_commune"),
    ("pathways_mother", "family_id", FAMILY),
    ("pathways_coparent", "family_id", FAMILY),
    (BIRTH, "family_id", FAMILY),
    (BIRTH, "maternity_id", STRUCTURE),
    ("pathways_child", "family_id", FAMILY),
    ("pathways_child", "birth_id", BIRTH),
    ("pathways_discharge", "family_id", FAMILY),
    ("pathways_discharge", "birth_id", BIRTH),
    ("pathways_discharge", "recorded_by_id", MEMBER),
    ("pathways_proposal", "family_id", FAMILY),
    ("pathways_proposal", "birth_id", BIRTH),
    ("pathways_proposal", "proposed_by_id", MEMBER),
    ("pathways_consent", "family_id", FAMILY),
    ("pathways_consent", "birth_id", BIRTH),
    ("pathways_consent", "collected_by_id", MEMBER),
    ("pathways_consent", "withdrawn_by_id", MEMBER),
    ("pathways_recipientconsent", "family_id", FAMILY),
    ("pathways_recipientconsent", "collected_by_id", MEMBER),
    ("pathways_pathway", "family_id", FAMILY),
    ("pathways_pathway", "birth_id", BIRTH),
    ("pathways_pathway", "consent_id", "pathways_consent"),
    ("pathways_pathway", "carrier_id", STRUCTURE),
    ("pathways_pathway", "ap_id", MEMBER),
    ("pathways_pathway", "included_by_id", MEMBER),
    ("pathways_alert", "family_id", FAMILY),
    ("pathways_alert", "pathway_id", "pathways_pathway"),
    ("pathways_alert", "raised_by_id", MEMBER),
    ("pathways_alert", "acknowledged_by_id", MEMBER),
    ("pathways_pmirelay", "family_id", FAMILY),
    ("pathways_pmirelay", "pathway_id", "pathways_pathway"),
    ("pathways_pmirelay", "sector_id", "territories_pmisector"),
    ("pathways_pmirelay", "answered_by_id", MEMBER),
    ("pathways_familygrant", "content_object_id", FAMILY),
    ("pathways_familygrant", "granted_by_id", MEMBER),
]
TABLES = sorted({table for table, _, _ in LINKS})
POINTABLE = [FAMILY, BIRTH, "pathways_consent", "pathways_pathway"]


class Migration(migrations.Migration):
    dependencies = [("pathways", "0001_tables"), ("territories", "0002_walls")]

    operations = [
        *(walls.wall(table) for table in TABLES),
        *(walls.pointable(table) for table in POINTABLE),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in TABLES),
    ]

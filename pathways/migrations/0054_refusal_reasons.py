"""What she said when she refused may be several things (inclusion.md 2, refuse.reason repeats): one code becomes a list.

In place: the column keeps its rows, and nothing reads it under its former name. History keeps what it has written.
"""

from django.db import migrations, models

TABLES = ("pathways_proposal", "pathways_presentation")
FORWARD = """
ALTER TABLE {table} RENAME COLUMN refusal_reason TO refusal_reasons;
ALTER TABLE {table} ALTER COLUMN refusal_reasons TYPE jsonb
    USING CASE WHEN refusal_reasons = '' THEN '[]'::jsonb ELSE jsonb_build_array(refusal_reasons) END;
ALTER TABLE {table} ALTER COLUMN refusal_reasons SET DEFAULT '[]'::jsonb;
"""
BACK = """
ALTER TABLE {table} ALTER COLUMN refusal_reasons DROP DEFAULT;
ALTER TABLE {table} ALTER COLUMN refusal_reasons TYPE varchar(16) USING coalesce(refusal_reasons ->> 0, '');
ALTER TABLE {table} RENAME COLUMN refusal_reasons TO refusal_reason;
"""


def _in_state(model: str) -> list[migrations.operations.base.Operation]:
    return [
        migrations.RemoveField(model_name=model, name="refusal_reason"),
        migrations.AddField(
            model_name=model,
            name="refusal_reasons",
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name="raisons"),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("pathways", "0053_relay_late_contact")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(FORWARD.format(table=table), BACK.format(table=table)) for table in TABLES
            ],
            state_operations=[*_in_state("proposal"), *_in_state("presentation")],
        )
    ]

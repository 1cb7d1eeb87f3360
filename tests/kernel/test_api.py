"""What every list of the API is built on."""

import pytest
from django.db import connection
from django.db.models import Model

from pathways.models import Family, Pathway
from visits.models import Report, Visit

INDEXES = """
select array_agg(a.attname::text order by k.rank)
from pg_index i
cross join lateral unnest(i.indkey::int[]) with ordinality k(attnum, rank)
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
where i.indrelid = %s::regclass and i.indpred is null
group by i.indexrelid
"""


@pytest.mark.parametrize("model", [Family, Pathway, Report, Visit])
def test_pages_are_cut_by_an_index_of_the_territory(db: None, model: type[Model]) -> None:
    """Ordered by key alone, the newest page of a quiet territory would read the rows of all the others."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [model._meta.db_table])
        indexes = [columns for (columns,) in cursor.fetchall()]

    assert ["territory_id", "id"] in indexes

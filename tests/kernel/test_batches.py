"""A migration fills a table by ranges of keys: every row of every territory once, in a transaction per range."""

import pytest
from django.db import connection, connections

from copa.kernel import batches, scope
from pathways.models import Pathway
from territories.models import HistoryEvent
from tests import factories
from tests.cast import LAGON, VALLEES, inside

STATEMENT = """
update pathways_pathway set is_third_decided = true
  where id between %(first)s and %(last)s and not is_third_decided and %(zone)s like '%%/%%'
"""


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("size", [1, 2, 10])
def test_every_row_of_every_territory_is_filled_once_by_ranges(size: int) -> None:
    filling = batches.fill("pathways_pathway", STATEMENT, actor="migration:test", size=size)
    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            for _ in range(3):
                factories.make_pathway()

    for _ in range(2):
        with connections["owner"].schema_editor(atomic=False) as editor:
            filling.code(None, editor)
    connections["owner"].close()

    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            assert set(Pathway.objects.values_list("is_third_decided", flat=True)) == {True}
            events = HistoryEvent.objects.filter(table_name=Pathway._meta.db_table, actor="migration:test")
            assert events.count() == 3
            with connection.cursor() as cursor:
                cursor.execute("select count(distinct xmin::text) from pathways_pathway")
                # Of the transactions that wrote the rows.
                assert cursor.fetchone()[0] == -(-3 // size)

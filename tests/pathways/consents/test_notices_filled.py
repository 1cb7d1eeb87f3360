"""The adhesions of before have their information as a row, in every territory, with who gave it."""

from importlib import import_module

import pytest
from django.db import connections, transaction

from copa.kernel import scope
from pathways.models import Consent, InformationNotice
from territories.models import HistoryEvent
from tests import factories
from tests.cast import LAGON, VALLEES, inside


@pytest.mark.usefixtures("committed")
def test_adhesions_of_before_become_notices() -> None:
    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            factories.make_consent()

    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(import_module("pathways.migrations.0028_notices_filled").FILL)
    connections["owner"].close()

    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            notice, consent = InformationNotice.objects.get(), Consent.objects.get()
            assert (notice.version, notice.given_at, notice.given_by) == (
                consent.notice_version,
                consent.at,
                consent.collected_by,
            )
            event = HistoryEvent.objects.get(table_name=InformationNotice._meta.db_table)
            assert event.actor == "migration:pathways.0028"

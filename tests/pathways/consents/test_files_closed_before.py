"""The withdrawals of everything noted before close what they had left open; a kept space and a new follow-up do not."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connections, transaction

from copa.kernel import clock, scope
from pathways.enums import PathwayState
from pathways.models import Consent, FamilyGrant, Pathway, Withdrawal
from tests import factories
from tests.cast import LAGON, VALLEES, inside


def withdrawn(*, keeps_space: bool = False, is_followed_again: bool = False) -> Pathway:
    """As a withdrawal of before left it: a file still open to somebody."""
    at = clock.now() - timedelta(days=2)
    pathway: Pathway = factories.make_pathway(state=PathwayState.WITHDRAWN, closed_at=at)
    by = pathway.included_by
    Consent.objects.filter(pk=pathway.consent_id).update(withdrawn_at=at, withdrawn_by=by, keeps_space=keeps_space)
    Withdrawal.objects.create(family_id=pathway.family_id, pathway=pathway, noted_by=by, noted_at=at)
    factories.make_grant(pathway.family, to=by, by=by, granted_at=at - timedelta(days=1))
    if is_followed_again:
        factories.make_pathway(factories.make_birth(pathway.family))
    return pathway


def is_open(pathway: Pathway) -> bool:
    return bool(FamilyGrant.objects.running(clock.now()).filter(content_object=pathway.family_id).exists())


@pytest.mark.usefixtures("committed")
def test_files_left_open_close() -> None:
    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            withdrawn(keeps_space=True), withdrawn(), withdrawn(is_followed_again=True)

    for _ in range(2):
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute(import_module("pathways.migrations.0074_files_closed_before").CLOSED)
    connections["owner"].close()

    for slug in (VALLEES, LAGON):
        with scope.opened(inside(slug)):
            stopped = Pathway.objects.filter(state=PathwayState.WITHDRAWN).order_by("pk")
            assert [is_open(one) for one in stopped] == [True, False, True]
            closed = Withdrawal.objects.exclude(files_closed_at=None).get()
            assert FamilyGrant.objects.get(content_object=closed.family_id).revoked_at == closed.files_closed_at

"""Loads of their own: the command, its hash, and the four territories."""

import os
import subprocess
import sys
from io import StringIO

import phonenumbers
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from copa.demo import loader
from copa.demo.loader import Plan
from copa.demo.management.commands.demo_logins import NOT_READY
from copa.demo.management.commands.load_demo import export_hash
from copa.kernel import scope
from pathways.models import CoParent, Mother
from territories.models import Structure, Territory
from tests.demo.conftest import AT, inside, load
from tests.workers import database_url


def hashed(plan: Plan) -> str:
    """The export hash of a plan, loaded into a savepoint that is undone."""
    with transaction.atomic():
        load(plan)
        found = export_hash(plan)
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_export(db: None) -> None:
    """Staged families included: those need sixty births."""
    plan = Plan(at=AT, births=64, territories=1, seed=5)

    first, again = hashed(plan), hashed(plan)
    other = hashed(Plan(at=AT, births=64, territories=1, seed=6))

    assert first == again
    assert first != other


def test_phones_are_fictional_and_of_their_region(db: None) -> None:
    load(Plan(at=AT, births=40, territories=4, seed=2))
    starts = {"FR": "+3319900", "RE": "+26226200"}

    for territory in Territory.objects.filter(slug__in=["vallees-de-l-est", "hauts-et-lagon"]):
        with scope.opened(inside(territory.slug)):
            phones = [
                phone
                for model in (Mother, CoParent, Structure)
                for phone in model.objects.order_by("pk").values_list("phone", flat=True)
            ]
        assert phones
        assert all(phone.startswith(starts[territory.phone_region]) for phone in phones)
        assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)


def test_the_command_is_for_demonstrations_only(db: None, settings: object) -> None:
    settings.COPA_DEMO = False  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="demonstration settings only"):
        call_command("load_demo", stdout=StringIO())
    with pytest.raises(CommandError, match="demonstration settings only"):
        call_command("demo_logins", stdout=StringIO())


def test_the_command_says_what_it_did(db: None) -> None:
    out = StringIO()

    call_command("load_demo", "--births", "12", "--territories", "1", "--today", "2026-11-03", stdout=out)

    assert "12 births in 1 territories" in out.getvalue()
    assert "(seed 1, as of 2026-11-03 13:00 UTC)" in out.getvalue()
    plan = Plan(at=loader.instant(AT.date(), AT), births=12, territories=1)
    assert f"export hash {export_hash(plan)}" in out.getvalue()


@pytest.mark.parametrize("where", ["postgresql://nobody@127.0.0.1:1/none", ""], ids=["nobody answers", "no table yet"])
def test_accounts_of_a_database_that_is_not_ready_are_one_sentence(db: None, where: str) -> None:
    """The database of the server itself has none of our tables, as ours before its first migration."""
    here = connections["default"].settings_dict["NAME"]
    url = where or database_url("default").replace(f"/{here}?", "/postgres?")
    asked = [sys.executable, "manage.py", "demo_logins"]
    around = {**os.environ, "DATABASE_URL": url}

    run = subprocess.run(asked, cwd=settings.BASE_DIR, env=around, capture_output=True, text=True, timeout=60)

    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert NOT_READY in run.stderr
    assert "Traceback" not in run.stderr + run.stdout

"""Settings that stop: a missing secret or server never starts the product in production."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = {
    "SECRET_KEY": "k" * 60,
    "COPA_SEED_KEYS": "seed",
    "ALLOWED_HOSTS": "copa.example",
    "DATABASE_URL": "postgresql://app:x@127.0.0.1/copa",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SITE_ADDRESS": "https://copa.example",
}


def load_production(**given: str) -> subprocess.CompletedProcess[str]:
    """Import the production settings in a fresh process with these variables only."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given}
    code = "from copa.settings import production as p; print(p.COPA_TWO_FACTORS_REQUIRED, p.SECURE_SSL_REDIRECT)"
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_production_starts_with_everything_given() -> None:
    assert load_production(**GIVEN).stdout.split() == ["True", "True"]


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_production_stops_without(missing: str) -> None:
    result = load_production(**{name: value for name, value in GIVEN.items() if name != missing})

    assert result.returncode != 0
    assert f"{missing} must be set in production" in result.stderr


def test_malformed_value_stops() -> None:
    result = load_production(**GIVEN, SESSION_HOURS="douze")

    assert "SESSION_HOURS='douze' is not a whole number" in result.stderr

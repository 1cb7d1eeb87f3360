"""Production: servers are given, secrets are given, two factors are required. A missing value stops the start."""

from copa.settings.base import *

COPA_DEMO = False


def _required(name: str) -> str:
    value = env.text(name)
    if not value:
        raise env.MalformedSetting(f"{name} must be set in production")
    return value


SECRET_KEY = _required("SECRET_KEY")
SEED_KEYS = _required("COPA_SEED_KEYS").split(",")
ALLOWED_HOSTS = _required("ALLOWED_HOSTS").split(",")
_required("DATABASE_URL")
_required("REDIS_URL")
COPA_TWO_FACTORS_REQUIRED = True

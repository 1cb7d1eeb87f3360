"""Production: servers are given, secrets are given, two factors are required. A missing value stops the start."""

from copa.kernel import env

# Asked before the base is read: without servers it would start the embedded ones. The address begins every link
# of a mail: with the default of the demonstration they would lead nowhere.
for _name in ("SECRET_KEY", "COPA_SEED_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "SITE_ADDRESS"):
    if not env.text(_name):
        raise env.MalformedSetting(f"{_name} must be set in production")

from copa.settings.base import *  # noqa: E402

COPA_DEMO = False
COPA_TWO_FACTORS_REQUIRED = True
# The reverse proxy stands in front: rate limits count the visitor's address, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 1)

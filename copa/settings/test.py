"""Tests: real PostgreSQL and Redis, quick hasher, no mail leaves; two factors are switched on where tested."""

from copa.settings.base import *

SECRET_KEY = "tests-only-alpha-bravo-abcdefghijklmnopqrstuvwxyz-alpha-bravo"  # noqa: S105
COPA_DEMO = True
COPA_TWO_FACTORS_REQUIRED = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_BACKEND = "territories.sms.to_memory"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
LOGGING = {**LOGGING, "root": {"handlers": ["console"], "level": "CRITICAL"}}

# Each test worker has its own numbered corner of the same Redis: clearing a cache empties that corner only.
_CORNER = int(env.text("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0)
CACHES = {"default": {**CACHES["default"], "LOCATION": env.redis_database(REDIS_URL, 4 + _CORNER)}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Tasks run at once, in the test's own transaction; the tests that start real workers switch this off.
CELERY_TASK_ALWAYS_EAGER = env.boolean("COPA_TEST_EAGER", default=True)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": env.text("COPA_TEST_QUEUES", f"test-{_CORNER}-"),
}
# Static files are found when asked, not listed at every start of a test client.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = VAR_DIR / f"test-files-{_CORNER}"

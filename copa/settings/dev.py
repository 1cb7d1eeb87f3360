"""The demonstration and development: runs with nothing set, on synthetic people only."""

from copa.settings.base import *

SECRET_KEY = SECRET_KEY or "demonstration-only-not-a-secret-alpha-bravo-abcdefghij"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*")
DEBUG = env.boolean("DEBUG", default=False)
COPA_DEMO = env.boolean("COPA_DEMO", default=True)
# Demo accounts sign in with a password alone; production asks two factors of every professional.
COPA_TWO_FACTORS_REQUIRED = env.boolean("COPA_TWO_FACTORS_REQUIRED", default=False)
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "300/m/ip", "login_failed": "60/m/ip,10/5m/key"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
SMS_BACKEND = SMS_BACKEND or "territories.sms.to_file"
SMS_FILE_PATH = VAR_DIR / "sms" / "sent.jsonl"

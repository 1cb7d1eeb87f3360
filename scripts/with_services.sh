#!/bin/sh
# scripts/with_services.sh COMMAND…: runs a command that may start the embedded servers, and stops them after it
# if they were not up before.
set -u
cd "$(dirname "$0")/.."

if [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ]; then
    exec "$@"
fi
before=$(.venv/bin/python manage.py services status | head -n 1)
trap : INT TERM
"$@"
code=$?
[ "$before" = up ] || .venv/bin/python manage.py services stop >/dev/null
exit "$code"

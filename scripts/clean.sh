#!/bin/sh
# Stops the embedded servers and removes their data, files made by the platform, and the caches of tools.
set -eu
cd "$(dirname "$0")/.."

if [ -x .venv/bin/python ]; then
    .venv/bin/python manage.py services stop >/dev/null
fi
# Where the data could not lie under var/, these are links (docs/operations.md).
for link in var/pg var/redis var/run; do
    target=$(readlink -f "$link" || true)
    case "$target" in
        /var/lib/copa-*/*) rm -rf "${target%/*}" ;;
        /tmp/copa-*) rm -rf "$target" ;;
    esac
done
rm -rf var .mypy_cache .ruff_cache .import_linter_cache .pytest_cache

#!/bin/bash
# Everything that is wrong without running a test. Runs all of it, then says what failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

step() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        echo "$output" | tail -n 40 | sed 's/^/        /'
        failed+=("$name")
    fi
}

shopt -s nullglob
strict=(copa/kernel)
for name in rules perms actions reads; do
    strict+=(*/"$name".py */"$name"/*.py $(compgen -G "*/$name/*/*.py"))
done

production() {
    env -u DATABASE_URL_FILE -u REDIS_URL_FILE DJANGO_SETTINGS_MODULE=copa.settings.production \
        SECRET_KEY="check-only-$(printf '0123456789abcdefghij%.0s' 1 2 3 4)" COPA_SEED_KEYS=check-only \
        ALLOWED_HOSTS=copa.example SITE_ADDRESS=https://copa.example \
        DATABASE_URL=postgresql://check:check@127.0.0.1/check REDIS_URL=redis://127.0.0.1:1/0 "$@"
}

# Shape of the file, the services an installation needs, and a health check for each that stays up.
compose() {
    $bin/python - <<'PY'
import yaml

services = yaml.safe_load(open("docker-compose.yml", encoding="utf-8"))["services"]
wanted = {"proxy", "web", "worker", "beat", "migrate", "postgres", "redis"}
assert wanted <= services.keys(), f"missing: {wanted - services.keys()}"
unwatched = {name for name in wanted - {"migrate"} if "healthcheck" not in services[name]}
assert not unwatched, f"without health check: {unwatched}"
PY
}

no_hosts_in_locks() {
    ! grep -nE '://|--(extra-)?index-url|--find-links' requirements/*.lock
}

step "ruff check" $bin/ruff check --output-format concise .
step "ruff format" $bin/ruff format --check .
step "mypy --strict" $bin/mypy "${strict[@]}"
step "layers" $bin/lint-imports
step "templates: format" $bin/djlint templates --check
step "templates: lint" $bin/djlint templates --lint
step "missing migrations" $bin/python manage.py makemigrations --check --dry-run
step "deployment settings" production $bin/python manage.py check --deploy --fail-level WARNING
step "docker-compose.yml" compose
step "locks name no host" no_hosts_in_locks

[ ${#failed[@]} -eq 0 ] || { echo "Failed: ${failed[*]}"; exit 1; }

#!/bin/sh
# Makes .venv from the hash-locked requirements; does nothing when it already holds what the lock says.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/dev.lock

if cmp -s "$lock" .venv/installed.lock; then
    exit 0
fi

find_python() {
    for name in python3.11 python3 python3.12 python3.13; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed (Debian 12: apt-get install python3)." >&2
    exit 1
}

if ! [ -x .venv/bin/pip ]; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian keeps the part of Python that makes virtual environments in a package of its own.
        scripts/apt.sh "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    echo "Making .venv with $("$python" --version)." >&2
    "$python" -m venv .venv
fi
pip="env PIP_NO_WARN_SCRIPT_LOCATION=1 .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input"

# uv installs the same hashes in seconds; it comes from the lock itself. Where it cannot (a registry that only pip
# knows), pip does it in a few minutes.
echo "Installing $lock into .venv: seconds with uv, a few minutes with pip alone." >&2
awk '/^uv==/ { keep = 1; print; next } /^[^ ]/ { keep = 0 } keep' "$lock" >.venv/uv.lock
if ! { $pip --require-hashes -r .venv/uv.lock </dev/null 2>/dev/null &&
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" </dev/null; }; then
    $pip --require-hashes -r "$lock" </dev/null
fi
cp "$lock" .venv/installed.lock

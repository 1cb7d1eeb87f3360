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
echo "Installing $lock into .venv." >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock" </dev/null
cp "$lock" .venv/installed.lock

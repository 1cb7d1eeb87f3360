#!/bin/sh
# scripts/apt.sh PACKAGE…: installs Debian packages where that is allowed, else prints the one command to type.
set -eu

# Root needs no prefix; others use sudo, but only where it asks no password.
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "These system packages are missing: $*" >&2
    echo "Type this once, then try again:" >&2
    echo "    su -c 'apt-get update && apt-get install -y --no-install-recommends $*'" >&2
    exit 1
fi

if ! command -v apt-get >/dev/null; then
    echo "Install with the package manager of this system, then try again: $*" >&2
    exit 1
fi
echo "Installing system packages: $*" >&2
$as_root apt-get update -qq >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null

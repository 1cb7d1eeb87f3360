#!/bin/sh
# scripts/system_libs.sh [browser]: the system libraries and the font WeasyPrint needs and, for tests and
# screenshots, Chromium. Looks first; installs only what is missing.
set -eu
cd "$(dirname "$0")/.."

missing=
# ldconfig is not in the PATH of ordinary users on Debian.
libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
need_library() {
    case "$libraries" in *"$1"*) ;; *) missing="$missing $2" ;; esac
}
need_library libpango-1.0.so.0 libpango-1.0-0
need_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
need_library libharfbuzz-subset.so.0 libharfbuzz-subset0

# Liberation by name: the one-page documents are laid out in it, and wider letters (DejaVu) push them onto a second one.
fonts=$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" \
    -iname 'liberation*' -print -quit 2>/dev/null || true)
[ -n "$fonts" ] || missing="$missing fonts-liberation"

if [ "${1:-}" = browser ] && ! command -v chromium >/dev/null; then
    missing="$missing chromium"
fi

[ -z "$missing" ] || exec scripts/apt.sh $missing

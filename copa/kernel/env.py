"""Reading settings from the environment: a default that runs, and a malformed value that stops the start."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


class MalformedSetting(Exception):
    """An environment variable holds something that cannot be read; the message names it."""


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file named by NAME_FILE (secrets of compose), or the default."""
    if file_name := os.environ.get(f"{name}_FILE"):
        return Path(file_name).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def boolean(name: str, *, default: bool) -> bool:
    """The variable as a yes or no; MalformedSetting for any other word."""
    word = text(name, "yes" if default else "no").strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise MalformedSetting(f"{name}={word!r} is neither yes nor no")


def integer(name: str, default: int) -> int:
    """The variable as a whole number; MalformedSetting otherwise."""
    word = text(name, str(default))
    try:
        return int(word)
    except ValueError:
        raise MalformedSetting(f"{name}={word!r} is not a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, split at commas; empty parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def postgres(url: str) -> dict[str, object]:
    """A Django DATABASES entry from `postgresql://user:password@host:port/name?option=…`.

    A socket directory is given as `?host=/path`. Raises MalformedSetting for another scheme or a missing name.
    """
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise MalformedSetting("a database URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }


def redis_database(url: str, number: int) -> str:
    """The same Redis server, another numbered database of it."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()

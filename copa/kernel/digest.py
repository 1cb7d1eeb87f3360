"""The SHA-256 of what a document shows: what was handed over can be compared with what stands today."""

import hashlib
import json
from typing import Any


def digest_of(content: dict[str, Any]) -> str:
    """64 hexadecimal letters, the same for the same content whatever the order of its keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def short(digest: str) -> str:
    """Twelve letters in groups of four: enough to compare two sheets by eye; "" for none."""
    return " ".join(digest[start : start + 4] for start in range(0, min(12, len(digest)), 4))

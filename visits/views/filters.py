"""What the addresses of lists hold (the reading is the kernel's)."""

from copa.kernel.asked import as_day, as_key, as_uuid

__all__ = ["as_day", "as_key", "as_uuid"]

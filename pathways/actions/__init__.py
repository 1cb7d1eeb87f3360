"""Every change of this app; callers name the module or, for what other layers use, this package."""

from pathways.actions.alerts import (
    Taking,
    close_alert,
    end_alerts,
    instruct_alert,
    note_call,
    note_in_hand,
    raise_alert,
    take_alert,
)

__all__ = [
    "Taking",
    "close_alert",
    "end_alerts",
    "instruct_alert",
    "note_call",
    "note_in_hand",
    "raise_alert",
    "take_alert",
]

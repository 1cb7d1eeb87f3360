"""Every change of this app; callers name the module or, for what other layers use, this package."""

from pathways.actions.alerts import end_alerts, raise_alert, take_alert

__all__ = ["end_alerts", "raise_alert", "take_alert"]

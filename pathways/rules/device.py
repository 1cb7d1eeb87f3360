"""What the clock of a tablet said when a sign was ticked: kept beside the server's hour, never instead of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from copa.kernel.clock import PROGRAMME_YEARS

# Under a minute nobody sees a difference; a clock two minutes off is wrong, not slow to be read.
SHOWN_FROM = timedelta(minutes=1)
WRONG_FROM = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """By the device's own clock: `noticed_at` at the tap, `sent_at` when it left; None where it did not say."""

    noticed_at: datetime | None = None
    sent_at: datetime | None = None


class DeviceGap(NamedTuple):
    """How the device's hours differ from the server's.

    `noticed_at` None when nothing is worth showing. `waited` is how long it lay on the device, by the device alone;
    `ahead` how far its clock runs before the server's (negative: behind). None: unknown, or too little to be said.
    """

    noticed_at: datetime | None
    waited: timedelta | None
    ahead: timedelta | None

    @property
    def is_ahead(self) -> bool:
        return self.ahead is not None and self.ahead > timedelta(0)


NO_DEVICE = DeviceClock()


def device_clock(noticed_at: object, sent_at: object) -> DeviceClock:
    """What a device sent (ISO 8601 with its offset), read; what is no such instant counts as not said."""
    return DeviceClock(_instant(noticed_at), _instant(sent_at))


def device_gap(device: DeviceClock, received_at: datetime) -> DeviceGap:
    """What differs between the two clocks, as the pages show it."""
    noticed_at, sent_at = device.noticed_at, device.sent_at
    is_other_hour = noticed_at is not None and abs(received_at - noticed_at) >= SHOWN_FROM
    waited = sent_at - noticed_at if noticed_at and sent_at else None
    ahead = sent_at - received_at if sent_at else None
    return DeviceGap(
        noticed_at=noticed_at if is_other_hour else None,
        waited=waited if waited is not None and waited >= SHOWN_FROM else None,
        ahead=ahead if ahead is not None and abs(ahead) >= WRONG_FROM else None,
    )


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str) or len(said) > 40:
        return None
    try:
        instant = datetime.fromisoformat(said)
        at = instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return at if at is not None and at.year in PROGRAMME_YEARS else None

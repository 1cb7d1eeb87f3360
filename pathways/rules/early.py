"""Rules of the call that follows an ultra-early discharge (R054)."""

from datetime import timedelta

# peers.md 5: the coordinator sees within an hour who has confirmed; after that she is told that nobody has.
CONFIRMED_WITHIN = timedelta(hours=1)

"""Rules of a family that another territory takes over."""

from datetime import timedelta

# An offer nobody answers is taken back, and what was to be sent is erased (R154: no longer than needed). « À valider ».
TRANSFER_KEPT = timedelta(days=30)

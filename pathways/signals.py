"""What the layers above may receive, in the same transaction (style.md 5.1). Receivers stand in their `apps.py`.

`pathway_stopped` — arguments `pathway`, `state` (the new PathwayState: suspended, withdrawn, moved or bereaved), `by`
(Member) and `at`. Planned visits must fall silent before the transaction ends (A38): a later job would let one reminder
through. `pathway_resumed` — `pathway`, `by`, `at`: a suspension ended. `ap_assigned` — `pathway`, `ap`, `former`
(Member or None), `by`, `at`.
"""

from django.dispatch import Signal

pathway_stopped = Signal()
pathway_resumed = Signal()
ap_assigned = Signal()

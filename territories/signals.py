"""What the layers above may receive (style.md 5.1). Receivers stand in their `apps.py`.

`message_leaving` — `message` (OutgoingMessage), `at`: a worker is about to take it, in the transaction of its claim;
nothing has left. A receiver answers why it may not leave any more, in French; "" when it may.
"""

from django.dispatch import Signal

message_leaving = Signal()

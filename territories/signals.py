"""What the layers above may receive (style.md 5.1). Receivers stand in their `apps.py`.

`message_leaving` — `message` (OutgoingMessage), `at`: a worker takes it, in the transaction of its claim, and nothing
has left yet. A receiver answers why it may not leave any more, in French; "" when it may.
"""

from django.dispatch import Signal

message_leaving = Signal()

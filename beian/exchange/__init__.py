"""Exchange between systems: a message is written with the change that caused it, and handled once.

    with transaction.atomic():
        ...                                        the change itself
        send(bureau, ministry, MessageKind.FILING, body, correlation, about=f"sponsor:{number}")

The outbox row commits or vanishes with the caller's transaction. After commit a task carries the
sealed body to the queue of the next system; there it is handled in one transaction with its inbox
row, and acknowledged by a task back. Whatever is not acknowledged is sent again, with growing
pauses, for days. Delivery is at least once, handling exactly once; messages may overtake each
other, and a handler that wants only the newest state of a thing says so.
"""

from beian.exchange.envelope import Envelope
from beian.exchange.registry import Delivery, Refused, handles
from beian.exchange.sending import NotInTransaction, send, send_again

__all__ = ["Delivery", "Envelope", "NotInTransaction", "Refused", "handles", "send", "send_again"]

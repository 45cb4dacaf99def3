"""Taking messages: the inbox row and all that it causes commit together, once."""

from __future__ import annotations

from django.db import connection, transaction

from beian.events import current_correlation
from beian.exchange.envelope import Envelope
from beian.exchange.registry import Delivery, Handler, Refused, handler_for
from beian.exchange.sending import put
from beian.models import Node, NodeKind
from beian.models.message import Receipt, ReceivedMessage


def receive(envelope: Envelope, at: str) -> Receipt:
    """Deal with a message that arrived at the node with the code `at`, unless that was done before.

    Gives what was done with it, then or now; it may be acknowledged. Raises `Refused`,
    `beian.crypto.CannotOpen` or whatever the handler raises, and then nothing was done.
    """
    node, source = _served(at), _known(envelope.source)
    with transaction.atomic():
        _one_at_a_time(envelope, node)
        earlier = ReceivedMessage.objects.filter(holder=node, uid=envelope.uid).first()
        if earlier is not None:
            return Receipt(earlier.receipt)
        receipt = _deal_with(envelope, node, source)
        ReceivedMessage.objects.create(
            uid=envelope.uid,
            serial=envelope.serial,
            holder=node,
            source=source,
            kind=envelope.kind,
            about=envelope.about,
            correlation=envelope.correlation,
            receipt=receipt,
        )
    return receipt


def _deal_with(envelope: Envelope, node: Node, source: Node) -> Receipt:
    if envelope.destination != node.code:
        _relay(envelope, node, source)
        return Receipt.RELAYED
    handler = handler_for(envelope.kind, node)
    if handler.newest_only and _overtaken(envelope, node, source):
        return Receipt.SUPERSEDED
    _handle(envelope, node, source, handler)
    return Receipt.HANDLED


def _handle(envelope: Envelope, node: Node, source: Node, handler: Handler) -> None:
    delivery = Delivery(
        uid=envelope.uid,
        source=source,
        at=node,
        kind=envelope.kind,
        about=envelope.about,
        correlation=envelope.correlation,
        body=envelope.open(),
    )
    token = current_correlation.set(envelope.correlation)
    try:
        handler.handle(delivery)
    finally:
        current_correlation.reset(token)


def _relay(envelope: Envelope, node: Node, source: Node) -> None:
    """Take over a message that is for another system; the body stays sealed."""
    if node.kind != NodeKind.MINISTRY:
        raise Refused(f"{node.code} 不转发消息，收件方为 {envelope.destination}")
    put(envelope, holder=node, source=source, destination=_known(envelope.destination))


def _overtaken(envelope: Envelope, node: Node, source: Node) -> bool:
    later = ReceivedMessage.objects.filter(
        holder=node, source=source, kind=envelope.kind, about=envelope.about, serial__gt=envelope.serial
    )
    return bool(envelope.about) and later.exists()


def _one_at_a_time(envelope: Envelope, node: Node) -> None:
    """Let messages about one thing pass one after another until the end of the transaction.

    Two deliveries of the same message wait here for each other, and so do an older and a newer one.
    """
    key = f"{node.code} {envelope.source} {envelope.kind} {envelope.about or envelope.uid}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _served(code: str) -> Node:
    node = Node.objects.served().filter(code=code).first()
    if node is None:
        raise Refused(f"此处没有 {code} 系统")
    return node


def _known(code: str) -> Node:
    node = Node.objects.filter(code=code).first()
    if node is None:
        raise Refused(f"没有登记 {code} 系统")
    return node

"""Attached files on their way between bureaus: each a message of its own, named by its content."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from beian import store
from beian.exchange import Delivery, Refused, send
from beian.models import MessageKind, Node
from beian.records import ContentRecord, FilingRecord


def send_contents(here: Node, there: Node, contents: Iterable[ContentRecord], correlation: uuid.UUID) -> None:
    """Send files ahead of what names them; runs in the caller's transaction."""
    for content in contents:
        data = base64.b64encode(store.get(content.sha256)).decode()
        body: dict[str, Any] = {"sha256": content.sha256, "data": data}
        send(here, there, MessageKind.CONTENT, body, correlation, about=f"content:{content.sha256[:40]}")


def receive_content(delivery: Delivery) -> None:
    """Store a file that travels ahead of, or behind, what names it."""
    record = store.put(base64.b64decode(delivery.body["data"]))
    if record.sha256 != delivery.body["sha256"]:
        raise Refused("附件内容与其哈希值不符")


def scans_of(filing: FilingRecord) -> Iterator[ContentRecord]:
    """Give the scans of a filing's prior approvals, each once."""
    approvals = (approval for website in filing.websites for approval in website.approvals)
    yield from {scan.sha256: scan for approval in approvals for scan in approval.scans}.values()

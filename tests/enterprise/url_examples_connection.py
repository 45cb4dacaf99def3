"""Rows for the URLs of the connection, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian import store
from beian.models import Node
from enterprise.models import Connection, Incoming, Outgoing, OutgoingState
from tests.beian.url_examples import example


def make_connection(provider: Node) -> Connection:
    """A connection to nowhere."""
    values = {"endpoint": "http://127.0.0.1:9/bureaus/440000", "user_name": "isp", "password": "x"}
    return Connection.objects.get_or_create(provider=provider, defaults=values)[0]


def make_outgoing(provider: Node, sequence: int = 1, state: str = OutgoingState.ACCEPTED) -> Outgoing:
    """A document for the bureau."""
    content = store.put(b"<?xml version='1.0' encoding='GBK'?><UploadData/>")
    return Outgoing.objects.create(
        provider=provider, sequence=sequence, state=state, content=content.sha256, size=content.size, records=1
    )


def make_incoming(provider: Node, name: str = "1.xml", **values: Any) -> Incoming:
    """A document from the bureau."""
    content = store.put(b"<?xml version='1.0' encoding='GBK'?><DownloadData/>")
    return Incoming.objects.create(
        provider=provider, file_name=name, content=content.sha256, size=content.size, **values
    )


def _only_connected(provider: Node) -> dict[str, Any]:
    make_connection(provider)
    return {}


for _name in ("connection", "connection_try", "connection_calls", "connection_history", "connection_sequence"):
    example(f"enterprise:{_name}")(_only_connected)


@example("enterprise:connection_act")
def _act(provider: Node) -> dict[str, Any]:
    make_connection(provider)
    return {"act": "go_on"}


@example("enterprise:connection_outgoing_document")
def _outgoing(provider: Node) -> dict[str, Any]:
    known = Outgoing.objects.filter(provider=provider).first()
    return {"pk": (known or make_outgoing(provider)).pk}


def _incoming(provider: Node) -> dict[str, Any]:
    known = Incoming.objects.filter(provider=provider).first()
    return {"pk": (known or make_incoming(provider)).pk}


for _name in ("connection_incoming_document", "connection_apply_again"):
    example(f"enterprise:{_name}")(_incoming)

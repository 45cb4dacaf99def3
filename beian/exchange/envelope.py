"""What travels: a header in plain words, and a body that only the network's keys open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from beian.crypto import network_keys
from beian.models.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message on its way. `source` and `destination` are node codes; `sealed` is the body.

    The header is authenticated with the body: an envelope whose header was changed does not open.
    """

    uid: uuid.UUID
    serial: int
    source: str
    destination: str
    kind: str
    about: str
    correlation: uuid.UUID
    sealed: bytes = b""

    @property
    def _belongs_to(self) -> str:
        header = (self.uid, self.serial, self.source, self.destination, self.kind, self.about, self.correlation)
        return msgspec.json.encode(header).decode()

    def seal(self, body: dict[str, Any]) -> Envelope:
        """Give this envelope with `body` in it."""
        return replace(self, sealed=network_keys().seal(msgspec.json.encode(body), self._belongs_to))

    def open(self) -> dict[str, Any]:
        """Give the body. Raises `beian.crypto.CannotOpen` where header or body were changed."""
        body: dict[str, Any] = msgspec.json.decode(network_keys().open(self.sealed, self._belongs_to))
        return body


def envelope_of(message: Message) -> Envelope:
    """Give the envelope of a message in the outbox."""
    return Envelope(
        uid=message.uid,
        serial=message.serial,
        source=message.source.code,
        destination=message.destination.code,
        kind=message.kind,
        about=message.about,
        correlation=message.correlation,
        sealed=bytes(message.body or b""),
    )

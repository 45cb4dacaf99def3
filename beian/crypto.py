"""Personal data at rest: authenticated encryption, and a blind index to find it again.

A sealed value is one byte of key id, a nonce of 12 bytes, and AES-256-GCM ciphertext. What it
belongs to (table and column) is authenticated with it, so that a value moved to another column does
not open. Keys are changed by putting a new one in front of the ring.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from beian.environment import KeyRing

NONCE = 12


class CannotOpen(Exception):
    """A sealed value was changed, moved, or sealed with a key that is not in the ring."""


class Keyring:
    """Seals and opens bytes with the keys of one purpose."""

    def __init__(self, keys: KeyRing) -> None:
        self._current = keys[0][0]
        self._ciphers = {number: AESGCM(key) for number, key in keys}

    def seal(self, plain: bytes, belongs_to: str) -> bytes:
        """Encrypt `plain` under the current key, bound to `belongs_to`."""
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, belongs_to.encode())
        return bytes([self._current]) + nonce + sealed

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt what `seal` made for the same `belongs_to`. Raises `CannotOpen`."""
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise CannotOpen(f"no key {sealed[:1].hex()!r} for {belongs_to}")
        try:
            return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], belongs_to.encode())
        except InvalidTag as error:
            raise CannotOpen(f"{belongs_to}: the value was changed or moved") from error


@lru_cache(maxsize=4)
def _ring(keys: KeyRing) -> Keyring:
    return Keyring(keys)


def data_keys() -> Keyring:
    """Give the ring of this node's own data."""
    return _ring(settings.ENV.data_keys)


def network_keys() -> Keyring:
    """Give the ring of message bodies between nodes."""
    return _ring(settings.ENV.network_keys)


def blind_index(kind: str, value: str) -> str:
    """Give the keyed hash (hex) by which `value` is found without being readable.

    `kind` separates the name spaces ("certificate", "mobile"). The key is national, so that two
    provinces can compare. The caller normalises `value` first.
    """
    return hmac.digest(settings.ENV.index_key, f"{kind}:{value}".encode(), hashlib.sha256).hex()


if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class _EncryptedField(_Binary):
    """A column whose value is sealed on the way in and opened on the way out."""

    def to_plain(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_plain(self, plain: bytes) -> Any:
        raise NotImplementedError

    @property
    def _belongs_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = data_keys().seal(self.to_plain(value), self._belongs_to)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else self.from_plain(data_keys().open(bytes(value), self._belongs_to))

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self._belongs_to} is encrypted and is not written to fixtures")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self._belongs_to} is encrypted: look for its blind index instead")
        return super().get_lookup(lookup_name)


class EncryptedTextField(_EncryptedField):
    """Text that stands encrypted in the database."""

    def to_plain(self, value: str) -> bytes:
        return value.encode()

    def from_plain(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJSONField(_EncryptedField):
    """A JSON value that stands encrypted in the database as a whole."""

    def to_plain(self, value: Any) -> bytes:
        return msgspec.json.encode(value)

    def from_plain(self, plain: bytes) -> Any:
        return msgspec.json.decode(plain)


class EncryptedBytesField(_EncryptedField):
    """Bytes that stand encrypted in the database."""

    def to_plain(self, value: bytes) -> bytes:
        return bytes(value)

    def from_plain(self, plain: bytes) -> bytes:
        return plain

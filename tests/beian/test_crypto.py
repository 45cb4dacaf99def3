"""Personal data at rest opens only with the right key, in the right column."""

from __future__ import annotations

import pytest
from django.db import connection

from beian.crypto import CannotOpen, Keyring, blind_index
from beian.models import Mail

OLD, NEW = (1, b"o" * 32), (2, b"n" * 32)


def test_what_was_sealed_opens() -> None:
    ring = Keyring((OLD,))
    assert ring.open(ring.seal("吉𠮷".encode(), "a.b"), "a.b").decode() == "吉𠮷"


def test_the_same_value_never_looks_the_same() -> None:
    ring = Keyring((OLD,))
    assert ring.seal(b"x", "a.b") != ring.seal(b"x", "a.b")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    ring = Keyring((OLD,))
    with pytest.raises(CannotOpen, match=r"a\.c"):
        ring.open(ring.seal(b"x", "a.b"), "a.c")


def test_a_changed_value_does_not_open() -> None:
    ring = Keyring((OLD,))
    sealed = bytearray(ring.seal(b"x", "a.b"))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), "a.b")


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    sealed = Keyring((OLD,)).seal(b"x", "a.b")
    changed = Keyring((NEW, OLD))
    assert changed.open(sealed, "a.b") == b"x"
    assert changed.seal(b"x", "a.b")[0] == NEW[0]
    with pytest.raises(CannotOpen):
        Keyring((NEW,)).open(sealed, "a.b")


def test_blind_indexes_agree_and_keep_their_kinds_apart() -> None:
    assert blind_index("mobile", "1") == blind_index("mobile", "1")
    assert blind_index("mobile", "1") != blind_index("certificate", "1")


@pytest.mark.django_db
def test_the_database_holds_no_plain_text() -> None:
    Mail.objects.create(to="somebody@example.com", subject="s", body="secret words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM beian_mail")
        assert b"secret" not in bytes(cursor.fetchone()[0])
    assert Mail.objects.get().body == "secret words"


@pytest.mark.django_db
def test_an_encrypted_column_is_not_searched() -> None:
    with pytest.raises(TypeError, match="blind index"):
        Mail.objects.filter(to="somebody@example.com").exists()

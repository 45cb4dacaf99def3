"""Secrets that a person reads off a page or a letter and types."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def secret_word(length: int) -> str:
    """Make a secret of letters and digits, none of which is easily taken for another."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))

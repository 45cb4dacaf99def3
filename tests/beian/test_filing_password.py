"""The filing password as it is sent and as it is kept."""

from __future__ import annotations

import hashlib

import pytest
from django.contrib.auth.hashers import make_password

from beian import filing_password

PASSWORD = "Geheim12"
DIGEST = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("sent", [PASSWORD, DIGEST, DIGEST.upper()])
def test_it_fits_plain_and_as_its_md5_in_any_case(sent: str) -> None:
    assert filing_password.fits(sent, filing_password.keep(PASSWORD))
    assert filing_password.fits(sent, make_password(DIGEST))


@pytest.mark.parametrize("sent", [PASSWORD.lower(), DIGEST[:-1], "", "密码"])
def test_nothing_else_fits(sent: str) -> None:
    assert not filing_password.fits(sent, filing_password.keep(PASSWORD))
    assert not filing_password.fits(sent, None)


def test_what_is_kept_fits_its_column_and_tells_nothing() -> None:
    kept = filing_password.keep(PASSWORD)
    assert len(kept) <= 255
    assert kept != filing_password.keep(PASSWORD)
    assert PASSWORD not in kept
    assert DIGEST not in kept

"""Personal data in normal form, and the blind indexes it is found by."""

from __future__ import annotations

import unicodedata

from beian.checks.keys import compact
from beian.crypto import blind_index


def values_of(text: str | None) -> list[str]:
    """Split a field that may hold several values with `;` between (full width counts too)."""
    if not text:
        return []
    return [value.strip() for value in text.replace("；", ";").split(";") if value.strip()]


def certificate_index(number: str | None) -> str | None:
    """Give the blind index of a certificate number; the same number under any type is the same."""
    return blind_index("certificate", compact(number)) if number else None


def telephone_indexes(*texts: str | None) -> list[str]:
    """Give the blind index of every mobile and telephone number in `texts`."""
    digits = {"".join(filter(str.isdigit, value)) for text in texts for value in values_of(text)}
    return sorted(blind_index("telephone", value) for value in digits if value)


def address_index(province: int | None, city: int | None, detail: str | None) -> str | None:
    """Give the blind index of a postal address; none where only the region is known."""
    if not detail:
        return None
    plain = "".join(unicodedata.normalize("NFKC", detail).split()).lower()
    return blind_index("address", f"{province or ''}:{city or ''}:{plain}")

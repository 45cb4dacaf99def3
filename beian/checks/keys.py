"""Normal forms of what may exist only once: two spellings of one thing give one key.

Keys are plain; a certificate's must be blinded before it is stored (`beian.checks.facts.stored_key`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from stdnum.cn import uscc

from beian.checks.names import a_label, dotted_address, home_page
from beian.records import FilingRecord

CERTIFICATE, DOMAIN, HOME_PAGE = "certificate", "domain", "home_page"
SPONSOR, WEBSITE, ACCESS, RANGE = "sponsor", "website", "access", "range"

MOST_OF_A_DOMAIN = 255
"""As long is a domain at most, and the column of its key."""

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SEPARATORS = re.compile(r"[\s-]+")


def compact(number: str) -> str:
    """Write a certificate number in upper-case half-width characters without blanks and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()


def is_credit_code(number: str) -> bool:
    """Say whether a compact number is a unified social credit code (GB 32100) with its check character."""
    return bool(_CREDIT_CODE.fullmatch(number)) and _credit_check(number[:-1]) == number[-1]


@lru_cache(maxsize=8_192)
def _credit_check(number: str) -> str:
    """Compute the check character; several rules ask for that of every sponsor."""
    check: str = uscc.calc_check_digit(number)
    return check


def certificate_key(type: int, number: str) -> str:
    """Give the key of a certificate: its type and number; a credit code is the same whatever its type."""
    number = compact(number)
    return f"credit:{number}" if is_credit_code(number) else f"{type}:{number}"


def domain_key(name: str) -> str:
    """Give the key of a domain: lower case, A-labels; a dotted address as it is."""
    name = name.strip()
    # What is no domain may be longer in lower case: "İ" becomes two characters.
    return name if dotted_address(name) is not None else a_label(name) or name.lower()[:MOST_OF_A_DOMAIN]


def home_page_key(url: str) -> str:
    """Give the key of a home page: host, unusual port, path and query (see `HomePage.key`)."""
    page = home_page(url)
    return page.key if page else url.strip().lower()


def reservation_keys(filing: FilingRecord) -> list[tuple[str, str]]:
    """Give all that a filing claims for itself as (kind, key), each once, in order."""
    return list(dict.fromkeys(_reservation_keys(filing)))


def _reservation_keys(filing: FilingRecord) -> Iterator[tuple[str, str]]:
    certificate = filing.sponsor.certificate
    yield CERTIFICATE, certificate_key(certificate.type, certificate.number)
    for website in filing.websites:
        yield from ((DOMAIN, domain_key(domain.name)) for domain in website.domains)
        if website.home_page:
            yield HOME_PAGE, home_page_key(website.home_page)


def provider_id_keys(filing: FilingRecord) -> list[tuple[str, int]]:
    """Give the provider's own ids of all objects of a filing as (kind, id), in order."""
    return [(kind, own) for kind, own in _provider_ids(filing) if own is not None]


def _provider_ids(filing: FilingRecord) -> Iterator[tuple[str, int | None]]:
    yield SPONSOR, filing.sponsor.provider_id
    for website in filing.websites:
        yield WEBSITE, website.provider_id
        yield from ((DOMAIN, domain.provider_id) for domain in website.domains)
        for access in website.accesses:
            yield ACCESS, access.provider_id
            yield from ((RANGE, each.provider_id) for each in access.ranges)

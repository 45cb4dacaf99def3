"""Domain names, dotted addresses and home pages: how they are written and what they mean."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HOME_PAGE = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^/?#:@\s]+)(?::(?P<port>\d{1,5}))?(?P<rest>[/?#]\S*)?", re.IGNORECASE
)
# Such a name is its own A-label, so nothing need be mapped; two hyphens may begin a punycode label.
_LABEL = "[0-9A-Za-z](?:[0-9A-Za-z]|-(?=[0-9A-Za-z])){0,62}"
_PLAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=8_192)
def a_label(name: str) -> str | None:
    """Give a domain name in lower case and A-labels (punycode), `None` where it is no host name.

    Chinese and punycode forms of one name give the same; mapping follows UTS 46, so full-width
    letters and the ideographic full stop are read too. A dot at the end is not.
    """
    if _PLAIN.fullmatch(name):
        return name.lower()
    if name.endswith("."):
        return None
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


@lru_cache(maxsize=8_192)
def registrable(name: str) -> str | None:
    """Give the registrable part of a name in A-labels: `example.com.cn` of `www.example.com.cn`.

    Only the ICANN section of the public suffix list counts. `None` where the name is a suffix
    itself or ends in no known one.
    """
    found: str | None = _suffixes().privatesuffix(name)
    return found


def dotted_address(name: str) -> int | None:
    """Give the number of a dotted IPv4 address, `None` where it is none."""
    if not _DOTTED.fullmatch(name):
        return None
    try:
        return int(ipaddress.IPv4Address(name))
    except ValueError:
        return None


def dotted(address: int) -> str:
    """Write an unsigned 32-bit number as a dotted address."""
    return str(ipaddress.IPv4Address(address))


@dataclass(frozen=True, slots=True)
class HomePage:
    """A home page taken apart: `host` in A-labels or dotted, `port` where it is not the usual one."""

    host: str
    port: int | None
    rest: str

    @property
    def key(self) -> str:
        """What two spellings of one page share: no scheme, fragment, usual port or slash at the end."""
        rest = self.rest.split("#", 1)[0]
        path, _, query = rest.partition("?")
        port = f":{self.port}" if self.port else ""
        return f"{self.host}{port}{path.rstrip('/') or '/'}{'?' + query if query else ''}"


@lru_cache(maxsize=8_192)
def home_page(url: str) -> HomePage | None:
    """Take a home page apart; `None` where it is no http(s) URL. The scheme may be left out."""
    match = _HOME_PAGE.fullmatch(url.strip())
    if not match:
        return None
    host = match["host"] if dotted_address(match["host"]) is not None else a_label(match["host"])
    if not host or "." not in host:
        return None
    if match["port"] and not 1 <= int(match["port"]) <= 65_535:
        return None
    return HomePage(host, _unusual_port(match["scheme"], match["port"]), match["rest"] or "")


def _unusual_port(scheme: str | None, port: str | None) -> int | None:
    number = int(port) if port else None
    return None if number == _DEFAULT_PORTS[(scheme or "http").lower()] else number

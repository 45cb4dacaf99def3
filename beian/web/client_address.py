"""From which address a request really comes."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from beian.environment import IPNetwork

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """Give the caller's address, without the port, in its canonical form.

    The peer itself, unless it is one of `TRUSTED_PROXIES`: then the right-most address of
    `X-Forwarded-For` that is no trusted proxy. What stands further left was written by the caller
    and proves nothing. An IPv4 address mapped into IPv6 is given as IPv4.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return "0.0.0.0"  # a unix socket: no address at all
    return str(_behind_proxies(peer, request.headers.get("X-Forwarded-For", ""), settings.ENV.trusted_proxies))


def client_network(address: str) -> str:
    """Give what to count a caller by: an IPv6 network of 64 bits is one, since who has one address there has all."""
    ip = ipaddress.ip_address(address)
    return address if ip.version == 4 else str(ipaddress.ip_network((int(ip), 64), strict=False))


def _behind_proxies(peer: IPAddress, forwarded: str, trusted: tuple[IPNetwork, ...]) -> IPAddress:
    address = peer
    hops = [word for word in forwarded.split(",") if word.strip()]
    while hops and any(address in network for network in trusted):
        before = _parse(hops.pop())
        if before is None:
            break
        address = before
    return address


def _parse(text: str) -> IPAddress | None:
    """Read `10.0.0.7`, `10.0.0.7:443`, `2001:db8::7` or `[2001:db8::7]:443`."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

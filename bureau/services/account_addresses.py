"""The addresses that a provider's servers may call from (登记地址): add, remove.

A call from anywhere else is answered 13, before the password is looked at.
"""

from __future__ import annotations

import ipaddress

from django.db import IntegrityError, transaction

from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn
from bureau.services.accounts import lock_present, tell
from interface.models import RegisteredAddress

# A whole wider network than these is a mistake rather than a server.
WIDEST = {4: 16, 6: 48}


def normalise(text: str) -> str:
    """Read an address or a network and give its one spelling; a single address loses its mask.

    Raises `Invalid` that says what is wrong with it.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=True)
    except ValueError:
        raise Invalid({"network": [_explain(text.strip())]}) from None
    if network.prefixlen < WIDEST[network.version]:
        widest = WIDEST[network.version]
        raise Invalid({"network": [f"网段过大：IPv{network.version}的掩码不得短于/{widest}。"]})
    if network.is_unspecified or network.is_multicast:
        raise Invalid({"network": ["这是未指定地址或组播地址，服务器不会以它为来源。"]})
    single = network.num_addresses == 1
    return str(network.network_address if single else network)


def _explain(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "请填写IPv4或IPv6地址（如203.0.113.8），或网段（如203.0.113.0/28）。"
    return f"网段的主机位不为零；您要登记的可能是{network}。"


def add_address(bureau: Node, isp_id: int, actor: User, network: str, note: str) -> RegisteredAddress:
    """Register a source address or network. Raises `Invalid` where it is none, or there already."""
    network = normalise(network)
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        covering = _covering(list(account.addresses.values_list("network", flat=True)), network)
        if covering:
            raise Invalid({"network": [f"已登记的{covering}包含该地址。"]})
        try:
            with transaction.atomic():
                address = RegisteredAddress.objects.create(account=account, network=network, note=note)
        except IntegrityError:
            raise Invalid({"network": [f"{network}已登记。"]}) from None
        tell(account, "add_address", actor, note, {"network": network})
    return address


def _covering(registered: list[str], wanted: str) -> str | None:
    new = ipaddress.ip_network(wanted)
    for text in registered:
        old = ipaddress.ip_network(text)
        if old.version == new.version and new.subnet_of(old):  # type: ignore[arg-type]
            return text
    return None


def remove_address(bureau: Node, isp_id: int, actor: User, address_id: int, reason: str) -> str:
    """Take an address off the register; gives it. Raises `MovedOn` where it is gone already."""
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        address = account.addresses.filter(pk=address_id).first()
        if address is None:
            raise MovedOn("该地址已不在登记之列。")
        address.delete()
        tell(account, "remove_address", actor, reason, {"network": address.network})
    return address.network

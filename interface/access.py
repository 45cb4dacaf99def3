"""Who may see which view: the interface knows its callers by its own means."""

from __future__ import annotations

from beian.web.access import PUBLIC, Who
from interface.wsdl import SERVICES

WHO_MAY: dict[str, Who] = {f"interface:{service.name}": PUBLIC for service in SERVICES}

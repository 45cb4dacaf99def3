"""`manage.py gateway`: upload what is queued and fetch what waits, for the providers of this process."""

from __future__ import annotations

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from enterprise.gateway.running import Gateway


class Command(BaseCommand):
    """Run the two loops of every active connection until told to end."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        gateway = Gateway()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: gateway.end())
        ended = gateway.run()
        connection.close()
        if not ended:
            # A loop is in a call that may take a minute more. Nothing of it is lost: the next process asks.
            os._exit(0)

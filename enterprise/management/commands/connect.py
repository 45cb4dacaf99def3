"""`manage.py connect`: the communication parameters of a provider's connection, for installations without the demo."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from beian.models import Node, NodeKind
from beian.services.refusals import Invalid
from enterprise.gateway.parameters import set_parameters

SECRETS = {
    "password": ("BEIAN_CONNECT_PASSWORD", "认证密码 (password): "),
    "aes_key": ("BEIAN_CONNECT_AES_KEY", "AES密钥 (key, empty for none): "),
    "aes_iv": ("BEIAN_CONNECT_AES_IV", "AES偏移量 (offset, empty for none): "),
}
"""Where each secret comes from: a variable of the environment, else the terminal, else a line of standard input."""


class Command(BaseCommand):
    """Enter what the bureau issued, or change it: only what is given is changed.

    Secrets are never arguments, which everybody on the machine can read: they come from the environment
    (BEIAN_CONNECT_PASSWORD, BEIAN_CONNECT_AES_KEY, BEIAN_CONNECT_AES_IV) or are asked for; without a
    terminal they are lines of standard input, in this order. An empty one stays as it is.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("code", help="provider:440000000001; add_node enters it")
        parser.add_argument("--endpoint", help="what /ISPWebService/upDownLoad is appended to")
        parser.add_argument("--user-name", help="as the bureau issued it")
        parser.add_argument("--encrypt", choices=("yes", "no"), help="whether uploads are encrypted (no)")
        parser.add_argument("--poll-seconds", type=int, help="how often the mailbox is looked into (60)")
        parser.add_argument("--active", choices=("yes", "no"), help="whether it is in use (yes)")
        parser.add_argument("--no-secrets", action="store_true", help="leave password and keys as they are")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Set them. Prints no secret."""
        provider = Node.objects.filter(code=code, kind=NodeKind.PROVIDER).first()
        if provider is None:
            raise CommandError(f"{code} is not known here: manage.py add_node enters it.")
        given = {name: options[name] for name in ("endpoint", "user_name", "poll_seconds") if options[name] is not None}
        given |= {name: options[name] == "yes" for name in ("encrypt", "active") if options[name] is not None}
        if not options["no_secrets"]:
            given |= {name: value for name in SECRETS if (value := _secret(name))}
        try:
            connection = set_parameters(provider, None, **given)
        except Invalid as error:
            lines = [f"  {name}: {message}" for name, said in error.errors.items() for message in said]
            raise CommandError("\n".join(["The parameters do not fit:", *lines])) from error
        self.stdout.write(f"{code} → {connection.endpoint} as {connection.user_name}")


def _secret(name: str) -> str:
    variable, prompt = SECRETS[name]
    if variable in os.environ:
        return os.environ[variable]
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

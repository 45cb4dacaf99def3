"""`manage.py add_person`: the first account at a node, which opens the others on its pages."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from beian import events
from beian.models import Membership, Node, Role, User


class Command(BaseCommand):
    """Open an account with a role at a node: an administrator at a bureau, an operator at the ministry.

    The password is asked for; without a terminal it is the first line of standard input.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--node", required=True, help="ministry, bureau:440000")
        parser.add_argument("--role", required=True, choices=[str(role) for role in Role])

    def handle(self, *args: Any, username: str, name: str, node: str, role: str, **options: Any) -> None:
        """Create the account and its membership."""
        at = Node.objects.filter(code=node).first()
        if at is None:
            raise CommandError(f"{node} is not known here: manage.py add_node enters it.")
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"{username} is taken.")
        user = User(username=username, name=name)
        user.set_password(_password(user))
        with transaction.atomic():
            user.save(force_insert=True)
            Membership.objects.create(user=user, node=at, role=role)
            events.record("user", user.pk, "created", node=at, data={"role": role, "by": "manage.py add_person"})
        self.stdout.write(f"{username}: {role} at {node}")


def _password(user: User) -> str:
    given = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        password_validation.validate_password(given, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return given

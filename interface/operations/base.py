"""What every operation is given and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from interface.authentication import as_long, invalid, missing
from interface.documents.returns import Return
from interface.models import ProviderAccount
from interface.services.calls import CallNote
from interface.soap import Call

PAYLOAD = "beianInfo"
# Stands in a written answer where a payload belongs, until that is streamed in its place.
PAYLOAD_HERE = "@payload@"


@dataclass(frozen=True, slots=True)
class Request:
    """A call whose caller is known, and what the log will say of it."""

    account: ProviderAccount
    call: Call
    note: CallNote

    def text(self, name: str) -> str:
        """Give a parameter. Raises `Refused` 999 with its name where it was not sent."""
        if name not in self.call.parameters:
            raise missing(name)
        return self.call.parameters[name]

    def integer(self, name: str) -> int:
        """Give a parameter as a number. Raises `Refused` 999 where it was not sent or is none."""
        number = as_long(self.text(name))
        if number is None:
            raise invalid(name, "整数")
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An operation's answer and, for the call log, why it is this one.

    `payload` is a file at its start whose bytes go, in base64, where `PAYLOAD_HERE` stands.
    """

    answer: Return
    why: str
    sequence: int | None = None
    payload: BinaryIO | None = None

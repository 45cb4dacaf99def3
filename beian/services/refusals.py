"""How services refuse: in words for the person at the desk."""

from __future__ import annotations

from collections.abc import Mapping


class ServiceError(Exception):
    """A service refused. `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MovedOn(ServiceError):
    """It is no longer what the page showed."""


class NotAllowed(ServiceError):
    """The person's role, or an earlier part in the same case, does not permit this."""


class Invalid(ServiceError):
    """What was typed does not fit. `errors` names the fields: path (as in findings) → messages."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("；".join(message for messages in errors.values() for message in messages))
        self.errors = dict(errors)

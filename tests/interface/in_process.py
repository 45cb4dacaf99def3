"""A provider's own client, its calls brought to the endpoint without a network between."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import Client

from interface import soap
from interface.client import Parameters, ProviderClient
from interface.codec import SecretKey
from interface.envelope import Envelope
from interface.models import ProviderAccount
from tests.conftest import AES_IV, AES_KEY, INTERFACE_PASSWORD
from tests.interface.calling import PATHS


class InProcess(ProviderClient):
    """Calls the bureau of `account` as that provider."""

    def __init__(self, account: ProviderAccount, *, encrypt: bool = False) -> None:
        parameters = Parameters(
            endpoint=f"/bureaus/{account.bureau.province}",
            isp_id=account.isp_id,
            user_name=account.user_name,
            password=INTERFACE_PASSWORD,
            key=SecretKey(AES_KEY, AES_IV),
        )
        super().__init__(parameters, encrypt=encrypt)
        self.browser = Client()

    def _exchange(self, operation: str, message: Envelope) -> str:
        path = f"{self._parameters.endpoint}/{PATHS[operation]}"
        response = self.browser.post(
            path, data=message.body, content_type=message.content_type, REMOTE_ADDR="127.0.0.1"
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[arg-type]
        return soap.read_answer(io.BytesIO(body), operation, content_type=response.headers["Content-Type"])


@contextmanager
def undone() -> Iterator[None]:
    """Undo afterwards what happens in the database: one example of many."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

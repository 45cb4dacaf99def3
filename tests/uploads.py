"""Uploads as a provider makes them, put where the endpoint puts them."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from typing import Any

from beian.records import FilingRecord
from interface import codec
from interface.documents.upload import write_upload
from interface.models import ProviderAccount, Upload
from interface.services import uploads
from tests.builders import jpeg_bytes


def stored_upload(account: ProviderAccount, document: bytes) -> Upload:
    """Store `document` as the account's next upload, as the endpoint does before it answers 0."""
    account.refresh_from_db()
    zipped = codec.pack_zip(document, "upload.xml")
    arrival = uploads.Arrival(
        sequence=account.last_sequence + 1,
        zipped=io.BytesIO(zipped),
        hash=base64.b64encode(hashlib.md5(zipped).digest()).decode(),
        entry=codec.Entry("upload.xml", len(document)),
        algorithms=codec.Algorithms(),
    )
    upload, _ = uploads.accept(account, arrival)
    return upload


def upload_of(account: ProviderAccount, filings: Iterable[FilingRecord] = (), **sections: Any) -> Upload:
    """Store new filings, and whatever other sections there are, as the account's next upload."""
    document = write_upload(filings, **sections, requesting_provider=account.isp_id, load=lambda sha256: jpeg_bytes())
    return stored_upload(account, document)

"""A bureau at one moment, so that what it answers to a document is the same to the letter every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from lxml import etree

from beian.checks.facts import stored_key
from beian.checks.keys import reservation_keys
from beian.filing_password import digest
from beian.models import BlacklistEntry, Node, RegisteredRange, Reservation, User
from beian.records import FilingRecord
from beian.records.rows import store_filing
from bureau.models import Application
from bureau.services import intake, review
from interface import codec
from interface.documents.upload import write_upload
from interface.models import ProviderAccount
from interface.services import mailbox
from tests.beian.test_checks.standing import PASSWORD
from tests.builders import jpeg_bytes
from tests.uploads import stored_upload, upload_of

MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PICTURE = jpeg_bytes(1)


@dataclass
class World:
    """Guangdong, the provider that uploads, another one, and a reviewer; `environment` changes settings."""

    bureau: Node
    account: ProviderAccount
    other: ProviderAccount
    reviewer: User
    environment: Callable[..., None]

    def hold(self, *filings: FilingRecord) -> None:
        """Put filings on file as they are, with their numbers and what they hold alone."""
        for filing in filings:
            with transaction.atomic():
                sponsor = store_filing(self.bureau, filing)
            sponsor.filing_password_hash = make_password(digest(PASSWORD))
            sponsor.save(update_fields=["filing_password_hash"])
            name = filing.sponsor.filing_number or ""
            for kind, key in reservation_keys(filing):
                values = {"key": stored_key(kind, key), "sponsor": sponsor.number, "taken_by": name}
                Reservation.objects.get_or_create(holder=self.bureau, kind=kind, key=values.pop("key"), defaults=values)

    def bar(self, kind: str, key: str, name: str) -> None:
        """Put a sponsor or a domain on the blacklist."""
        BlacklistEntry.objects.create(kind=kind, key=key, name=name, reason="从事违法活动")

    def register(self, isp_id: int, *addresses: int) -> None:
        """Register single addresses to a provider, and let the bureau mind."""
        self.bureau.refuses_unregistered = True
        self.bureau.save(update_fields=["refuses_unregistered"])
        for address in addresses:
            RegisteredRange.objects.create_for(self.bureau, isp_id=isp_id, first=address, last=address)

    def uploaded(self, *new: FilingRecord, **sections: Any) -> Application:
        """Have something accepted that waits for a decision."""
        upload = upload_of(self.account, new, **sections)
        intake.drain(self.account.pk)
        application = Application.objects.get(upload=upload)
        assert application.state == "pending", application.findings
        return application

    def approved(self, *new: FilingRecord, **sections: Any) -> None:
        """Have something asked for and approved."""
        self.approve(self.uploaded(*new, **sections))

    def approve(self, application: Application) -> None:
        review.claim(application.pk, self.reviewer)
        decided = review.approve(application.pk, self.reviewer, None, "同意")
        assert decided.state == "approved", decided.findings

    def fetch_all(self) -> None:
        """Let the provider fetch everything that waits."""
        while parcel := mailbox.hand_out(self.account):
            mailbox.acknowledge(self.account, parcel.file_name)

    def send(self, document: bytes) -> None:
        """Let a document be taken up."""
        stored_upload(self.account, document)
        intake.drain(self.account.pk)

    def answer(self) -> bytes:
        """The document that waits for the provider."""
        parcel = mailbox.hand_out(self.account)
        assert parcel is not None, "no answer"
        return codec.document(io.BytesIO(bytes(parcel.content))).read()

    def latest(self) -> Application:
        return Application.objects.latest("pk")

    def written(self, new: Sequence[FilingRecord] = (), **sections: Any) -> bytes:
        """Write a document of this provider."""
        values = {"requesting_provider": self.account.isp_id, "load": lambda sha256: PICTURE} | sections
        return write_upload(new, **values)


def readable(document: bytes) -> bytes:
    """The same document, each element on a line of its own."""
    root = etree.fromstring(document)
    etree.indent(root)
    text = '<?xml version="1.0" encoding="GBK"?>\n' + etree.tostring(root, encoding="unicode") + "\n"
    return text.encode("gbk", "xmlcharrefreplace")

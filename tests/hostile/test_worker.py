"""What the worker may be asked to chew: a thousand records with every defect, fifty megabytes of images."""

from __future__ import annotations

import base64
import io
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from beian.records import AttachmentRecord, FilingRecord
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface.codec import MAX_DOCUMENT
from interface.documents.upload import write_upload
from interface.models import Outcome, Parcel, ProviderAccount, UploadState
from interface.services import mailbox
from tests import builders
from tests.hostile.memory import Peak
from tests.uploads import stored_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables"), pytest.mark.slow]
# Texts that are rules' business, and none of which may break what shows or stores them.
NASTY = (
    "<script>alert(1)</script>",
    "'; DROP TABLE bureau_application; --",
    "\u202e逆转\u200b零宽\ufeff",
    "𠮷\U0001f600" * 5,
    "{{7*7}}{% debug %}",
    "=HYPERLINK(1)",
    "a" * 60,
)


def defective(number: int) -> FilingRecord:
    """Wrong in as many ways as fit into one record."""
    faulty = builders.filing(number, websites=2)
    nasty = NASTY[number % len(NASTY)]
    person = replace(
        faulty.sponsor.person,
        name=nasty,
        mobile="1" * 11,
        telephone="1" * 11,
        email="no-at-sign",
        certificate_number="1" * 18,
        certificate_type=99,
    )
    certificate = replace(faulty.sponsor.certificate, number="0" * 15, type=98, address=nasty)
    sponsor = replace(faulty.sponsor, name=nasty, person=person, certificate=certificate)
    websites = tuple(
        replace(
            website,
            name=nasty,
            home_page="javascript:alert(1)",
            person=person,
            domains=tuple(replace(domain, name="-" * 60) for domain in website.domains),
        )
        for website in faulty.websites
    )
    return replace(faulty, sponsor=sponsor, websites=websites)


def document(account: ProviderAccount, filings: Iterator[FilingRecord], load: Any = None) -> bytes:
    return write_upload(filings, requesting_provider=account.isp_id, load=load or (lambda sha: builders.jpeg_bytes()))


def test_a_thousand_records_with_every_defect(account: ProviderAccount, record_property: Any) -> None:
    upload = stored_upload(account, document(account, (defective(n) for n in range(1, 1001))))
    started = time.monotonic()
    with Peak() as peak:
        assert intake.drain(account.pk) == 1
    seconds = time.monotonic() - started
    print(f"1,000 defective: {seconds:.1f} s, {peak.growth // 2**20} MB")
    upload.refresh_from_db()
    assert (upload.state, upload.records, upload.returned) == (UploadState.PROCESSED, 1000, 1000)
    assert Application.objects.filter(state=State.RETURNED).count() == Outcome.objects.count() == 1000
    assert seconds < 90
    assert peak.growth < 300 * 2**20
    sizes = [(parcel.pieces, parcel.document_size) for parcel in parcels(account)]
    assert sum(pieces for pieces, _ in sizes) == 1000
    assert all(size <= 20 * 2**20 + 1000 for _, size in sizes)
    assert not Outcome.objects.exclude(left_out="").exists()


def parcels(account: ProviderAccount) -> Iterator[Parcel]:
    while parcel := mailbox.hand_out(account):
        mailbox.acknowledge(account, parcel.file_name)
        yield parcel


def with_images(number: int, images: int) -> FilingRecord:
    filing = builders.filing(number)
    given: AttachmentRecord = filing.attachments[0]
    return replace(filing, attachments=(given,) * images)


def test_fifty_megabytes_of_images(account: ProviderAccount, record_property: Any) -> None:
    """Three hundred records with as many images of 100 KB as go into a document: all good."""
    image = builders.jpeg_bytes(100)
    each = len(base64.b64encode(image))
    number = (MAX_DOCUMENT - 3_000_000) // each
    xml = document(account, (with_images(n, 1) for n in range(1, number + 1)), lambda sha: image)
    assert 45_000_000 < len(xml) <= MAX_DOCUMENT
    upload = stored_upload(account, xml)
    started = time.monotonic()
    with Peak() as peak:
        intake.drain(account.pk)
    seconds = time.monotonic() - started
    print(f"{len(xml) // 2**20} MB of images, {number} records: {seconds:.1f} s, {peak.growth // 2**20} MB")
    upload.refresh_from_db()
    assert (upload.state, upload.records) == (UploadState.PROCESSED, number)
    assert seconds < 90
    assert peak.growth < 400 * 2**20


def png_bomb() -> bytes:
    """A PNG of 900 million points in a hundred kilobytes."""
    image = bytearray(builders.png_bytes())
    image[16:24] = (30_000).to_bytes(4, "big") * 2
    image[29:33] = zlib.crc32(image[12:29]).to_bytes(4, "big")
    return bytes(image)


def test_an_image_that_explodes_is_never_decoded_here(account: ProviderAccount) -> None:
    bomb = png_bomb()
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb))
    upload = stored_upload(account, document(account, iter([with_images(1, 1)]), lambda sha: bomb))
    with Peak() as peak:
        intake.drain(account.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.PROCESSED
    assert peak.growth < 60 * 2**20

"""A provider that sends back the filing as it was handed down asks for nothing, whatever the texts went through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beian.records import ChangeRecord, FilingRecord
from beian.records.differences import difference
from beian.records.merging import merged
from interface.documents.download import read_download, write_filings
from interface.documents.upload import read_upload, write_upload
from tests import builders
from tests.beian.filed import CALLER, OTHER, on_file
from tests.builders import changed
from tests.interface.documents_support import STORE, text
from tests.requests import change_of

TEXTS = {
    "sponsor.name": 255,
    "sponsor.superior": 255,
    "sponsor.remark": 1024,
    "sponsor.address.detail": 1024,
    "sponsor.certificate.number": 128,
    "sponsor.certificate.address": 1024,
    "sponsor.person.name": 128,
    "websites.0.name": 512,
    "websites.0.remark": 1024,
    "websites.0.person.name": 128,
}


def with_copy(filing: FilingRecord) -> tuple[FilingRecord, ChangeRecord]:
    """Hand a filing down and let the provider send it back as a change; give what was handed, and the change."""
    scan = STORE.put(builders.jpeg_bytes())
    handed = changed(filing, "websites.0.approvals", (builders.approval(1, scans=(scan,)),))
    handed = changed(handed, "sponsor.last_modified", "2026-01-06 10:00:00")
    handed = replace(
        handed, websites=tuple(replace(site, last_modified="2026-01-06 10:00:00") for site in handed.websites)
    )
    (copy,) = read_download(write_filings([handed], STORE.open), STORE.put).filings
    sent = write_upload(changes=[change_of(copy, *copy.websites)], requesting_provider=CALLER, load=STORE.open)
    (change,) = read_upload(sent, STORE.put).changes
    return handed, change


@settings(max_examples=50, deadline=None)
@given(st.fixed_dictionaries({path: text(1, most) for path, most in TEXTS.items()}))
def test_what_was_handed_down_comes_back_as_no_change(values: dict[str, str]) -> None:
    filing: Any = on_file(shared=True)
    for path, value in values.items():
        filing = changed(filing, path, value)
    handed, change = with_copy(filing)
    found = merged(handed, handed, change, CALLER)
    assert difference(handed, found.filing) == ()
    assert (found.both, found.foreign) == ((), ())


@pytest.mark.parametrize("value", ["一\r\n二", " 两边 ", "𠮷野家", "行\t列"])
def test_texts_that_xml_writes_otherwise(value: str) -> None:
    handed, change = with_copy(changed(on_file(), "sponsor.remark", value))
    assert difference(handed, merged(handed, handed, change, CALLER).filing) == ()


def test_by_then_others_changed_what_they_may() -> None:
    handed, change = with_copy(on_file(shared=True))
    filing = changed(handed, "websites.0.accesses.1.methods", (1,))
    filing = changed(filing, "websites.0.domains", (*handed.websites[0].domains, builders.domain(50, number=50)))
    filing = changed(filing, "sponsor.person.mobile", "16009999999")
    assert filing.websites[0].accesses[1].provider == OTHER
    found = merged(handed, filing, change, CALLER)
    assert difference(filing, found.filing) == ()
    assert (found.both, found.foreign) == ((), ())

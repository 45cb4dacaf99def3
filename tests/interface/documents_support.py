"""What the tests of documents share: records, a store in memory, and hypothesis strategies for both."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CertificateRecord,
    CodeRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    OpinionRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    ResultRecord,
    SponsorRecord,
    WebsiteRecord,
)


class MemoryStore:
    """Keeps attachments by their hash, as the real store does, and counts what it was given."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> ContentRecord:
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        media_type = "image/jpeg" if content.startswith(b"\xff\xd8") else ""
        return ContentRecord(sha256=digest, size=len(content), media_type=media_type)

    def open(self, sha256: str) -> bytes:
        return self.contents[sha256]


# Every hypothesis example stores into this one: contents are addressed by what they are.
STORE = MemoryStore()

IDS = st.integers(1, 2**63 - 1)
FLAGS = st.integers(0, 1)
CODES = st.integers(1, 999)
CODES_64 = st.tuples(st.integers(1, 64)) | st.lists(st.integers(1, 64), min_size=1, max_size=64).map(tuple)
REGIONS = st.integers(100000, 999999)
ADDRESSES = st.integers(1, 2**32 - 1)
# Characters of GBK, of GB18030 only, of neither, and what XML and base64 have to escape.
CHARACTERS = st.sampled_from("京备案镕𠮷䶮€😀ḿaZ09-;@.<>&\"']\t\n\r é·—\x7f\x85") | st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)
FILES = st.binary(min_size=1, max_size=40).map(STORE.put)


def text(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(CHARACTERS, min_size=least, max_size=min(most, least + 12))


def may(strategy: st.SearchStrategy[str] | st.SearchStrategy[int]) -> st.SearchStrategy[str | int | None]:
    return st.none() | strategy


def few(strategy: st.SearchStrategy[object], least: int = 0) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)


MOMENTS = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S").zfill(19))


def people(*, name: bool, mobile: bool, email: bool, number: int = 128) -> st.SearchStrategy[PersonRecord]:
    return st.builds(
        PersonRecord,
        name=text(1, 128) if name else may(text(1, 128)),
        telephone=may(text(11, 128)),
        mobile=text(11, 128) if mobile else may(text(11, 128)),
        email=text(6, 128) if email else may(text(6, 128)),
        msn=may(text(6, 128)),
        qq=may(text(5, 128)),
        certificate_type=may(CODES),
        certificate_number=may(text(1, number)),
    )


def websites(*, filed: bool) -> st.SearchStrategy[WebsiteRecord]:
    own, issued = (may(IDS), IDS) if filed else (IDS, st.none())
    moment = may(MOMENTS) if filed else st.none()
    ranges = st.builds(RangeRecord, first=ADDRESSES, last=ADDRESSES, number=issued, provider_id=own)
    accesses = st.builds(
        AccessRecord,
        locations=CODES_64,
        methods=CODES_64,
        ranges=few(ranges, 1),
        number=issued,
        provider_id=own,
        provider=IDS if filed else st.none(),
    )
    approvals = st.builds(
        PriorApprovalRecord, kind=st.integers(1, 64), approval_number=text(1, 512), scans=few(FILES, 1)
    )
    return st.builds(
        WebsiteRecord,
        name=text(1, 512),
        person=people(name=True, mobile=not filed, email=not filed),
        domains=few(st.builds(DomainRecord, name=text(4, 128), number=issued, provider_id=own), 1),
        accesses=few(accesses, 1),
        services=CODES_64,
        languages=CODES_64,
        approvals=few(approvals),
        number=issued,
        provider_id=own,
        filing_number=may(text(1, 128)) if filed else st.none(),
        home_page=may(text(4, 255)),
        remark=may(text(1, 1024)),
        first_reported=moment,
        last_modified=moment,
    )


def sponsors(*, filed: bool) -> st.SearchStrategy[SponsorRecord]:
    def only_filed(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | int | None]:
        return may(strategy) if filed else st.none()

    return st.builds(
        SponsorRecord,
        name=text(1, 255),
        certificate=st.builds(CertificateRecord, type=CODES, number=text(1, 128), address=text(1, 1024)),
        address=st.builds(
            AddressRecord,
            province=REGIONS,
            city=may(REGIONS) if filed else REGIONS,
            county=may(REGIONS),
            detail=may(text(1, 1024)),
        ),
        person=people(name=False, mobile=not filed, email=True, number=255 if filed else 128),
        number=IDS if filed else st.none(),
        provider_id=may(IDS) if filed else IDS,
        filing_number=only_filed(text(1, 128)),
        nature=may(CODES),
        superior=may(text(1, 255)),
        reported_by=FLAGS,
        remark=may(text(1, 1024)),
        first_reported=MOMENTS if filed else st.none(),
        last_modified=MOMENTS if filed else st.none(),
        certificate_serial=only_filed(text(1, 128)),
        certificate_path=only_filed(text(1, 255)),
        certificate_expires=only_filed(MOMENTS),
        reviewer=only_filed(text(1, 128)),
        reviewed=only_filed(MOMENTS),
    )


ATTACHMENTS = st.builds(
    AttachmentRecord,
    format=IDS,
    purpose=IDS,
    content=FILES,
    owner_kind=st.integers(1, 10),
    owner=IDS.map(str),
    remark=may(text(1, 256)),
)
NEW_FILINGS = st.builds(
    FilingRecord,
    sponsor=sponsors(filed=False),
    websites=few(websites(filed=False), 1),
    attachments=few(ATTACHMENTS),
)
FILED = st.builds(
    FilingRecord,
    sponsor=sponsors(filed=True),
    websites=few(websites(filed=True), 1),
    remark=may(text(1, 2000)),
)
RESULTS = st.builds(
    ResultRecord,
    codes=few(st.builds(CodeRecord, code=IDS, description=may(text(1, 255))), 1),
    operation=st.integers(1, 7),
    subject=may(text(1, 255)),
    remark=may(text(1, 3000)),
)
OPINIONS = st.builds(
    OpinionRecord,
    reviewed=MOMENTS,
    verdict=FLAGS,
    reviewer=may(text(1, 128)),
    telephone=may(text(11, 128)),
    opinion=may(text(1, 1024)),
    operation=may(st.integers(1, 7)),
    subject=may(IDS),
)

"""Hypothesis strategies for what uploads ask beside new filings."""

from __future__ import annotations

from hypothesis import strategies as st

from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    CertificateRecord,
    ChangeRecord,
    CheckResultRecord,
    DomainRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    UnfiledHandlingRecord,
    WebsiteRecord,
)
from tests.interface.documents_support import (
    ADDRESSES,
    CODES,
    CODES_64,
    FILES,
    FLAGS,
    IDS,
    NEW_FILINGS,
    REGIONS,
    few,
    may,
    people,
    text,
    websites,
)

DAYS = st.dates().map(lambda day: day.isoformat().zfill(10))
PASSWORDS = text(1, 32)
NAMES = st.builds(NameRecord, number=IDS) | st.builds(NameRecord, filing_number=text(1, 128))

# An owner is an id, a filing number, or what looks like an id and is none.
OWNERS = IDS.map(str) | text(1, 128) | st.sampled_from(["0", "007", "9223372036854775808", "١", "²"])
MATERIALS = st.builds(
    AttachmentRecord,
    format=IDS,
    purpose=IDS,
    content=FILES,
    owner_kind=st.integers(1, 10),
    owner=OWNERS,
    remark=may(text(1, 256)),
)

NEW_WEBSITES = st.builds(
    NewWebsitesRecord,
    sponsor=NAMES,
    websites=few(websites(filed=False), 1),
    attachments=few(MATERIALS),
    filing_password=may(PASSWORDS),
)

NEW_ACCESSES = st.builds(
    NewAccessRecord,
    website=NAMES,
    access=st.builds(
        AccessRecord,
        locations=CODES_64,
        methods=CODES_64,
        ranges=few(st.builds(RangeRecord, first=ADDRESSES, last=ADDRESSES, provider_id=IDS), 1),
        provider_id=IDS,
    ),
    attachments=few(MATERIALS),
    filing_password=PASSWORDS,
)

APPROVALS = st.builds(PriorApprovalRecord, kind=st.integers(1, 64), approval_number=text(1, 512), scans=few(FILES, 1))
POSTAL = st.builds(AddressRecord, province=REGIONS, city=REGIONS, county=may(REGIONS), detail=may(text(1, 1024)))

CHANGED_WEBSITES = st.builds(
    WebsiteRecord,
    number=IDS,
    name=text(1, 512),
    approvals=few(APPROVALS),
    services=CODES_64,
    languages=CODES_64,
    domains=few(st.builds(DomainRecord, name=text(4, 128), number=may(IDS), provider_id=IDS), 1),
    accesses=few(
        st.builds(
            AccessRecord,
            number=IDS,
            locations=CODES_64,
            methods=CODES_64,
            ranges=few(st.builds(RangeRecord, first=ADDRESSES, last=ADDRESSES, number=may(IDS), provider_id=IDS), 1),
        ),
        1,
    ),
    person=people(name=True, mobile=True, email=True),
    filing_number=text(1, 128),
    home_page=may(text(4, 255)),
    remark=may(text(1, 1024)),
)

CHANGES = st.builds(
    ChangeRecord,
    sponsor=st.builds(
        SponsorRecord,
        number=IDS,
        name=text(1, 255),
        filing_number=text(1, 128),
        nature=may(CODES),
        superior=may(text(1, 255)),
        address=POSTAL,
        certificate=st.builds(CertificateRecord, type=st.integers(1, 11), number=text(1, 255), address=text(1, 1024)),
        person=people(name=False, mobile=True, email=True),
        remark=may(text(1, 1024)),
    ),
    websites=few(CHANGED_WEBSITES, 1),
    attachments=few(MATERIALS),
    filing_password=may(PASSWORDS),
)

CANCELLATIONS = st.builds(
    CancellationRecord,
    what=st.sampled_from(Cancelled),
    number=IDS,
    reason=CODES,
    remark=may(text(1, 1000)),
    filing_password=may(PASSWORDS),
)


def checked_websites(*, task: bool) -> st.SearchStrategy[WebsiteRecord]:
    """Websites as a check task names them, or as its result does."""
    return st.builds(
        WebsiteRecord,
        number=IDS,
        name=text(1, 512),
        approvals=few(APPROVALS),
        services=CODES_64,
        languages=CODES_64 if task else st.just(()),
        domains=few(st.builds(DomainRecord, name=text(4, 128), number=IDS), 1),
        accesses=few(
            st.builds(
                AccessRecord,
                number=IDS,
                locations=CODES_64,
                methods=CODES_64,
                ranges=few(st.builds(RangeRecord, first=ADDRESSES, last=ADDRESSES, number=IDS), 1),
                provider=IDS if task else st.none(),
                reported_by=FLAGS,
            ),
            1,
        ),
        person=people(name=True, mobile=False, email=not task),
        home_page=may(text(4, 255)),
        remark=may(text(1, 1024)),
    )


CHECK_RESULTS = st.builds(
    CheckResultRecord,
    verdict=FLAGS,
    checker=text(1, 128),
    checked=DAYS,
    provider=IDS,
    opinion=text(1, 1024),
    faults=may(text(1, 4000)),
    filing=st.builds(
        FilingRecord,
        sponsor=st.builds(
            SponsorRecord,
            number=IDS,
            name=text(1, 255),
            nature=may(CODES),
            superior=may(text(1, 255)),
            address=POSTAL,
            certificate=st.builds(CertificateRecord, type=CODES, number=text(1, 255), address=text(1, 1024)),
            person=people(name=False, mobile=True, email=True),
            remark=may(text(1, 1024)),
        ),
        websites=few(checked_websites(task=False), 1),
    ),
)

UNFILED_HANDLINGS = st.builds(
    UnfiledHandlingRecord,
    domain=text(4, 128),
    address=ADDRESSES,
    carrier=IDS,
    provider=IDS,
    province=IDS,
    result=CODES,
    opinion=text(1, 255),
    listed=DAYS,
    due=DAYS,
    reporter=may(text(1, 128)),
    telephone=may(text(11, 128)),
    email=may(text(6, 128)),
)

UPLOADED = {
    "new_filings": NEW_FILINGS,
    "new_websites": NEW_WEBSITES,
    "new_accesses": NEW_ACCESSES,
    "changes": CHANGES,
    "cancellations": CANCELLATIONS,
    "materials": MATERIALS,
    "check_results": CHECK_RESULTS,
    "unfiled_handlings": UNFILED_HANDLINGS,
}
"""What an upload may ask, by the attribute of `UploadDocument`."""

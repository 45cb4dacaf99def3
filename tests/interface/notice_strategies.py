"""Hypothesis strategies for what downloads say beside results and filings."""

from __future__ import annotations

from hypothesis import strategies as st

from beian.records import AddressRecord, Cancelled, CertificateRecord, FilingRecord, SponsorRecord
from beian.records.notices import (
    AccessInspection,
    BlacklistedSponsor,
    BlacklistedWebsite,
    CancelledNotice,
    CheckTask,
    CodeEntry,
    CodeTable,
    Concerned,
    CorrectionNotice,
    IllegalAccess,
    ListedDomain,
    ListedSponsor,
    Listing,
    LivenessInspection,
    Misreported,
    ReportingUnit,
    Shell,
    ShellInspection,
    SponsorInspection,
    UnfiledWebsite,
)
from tests.interface.documents_support import (
    ADDRESSES,
    CODES,
    CODES_64,
    FLAGS,
    IDS,
    MOMENTS,
    REGIONS,
    few,
    may,
    people,
    text,
)
from tests.interface.request_strategies import checked_websites

REMARK = may(text(1, 2000))
SHORT_REMARK = may(text(1, 128))

_LISTED_SPONSORS = st.builds(
    ListedSponsor,
    name=text(1, 255),
    certificate_type=CODES,
    certificate_number=text(1, 255),
    nature=may(CODES),
)

_CHECKED = st.builds(
    FilingRecord,
    sponsor=st.builds(
        SponsorRecord,
        number=IDS,
        name=text(1, 255),
        nature=may(CODES),
        address=st.builds(
            AddressRecord, province=REGIONS, city=may(REGIONS), county=may(REGIONS), detail=may(text(1, 1024))
        ),
        certificate=st.builds(CertificateRecord, type=CODES, number=text(1, 255), address=text(1, 1024)),
        person=people(name=False, mobile=False, email=True),
        superior=may(text(1, 255)),
        reported_by=FLAGS,
        first_reported=MOMENTS,
        last_modified=may(MOMENTS),
        remark=may(text(1, 1024)),
    ),
    websites=few(checked_websites(task=True), 1),
)

_WEBSITE = {"number": IDS, "filing_number": text(5, 255), "inspected": MOMENTS, "remark": REMARK}

NOTICES = {
    "cancelled": st.builds(
        CancelledNotice, what=st.sampled_from([Cancelled.SPONSOR, Cancelled.WEBSITE]), number=IDS, remark=REMARK
    ),
    "blacklisted_sponsors": st.builds(
        BlacklistedSponsor, operation=st.sampled_from(Listing), sponsor=st.none() | _LISTED_SPONSORS, remark=REMARK
    ),
    "blacklisted_websites": st.builds(
        BlacklistedWebsite,
        operation=st.sampled_from(Listing),
        name=text(1, 512),
        domains=few(st.builds(ListedDomain, name=text(4, 128)), 1),
        home_page=may(text(4, 255)),
        remark=REMARK,
    ),
    "illegal_accesses": st.builds(
        IllegalAccess,
        number=IDS,
        domain=text(4, 128),
        address=ADDRESSES,
        provider=IDS,
        province=IDS,
        checked=MOMENTS,
        remark=REMARK,
    ),
    "unfiled_websites": st.builds(
        UnfiledWebsite,
        number=IDS,
        domain=text(1, 128),
        address=ADDRESSES,
        carrier=IDS,
        provider=may(IDS),
        province=may(IDS),
        languages=st.just(()) | CODES_64,
        first_checked=may(MOMENTS),
        last_checked=may(MOMENTS),
        times=may(st.integers(0, 2**63 - 1)),
        remark=REMARK,
    ),
    "check_tasks": st.builds(CheckTask, filing=_CHECKED, instruction=REMARK),
    "sponsor_inspections": st.builds(
        SponsorInspection,
        number=IDS,
        name=text(1, 255),
        certificate_type=CODES,
        certificate_number=text(1, 255),
        fault=may(text(1, 512)),
        remark=REMARK,
    ),
    "access_inspections": st.builds(
        AccessInspection,
        result=st.sampled_from(Misreported),
        domain=may(text(4, 255)),
        resolved=may(st.integers(0, 2**32 - 1)),
        provider=may(IDS),
        access=may(IDS),
        **_WEBSITE,
    ),
    "shell_inspections": st.builds(
        ShellInspection, result=st.sampled_from(Shell), home_page=may(text(7, 255)), **_WEBSITE
    ),
    "liveness_inspections": st.builds(LivenessInspection, home_page=may(text(4, 255)), **_WEBSITE),
    "corrections": st.builds(
        CorrectionNotice,
        what=st.sampled_from(Concerned),
        text=text(1, 255),
        number=may(IDS),
        filing_number=may(text(1, 128)),
        remark=REMARK,
    ),
}
"""What a bureau tells unasked, by the attribute of `DownloadDocument`."""

UNITS = st.builds(
    ReportingUnit,
    number=IDS,
    name=text(1, 255),
    unit_class=may(CODES),
    industry=may(CODES),
    licence=may(text(1, 128)),
    province=may(REGIONS),
    city=may(REGIONS),
    county=may(REGIONS),
    address=may(text(1, 1024)),
    valid=st.booleans(),
    remark=SHORT_REMARK,
)

# What each table says beside id, name, remark and whether the entry is in force.
_MORE = {
    "region": {"level": may(st.integers(1, 3))},
    "feedback_class": {"second_name": text(1, 128)},
    "server_location": {
        "bit": IDS,
        "mark": text(1, 10),
        "province": may(REGIONS),
        "abbreviation": may(text(1, 128)),
        "email": may(text(6, 255)),
        "mobile": may(text(11, 128)),
    },
    "industry": {"mark": text(1, 10)},
    "certificate_type": {"nature": IDS},
    "prior_approval": {"bit": IDS, "needs_approval": st.booleans()},
    "service_content": {"bit": IDS},
    "access_method": {"bit": IDS},
    "unfiled_handling": {"valid": st.just(True)},
    "attachment_purpose": {"owner_kind": IDS},
}


def code_tables(name: str) -> st.SearchStrategy[CodeTable]:
    values = {"valid": st.booleans(), **_MORE.get(name, {})}
    entry = st.builds(CodeEntry, code=IDS, name=text(1, 32), remark=SHORT_REMARK, **values)
    return st.builds(CodeTable, table=st.just(name), entries=few(entry, 1))

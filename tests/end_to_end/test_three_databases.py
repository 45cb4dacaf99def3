"""A sponsor of another province, over three systems with three databases and three data keys.

Guangdong accepts the upload, the ministry carries it, Beijing decides; the answer goes the same way
back. On the way there Beijing is away, on the way back Guangdong is, and the broker loses all it had.
"""

from __future__ import annotations

import hashlib
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from beian.celery import app
from beian.records import FilingRecord
from interface.client import Parameters, ProviderClient
from interface.documents.download import DownloadDocument, read_download
from interface.documents.upload import write_upload
from tests.builders import approval, attachment, changed, content, filing, jpeg_bytes
from tests.end_to_end.nodes import System, three_systems, wait_for
from tests.interface.calling import PASSWORD

pytestmark = [pytest.mark.xdist_group("end_to_end"), pytest.mark.slow]

ISP_ID = 440000000901
CODES = {"bureau:440000": "广东省通信管理局", "ministry": "工业和信息化部", "bureau:110000": "北京市通信管理局"}
FORM, SCAN = jpeg_bytes(5), jpeg_bytes(6)
FILES = {hashlib.sha256(data).hexdigest(): data for data in (FORM, SCAN)}
WAITING = "SELECT count(*) FROM beian_message WHERE state = 'waiting'"


def of_beijing() -> FilingRecord:
    """A filing of a sponsor of Beijing with two attachments."""
    record = filing(1)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    record = changed(record, "sponsor.address", address)
    form = attachment(str(record.sponsor.provider_id), data=FORM)
    record = replace(record, attachments=(form,))
    return changed(record, "websites.0.approvals", (approval(scans=(content(SCAN),)),))


def lose_everything_in_the_broker() -> None:
    with app.pool.acquire(block=True) as broker:
        broker.default_channel.client.flushdb()


def fetch(provider: ProviderClient) -> DownloadDocument:
    """Download a document and acknowledge it."""
    answer = provider.download()
    assert answer.code == 0
    assert answer.file is not None
    document = read_download(provider.open_document(answer.file).read(), content)
    assert provider.acknowledge(answer.file.file_name).code == 0
    return document


def provider_of(guangdong: System) -> ProviderClient:
    """An account at the bureau, and the provider's system that uses it."""
    guangdong.manage("shell", "-v", "0", "-c", f"from tests.interface import calling; calling.account({ISP_ID})")
    known = Parameters(
        endpoint=guangdong.start_web(), isp_id=ISP_ID, user_name=f"user{ISP_ID}", password=PASSWORD, key=None
    )
    return ProviderClient(known)


def people_of(beijing: System) -> None:
    for username, role in (("first", "reviewer"), ("second", "approver")):
        person = ("--name", "审核人", "--node", beijing.code, "--role", role)
        beijing.manage("add_person", username, *person, said="a long password 1\n")


def test_a_filing_of_another_province(tmp_path: Path) -> None:
    with three_systems(CODES, tmp_path) as (guangdong, ministry, beijing):
        people_of(beijing)
        provider = provider_of(guangdong)
        guangdong.start_worker()
        ministry.start_worker()
        record = of_beijing()
        document = write_upload([record], requesting_provider=ISP_ID, load=FILES.__getitem__)
        assert provider.upload(document, 1).code == 0

        there(guangdong, ministry, beijing)
        number = decided(guangdong, beijing)
        back(guangdong, ministry, beijing)

        results, filings = fetch(provider), fetch(provider)
        assert provider.download().code == 2
        assert [code.code for result in results.results for code in result.codes] == [1001]
        assert [opinion.opinion for opinion in results.opinions] == ["同意"]
        assert [each.sponsor.filing_number for each in filings.filings] == [number]
        published(guangdong, ministry, beijing, record, number)


def there(guangdong: System, ministry: System, beijing: System) -> None:
    """The application with its two attachments waits for Beijing, which is away, and comes twice then."""
    state = "SELECT state FROM bureau_application"
    wait_for("forwarding", lambda: guangdong.value(state) == "forwarded")
    wait_for("the ministry's relaying", lambda: beijing.queued() == 3 and guangdong.value(WAITING) == 0)
    assert ministry.value("SELECT count(*) FROM bureau_application") == 0
    assert ministry.value(WAITING) == 3

    lose_everything_in_the_broker()
    for copies in (3, 6):
        ministry.sweep()
        wait_for("another sending", lambda copies=copies: beijing.queued() == copies)
    beijing.start_worker()
    wait_for("arrival", lambda: ministry.value(WAITING) == 0 and beijing.queued() == 0)
    assert beijing.rows("SELECT state, isp_id FROM bureau_application") == [("pending", ISP_ID)]
    assert beijing.value("SELECT count(*) FROM beian_receivedmessage") == 3
    assert guangdong.value(state) == "forwarded"


def decided(guangdong: System, beijing: System) -> str:
    """Beijing has the attachments under its own key, and approves while Guangdong is away."""
    guangdong.stop_worker()
    said = beijing.run("-m", "tests.end_to_end.decide_at_node", "first", "second").split()
    assert {word for word in said if word in FILES} == FILES.keys()
    number = said[-1]
    assert number.startswith("京ICP备")
    return number


def back(guangdong: System, ministry: System, beijing: System) -> None:
    """The outcome waits at the ministry until Guangdong is back; the broker forgets it meanwhile."""
    wait_for("the outcome at the ministry", lambda: guangdong.queued() == 1 and beijing.value(WAITING) == 0)
    lose_everything_in_the_broker()
    guangdong.start_worker()
    ministry.sweep()
    wait_for("the outcome", lambda: guangdong.value("SELECT state FROM bureau_application") == "approved")
    wait_for("its acknowledgement", lambda: ministry.value(WAITING) == 0)


def published(guangdong: System, ministry: System, beijing: System, record: FilingRecord, number: str) -> None:
    """Everybody concerned has a copy of the same filing under the same number, and the public finds it."""
    for system in (guangdong, ministry, beijing):
        copies = system.rows(
            "SELECT node.code, sponsor.filing_number FROM beian_sponsor sponsor JOIN beian_node node"
            " ON node.id = sponsor.holder_id"
        )
        assert copies == [(system.code, number)]
    assert guangdong.value("SELECT filing_number FROM bureau_application") == number
    assert guangdong.value("SELECT count(*) FROM interface_outcome WHERE parcel_id IS NULL") == 0
    query = urllib.parse.urlencode({"q": record.websites[0].domains[0].name})
    with urllib.request.urlopen(f"{ministry.start_web()}/?{query}", timeout=20) as answer:
        assert number in answer.read().decode()

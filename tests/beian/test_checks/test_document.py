"""The filings of one document: judged in order, conflicting with those accepted before them, and quickly."""

from __future__ import annotations

import time

import pytest

from beian.checks import Facts, Finding, check_document
from beian.checks.keys import reservation_keys
from beian.records import FilingRecord
from tests import builders
from tests.builders import changed


def judged(facts: Facts, *filings: object) -> list[set[int]]:
    return [{finding.code for finding in findings} for findings in check_document(filings, facts)]


def test_the_second_of_two_equal_filings_conflicts_with_the_first(facts: Facts) -> None:
    one = builders.filing(1)
    assert judged(facts, one, one) == [set(), {1003, 1005, 1021, 1037, 1038, 1039, 1040}]


def test_the_message_says_which_record_it_conflicts_with(facts: Facts) -> None:
    one, other = builders.filing(1), builders.filing(2)
    other = changed(other, "websites.0.domains.0.name", "example101.cn")
    (_, findings) = check_document([one, other], facts)
    assert "同一文件的第1条备案信息" in " ".join(finding.description() for finding in findings)


def test_a_record_that_came_back_stands_in_nobody_s_way(facts: Facts) -> None:
    broken = changed(builders.filing(1), "sponsor.person.mobile", "1")
    assert judged(facts, broken, builders.filing(1)) == [{1011}, set()]


def test_a_credit_code_is_the_same_under_another_certificate_type(facts: Facts) -> None:
    number = builders.credit_code(1)
    one = changed(builders.filing(1), "sponsor.certificate.number", number)
    other = changed(changed(builders.filing(2), "sponsor.certificate.number", number.lower()), "sponsor.nature", 3)
    other = changed(other, "sponsor.certificate.type", 4)
    assert judged(facts, one, other) == [set(), {1003}]


def with_certificate(n: int, kind: int, number: str, *, organisation: bool = True) -> FilingRecord:
    filing = changed(builders.filing(n, organisation=organisation), "sponsor.certificate.type", kind)
    return changed(filing, "sponsor.certificate.number", number)


def test_a_number_under_another_certificate_type_is_another_certificate(facts: Facts) -> None:
    one, other = (with_certificate(n, kind, "E00000001", organisation=False) for n, kind in ((1, 7), (2, 8)))
    assert judged(facts, one, other) == [set(), set()]


def test_hyphens_blanks_and_width_do_not_make_another_certificate() -> None:
    spellings = ("00000001-9", "000000019", "０００００００１ - ９")
    assert len({reservation_keys(with_certificate(1, 3, spelling))[0] for spelling in spellings}) == 1


def test_what_a_filing_claims() -> None:
    assert reservation_keys(builders.filing(1)) == [
        ("certificate", f"credit:{builders.credit_code(1)}"),
        ("domain", "example101.cn"),
        ("home_page", "www.example101.cn/"),
    ]


def test_a_thousand_filings_are_judged_within_a_second(facts: Facts) -> None:
    filings = [builders.filing(n) for n in range(1, 1001)]
    started = time.process_time()
    assert judged(facts, *filings) == [set()] * 1000
    assert time.process_time() - started < 1


def test_many_ranges_of_one_website_are_judged_in_order_of_their_number(facts: Facts) -> None:
    ranges = tuple(builders.address_range(n * 2, provider_id=n + 1) for n in range(20_000))
    filing = changed(builders.filing(1), "websites.0.accesses.0.ranges", ranges)
    started = time.process_time()
    assert judged(facts, filing) == [set()]
    assert time.process_time() - started < 2


@pytest.mark.parametrize("limit", [255, 60])
def test_a_description_fits_its_limit(limit: int) -> None:
    finding = Finding(1005, "细" * 300, "网站1", "websites.0", "域名冲突")
    assert len(finding.description(limit)) == limit
    assert finding.description(limit).endswith("…")


def test_a_description_is_the_message_then_the_place_and_the_conflict() -> None:
    finding = Finding(1005, "域名“示例.中国”已存在：粤ICP备2026000001号", "网站1·域名1", "websites.0", "域名冲突")
    assert finding.description() == "域名冲突（网站1·域名1：域名“示例.中国”已存在：粤ICP备2026000001号）"


def test_names_with_characters_that_gbk_lacks_pass(facts: Facts) -> None:
    filing = changed(changed(builders.filing(1), "sponsor.name", "𠮷䶮有限公司"), "websites.0.name", "𠮷")
    assert judged(facts, filing) == [set()]

"""What came back is told in full: a remark holds every finding, and says so where it cannot."""

from __future__ import annotations

import time

from beian.checks import Finding
from bureau.services.returning import REMARK_LIMIT, codes_of, remark_of


def _findings(count: int) -> list[Finding]:
    return [Finding(1004, f"域名“example{each}”无效", f"网站{each}·域名1", "", "域名格式错误") for each in range(count)]


def test_every_finding_of_a_large_filing_stands_in_the_remark() -> None:
    remark = remark_of(_findings(500))
    assert len(remark) > 4000
    assert remark.splitlines()[499] == "1004 网站499·域名1：域名“example499”无效"


def test_what_has_no_room_is_counted() -> None:
    remark = remark_of(_findings(20_000), "第1条")
    lines = remark.splitlines()
    assert len(remark) <= REMARK_LIMIT + 20
    assert lines[0] == "第1条"
    assert lines[-1] == f"另有{20_001 - (len(lines) - 1)}处未列出"


def test_each_code_stands_once_with_as_much_as_a_description_holds() -> None:
    findings = [*_findings(3), Finding(1005, "冲突", "网站1·域名1", "", "域名冲突")]
    first, second = codes_of(findings)
    assert (first.code, second.code) == (1004, 1005)
    details = "；".join(["域名“example0”无效", *(f"网站{n}·域名1：域名“example{n}”无效" for n in (1, 2))])
    assert first.description == f"域名格式错误（网站0·域名1：{details}）"


def test_so_many_findings_of_one_code_take_no_quadratic_time() -> None:
    findings = _findings(40_000)
    began = time.perf_counter()
    (code,) = codes_of(findings)
    assert time.perf_counter() - began < 2
    assert len(code.description or "") == 255

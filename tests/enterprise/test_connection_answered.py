"""What the bureau answered to a trial is said in words: "操作成功" alone is no right password and no filing."""

from __future__ import annotations

from typing import Any

import pytest

from enterprise.forms.connection import StatusForm
from enterprise.gateway.verbs import NO_SUCH_FILE, Attempt
from enterprise.models import Call
from enterprise.views.connection.answered import Said, said
from interface.documents.returns import (
    FileInfo,
    FileReturn,
    FilingStatus,
    PasswordReturn,
    PlainReturn,
    Return,
    StatusReturn,
    UploadReturn,
)

OK: dict[str, Any] = {"code": 0, "message": "操作成功"}
NUMBER = "粤ICP备2026000001号"


def heard(operation: str, answer: Return, **about: Any) -> Said:
    found = said(Attempt(Call(operation=operation, code=answer.code, message=answer.message, **about), answer))
    assert found is not None
    return found


def status(not_filed: int | None, **found: str) -> Said:
    about = FilingStatus(condition_type=0, condition="example1.cn", not_filed=not_filed, **found)  # type: ignore[arg-type]
    return heard("isp_querybeianstatus", StatusReturn(**OK, status=about))


def file(name: str, sequence: int | None = None) -> FileInfo:
    return FileInfo(
        hash_algorithm=0,
        compression_format=0,
        encrypt_algorithm=0,
        file_name=name,
        content="",
        hash="",
        sequence=sequence,
    )


@pytest.mark.parametrize(
    ("wrong", "label", "tone"), [(0, "密码正确", "good"), (1, "密码错误", "bad"), (None, "结果不明", "warn")]
)
def test_whether_a_password_is_right(wrong: int | None, label: str, tone: str) -> None:
    found = heard("isp_verifybamm", PasswordReturn(**OK, wrong=wrong))
    assert found.badge is not None
    assert (found.badge.label, found.badge.tone) == (label, tone)


def test_a_password_that_was_not_looked_at_is_neither() -> None:
    found = heard("isp_verifybamm", PasswordReturn(code=22, message="60分钟内超过5次"))
    assert (found.badge, "不明" in found.words) == (None, True)


def test_what_is_on_file_is_said_with_its_numbers() -> None:
    found = status(0, sponsor_filing_number=NUMBER, website_filing_number=f"{NUMBER}-1", website_name="示例网站")
    assert found.badge is not None
    assert found.badge.label == "已备案"
    assert [term.value for term in found.terms] == [NUMBER, f"{NUMBER}-1", "示例网站"]
    assert [term.value for term in status(0, sponsor_filing_number=NUMBER).terms] == [NUMBER]


@pytest.mark.parametrize(("not_filed", "label"), [(1, "未备案"), (None, "状态不明"), (7, "状态不明")])
def test_what_is_not_on_file(not_filed: int | None, label: str) -> None:
    found = status(not_filed)
    assert found.badge is not None
    assert (found.badge.label, found.terms) == (label, ())


def test_the_last_upload() -> None:
    found = heard("isp_querypreviousupload", FileReturn(**OK, file=file("U7.xml", 7)))
    assert ("第7号" in found.words, [term.value for term in found.terms]) == (True, ["7", "U7.xml"])
    assert "还没有" in heard("isp_querypreviousupload", FileReturn(**OK, file=file("", 0))).words
    assert "没有答复" in heard("isp_querypreviousupload", FileReturn(**OK)).words


def test_what_is_in_the_mailbox() -> None:
    found = heard("isp_download", FileReturn(**OK, file=file("D1.xml")))
    assert ("待取" in found.words, [term.value for term in found.terms]) == (True, ["D1.xml"])
    assert "信箱是空的" in heard("isp_download", FileReturn(code=2, message="没有数据")).words
    assert "没有答复" in heard("isp_download", FileReturn(code=5, message="密码错误")).words


def test_a_repeated_upload() -> None:
    assert "不占用新的序号" in heard("isp_upload", UploadReturn(**OK), sequence=7).words
    missing = UploadReturn(code=14, message="漏报", missing=(8, 9))
    assert "8、9" in heard("isp_upload", missing, sequence=7).words


def test_an_acknowledgement() -> None:
    assert "已确认" in heard("isp_downloadack", PlainReturn(**OK), file_name="D1.xml").words
    other = PlainReturn(code=999, message="没有这个文件")
    assert "是正常的" in heard("isp_downloadack", other, file_name=NO_SUCH_FILE).words
    assert "没有确认" in heard("isp_downloadack", other, file_name="D1.xml").words
    refused = PlainReturn(code=5, message="密码错误")
    assert "是正常的" not in heard("isp_downloadack", refused, file_name=NO_SUCH_FILE).words


def test_nothing_is_said_without_an_answer() -> None:
    assert said(Attempt(Call(operation="isp_download", error="NoConnection: x"), None)) is None


def test_certificates_of_one_name_are_told_apart_by_the_nature_they_belong_to() -> None:
    _, *groups = StatusForm().fields["condition_type"].choices  # type: ignore[attr-defined]
    under = {title: [code for code, label in types if "组织机构代码证" in label] for title, types in groups}
    assert {title: codes for title, codes in under.items() if codes} == {
        "事业单位": [3],
        "政府机关": [9],
        "社会团体": [10],
    }

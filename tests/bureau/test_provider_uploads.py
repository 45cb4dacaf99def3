"""A provider's uploads: how far each is, why one came back whole, and each record of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bureau.services import intake
from interface.models import ProviderAccount, Upload
from tests.builders import changed, filing
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

Page = Callable[[str], str]


def test_a_document_that_came_back_whole_says_where_and_what_to_do(account: ProviderAccount, page: Page) -> None:
    upload = stored_upload(account, b"not xml at all")
    intake.drain(account.pk)
    for path in ("uploads/", f"uploads/{upload.sequence}/"):
        shown = page(path)
        assert "5001" in shown
        assert "第1行" in shown
        assert "按说明中的行号修改" in shown


def test_one_that_is_not_processed_says_so(account: ProviderAccount, page: Page) -> None:
    upload = upload_of(account, [filing(1)])
    assert "已受理，正在处理" in page("uploads/")
    assert "正在排队处理" in page(f"uploads/{upload.sequence}/")
    Upload.objects.filter(pk=upload.pk).update(problem="OperationalError")
    shown = page(f"uploads/{upload.sequence}/")
    assert "系统会自动重试，请勿重复上报" in shown
    assert "OperationalError" not in shown


def test_each_record_stands_with_its_state_and_codes(account: ProviderAccount, page: Page) -> None:
    bad = [changed(filing(seed), "sponsor.person.email", "no-at-sign") for seed in (1, 2)]
    worse = changed(bad[1], "sponsor.person.mobile", "12345678901")
    upload = upload_of(account, [bad[0], worse, filing(3)])
    intake.drain(account.pk)
    shown = page(f"uploads/{upload.sequence}/")
    assert "1009、1011" in shown
    assert "在本局审核，不足1个工作日（共20个）" in shown
    # Each code once, with how many records have it.
    summary = shown.split('id="summary"')[1].split("</section>")[0]
    assert summary.index("1009") < summary.index("1011")
    assert 'class="cell-number">2</td>' in summary
    assert "填写11位手机号码" in summary


def test_a_number_that_was_never_accepted_is_none(
    account: ProviderAccount, page: Page, reader: object, signed_in: Callable[..., object]
) -> None:
    client = signed_in(reader)
    assert client.get("/bureaus/440000/mine/uploads/1/").status_code == 404  # type: ignore[attr-defined]

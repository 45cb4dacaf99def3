"""What a bureau writes to a provider: a notice to correct (整改), an inspection's result, an illegal access.

The writer names a filing by its number; what the wire wants besides is read from the bureau's copy.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from beian import events, numbers
from beian.models import Access, Node, Sponsor, User, Website
from beian.records import as_json, notices
from beian.services.refusals import Invalid
from bureau.models import BureauNotice, NoticeKind
from bureau.services import accounts
from bureau.services.handing_out import hand_out
from interface.models import ProviderAccount

SUBJECT = "bureau_notice"
TEXT_LIMIT = 255
FAULT_LIMIT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was written. Which of it counts, the kind decides.

    `filing_number` names a sponsor or a website; `result` is the verdict of an inspection; `address`
    is a number, first octet highest; `direct_provider` who connects the domain.
    """

    text: str = ""
    filing_number: str = ""
    checked: datetime.date | None = None
    due: datetime.date | None = None
    result: int = 0
    domain: str = ""
    address: int | None = None
    direct_provider: int | None = None
    province: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A notice ready to go: what travels, and what it is about."""

    record: notices.Notice
    number: int | None
    subject: str
    text: str


def send(bureau: Node, actor: User, isp_id: int, kind: NoticeKind, draft: Draft) -> BureauNotice:
    """Write to a provider. Raises `Invalid` that names what does not fit, `MovedOn` for one that left."""
    with transaction.atomic():
        account = accounts.lock_present(bureau, isp_id)
        number = numbers.issue_objects(bureau, 1) if kind == NoticeKind.ILLEGAL_ACCESS else 0
        written = WRITERS[kind](_Desk(bureau, account, number), draft)
        notice = BureauNotice.objects.create(
            bureau=bureau,
            account=account,
            kind=kind,
            number=written.number,
            subject=written.subject[:255],
            text=written.text,
            record=as_json(written.record),
            outcome=hand_out(account, written.record, f"{kind}:{written.number or number}"),
            sent_by=actor,
        )
        data = {"kind": kind, "number": written.number, "isp_id": isp_id}
        events.record(SUBJECT, notice.pk, "send", node=bureau, actor=actor, data=data)
    return notice


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a notice is written: at which bureau, to whom, under which number of its own."""

    bureau: Node
    account: ProviderAccount
    number: int

    def sponsor(self, filing_number: str) -> Sponsor:
        """Find a sponsor on file to one of whose websites the provider gives access."""
        row = Sponsor.objects.held_by(self.bureau).filter(filing_number=_parsed(filing_number, website=False)).first()
        if row is None:
            raise Invalid({"filing_number": [f"本局没有主体备案号为{filing_number}的备案。"]})
        if not self._accesses().filter(website__sponsor=row).exists():
            raise Invalid({"filing_number": [f"“{self.account.provider.name}”没有接入该主体的任何网站。"]})
        return row

    def website(self, filing_number: str) -> Website:
        """Find a website on file by its filing number."""
        row = Website.objects.held_by(self.bureau).filter(filing_number=_parsed(filing_number, website=True)).first()
        if row is None:
            raise Invalid({"filing_number": [f"本局没有网站备案号为{filing_number}的备案。"]})
        return row

    def own_website(self, filing_number: str) -> Website:
        """Find a website on file to which the provider gives access."""
        row = self.website(filing_number)
        if self.access(row) is None:
            raise Invalid({"filing_number": [f"“{self.account.provider.name}”没有接入该网站。"]})
        return row

    def access(self, website: Website) -> int | None:
        """Give the number of the provider's access to a website."""
        found: int | None = self._accesses().filter(website=website).values_list("number", flat=True).first()
        return found

    def _accesses(self) -> QuerySet[Access]:
        return Access.objects.held_by(self.bureau).filter(isp_id=self.account.isp_id)


def _parsed(text: str, *, website: bool) -> str:
    number = numbers.parse(text)
    if number is None or (number.website is not None) != website:
        example = "粤ICP备2026000001号-1" if website else "粤ICP备2026000001号"
        kind = "网站" if website else "主体"
        raise Invalid({"filing_number": [f"请填写{kind}备案号，例如 {example}。"]})
    return str(number)


def _correction(desk: _Desk, draft: Draft) -> Written:
    about = numbers.parse(draft.filing_number)
    of_website = about is not None and about.website is not None
    row = desk.own_website(draft.filing_number) if of_website else desk.sponsor(draft.filing_number)
    record = notices.CorrectionNotice(
        what=notices.Concerned.WEBSITE if of_website else notices.Concerned.SPONSOR,
        number=row.number,
        filing_number=row.filing_number,
        text=draft.text,
        remark=f"请于{draft.due:%Y-%m-%d}前完成整改。" if draft.due else None,
    )
    return Written(record, row.number, f"{row.name} {row.filing_number}", draft.text)


def _sponsor_inspection(desk: _Desk, draft: Draft) -> Written:
    row = desk.sponsor(draft.filing_number)
    record = notices.SponsorInspection(
        number=row.number,
        name=row.name,
        certificate_type=row.certificate_type,
        certificate_number=row.certificate_number,
        fault=draft.text,
    )
    return Written(record, row.number, f"{row.name} {row.filing_number}", draft.text)


def _access_inspection(desk: _Desk, draft: Draft) -> Written:
    row, result = desk.website(draft.filing_number), notices.Misreported(draft.result)
    access = desk.access(row)
    if result == notices.Misreported.OVER and access is None:
        raise Invalid({"filing_number": [f"“{desk.account.provider.name}”没有报备过该网站的接入，不会是多报。"]})
    if result == notices.Misreported.UNDER and access is not None:
        raise Invalid({"filing_number": [f"“{desk.account.provider.name}”已报备该网站的接入，不会是少报。"]})
    record = notices.AccessInspection(
        number=row.number,
        filing_number=row.filing_number or "",
        result=result,
        inspected=_moment(draft.checked),
        domain=draft.domain or None,
        resolved=draft.address,
        provider=desk.account.isp_id,
        access=access,
        remark=draft.text or None,
    )
    return Written(record, row.number, f"{row.name} {row.filing_number}", _words(RESULTS[result], draft.text))


def _shell_inspection(desk: _Desk, draft: Draft) -> Written:
    row, result = desk.website(draft.filing_number), notices.Shell(draft.result)
    record = notices.ShellInspection(
        number=row.number,
        filing_number=row.filing_number or "",
        result=result,
        inspected=_moment(draft.checked),
        home_page=row.home_page,
        remark=draft.text or None,
    )
    return Written(record, row.number, f"{row.name} {row.filing_number}", _words(SHELLS[result], draft.text))


def _liveness_inspection(desk: _Desk, draft: Draft) -> Written:
    row = desk.own_website(draft.filing_number)
    record = notices.LivenessInspection(
        number=row.number,
        filing_number=row.filing_number or "",
        inspected=_moment(draft.checked),
        home_page=row.home_page,
        remark=draft.text or None,
    )
    return Written(record, row.number, f"{row.name} {row.filing_number}", _words("网站无法访问", draft.text))


def _illegal_access(desk: _Desk, draft: Draft) -> Written:
    record = notices.IllegalAccess(
        number=desk.number,
        domain=draft.domain,
        address=draft.address or 0,
        provider=draft.direct_provider or desk.account.isp_id,
        province=draft.province or desk.bureau.province,
        checked=_moment(draft.checked),
        remark=draft.text or None,
    )
    return Written(record, None, draft.domain, _words("非法接入", draft.text))


RESULTS: Mapping[notices.Misreported, str] = {
    notices.Misreported.OVER: "多报接入",
    notices.Misreported.UNDER: "少报接入",
}
SHELLS: Mapping[notices.Shell, str] = {notices.Shell.ALIVE: "网站存活", notices.Shell.DEAD: "网站已关闭"}
WRITERS: Mapping[NoticeKind, Callable[[_Desk, Draft], Written]] = {
    NoticeKind.CORRECTION: _correction,
    NoticeKind.SPONSOR_INSPECTION: _sponsor_inspection,
    NoticeKind.ACCESS_INSPECTION: _access_inspection,
    NoticeKind.SHELL_INSPECTION: _shell_inspection,
    NoticeKind.LIVENESS_INSPECTION: _liveness_inspection,
    NoticeKind.ILLEGAL_ACCESS: _illegal_access,
}


def _words(result: str, text: str) -> str:
    return f"{result}：{text}" if text else result


def _moment(day: datetime.date | None) -> str:
    """Write the day of an inspection as it travels."""
    return f"{day or timezone.localdate():%Y-%m-%d} 00:00:00"

"""Letters to sponsors: the filing password, and that an access of theirs ended."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from beian import mail
from beian.models import Node
from beian.records import Cancelled, FilingRecord, SponsorRecord, WebsiteRecord
from bureau.services.cancelling import Gone

_WHAT = {
    Cancelled.SPONSOR: "主体备案（{number}）已注销，其全部网站备案和接入同时终止",
    Cancelled.WEBSITE: "网站备案（{number}）已注销，该网站的接入同时终止",
    Cancelled.ACCESS: "网站（{number}）的一处接入已取消",
}


def send_password(filing: FilingRecord, password: str) -> None:
    """Tell a sponsor whose new filing was approved its numbers and its filing password."""
    sponsor = filing.sponsor
    _write(
        sponsor,
        f"网站备案已通过：{sponsor.filing_number}",
        "您的网站备案申请已通过审核。\n"
        f"主体备案号：{sponsor.filing_number}\n"
        + "".join(f"网站备案号：{website.filing_number}　{website.name}\n" for website in filing.websites)
        + f"\n备案密码：{password}\n"
        "新增接入和注销主体时须提供备案密码，请妥善保管，不要告诉与备案无关的人。\n",
    )


def tell_access_ended(gone: Gone, *, ordered: str = "") -> None:
    """Tell a sponsor which accesses of its websites ended; `ordered` says why the bureau closed it, if it did."""
    sponsor = gone.before.sponsor
    number = gone.filing_number or str(gone.number)
    said = _WHAT[gone.what].format(number=number)
    lines = [
        f"　{website.name}（{website.filing_number or '无备案号'}）：{provider_names(_ended(gone, index))}"
        for index, website in enumerate(gone.websites)
    ]
    body = f"您的{said}（{timezone.localdate():%Y-%m-%d}）。\n"
    if ordered:
        body += f"管局责令关闭的理由：{ordered}\n"
    if lines:
        body += "\n终止的接入：\n" + "\n".join(lines) + "\n"
    body += "\n停止接入后网站不得继续开通访问；需要恢复时，请通过接入商重新办理备案。\n"
    _write(sponsor, f"网站备案变动：{number}", body)


def tell_domain_closed(sponsor: SponsorRecord, website: WebsiteRecord, domain: str, reason: str) -> None:
    """Tell a sponsor that the bureau had a domain of its website closed."""
    _write(
        sponsor,
        f"网站备案变动：{website.filing_number or sponsor.filing_number}",
        f"管局责令关闭您的网站“{website.name}”的域名{domain}（{timezone.localdate():%Y-%m-%d}）。\n理由：{reason}\n"
        "\n该域名的备案已撤销，接入商将停止其接入；网站的其他域名不受影响。\n",
    )


def provider_names(isp_ids: Iterable[int]) -> str:
    """Name providers, by identifier where nothing else is known of one."""
    wanted = list(dict.fromkeys(isp_ids))
    known = dict(Node.objects.filter(code__in=[f"provider:{each}" for each in wanted]).values_list("code", "name"))
    return "、".join(known.get(f"provider:{each}", str(each)) for each in wanted) or "无"


def _ended(gone: Gone, index: int) -> list[int]:
    accesses = gone.websites[index].accesses
    ended = [access for access in accesses if gone.what != Cancelled.ACCESS or access.number == gone.number]
    return [access.provider for access in ended if access.provider is not None]


def _write(sponsor: SponsorRecord, subject: str, body: str) -> None:
    address = (sponsor.person.email or "").split(";")[0].strip()
    if address:
        mail.write(address, subject, f"{sponsor.name}：\n\n{body}")

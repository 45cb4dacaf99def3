"""Rules of single kinds of requests: what each of them must keep to."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope
from beian.checks.operations import CANCELLATIONS, Operation
from beian.checks.places import websites
from beian.checks.requests import marks
from beian.checks.requests.asked import Asked
from beian.checks.requests.naming import name_of, province_named
from beian.checks.requests.registry import request_rule
from beian.records import CancellationRecord, ChangeRecord

_ONE = "一个网站每个接入商只需一个接入；更改IP地址等请报变更"


@request_rule(
    1029,
    "Website has an access by this provider already",
    scope=Scope.FILING,
    source="interface, facts that providers got wrong",
    operations=frozenset({Operation.NEW_ACCESS}),
)
def access_again(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The website has an access by this provider, on file or asked for already. Says since when.

    For a new access only: a new website may list several accesses by the same provider.
    """
    if asked.website is None or asked.website.number is None:
        return
    for access in asked.website.accesses:
        if access.provider == asked.isp_id:
            since = asked.known.since.get(asked.website.number)
            when = f"自{since}起" if since else ""
            yield Defect(f"该网站{when}已有本接入商的接入（标识{access.number}）；{_ONE}", "网站", "website")
    if taken := asked.known.marks.get(marks.access_for(asked.website.number, asked.isp_id)):
        yield Defect(f"本接入商对该网站的接入已在申请：{taken}；{_ONE}", "网站", "website")


@request_rule(
    1046,
    "Province of the sponsor changes",
    scope=Scope.FORM,
    source="interface, code table",
    operations=frozenset({Operation.CHANGE}),
)
def province_changes(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A change leaves the sponsor in the province whose bureau gave it its number."""
    if not isinstance(asked.request, ChangeRecord):
        return
    home, new = province_named(name_of(asked.request)), asked.request.sponsor.address.province
    if home is not None and new != home:
        detail = f"主体所在省不能由{_province(home, facts)}变更为{_province(new, facts)}，请先注销主体再重新备案"
        yield Defect(detail, "主体", "sponsor.address.province")


def _province(code: int, facts: Facts) -> str:
    found = facts.entry("province", code)
    return found.name if found else str(code)


@request_rule(
    1025,
    "Access is the website's only one",
    scope=Scope.FILING,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_ACCESS}),
)
def only_access(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A website keeps one access at least. Says that its cancelling is what may be meant."""
    website, access = asked.website, asked.access
    if website and access and access.provider == asked.isp_id and len(website.accesses) == 1:
        detail = f"网站{website.filing_number}只有这一个接入；不再接入时请改为注销网站（标识{website.number}）"
        yield Defect(detail, "接入", "number")


@request_rule(
    1026,
    "Reason of a cancellation is unknown",
    scope=Scope.FORM,
    source="interface, code table",
    operations=CANCELLATIONS,
)
def reason_unknown(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The reason code of a cancellation is in the table."""
    if isinstance(asked.request, CancellationRecord):
        reason = asked.request.reason
        if facts.entry("cancellation_reason", reason) is None:
            yield Defect(f"注销理由代码{reason}不存在", "注销理由", "reason")


@request_rule(
    5002,
    "Remark is no plain text",
    scope=Scope.FORM,
    source="interface, field rules",
    operations=frozenset({Operation.CHANGE}),
)
def remark_odd(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A website's remark in a change is plain text of at most 1,024 characters: no download could carry more.

    The schema admits anything there. Elements and attributes that it does not know it refuses (5001).
    """
    if not isinstance(asked.request, ChangeRecord):
        return
    for website in websites(asked.shape.filing):
        if website.value.number in asked.request.odd_remarks:
            yield website.wrong("网站备注应为不超过1024个字符的纯文本，不能含有元素或属性", "remark")

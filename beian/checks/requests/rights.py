"""Rules of who may ask: the filing password, one's own access, filings to which one gives access."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope
from beian.checks.operations import Operation
from beian.checks.places import Spot, accesses, websites
from beian.checks.requests.asked import Asked
from beian.checks.requests.registry import request_rule
from beian.records import CancellationRecord, FilingRecord, NewAccessRecord, WebsiteRecord
from beian.records.differences import Delta

ASKED_FOR_PASSWORD = frozenset({Operation.NEW_ACCESS, Operation.CANCEL_SPONSOR})
"""All else passes with any filing password that fits the schema, or none."""


@request_rule(
    1018,
    "Filing password is wrong",
    scope=Scope.ARRIVAL,
    source="interface, the filing password; seed, part 2, question 4",
    operations=ASKED_FOR_PASSWORD,
)
def password_wrong(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A new access and the cancelling of a sponsor need the filing password of the sponsor; nothing else does.

    Plain or as the hex MD5 of it. What is not on file is 1016 alone. A document is allowed as many wrong
    passwords of one number as `isp_verifybamm`; further ones are not compared at all.
    """
    request, target = asked.request, asked.target
    if target is None or not isinstance(request, NewAccessRecord | CancellationRecord):
        return
    number = asked.on_file.sponsor.filing_number if asked.on_file else target
    if not request.filing_password:
        yield Defect(f"须提供主体{number}的备案密码", "备案密码", "filing_password")
        return
    verdict = asked.known.passwords.get((target, request.filing_password))
    if verdict is None:
        yield Defect(f"主体{number}的备案密码错误次数过多，本次未再校验，请稍后重试", "备案密码", "filing_password")
    elif not verdict:
        detail = f"与主体{number}的备案密码不符；主办者可在公共查询网站重新获取备案密码"
        yield Defect(detail, "备案密码", "filing_password")


@request_rule(
    1047,
    "Access is another provider's",
    scope=Scope.FILING,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_ACCESS}),
)
def access_of_another(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A provider may cancel its own accesses only. Says which its own is, where it has one there."""
    if asked.website is None or asked.access is None or asked.access.provider == asked.isp_id:
        return
    own = [access.number for access in asked.website.accesses if access.provider == asked.isp_id]
    hint = f"；本接入商在该网站的接入标识为{own[0]}" if own else "；本接入商在该网站没有接入"
    yield Defect(f"接入{asked.access.number}属于其他接入商{hint}", "接入", "number")


@request_rule(
    1048,
    "Filing is not accessed by this provider",
    scope=Scope.FILING,
    source="interface, field rules",
    operations=frozenset({Operation.CHANGE, Operation.CANCEL_SPONSOR, Operation.CANCEL_WEBSITE}),
)
def not_accessed(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A provider may change and cancel only filings to which it gives access.

    * A change: each website that it names, and no difference in another provider's access. What the
      provider last acknowledged of such an access is no difference, though others changed it since.
    * A website: an access of its own. A sponsor: one to any of its websites, unless nobody has any.
    """
    if asked.on_file is None:
        return
    if asked.operation is Operation.CHANGE:
        yield from _in_change(asked, asked.on_file)
    elif asked.operation is Operation.CANCEL_WEBSITE:
        if asked.website and not _gives_access(asked.website, asked.isp_id):
            yield Defect(f"本接入商没有接入网站{asked.website.filing_number}", "网站", "number")
    elif any(website.accesses for website in asked.on_file.websites) and not _any_access(asked):
        yield Defect(f"本接入商没有接入主体{asked.on_file.sponsor.filing_number}的任何网站", "主体", "number")


def _in_change(asked: Asked, on_file: FilingRecord) -> Iterator[Defect]:
    if not _any_access(asked):
        detail = f"本接入商没有接入主体{on_file.sponsor.filing_number}的任何网站"
        yield Defect(detail, "主体", "sponsor.number")
        return
    standing = {website.number: website for website in on_file.websites}
    for website in websites(asked.shape.filing):
        known = standing.get(website.value.number)
        if known is not None and not _gives_access(known, asked.isp_id):
            yield website.wrong(f"本接入商没有接入网站{known.filing_number}", "number")
        elif known is not None:
            yield from _foreign(asked, website)


def _foreign(asked: Asked, website: Spot[WebsiteRecord]) -> Iterator[Defect]:
    """Give the accesses of others that a change would have otherwise, each once."""
    changed = {delta.path[3] for delta in _foreign_deltas(asked) if delta.path[1] == str(website.value.number)}
    for access in accesses(website):
        if str(access.value.number) in changed:
            yield access.wrong(f"接入{access.value.number}属于其他接入商，不能变更", "")


def _foreign_deltas(asked: Asked) -> list[Delta]:
    return [delta for delta in asked.merge.foreign if len(delta.path) > 3] if asked.merge else []


def _gives_access(website: WebsiteRecord, isp_id: int) -> bool:
    return any(access.provider == isp_id for access in website.accesses)


def _any_access(asked: Asked) -> bool:
    return asked.on_file is not None and any(_gives_access(each, asked.isp_id) for each in asked.on_file.websites)

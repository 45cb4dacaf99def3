"""`isp_querybeianstatus`: is this domain, or the holder of this certificate, on file here?"""

from __future__ import annotations

from beian.models import Node
from interface.authentication import invalid
from interface.codes import Code
from interface.documents.returns import FilingStatus, StatusReturn
from interface.operations.base import Reply, Request
from interface.services import facts

FILED, NOT_FILED = 0, 1
SHORTEST, LONGEST = 4, 255


def answer(request: Request) -> Reply:
    """Look in the bureau's own copy of the filings."""
    kind, condition = request.integer("queryConditionType"), request.text("queryCondition").strip()
    if kind != facts.DOMAIN_CONDITION and kind not in facts.CERTIFICATE_CONDITIONS:
        raise invalid("queryConditionType", "0（域名）或1至11（证件类型）")
    if not SHORTEST <= len(condition) <= LONGEST:
        raise invalid("queryCondition", f"{SHORTEST}至{LONGEST}个字符")
    status = _status(request.account.bureau, kind, condition)
    found = "已备案" if status.not_filed == FILED else "未备案"
    return Reply(
        answer=StatusReturn(code=Code.OK, message=Code.OK.message, status=status), why=f"查询类型{kind}：{found}"
    )


def _status(bureau: Node, kind: int, condition: str) -> FilingStatus:
    if kind == facts.DOMAIN_CONDITION:
        return _of_domain(bureau, condition)
    sponsor = facts.certificate_on_file(bureau, kind, condition)
    return FilingStatus(
        condition_type=kind,
        condition=condition,
        sponsor_filing_number=sponsor.filing_number if sponsor else None,
        not_filed=FILED if sponsor else NOT_FILED,
    )


def _of_domain(bureau: Node, condition: str) -> FilingStatus:
    domain = facts.domain_on_file(bureau, condition)
    if domain is None:
        return FilingStatus(condition_type=facts.DOMAIN_CONDITION, condition=condition, not_filed=NOT_FILED)
    website = domain.website
    return FilingStatus(
        condition_type=facts.DOMAIN_CONDITION,
        condition=condition,
        website_name=website.name,
        sponsor_filing_number=website.sponsor.filing_number,
        website_filing_number=website.filing_number,
        not_filed=FILED,
    )

"""Whole-document defects: the upload comes back as one result, and nothing of it is kept."""

from __future__ import annotations

from beian.checks import Finding
from beian.records import CodeRecord, ResultRecord
from beian.result_codes import message
from interface.documents.kinds import Branch, RecordKind
from interface.documents.upload import UploadDocument
from interface.models import ProviderAccount, Upload
from interface.services import mailbox

NEW_FILING = 1
VERSION = "V.3.0"
OPEN_KINDS = frozenset(
    {
        RecordKind.NEW_FILING,
        RecordKind.NEW_WEBSITE,
        RecordKind.NEW_ACCESS,
        RecordKind.CHANGE,
        RecordKind.CANCELLATION,
        RecordKind.CHECK_RESULT,
        RecordKind.UNFILED_HANDLING,
        RecordKind.VERIFICATION_MATERIAL,
    }
)
KIND_NAMES: dict[RecordKind, str] = {
    RecordKind.NEW_WEBSITE: "新增网站",
    RecordKind.NEW_ACCESS: "新增接入",
    RecordKind.CHANGE: "变更备案",
    RecordKind.CANCELLATION: "注销备案",
    RecordKind.CHECK_RESULT: "核实结果",
    RecordKind.UNFILED_HANDLING: "未备案处理结果",
    RecordKind.VERIFICATION_MATERIAL: "单独提交真实性核验材料",
}
DESCRIPTION_LIMIT = 255


class DocumentReturned(Exception):
    """The whole document comes back: `code` 5001 to 5011, and why."""

    def __init__(self, code: int, detail: str, remark: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.remark = remark or detail


def refuse_document(account: ProviderAccount, document: UploadDocument) -> None:
    """Refuse a document that its sender may not send. Raises `DocumentReturned` 5003, 5009 or 5011."""
    if document.requesting_provider != account.isp_id:
        raise DocumentReturned(5003, f"文件中的请求单位为{document.requesting_provider}，上报单位为{account.isp_id}")
    permissions = {
        Branch.WEBSITES: (account.may_file_websites, "ICP备案"),
        Branch.ADDRESSES: (account.may_file_addresses, "IP备案"),
        Branch.DOMAINS: (account.may_file_domains, "域名备案"),
    }
    permitted, name = permissions[document.branch]
    if not permitted:
        raise DocumentReturned(5009, f"本单位没有{name}的报备权限")
    if document.branch is not Branch.WEBSITES:
        raise DocumentReturned(5011, f"{name}的上报尚未开放")
    closed = [KIND_NAMES.get(kind, kind) for kind in document.kinds if kind not in OPEN_KINDS]
    if closed:
        raise DocumentReturned(5011, f"以下业务的上报尚未开放：{'、'.join(closed)}")


def tell_document_returned(upload: Upload, returned: DocumentReturned) -> None:
    """Queue the one result that answers a whole document; it names no subject (spec, filing results)."""
    said = message(returned.code).replace("当前版本信息", VERSION)
    finding = Finding(returned.code, returned.detail, "文件", "", said)
    result = ResultRecord(
        codes=(CodeRecord(code=returned.code, description=finding.description(DESCRIPTION_LIMIT)),),
        operation=NEW_FILING,
        subject=None,
        remark=f"上报序号{upload.sequence}：{returned.remark}",
    )
    mailbox.queue_result(upload.account, result, about=f"upload:{upload.sequence}", correlation=upload.correlation)

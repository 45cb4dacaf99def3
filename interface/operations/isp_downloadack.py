"""`isp_downloadack`: the provider has a document, the next may follow."""

from __future__ import annotations

from interface.codes import Code, Refused
from interface.documents.returns import PlainReturn
from interface.operations.base import Reply, Request
from interface.services import mailbox


def answer(request: Request) -> Reply:
    """Acknowledge the parcel that is named; one that was acknowledged before is answered alike."""
    name = request.call.parameters.get("fileName", "")
    if not name:
        raise Refused(Code.NO_FILE_NAME, "没有fileName")
    parcel = mailbox.acknowledge(request.account, name)
    return Reply(answer=PlainReturn(code=Code.OK, message=Code.OK.message), why=f"确认{parcel.file_name}")

"""Whether a case can be written as part of an upload, and what it weighs there."""

from __future__ import annotations

from beian import store
from beian.models import Node
from enterprise.models import Case
from enterprise.services.contents import SECTIONS, CaseRequest, request_of
from interface.documents.upload import write_upload
from interface.documents.writing import CannotExpress


def document_of(provider: Node, requests: list[tuple[int, CaseRequest]]) -> bytes:
    """Write the upload document of some requests (kind of the case, request), in GBK.

    Raises `CannotExpress` where one does not fit the schema, `beian.store.Missing` where a file is gone.
    """
    sections: dict[str, list[CaseRequest]] = {}
    for kind, request in requests:
        sections.setdefault(SECTIONS[kind], []).append(request)
    return write_upload(**sections, requesting_provider=provider.isp_id, load=store.get)  # type: ignore[arg-type]


def problems(provider: Node, case: Case) -> list[str]:
    """Say why a case cannot be written, in words; nothing where it can."""
    try:
        document_of(provider, [(case.kind, request_of(case))])
    except CannotExpress as error:
        return [f"{problem}" for problem in error.problems]
    except store.Missing:
        return ["附件文件已不在存储中，请重新上传。"]
    return []

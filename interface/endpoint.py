"""The view behind the three paths: a call in, its answer out, every call logged with the reason.

What is no call gets a fault; what is a call gets a return with status 200, whatever happens. Nobody
gets a stack trace or a page.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import BinaryIO

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from beian.web.client_address import client_address
from interface import authentication, envelope, wsdl
from interface.authentication import Claim
from interface.body import TooBusy, TooSlow, Truncated, Turn, reading
from interface.codes import Code, Refused
from interface.documents.returns import UploadReturn, write_refusal, write_return
from interface.envelope import Envelope
from interface.operations import (
    isp_download,
    isp_downloadack,
    isp_querybeianstatus,
    isp_querypreviousupload,
    isp_upload,
    isp_verifybamm,
)
from interface.operations.base import PAYLOAD, PAYLOAD_HERE, Reply, Request
from interface.services import mailbox
from interface.services.calls import CallNote
from interface.soap import Call, Limits, NotACall, read_call
from interface.wsdl import Service

OPERATIONS: Mapping[str, Callable[[Request], Reply]] = {
    "isp_upload": isp_upload.answer,
    "isp_download": isp_download.answer,
    "isp_downloadack": isp_downloadack.answer,
    "isp_querypreviousupload": isp_querypreviousupload.answer,
    "isp_querybeianstatus": isp_querybeianstatus.answer,
    "isp_verifybamm": isp_verifybamm.answer,
}
# Either spelling is understood on every operation.
ALIASES = {"ispId": "ispID"}
LIMITS = Limits()
# A multiple of three, so that pieces of base64 join without padding between them.
BASE64_PIECE = 48 * 1024

log = structlog.get_logger("interface.endpoint")


@csrf_exempt
def endpoint(request: HttpRequest, province: int, service: Service) -> HttpResponseBase:
    """Answer a call of `service` at the bureau of `province`, or give its WSDL."""
    if request.method == "POST":
        return _answer_call(request, service)
    if request.method in ("GET", "HEAD") and "wsdl" in {name.lower() for name in request.GET}:
        address = settings.ENV.public_url.rstrip("/") + request.path
        return HttpResponse(wsdl.wsdl(service, address), content_type="text/xml; charset=utf-8")
    refused = HttpResponseNotAllowed(["POST"], content_type="text/plain; charset=utf-8")
    refused.content = "这里是SOAP接口：请用POST调用，或用?wsdl取得WSDL。\n".encode()
    return refused


def _answer_call(request: HttpRequest, service: Service) -> HttpResponseBase:
    note = CallNote(request.node, client_address(request))  # type: ignore[attr-defined]
    try:
        return _read_and_answer(request, service, note)
    except NotACall as refusal:
        note.reason = f"不是接口调用：{refusal.reason}"
        return _response(envelope.fault(refusal.code, refusal.reason, refusal.version))
    except TooSlow as cut:
        early = isinstance(cut, Truncated)
        note.reason = "请求在Content-Length所说的长度之前就结束了" if early else "请求未在规定时间内传完"
        return _response(envelope.fault("Client", note.reason))
    except Exception as error:
        note.reason = f"系统内部错误（{type(error).__name__}）"
        log.exception("a call could not be read")
        return _response(envelope.fault("Server", "系统内部错误，请稍后再试"))
    finally:
        note.write()


def _read_and_answer(request: HttpRequest, service: Service, note: CallNote) -> HttpResponseBase:
    turn = Turn()
    with reading(request) as body, ExitStack() as end:
        end.callback(turn.give_back)

        def take_turn(call: Call) -> bool:
            """A payload turned out to be large: wait for a place among those, or answer that there is none.

            Who calls from an address that is nobody's is refused at the end anyway, and gets no place.
            """
            _check_operation(call, service)
            if not authentication.is_registered(note.bureau, note.address):
                return False
            try:
                turn.take()
            except TooBusy as error:
                raise _Busy(call) from error
            return True

        content_type = request.META.get("CONTENT_TYPE", "")
        try:
            with read_call(
                body,
                content_type=content_type,
                payloads=frozenset({PAYLOAD}),
                aliases=ALIASES,
                limits=LIMITS,
                on_large=take_turn,
            ) as call:
                note.size = body.size
                _check_operation(call, service)
                return _answered(call, note)
        except _Busy as busy:
            note.operation, note.code, note.reason = busy.call.operation, Code.OTHER, "同时上传的大文件过多"
            note.isp_id = busy.call.parameters.get("ispID", "")
            refusal = Refused(Code.OTHER, note.reason, told="：系统繁忙，请稍后再试")
            return _response(envelope.answer(busy.call.operation, _refusal(busy.call, refusal), busy.call.version))
        finally:
            note.size = body.size


class _Busy(Exception):
    """There is no place for another large call."""

    def __init__(self, call: Call) -> None:
        super().__init__(call.operation)
        self.call = call


def _check_operation(call: Call, service: Service) -> None:
    if service.operation(call.operation) is None:
        raise NotACall(f"{service.path}没有操作{call.operation[:40]}", version=call.version)


def _answered(call: Call, note: CallNote) -> HttpResponseBase:
    note.operation = call.operation
    note.isp_id = call.parameters.get("ispID", "")
    note.sequence = authentication.as_long(call.parameters.get("dataSequence", ""))
    try:
        reply = _operate(call, note)
    except Refused as refusal:
        note.code, note.reason = refusal.code, refusal.why
        return _response(envelope.answer(call.operation, _refusal(call, refusal), call.version))
    except Exception as error:
        note.code, note.reason = Code.OTHER, f"系统内部错误（{type(error).__name__}）"
        log.exception("a call could not be answered", operation=call.operation)
        returned = write_refusal(call.operation, Code.OTHER, Code.OTHER.message)
        return _response(envelope.answer(call.operation, returned, call.version))
    note.code, note.reason, note.sequence = reply.answer.code, reply.why, reply.sequence or note.sequence
    answer = envelope.answer(call.operation, write_return(call.operation, reply.answer), call.version)
    return _streamed(answer, reply.payload) if reply.payload else _response(answer)


def _operate(call: Call, note: CallNote) -> Reply:
    if call.repeated:
        name = call.repeated[0]
        raise Refused(Code.OTHER, f"参数{name}出现了多次", told=f"：参数{name}出现了多次")
    note.account = authentication.authenticate(
        Claim(note.bureau, call.operation, call.parameters, note.address, _fingerprint(call)),
        known=lambda account: setattr(note, "account", account),
    )
    if note.account.connected_at is None:
        mailbox.welcome(note.account)
    return OPERATIONS[call.operation](Request(note.account, call, note))


def _fingerprint(call: Call) -> str:
    """Tell identical calls from others; nobody asks as long as the setting is off."""
    if not settings.ENV.refuse_reused_randval:
        return ""
    hashes = {name: spool.digest() for name, spool in call.payloads.items()}
    return authentication.fingerprint(call.operation, call.parameters, hashes)


def _refusal(call: Call, refusal: Refused) -> str:
    if refusal.missing:
        return write_return(
            call.operation, UploadReturn(code=refusal.code, message=refusal.message, missing=refusal.missing)
        )
    return write_refusal(call.operation, refusal.code, refusal.message)


def _response(answer: Envelope) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def _streamed(answer: Envelope, payload: BinaryIO) -> StreamingHttpResponse:
    """Send a payload in its place without ever holding it whole."""
    before, _, after = answer.body.partition(PAYLOAD_HERE.encode())
    size = payload.seek(0, 2)
    payload.seek(0)
    response = StreamingHttpResponse(_pieces(before, payload, after), content_type=answer.content_type)
    response["Content-Length"] = str(len(before) + (size + 2) // 3 * 4 + len(after))
    return response


def _pieces(before: bytes, payload: BinaryIO, after: bytes) -> Iterator[bytes]:
    yield before
    with payload:
        while piece := payload.read(BASE64_PIECE):
            yield base64.b64encode(piece)
    yield after

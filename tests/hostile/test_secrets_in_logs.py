"""After a day with everything in it, no log and no page of an error holds what is personal or secret."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from interface.documents.upload import write_upload
from interface.models import CallLog, Upload, UploadState
from tests import builders
from tests.hostile import wire
from tests.interface import calling, serving
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

MOBILE, CERTIFICATE = "16007654321", builders.identity_number(4321)
EMAIL, DETAIL, PERSON = "mark3r@example.cn", "标记路九十九号", "标记甲乙丙"
SECRETS = {
    "mobile": MOBILE,
    "certificate": CERTIFICATE,
    "e-mail": EMAIL,
    "address": DETAIL,
    "person": PERSON,
    "interface password": calling.PASSWORD,
    "AES key": calling.KEY.key,
    "AES offset": calling.KEY.offset,
    "proof": calling.proof(),
    "filing password": "Fil1ngPassw0rdMark3r",
    "typed password": "TypedPassw0rdMark3r",
    "typed query": "QueryMark3r",
    "database password": str(settings.DATABASES["default"]["PASSWORD"]),
}


def document(isp_id: int) -> bytes:
    filing = builders.filing(4321)
    person = replace(filing.sponsor.person, name=PERSON, mobile=MOBILE, email=EMAIL, certificate_number=CERTIFICATE)
    sponsor = replace(filing.sponsor, person=person, address=replace(filing.sponsor.address, detail=DETAIL))
    wrong = replace(sponsor, person=replace(person, email="no-at-sign"), provider_id=999)
    filings = [replace(filing, sponsor=sponsor), replace(filing, sponsor=wrong)]
    return write_upload(filings, requesting_provider=isp_id, load=lambda sha256: builders.jpeg_bytes())


def call(server: Server, operation: str, given: dict[str, str]) -> wire.Answer:
    body = calling.envelope(operation, given)
    path = f"/bureaus/440000/{calling.PATHS[operation]}"
    return wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}", path=path), body)


def work(account_id: int, log: Path) -> None:
    """Process the uploads in a process of its own, with the worker's logging, at the level that says most."""
    code = f"import django; django.setup(); from bureau.services import intake; intake.drain({account_id})"
    environment = {
        **os.environ,
        "DATABASE_URL": serving.database_url(),
        "DJANGO_SETTINGS_MODULE": "beian.settings",
        "BEIAN_LOG_LEVEL": "DEBUG",
    }
    with log.open("wb") as output:
        command = [sys.executable, "-c", code]
        subprocess.run(command, cwd=serving.ROOT, env=environment, stdout=output, stderr=output, check=True)


def test_no_log_holds_what_is_personal_or_secret(server: Server, tmp_path: Path, capfd: Any) -> None:
    account = calling.account()
    own = calling.credentials(account)
    number = str(calling.on_file(account, password=SECRETS["filing password"]).sponsor.filing_number)
    for key in (None, calling.KEY):
        sequence = 1 if key is None else 2
        given = own | calling.upload_parameters(sequence, document(account.isp_id), key=key)
        assert call(server, "isp_upload", given).code == 0
    asked = own | {"queryConditionType": "1", "queryCondition": CERTIFICATE}
    assert call(server, "isp_querybeianstatus", asked).code == 0
    assert call(server, "isp_verifybamm", own | {"baxh": number, "bamm": SECRETS["filing password"]}).code == 0
    assert call(server, "isp_verifybamm", own | {"baxh": number, "bamm": SECRETS["typed password"]}).code == 0
    assert call(server, "isp_download", own | {"pwdHash": "A" * 24}).code == 5
    body = f"username={SECRETS['typed password']}&password={SECRETS['typed password']}".encode()
    form = wire.head(f"Content-Length: {len(body)}", path=f"/login?next=/{SECRETS['typed password']}")
    wire.exchange(server.port, form.replace(b"text/xml", b"application/x-www-form-urlencoded"), body)
    wire.exchange(server.port, wire.head(path="/elsewhere?q=QueryMark3r", method="GET"))
    work(account.pk, worker := tmp_path / "worker.log")
    assert Upload.objects.filter(state=UploadState.PROCESSED).count() == 2
    written = server.log.read_text(errors="replace") + worker.read_text(errors="replace")
    rows = " ".join(CallLog.objects.values_list("reason", flat=True))
    found = {name for name, secret in SECRETS.items() if secret in written or secret in rows}
    assert not found
    assert "Traceback" not in worker.read_text(errors="replace")


def test_a_forged_address_is_not_believed(server: Server) -> None:
    """Neither for the check of registered addresses, nor for the numbers that only this machine may see."""
    account = calling.account()
    body = calling.envelope("isp_download", calling.credentials(account))
    path = f"/bureaus/440000/{calling.PATHS['isp_download']}"
    for header in ("X-Forwarded-For: 10.9.9.9", "X_Forwarded_For: 10.9.9.9", "Forwarded: for=10.9.9.9",
                   "X-Real-IP: 10.9.9.9"):  # fmt: skip
        wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}", header, path=path), body)
        log = CallLog.objects.latest("id")
        assert log.address == "127.0.0.1"
    for header in ("X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"):
        answer = wire.exchange(server.port, wire.head(header, path="/metrics", method="GET"))
        assert answer.status == 403


def test_a_crash_shows_nothing(server: Server) -> None:
    """A page that fails says that it did, and gives a number to ask with: no stack, no setting."""
    answer = wire.exchange(server.port, wire.head("X-Request-Id: 12345678-1234-4234-8234-123456789012",
                                                  path="/no-such-page", method="GET"))  # fmt: skip
    assert answer.status == 404
    for word in (b"Traceback", b"django_settings", b"urlconf", b"settings", b"DEBUG"):
        assert word.lower() not in answer.body.lower()

"""The main job: an uploaded filing becomes a decision, and the public finds it.

The provider's side is zeep and what a provider's developer would write beside it; nothing of ours
takes part in it but the builders of records.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import secrets
import string
import time
import zipfile
from typing import Any

import pytest
import zeep
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from interface.documents.upload import write_upload
from tests.browsing import complaints_of, press
from tests.builders import filing, jpeg_bytes
from tests.end_to_end.conftest import Running

pytestmark = [pytest.mark.xdist_group("end_to_end"), pytest.mark.slow]

LETTERS = string.ascii_letters + string.digits


class Enterprise:
    """Somebody else's enterprise system, as small as it can be."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        endpoint = parameters["endpoint"]
        self.service = zeep.Client(f"{endpoint}/ISPWebService/upDownLoad?wsdl").service
        self.status = zeep.Client(f"{endpoint}/BeianStatusWebService/queryBeianStatus?wsdl").service
        self.passwords = zeep.Client(f"{endpoint}/BeianStatusWebService/verifyBamm?wsdl").service

    def credentials(self, isp: str = "ispID") -> dict[str, Any]:
        value = "".join(secrets.choice(LETTERS) for _ in range(20))
        proof = hashlib.md5((self.parameters["password"] + value).encode("gbk")).digest()
        return {
            isp: self.parameters["isp_id"],
            "userName": self.parameters["user_name"],
            "randVal": value,
            "pwdHash": base64.b64encode(proof).decode(),
            "hashAlgorithm": 0,
        }

    def previous_sequence(self) -> int:
        answer = read(self.service.isp_querypreviousupload(**self.credentials("ispId")))
        return int(answer.findtext(".//dataSequence") or "0")

    def upload(self, document: bytes, *, encrypted: bool) -> str:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("upload.xml", document)
        info = self.cipher(buffer.getvalue()) if encrypted else buffer.getvalue()
        answer = self.service.isp_upload(
            **self.credentials(),
            beianInfo=base64.b64encode(info).decode(),
            beianInfoHash=base64.b64encode(hashlib.md5(buffer.getvalue()).digest()).decode(),
            dataSequence=self.previous_sequence() + 1,
            encryptAlgorithm=int(encrypted),
            compressionFormat=0,
        )
        return read(answer).findtext("msg_code") or ""

    def cipher(self, data: bytes) -> bytes:
        padder = padding.PKCS7(128).padder()
        key, offset = self.parameters["aes_key"].encode(), self.parameters["aes_iv"].encode()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(offset)).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def decipher(self, data: bytes) -> bytes:
        unpadder = padding.PKCS7(128).unpadder()
        key, offset = self.parameters["aes_key"].encode(), self.parameters["aes_iv"].encode()
        decryptor = Cipher(algorithms.AES(key), modes.CBC(offset)).decryptor()
        return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()

    def download(self) -> etree._Element | None:
        """Fetch the oldest document and acknowledge it; none where there is none."""
        answer = read(self.service.isp_download(**self.credentials()))
        if answer.findtext("msg_code") == "2":
            return None
        assert answer.findtext("msg_code") == "0"
        name = answer.findtext(".//return_FileName")
        data = base64.b64decode(answer.findtext(".//beianInfo") or "")
        zipped = self.decipher(data) if answer.findtext(".//encryptAlgorithm") == "1" else data
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            document = archive.read(name or "")
        assert document.startswith(b'<?xml version="1.0" encoding="GBK"?>')
        done = read(self.service.isp_downloadack(**self.credentials(), fileName=name))
        assert done.findtext("msg_code") == "0"
        return etree.fromstring(document)

    def results_about(self, subject: int) -> list[etree._Element]:
        """Fetch everything that waits; keep the documents that speak of `subject`."""
        found = []
        while (document := self.download()) is not None:
            if any(element.text == str(subject) for element in document.iter("Bs", "IspZtid")):
                found.append(document)
        return found


def read(answer: str) -> etree._Element:
    """Parse a returned string; its declaration is about the document it stands in, so it goes."""
    return etree.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", answer).encode())


def sign_in(page: Page, running: Running, role: str, node: str) -> None:
    user = running.user(role, node)
    page.goto(running.demo["login_url"])
    page.get_by_label("用户名").fill(user["username"])
    page.get_by_label("密码", exact=True).fill(user["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/bureaus/"))


def wait_for_application(page: Page, url: str, name: str) -> None:
    """Look into the queue until the worker has put the application there."""
    for _ in range(40):
        page.goto(url)
        if page.locator("tbody").get_by_role("link", name=name).count():
            return
        time.sleep(0.5)
    pytest.fail(f"{name} never came into the queue")


@pytest.mark.browser
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "aes"])
def test_from_upload_to_the_public(running: Running, browser: Browser, encrypted: bool) -> None:
    seed = 7_000 + encrypted
    record = filing(seed)
    enterprise = Enterprise(running.provider("440000"))
    document = write_upload(
        [record], requesting_provider=enterprise.parameters["isp_id"], load=lambda sha256: jpeg_bytes()
    )
    assert enterprise.upload(document, encrypted=encrypted) == "0"

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints = complaints_of(page)
    sign_in(page, running, "reviewer", "bureau:440000")
    queue = f"{running.base_url}/bureaus/440000/review/?text={record.sponsor.name}"
    wait_for_application(page, queue, record.sponsor.name)
    decide_by_keyboard(page, record.sponsor.name)
    assert not complaints

    results, filings = enterprise.results_about(record.sponsor.provider_id or 0)
    assert results.findtext(".//Jgdm") == "1001"
    assert results.findtext(".//Shjg") == "1"
    number = filings.findtext(".//Zt_xx/Baxh") or ""
    assert number.startswith("粤ICP备")

    domain = record.websites[0].domains[0].name
    status = read(
        enterprise.status.isp_querybeianstatus(**enterprise.credentials(), queryConditionType=0, queryCondition=domain)
    )
    assert status.findtext(".//Bazt") == "0"
    assert status.findtext(".//Ztbah") == number
    wrong = read(enterprise.passwords.isp_verifybamm(**enterprise.credentials(), baxh=number, bamm="not-the-one"))
    assert wrong.findtext("VerifyRes") == "1"

    expect_public(browser, running, domain, number)


def decide_by_keyboard(page: Page, name: str) -> None:
    """Open the application, claim it, approve it, without the mouse from there on."""
    page.locator("tbody").get_by_role("link", name=name).first.click()
    page.get_by_role("button", name=re.compile("领取审核")).first.focus()
    press(page, "Enter")
    expect(page.get_by_role("button", name=re.compile("通过")).first).to_be_enabled()
    press(page, "a", "Enter")
    expect(page.get_by_text(re.compile("已通过")).first).to_be_visible()


def expect_public(browser: Browser, running: Running, domain: str, number: str) -> None:
    """The public finds the filing by its domain, once the ministry has heard of it."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for _ in range(60):
        page.goto(f"{running.base_url}/?q={domain}")
        if page.get_by_text(number).count():
            return
        time.sleep(1)
    pytest.fail(f"the public does not find {domain}")

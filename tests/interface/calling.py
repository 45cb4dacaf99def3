"""A provider's side of the wire, made by hand: raw envelopes, so that a test can get any part wrong."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone
from lxml import etree

from beian.models import Node, NodeKind
from beian.records import FilingRecord
from beian.records.rows import store_filing, with_numbers
from interface import codec
from interface.codec import SecretKey
from interface.envelope import NAMESPACE
from interface.models import ProviderAccount, RegisteredAddress
from interface.wsdl import SERVICES
from tests import builders

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
RANDOM = "Rand0mValue123456789"
PASSWORD = "a secret 密码"
KEY = SecretKey("0123456789abcdef", "fedcba9876543210")
DOCUMENT = '<?xml version="1.0" encoding="GBK"?>\n<UploadData version="V.3.0"/>'.encode("gbk")
PATHS = {operation.name: service.path for service in SERVICES for operation in service.operations}


def bureau(province: int = 440000) -> Node:
    """The bureau's node, made where it is not there yet."""
    values = {"kind": NodeKind.BUREAU, "name": f"{province}通信管理局", "province": province}
    return Node.objects.get_or_create(code=f"bureau:{province}", defaults=values)[0]


def account(isp_id: int = 440000000901, *, at: Node | None = None, **values: Any) -> ProviderAccount:
    """An account that may call from 127.0.0.1 and do everything."""
    at = at or bureau()
    home = {"kind": NodeKind.PROVIDER, "name": f"示例接入商{isp_id}", "province": isp_id // 1_000_000}
    provider, _ = Node.objects.get_or_create(code=f"provider:{isp_id}", defaults=home)
    defaults = {
        "user_name": f"user{isp_id}",
        "password": PASSWORD,
        "aes_key": KEY.key,
        "aes_iv": KEY.offset,
        "may_file_websites": True,
        "connected_at": timezone.now(),
    }
    made = ProviderAccount.objects.create(bureau=at, provider=provider, isp_id=isp_id, **defaults | values)
    RegisteredAddress.objects.create(account=made, network="127.0.0.1")
    return made


def proof(password: str = PASSWORD, random: str = RANDOM) -> str:
    """What proves the password, computed here anew: not by the code under test."""
    return base64.b64encode(hashlib.md5((password + random).encode("gbk")).digest()).decode()


@dataclass
class Returned:
    """What an operation returned, taken apart."""

    status: int
    code: int
    message: str
    root: Any

    def text(self, path: str) -> str | None:
        found = self.root.findtext(path)
        return None if found is None else str(found)


def credentials(made: ProviderAccount) -> dict[str, str]:
    """The parameters by which a call of `made` is authenticated."""
    return {
        "ispID": str(made.isp_id),
        "userName": made.user_name,
        "randVal": RANDOM,
        "pwdHash": proof(),
        "hashAlgorithm": "0",
    }


def upload_parameters(
    sequence: int, document: bytes = DOCUMENT, *, key: SecretKey | None = None, name: str = "a.xml"
) -> dict[str, str]:
    """The parameters of an upload beside the credentials."""
    payload = codec.pack(document, name, key)
    return {
        "beianInfo": payload.info,
        "beianInfoHash": payload.hash,
        "dataSequence": str(sequence),
        "encryptAlgorithm": str(payload.algorithms.encryption),
        "compressionFormat": "0",
    }


def envelope(operation: str, parameters: dict[str, str], namespace: str = SOAP_11) -> bytes:
    """A call as many stacks write it."""
    wrapper = etree.Element(f"{{{NAMESPACE}}}{operation}", nsmap={"q": NAMESPACE})
    for name, value in parameters.items():
        etree.SubElement(wrapper, name).text = value
    root = etree.Element(f"{{{namespace}}}Envelope", nsmap={"soapenv": namespace})
    etree.SubElement(root, f"{{{namespace}}}Body").append(wrapper)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def returned(operation: str, status: int, body: bytes) -> Returned:
    """Take an answer apart the way clients do: the inner declaration is cut off."""
    response = etree.fromstring(body)[0][0]
    assert response.tag == f"{{{NAMESPACE}}}{operation}Response", etree.tostring(response)
    text = response.findtext("return")
    assert text is not None
    assert text.startswith('<?xml version="1.0" encoding="GBK"?>')
    root = etree.fromstring(text.partition("?>")[2])
    return Returned(status, int(root.findtext("msg_code") or -1), root.findtext("msg") or "", root)


@dataclass
class Caller:
    """Calls a bureau as `account`, within this process."""

    account: ProviderAccount
    province: int = 440000
    address: str = "127.0.0.1"
    client: Client = field(default_factory=Client)

    def post(self, operation: str, body: bytes, content_type: str = "text/xml; charset=utf-8", **extra: Any) -> Any:
        path = f"/bureaus/{self.province}/{PATHS[operation]}"
        return self.client.post(path, data=body, content_type=content_type, REMOTE_ADDR=self.address, **extra)

    def __call__(self, operation: str, *without: str, **parameters: str) -> Returned:
        """Call an operation with right credentials, some parameters changed and some left out."""
        given = credentials(self.account) | parameters
        sent = {name: value for name, value in given.items() if name not in without}
        response = self.post(operation, envelope(operation, sent))
        assert response.status_code == 200, response.content
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return returned(operation, response.status_code, body)

    def upload(
        self, sequence: int, document: bytes = DOCUMENT, key: SecretKey | None = None, **parameters: str
    ) -> Returned:
        """Upload a document with parameters that fit it, some of them changed."""
        return self("isp_upload", **upload_parameters(sequence, document, key=key) | parameters)


def on_file(made: ProviderAccount, seed: int = 1, websites: int = 1, password: str | None = None) -> FilingRecord:
    """Put a filing on file at the account's bureau, with accesses by its provider."""
    numbers = count(made.isp_id // 1_000_000 * 10**9 + seed * 100)
    filing = with_numbers(builders.filing(seed, websites=websites), numbers.__next__, made.isp_id)
    number = f"粤ICP备2026{seed:06d}号"
    moment = "2026-11-22 12:00:00"
    filed = {"first_reported": moment, "last_modified": moment}
    filing = replace(
        filing,
        sponsor=replace(filing.sponsor, filing_number=number, **filed),
        websites=tuple(
            replace(
                website,
                filing_number=f"{number}-{place}",
                **filed,
            )
            for place, website in enumerate(filing.websites, 1)
        ),
        attachments=(),
    )
    with transaction.atomic():
        sponsor = store_filing(made.bureau, filing, isp_id=made.isp_id)
    if password is not None:
        # Not the fast hasher of the tests: another process may check it.
        digest = hashlib.md5(password.encode()).hexdigest()
        sponsor.filing_password_hash = make_password(digest, hasher="argon2")
        sponsor.save(update_fields=["filing_password_hash"])
    return filing

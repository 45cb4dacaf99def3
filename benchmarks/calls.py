"""The cast of a benchmark, and what its providers send."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from itertools import count

from beian import store
from beian.generate.approved import verification_form
from beian.generate.records import Maker
from beian.models import Node
from beian.records import FilingRecord
from benchmarks.load import Shot, post
from bureau.demo import nodes
from bureau.generate import providers
from interface import codec, envelope
from interface.documents.upload import write_upload
from interface.models import ProviderAccount, RegisteredAddress
from interface.wsdl import UPLOAD_AND_DOWNLOAD

PROVINCE = 440000
ENDPOINT = f"/bureaus/{PROVINCE}"
ACCEPTED = b"msg_code&gt;0&lt;"
FIRST_UPLOADED = 5_000_000
"""Uploaded filings have numbers from here on, generated ones from 1."""


def bureau() -> Node:
    """Give the bureau at which everything happens."""
    return nodes.load()[nodes.bureau_code(PROVINCE)]


def accounts(number: int) -> list[ProviderAccount]:
    """Give so many providers' accounts that may call from this machine."""
    found = providers.ensure(bureau(), number)
    RegisteredAddress.objects.bulk_create(
        (RegisteredAddress(account=account, network="127.0.0.1") for account in found), ignore_conflicts=True
    )
    return found


def new_filings(first: int = FIRST_UPLOADED) -> Iterator[FilingRecord]:
    """Give one new filing after the other, each with a verification form of 4 KB."""
    maker = Maker.at(PROVINCE, 1, verification_form())
    return (maker.filing(n) for n in count(first))


def upload(account: ProviderAccount, document: bytes, sequence: int) -> bytes:
    """Write the HTTP request of an `isp_upload`."""
    random = secrets.token_hex(10)
    payload = codec.pack(document, f"{sequence:010d}.xml")
    values = {
        "ispID": str(account.isp_id),
        "userName": account.user_name,
        "randVal": random,
        "pwdHash": codec.password_hash(account.password, random),
        "beianInfo": payload.info,
        "beianInfoHash": payload.hash,
        "dataSequence": str(sequence),
        "encryptAlgorithm": "0",
        "hashAlgorithm": "0",
        "compressionFormat": "0",
    }
    message = envelope.call("isp_upload", list(values.items()))
    return post(f"{ENDPOINT}/{UPLOAD_AND_DOWNLOAD.path}", message.body, message.content_type)


def lanes(
    accounts: Sequence[ProviderAccount], clients: int, each: int, filings: Iterator[FilingRecord]
) -> list[list[Shot]]:
    """Let every account upload `each` one-record documents, spread over so many clients."""
    found: list[list[Shot]] = [[] for _ in range(clients)]
    for step in range(1, each + 1):
        for place, account in enumerate(accounts):
            document = write_upload([next(filings)], requesting_provider=account.isp_id, load=store.get)
            found[place % clients].append(Shot(upload(account, document, account.last_sequence + step)))
    return found

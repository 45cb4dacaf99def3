"""A provider fetches 1,000 filings: the parcel is built, handed out, and handed out again."""

from __future__ import annotations

import base64
import time

from django.db import connection, transaction
from lxml import etree

from beian.models import Sponsor
from benchmarks import calls
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.generate.run import Wanted, generate
from interface import codec
from interface.client import Parameters, ProviderClient
from interface.documents.parsing import parse
from interface.services import mailbox

FILINGS = 1_000


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fetch the same parcel twice over HTTP; the first time it is built."""
    count = bench.sized(FILINGS, 20)
    account, bureau = calls.accounts(1)[0], calls.bureau()
    generate(bureau, Wanted(filings=count, providers=1), lambda text: None)
    with transaction.atomic():
        for number in Sponsor.objects.held_by(bureau).values_list("number", flat=True):
            mailbox.queue_filing(account, number, about=f"sponsor:{number}")
    connection.close()
    with bench.web() as port:
        endpoint = f"http://127.0.0.1:{port}{calls.ENDPOINT}"
        client = ProviderClient(
            Parameters(endpoint=endpoint, isp_id=account.isp_id, user_name=account.user_name, password=account.password)
        )
        client.status(0, "example.cn")  # a warm server
        first, document = _fetch(client)
        again, same = _fetch(client)
    if document != same or document.count(b"</Baxx>") != count:
        raise RuntimeError("not all filings are in the parcel")
    floor = _floor(document)
    bench.say(f"first {first:.2f} s, again {again:.2f} s, floor {floor:.2f} s, {len(document):,} bytes")
    return [
        _row(f"building and handing out {count:,} filings", first, floor),
        _row("handing the same parcel out again", again, floor),
    ], [
        f"Floor: serialise the same {len(document) / 1e6:.1f} MB in GBK, zip, base64. Building also reads the rows, "
        "opens their encrypted columns, renders each filing for its size, and validates what is sent."
    ]


def _fetch(client: ProviderClient) -> tuple[float, bytes]:
    started = time.monotonic()
    answer = client.download()
    seconds = time.monotonic() - started
    if answer.file is None:
        raise RuntimeError(f"nothing to fetch: {answer}")
    with client.open_document(answer.file) as document:
        return seconds, document.read()


def _floor(document: bytes) -> float:
    root = parse(document)
    started = time.monotonic()
    written = etree.tostring(root, encoding="GBK", xml_declaration=True)
    base64.b64encode(codec.pack_zip(written, "floor.xml"))
    return time.monotonic() - started


def _row(what: str, seconds: float, floor: float) -> Row:
    return Row(what=what, measured=f"{seconds:.2f} s", floor=f"{floor:.2f} s", ratio=floor / seconds)

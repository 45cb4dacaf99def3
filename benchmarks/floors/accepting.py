"""A bare WSGI application that accepts an upload: base64, MD5, unzip, schema, one committed INSERT.

It asks nobody who is calling, and keeps no sequence: the least that "stored before acknowledged" costs.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg2
from lxml import etree

TABLE = "CREATE TABLE floor_upload (id bigserial PRIMARY KEY, hash text NOT NULL, content bytea NOT NULL)"
UPLOAD_XSD = Path(__file__).resolve().parent.parent.parent / "schemas" / "upload.xsd"
_own = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer 0, or a server error."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    zipped = base64.b64decode(_between(body, b"<beianInfo>", b"</beianInfo>"))
    hashed = base64.b64encode(hashlib.md5(zipped).digest())
    if hashed != _between(body, b"<beianInfoHash>", b"</beianInfoHash>"):
        raise ValueError("hash")
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        document = archive.read(archive.namelist()[0])
    connection, schema = _tools()
    schema.assertValid(etree.fromstring(document, etree.XMLParser(encoding="gb18030", huge_tree=True)))
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO floor_upload (hash, content) VALUES (%s, %s)", [hashed.decode(), zipped])
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"&lt;msg_code&gt;0&lt;"]


def _between(body: bytes, before: bytes, after: bytes) -> bytes:
    start = body.index(before) + len(before)
    return body[start : body.index(after, start)]


def _tools() -> tuple[Any, etree.XMLSchema]:
    """Give this thread's connection and its compiled schema."""
    if not hasattr(_own, "connection"):
        _own.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        _own.schema = etree.XMLSchema(etree.parse(str(UPLOAD_XSD)))
    return _own.connection, _own.schema

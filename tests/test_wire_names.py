"""The wire's pinyin names appear nowhere but where documents are read and written: not in comments either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
# Benchmarks play somebody else's client and server, as tests do: they speak the wire themselves.
FOLDERS = ("beian", "interface", "bureau", "ministry", "enterprise", "script")
MAY = ROOT / "interface" / "documents"

# Names that are also words, abbreviations of the field, or names of SOAP parameters.
ALSO_WORDS = {
    "ICP", "IP", "Ip", "Id", "YM", "Bm", "Bs", "Bz", "Ct", "Fj", "Lx", "Ly", "Mc", "Nr", "Wb", "Yj", "Zj", "Msn", "Qq",
    "Ispid", "IspId", "beianInfo", "beianInfoHash", "dataSequence", "hashAlgorithm", "compressionFormat",
    "encryptAlgorithm", "version", "return", "msg", "fileInfos",
}  # fmt: skip


def wire_names() -> set[str]:
    """Every element name of the schemas that could not stand there by accident."""
    names: set[str] = set()
    for schema in (ROOT / "schemas").glob("*.xsd"):
        names |= {str(name) for name in etree.parse(str(schema)).xpath("//*[local-name()='element']/@name")}
    return names - ALSO_WORDS


def places() -> list[Path]:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    files += sorted((ROOT / "templates").rglob("*.html"))
    return [path for path in files if MAY not in path.parents]


def test_there_are_names_to_look_for() -> None:
    assert {"Fzr_sjhm", "Zt_xx", "Qqdwid", "Baxx", "StatusInfo"} <= wire_names()


@pytest.mark.parametrize("folder", [*FOLDERS, "templates"])
def test_no_wire_name_in(folder: str) -> None:
    name = re.compile(rf"\b(?:{'|'.join(sorted(wire_names(), key=len, reverse=True))})\b")
    found = [
        f"{path.relative_to(ROOT)}: {match}"
        for path in places()
        if path.is_relative_to(ROOT / folder)
        for match in name.findall(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)

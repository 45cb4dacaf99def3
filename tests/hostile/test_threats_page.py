"""What `docs/threats.md` promises has a test."""

from __future__ import annotations

import re

from tests.interface.serving import ROOT


def test_every_test_it_names_exists() -> None:
    page = (ROOT / "docs" / "threats.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text()]
    assert len(named) > 40
    assert not missing

"""The lock, the declaration and the page about the dependencies say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()


def declared() -> set[str]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {re.split(r"[><=~\[]", line)[0] for group in groups for line in group}


def test_the_page_explains_each_dependency_and_nothing_else() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    explained = {re.split(r"\[", name)[0] for name in re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)}

    assert explained == declared()


@pytest.mark.xdist_group("end_to_end")
def test_tests_of_one_group_go_to_one_process(request: pytest.FixtureRequest) -> None:
    """Their server is started once. Two versions that do not fit together leave groups out without a word."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@end_to_end")


def test_the_lock_pins_each_dependency() -> None:
    pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==", LOCK, re.MULTILINE))

    assert declared() <= pinned


def test_every_pin_has_hashes_and_no_address() -> None:
    pins = re.findall(r"^[a-z0-9][^\n]*==(?:[^\n]*\\\n)(?:    [^\n]*\n)+", LOCK, re.MULTILINE)

    assert len(pins) == len(re.findall(r"^[a-z0-9][^\n]*==", LOCK, re.MULTILINE))
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in LOCK

"""The short form of `script/soak`: web, worker, PostgreSQL and Valkey die under load, then at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.deaths.killing import ROOT

WITHIN = 240


@pytest.mark.slow
@pytest.mark.xdist_group("end_to_end")
def test_nothing_is_lost_or_doubled() -> None:
    soak = [sys.executable, "-m", "tests.soak", "--uploads", "40", "--minutes", "0.3", "--seed", "1"]
    done = subprocess.run(soak, cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "\nok uploads acknowledged" in done.stdout

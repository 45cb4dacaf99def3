"""The data folder: one supervisor at a time, secrets for us alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from beian.embedded.folder import DataFolder, Refused
from beian.embedded.processes import unprivileged


def test_a_secret_stays_the_same_and_is_ours_alone(folder: DataFolder) -> None:
    first = folder.secret("postgres")

    assert folder.secret("postgres") == first
    assert folder.secret("valkey") != first
    assert stat.S_IMODE((folder.root / "secrets" / "postgres").stat().st_mode) == 0o600


def test_a_second_supervisor_is_told_who_the_first_is(make_folder: Callable[[str], DataFolder]) -> None:
    refused = pytest.raises(Refused, match=f"in use by process {os.getpid()}")
    with make_folder("data").locked(), refused, make_folder("data").locked():
        pass


def test_a_killed_supervisor_frees_the_folder(folder: DataFolder) -> None:
    hold = (
        "import os, signal; from pathlib import Path; from beian.embedded.folder import DataFolder\n"
        f"with DataFolder(Path({str(folder.root)!r}), None).locked(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", hold], env={**os.environ, "PYTHONPATH": str(Path.cwd())}, check=False
    )
    assert killed.returncode == -9

    with folder.locked():
        pass


def test_files_stay_in_the_folder_where_they_can(folder: DataFolder) -> None:
    assert folder.state == folder.root
    assert not folder.moved_because


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run under another account")
def test_a_folder_that_is_private_to_root_is_avoided(top: Path) -> None:
    top.chmod(0o700)

    folder = DataFolder(top / "data", unprivileged())

    assert folder.state != folder.root
    assert "may not enter" in folder.moved_because
    folder.state.rmdir()


def test_files_that_were_swept_away_get_a_new_place(make_folder: Callable[[str], DataFolder]) -> None:
    first = make_folder("with a blank").state
    first.rmdir()

    second = make_folder("with a blank").state

    assert second.is_dir()
    assert second != first

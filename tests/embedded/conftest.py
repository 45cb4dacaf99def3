"""Folders for servers of the tests' own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beian.embedded.folder import DataFolder
from beian.embedded.processes import unprivileged


@pytest.fixture
def top() -> Iterator[Path]:
    """A folder that every account may enter; pytest's own are private."""
    path = Path(tempfile.mkdtemp(prefix="beian-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def make_folder(top: Path) -> Iterator[Callable[[str], DataFolder]]:
    """Make data folders; those whose database files had to move are cleared up as well."""
    made: list[DataFolder] = []

    def make(name: str) -> DataFolder:
        made.append(DataFolder(top / name, unprivileged()))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder.state, ignore_errors=True)


@pytest.fixture
def folder(make_folder: Callable[[str], DataFolder]) -> DataFolder:
    """A data folder without anything special."""
    return make_folder("data")

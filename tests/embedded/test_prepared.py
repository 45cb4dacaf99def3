"""The preparation is skipped only where nothing it depends on has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from beian.embedded.folder import DataFolder
from beian.embedded.prepared import Prepared

Make = Callable[..., Prepared]


@pytest.fixture
def source(top: Path) -> Path:
    root = top / "source"
    (root / "beian" / "migrations").mkdir(parents=True)
    (root / "beian" / "migrations" / "0001_initial.py").write_text("one")
    (root / "requirements.lock").write_text("django==5.2")
    return root


@pytest.fixture
def make(source: Path, folder: DataFolder) -> Make:
    (folder.root / "static").mkdir()
    (folder.root / "demo.json").write_text("{}")

    def make(url: str = "http://127.0.0.1:8000", demo: bool = True) -> Prepared:
        return Prepared(source, folder, url, demo)

    return make


def test_not_before_the_first_time(make: Make) -> None:
    assert not make().is_current()


def test_current_once_noted(make: Make) -> None:
    make().note()

    assert make().is_current()


@pytest.mark.parametrize("path", ["beian/migrations/0001_initial.py", "requirements.lock", "static/new.css"])
def test_not_after_a_change_of_the_code(path: str, make: Make, source: Path) -> None:
    make().note()
    (source / path).parent.mkdir(exist_ok=True)
    (source / path).write_text("changed")

    assert not make().is_current()


def test_not_under_another_address(make: Make) -> None:
    make().note()

    assert not make(url="http://127.0.0.1:9000").is_current()


@pytest.mark.parametrize("name", ["demo.json", "static"])
def test_not_when_a_result_is_gone(name: str, make: Make, folder: DataFolder) -> None:
    make().note()
    path = folder.root / name
    path.rmdir() if path.is_dir() else path.unlink()

    assert not make().is_current()


def test_not_after_a_preparation_that_broke_off(make: Make) -> None:
    make().note()
    make().forget()

    assert not make().is_current()

"""The attachment store: what a row names is on disk, once, whoever stores it and whatever fails."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beian import store
from beian.models import Content
from beian.records import ContentRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "_folder", lambda: tmp_path / "attachments")
    return tmp_path / "attachments"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def some(count: int) -> list[bytes]:
    return [b"\x89PNG\r\n\x1a\n%d" % number for number in range(count)]


def test_what_is_put_comes_back_and_lies_there_encrypted(folder: Path) -> None:
    record = store.put(b"\xff\xd8\xffpicture")
    assert (record.size, record.media_type) == (10, "image/jpeg")
    assert store.get(record.sha256) == b"\xff\xd8\xffpicture"
    [path] = files(folder)
    assert path.name == record.sha256
    assert b"picture" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_stored_once(folder: Path) -> None:
    with store.batch() as batch:
        records = [batch.put(content) for content in some(3) * 2]
    again = store.put(some(1)[0])
    assert records[:3] == records[3:]
    assert again == records[0]
    assert len(files(folder)) == Content.objects.count() == 3


def test_a_block_that_fails_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), store.batch() as batch:
        batch.put(bytes(1 // (len(batch.put(b"content").sha256) - 64)))
    assert not files(folder)
    assert not Content.objects.exists()


def test_nothing_gets_a_name_before_it_is_flushed_and_no_row_before_its_entry(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, int]] = []
    note = threading.Lock()

    def fsync(handle: int) -> None:
        real_fsync(handle)
        with note:
            steps.append(("flushed", os.fstat(handle).st_ino))

    def replace(source: Any, target: Any) -> None:
        steps.append(("named", os.stat(source).st_ino))
        real_replace(source, target)

    def bulk_create(self: Any, rows: Any, **options: Any) -> Any:
        steps.append(("rows", 0))
        return real_create(self, rows, **options)

    real_fsync, real_replace, real_create = os.fsync, os.replace, type(Content.objects.all()).bulk_create
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(type(Content.objects.all()), "bulk_create", bulk_create)
    with store.batch() as batch:
        records = [batch.put(content) for content in some(20)]

    rows = steps.index(("rows", 0))
    for record in records:
        path = next(folder.rglob(record.sha256))
        named = steps.index(("named", path.stat().st_ino))
        assert ("flushed", path.stat().st_ino) in steps[:named]
        for parent in (path.parent, path.parent.parent, folder):
            assert ("flushed", parent.stat().st_ino) in steps[named:rows]


def test_a_file_without_a_row_is_flushed_with_its_folder_but_not_written_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have put it there a moment ago, and not have come to flush its folder."""
    record = store.put(b"content")
    Content.objects.all().delete()
    [path] = files(folder)
    before, flushed = path.stat(), []
    monkeypatch.setattr(store, "_flush_one", flushed.append)
    assert store.put(b"content") == record
    assert {path.parent, path.parent.parent, folder} <= set(flushed)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert Content.objects.filter(pk=record.sha256).exists()


def test_what_was_removed_comes_back(folder: Path) -> None:
    record = store.put(b"content")
    files(folder)[0].unlink()
    Content.objects.update(removed_at=timezone.now())
    with pytest.raises(store.Missing):
        store.get(record.sha256)
    store.put(b"content")
    assert store.get(record.sha256) == b"content"
    assert Content.objects.get().removed_at is None


def test_no_more_wait_to_be_flushed_than_may(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FILES_AT_ONCE", 3)
    most = 0
    with store.batch() as batch:
        for content in some(10):
            batch.put(content)
            most = max(most, len(list((folder / "incoming").iterdir())))
    assert most == 3
    assert Content.objects.count() == 10
    assert not list((folder / "incoming").iterdir())


def test_queries_do_not_grow_with_the_files() -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        store.batch() as batch,
    ):
        for content in some(300):
            batch.put(content)
    assert sum("content" in query["sql"].lower() for query in queries.captured_queries) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_store_the_same_files_in_another_order_all_come_through() -> None:
    contents, failed = some(100), []

    def work(order: list[bytes]) -> None:
        try:
            with store.batch() as batch:
                stored: list[ContentRecord] = [batch.put(content) for content in order]
            assert [store.get(record.sha256) for record in stored] == order
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[contents[::step]]) for step in (1, -1, 2, -2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Content.objects.count() == 100

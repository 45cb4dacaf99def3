"""Filing numbers are read in every spelling, written in one, and issued once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from beian import numbers
from beian.models import Counter, Node


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("粤ICP备2026000001号", "粤ICP备2026000001号"),
        ("粤ICP备2026000001号-1", "粤ICP备2026000001号-1"),
        (" 粤 icp 备 2026000001 号－12 ", "粤ICP备2026000001号-12"),
        ("京ICP备10000001号", "京ICP备10000001号"),
        ("川ICP备10000001号", "蜀ICP备10000001号"),
        ("甘ICP备2020000001号-3", "陇ICP备2020000001号-3"),
        ("粤ICP备2026000001", "粤ICP备2026000001号"),
        ("京ICP证030173号", "京ICP证030173号"),
        ("京 ICP 备 10000001 号 - 1", "京ICP备10000001号-1"),
        ("京ＩＣＰ备１００００００１号－１", "京ICP备10000001号-1"),
        ("京ICP备05000001号\u3000–\u30002", "京ICP备05000001号-2"),
        ("京ＩＣＰ证０３０１７３号—2", "京ICP证030173号-2"),
    ],
)
def test_spellings_are_read(text: str, written: str) -> None:
    assert str(numbers.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "粤ICP备号",
        "粤ICP备123号",
        "火ICP备2026000001号",
        "粤ICP备2026000001号-0",
        "粤ICP备٢٠٢٦٠٠٠٠٠١号",
        "京ICP证030173号-京ICP备10000001号",
    ],
)
def test_other_text_is_no_number(text: str) -> None:
    assert numbers.parse(text) is None


def test_every_province_has_a_number_that_reads_back() -> None:
    for province in numbers.ABBREVIATIONS:
        number = numbers.FilingNumber(province, "2026000001", 2)
        assert numbers.parse(str(number)) == number
        assert number.of_sponsor.website is None


def test_numbers_run_per_bureau_and_year(guangdong: Node, beijing: Node) -> None:
    assert str(numbers.issue_filing_number(guangdong, 2026)) == "粤ICP备2026000001号"
    assert str(numbers.issue_filing_number(guangdong, 2026)) == "粤ICP备2026000002号"
    assert str(numbers.issue_filing_number(guangdong, 2027)) == "粤ICP备2027000001号"
    assert str(numbers.issue_filing_number(beijing, 2026)) == "京ICP备2026000001号"


def test_object_numbers_begin_with_the_province(guangdong: Node) -> None:
    first = numbers.issue_objects(guangdong, 3)
    assert numbers.province_of(first) == 440000
    assert numbers.issue_objects(guangdong, 1) == first + 3


@pytest.mark.django_db(transaction=True)
def test_numbers_are_refused_outside_a_transaction(guangdong: Node) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        numbers.issue_objects(guangdong, 1)


def _issue_in_threads(node: Node, take: object, threads: int = 8, each: int = 5) -> list[int]:
    taken: list[int] = []
    start = threading.Barrier(threads)

    def work() -> None:
        start.wait()
        for _ in range(each):
            with transaction.atomic():
                taken.append(take(node))  # type: ignore[operator]
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return taken


@pytest.mark.django_db(transaction=True)
def test_racing_approvals_never_get_the_same_number(guangdong: Node) -> None:
    taken = _issue_in_threads(guangdong, lambda node: numbers.issue_objects(node, 1))
    assert len(taken) == 40
    assert len(set(taken)) == 40


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_do(guangdong: Node) -> None:
    """The race is real: read, then write, without a lock in between."""
    Counter.objects.create(node=guangdong, series="careless")

    def careless(node: Node) -> int:
        counter = Counter.objects.get(node=node, series="careless")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
        Counter.objects.filter(pk=counter.pk).update(value=counter.value + 1)
        return counter.value + 1

    taken = _issue_in_threads(guangdong, careless)
    assert len(set(taken)) < len(taken)

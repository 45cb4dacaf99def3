"""The table of address ranges registered to providers: loaded from a file, all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from beian.models import Event, Node, RegisteredRange
from interface.models import ProviderAccount

ISP = 440000000002


@pytest.fixture
def load(account: ProviderAccount, tmp_path: Path) -> Callable[..., str]:
    """Load a file of these lines into the table of Guangdong; gives what is said."""

    def loaded(*lines: str, bureau: str | None = "bureau:440000") -> str:
        file = tmp_path / "ranges.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        said = io.StringIO()
        call_command("load_registered_ranges", file, bureau=bureau, stdout=said)
        return said.getvalue()

    return loaded


def table(bureau: Node) -> list[tuple[int, int, int]]:
    return list(RegisteredRange.objects.held_by(bureau).order_by("first").values_list("isp_id", "first", "last"))


def test_addresses_are_read_dotted_and_as_numbers(load: Callable[..., str], guangdong: Node) -> None:
    said = load("provider,first,last", f"{ISP},198.18.0.0,198.18.0.255", f"{ISP},3323133952, 3323133953 ")
    assert said == "bureau:440000: 2 ranges of 1 providers\n"
    assert table(guangdong) == [(ISP, 3323068416, 3323068671), (ISP, 3323133952, 3323133953)]
    assert Event.objects.filter(verb="load", node=guangdong).count() == 1


def test_a_new_file_replaces_the_old_one(load: Callable[..., str], guangdong: Node, beijing: Node) -> None:
    RegisteredRange.objects.create_for(beijing, isp_id=110000000002, first=1, last=2)
    load("provider,first,last", f"{ISP},198.18.0.0,198.18.0.255")
    load("last,provider,first", f"198.19.0.1,{ISP},198.19.0.0")
    assert table(guangdong) == [(ISP, 3323133952, 3323133953)]
    assert len(table(beijing)) == 1


def test_every_bad_row_is_named_and_nothing_is_loaded(load: Callable[..., str], guangdong: Node) -> None:
    load("provider,first,last", f"{ISP},198.18.0.0,198.18.0.255")
    with pytest.raises(CommandError) as refused:
        load(
            "provider,first,last",
            f"{ISP},198.19.0.0,198.19.0.255",
            "440000000999,198.19.0.0,198.19.0.255",
            f"{ISP},198.19.0.9,198.19.0.1",
            f"{ISP},198.19.0.256,4294967296",
            f"{ISP},198.19.0.0",
            f"{ISP},198.19.0.0,198.19.0.255",
        )
    assert str(refused.value).splitlines()[1:] == [
        "line 3: provider '440000000999' is unknown here",
        "line 4: first 198.19.0.9 lies behind last 198.19.0.1",
        "line 5: first '198.19.0.256' is no IPv4 address",
        "line 5: last '4294967296' is no IPv4 address",
        "line 6: last None is no IPv4 address",
        "line 7: stands in line 2 already",
    ]
    assert table(guangdong) == [(ISP, 3323068416, 3323068671)]


def test_columns_that_are_missing_are_named(load: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="columns first, last are missing"):
        load("provider,from,to")


def test_the_bureau_must_be_one(load: Callable[..., str], beijing: Node) -> None:
    with pytest.raises(CommandError, match="say which"):
        load("provider,first,last", bureau=None)
    with pytest.raises(CommandError, match="no bureau:990000"):
        load("provider,first,last", bureau="bureau:990000")

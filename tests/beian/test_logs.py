"""Log lines are JSON, carry the correlation id, and hide what looks like personal data."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from beian import logs

IDENTITY = "440099199001010016"
MOBILE = "13900000000"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is logged during the test, read back as JSON."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    formatter = logs.config("INFO")["formatters"]["json"]
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    before, root.handlers = root.handlers, [handler]
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    root.handlers = before


def test_a_line_has_its_parts(lines: Callable[[], list[dict[str, Any]]]) -> None:
    with structlog.contextvars.bound_contextvars(correlation="c1"):
        structlog.get_logger("beian.test").warning("sent", count=3)

    (line,) = lines()
    assert line["event"] == "sent"
    assert line["count"] == 3
    assert line["correlation"] == "c1"
    assert line["level"] == "warning"
    assert line["logger"] == "beian.test"
    assert line["timestamp"].endswith("Z")


def test_lines_of_libraries_look_the_same(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("some.library").warning("took %s s", 3)

    (line,) = lines()
    assert (line["event"], line["logger"]) == ("took 3 s", "some.library")


@pytest.mark.parametrize("value", [IDENTITY, MOBILE, f"for {IDENTITY}, {MOBILE}", [MOBILE], {"a": MOBILE}, int(MOBILE)])
def test_numbers_of_persons_are_hidden(value: Any, lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("beian.test").warning("note", value=value)

    (line,) = lines()
    assert logs.HIDDEN in json.dumps(line["value"])
    assert MOBILE not in json.dumps(line)
    assert IDENTITY not in json.dumps(line)


def test_they_are_hidden_in_messages_and_tracebacks(lines: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        raise ValueError(f"no such person: {IDENTITY}")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", MOBILE)

    (line,) = lines()
    assert "ValueError: no such person: [hidden]" in line["exception"]
    assert line["event"] == "failed for [hidden]"


def test_arguments_of_tasks_are_not_logged(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("celery.worker.strategy").warning("received", extra={"data": {"args": "('secret',)"}})

    (line,) = lines()
    assert line["event"] == "received"
    assert "data" not in line


def test_other_numbers_stay(lines: Callable[[], list[dict[str, Any]]]) -> None:
    filing, uid = "粤ICP备2026000001号", "00000000-0000-4000-8000-138000000001"
    structlog.get_logger("beian.test").warning("note", filing=filing, uid=uid, isp_id=440000000001)

    (line,) = lines()
    assert (line["filing"], line["uid"], line["isp_id"]) == (filing, uid, 440000000001)

"""What `script/server` shows when everything runs: addresses and accounts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def welcome(url: str, data: Path, demo: bool) -> str:
    """Give the text: addresses, and the accounts that stand in the folder's `demo.json`."""
    lines = [f"  {url}/    the public query", f"  {url}/login    for staff"]
    if demo:
        content = json.loads((data / "demo.json").read_text())
        lines += _doors(content["users"])
        lines += ["", *_users(content["users"]), "", *_providers(content["providers"])]
        lines += ["", f"  The same as JSON, with the providers' keys: {data / 'demo.json'}"]
    return "\n".join([*lines, f"  Logs: {data / 'log'}", "", "Ctrl-C stops everything."])


def _doors(users: Iterable[dict[str, Any]]) -> list[str]:
    """Name the doors of those who sign in elsewhere: sponsors, each at their provider's."""
    doors = dict.fromkeys((each["login_url"], each["node"]) for each in users if "login_url" in each)
    return [f"  {url}    for sponsors of {node}" for url, node in doors]


def _users(users: Iterable[dict[str, Any]]) -> list[str]:
    head = ("node", "role", "user name", "password")
    return _table(head, [(each["node"], each["role"], each["username"], each["password"]) for each in users])


def _providers(providers: Iterable[dict[str, Any]]) -> list[str]:
    head = ("provider", "bureau", "endpoint", "managed")
    rows = [
        (str(each["isp_id"]), str(each["bureau"]), each["endpoint"], "yes" if each["managed"] else "no")
        for each in providers
    ]
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    return ["  " + "  ".join(map(_pad, row, widths)).rstrip() for row in (head, *rows)]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

"""How far a long run is, in a line a batch."""

from __future__ import annotations

import time
from collections.abc import Callable


class Progress:
    """Says what is done of `total`, at which rate, and how long the rest will take."""

    def __init__(self, what: str, total: int, say: Callable[[str], object]) -> None:
        self.what, self.total, self.say = what, total, say
        self.done = self.rows = 0
        self.started = time.monotonic()

    def add(self, count: int, rows: int) -> None:
        """Note a batch of `count`, which took `rows` rows in all tables."""
        self.done += count
        self.rows += rows
        seconds = max(time.monotonic() - self.started, 0.001)
        rate = self.done / seconds
        self.say(
            f"{self.what}: {self.done:,} of {self.total:,}  {rate:,.0f}/s, {self.rows / seconds:,.0f} rows/s"
            f"  {(self.total - self.done) / rate:,.0f} s left"
        )

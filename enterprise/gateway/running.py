"""The gateway as a process: two loops for every connection, each in a thread of its own.

Threads share nothing but the database, where all that must survive stands. So ending is letting go: a call
that is on its way is settled by whoever comes next.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue

import structlog
from django.db import InterfaceError, OperationalError, connection

from beian.models import Node
from enterprise.gateway import fetching, uploading, waiting
from enterprise.gateway.keeping import forget_old_calls, forget_old_documents
from enterprise.gateway.steps import Step
from enterprise.models import Connection

TICK = 0.5
"""Seconds between two looks at the queue and the clock; each is a query or two."""

LOOK = 2.0
"""Seconds between two looks for connections that are new, or gone."""

LETTING_GO = 1.5
"""Seconds that loops are given to end; what is still in a call then is left."""

CLEARING_UP = 3600.0
"""Seconds between two looks for documents that have been kept long enough."""

LONGEST_PAUSE = 30.0
_FAULT = "处理时出现程序错误（{error}），稍后自动再试；多次出现时请联系维护人员。"
_MACHINE = "本机出现故障（{error}），没有做完的稍后自动再试：请检查磁盘空间、内存和数据库。"

log = structlog.get_logger(__name__)


class Loop(threading.Thread):
    """One loop of one connection, until it is told to end."""

    def __init__(
        self, name: str, connection_id: int, round_of: Callable[[int], Step], wait: Callable[[int, str], None]
    ) -> None:
        super().__init__(name=f"{name}-{connection_id}", daemon=True)
        self.ended = threading.Event()
        self._connection_id, self._round, self._wait = connection_id, round_of, wait
        self._failed = 0

    def run(self) -> None:
        """Do rounds; whatever goes wrong in one, the next comes."""
        try:
            while not self.ended.is_set():
                self.ended.wait(self._once())
        finally:
            connection.close()

    def _once(self) -> float:
        """Do a round; gives the pause after it, in seconds."""
        try:
            came_to = self._round(self._connection_id)
        except (OperationalError, InterfaceError) as error:
            log.warning("gateway_without_database", loop=self.name, error=type(error).__name__)
            self._say(_MACHINE, error)
        except (OSError, MemoryError) as error:
            log.error("gateway_machine_failed", loop=self.name, error=type(error).__name__, where=_where(error))
            self._say(_MACHINE, error)
        except Exception as error:
            log.error("gateway_round_failed", loop=self.name, error=type(error).__name__, where=_where(error))
            self._say(_FAULT, error)
        else:
            self._failed = 0
            return 0 if came_to.goes_on else TICK
        connection.close()
        self._failed += 1
        return float(min(TICK * 2**self._failed, LONGEST_PAUSE))

    def _say(self, words: str, error: Exception) -> None:
        """Show a fault on the connection, if the database lets us."""
        try:
            connection.close()
            self._wait(self._connection_id, words.format(error=type(error).__name__))
        except Exception as second:
            log.warning("gateway_fault_not_shown", loop=self.name, error=type(second).__name__)


class Gateway:
    """The loops of all active connections of the providers that this process serves."""

    def __init__(self) -> None:
        # A signal may come while the main thread holds the lock of an event; a simple queue can be put into then.
        self._told: SimpleQueue[None] = SimpleQueue()
        self._loops: dict[int, tuple[Loop, Loop]] = {}
        self._cleared_up = -CLEARING_UP

    def end(self) -> None:
        """Tell it to end; a signal handler may do so."""
        self._told.put(None)

    def run(self) -> bool:
        """Run until told to end; says whether all loops came to their end."""
        self._look()
        while not self._told_within(LOOK):
            self._look()
        return self._let_go()

    def _told_within(self, seconds: float) -> bool:
        try:
            self._told.get(timeout=seconds)
        except Empty:
            return False
        return True

    def _look(self) -> None:
        try:
            self._match(self._wanted())
            self._clear_up()
        except (OperationalError, InterfaceError) as error:
            log.warning("gateway_without_database", loop="all", error=type(error).__name__)
            connection.close()

    def _wanted(self) -> set[int]:
        rows = Connection.objects.filter(active=True, provider__in=Node.objects.served())
        return set(rows.values_list("pk", flat=True))

    def _clear_up(self) -> None:
        """Let go of what has been kept long enough, from time to time."""
        if time.monotonic() - self._cleared_up >= CLEARING_UP and not forget_old_documents():
            forget_old_calls()
            self._cleared_up = time.monotonic()

    def _match(self, wanted: set[int]) -> None:
        """Begin the loops that are missing, end those of connections that are gone."""
        for pk in self._loops.keys() - wanted:
            for loop in self._loops.pop(pk):
                loop.ended.set()
        for pk in wanted:
            if not all(loop.is_alive() for loop in self._loops.get(pk, ())) or pk not in self._loops:
                self._begin(pk)

    def _begin(self, pk: int) -> None:
        for loop in self._loops.pop(pk, ()):
            loop.ended.set()
        loops = (
            Loop("uploads", pk, uploading.step, waiting.uploads),
            Loop("fetches", pk, fetching.step_when_due, waiting.downloads),
        )
        self._loops[pk] = loops
        for loop in loops:
            loop.start()
        log.info("gateway_connection", connection=pk)

    def _let_go(self) -> bool:
        loops = [loop for pair in self._loops.values() for loop in pair]
        for loop in loops:
            loop.ended.set()
        share = LETTING_GO / max(len(loops), 1)
        for loop in loops:
            loop.join(share)
        return not any(loop.is_alive() for loop in loops)


def _where(error: Exception) -> str:
    """Name the innermost place of an error; its words may show what stands in a document."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{place.filename}:{place.lineno}"

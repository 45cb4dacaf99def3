"""Whatever happens at the bureau, and in whatever order its parcels come: our copy is what it holds for us."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from beian.calendar import SHANGHAI
from beian.models import Sponsor, Website
from enterprise.models import HoldingChange, Task, TaskKind
from interface.documents.download import DownloadDocument
from interface.services import mailbox
from tests.enterprise.applying import arrive, copy
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import acknowledge, documents, fetch
from tests.interface.test_applying_parcels import Bureau

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

PARTS = [name for name in DownloadDocument.__dataclass_fields__ if name not in ("version", "unread")]


class Dated(Bureau):
    """A bureau that notes when it changes something, as bureaus do."""

    at = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)

    def rename(self) -> None:
        number = self._sponsor()
        Sponsor.objects.held_by(self.account.bureau).filter(number=number).update(last_modified=self._next())
        rows = Sponsor.objects.held_by(self.account.bureau).filter(number=number)
        rows.update(name=f"改过{self.chance.random()}次名字的示例公司")
        self._tell(number)

    def move(self) -> None:
        super().move()
        Website.objects.held_by(self.account.bureau).update(last_modified=self._next())
        for number in self.held():
            self._tell(number)

    def _next(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def newcomer() -> Caller:
    """A provider that has not called yet."""
    return Caller(calling.account(connected_at=None))


def connect(caller: Caller) -> None:
    """Call for the first time: codes and all filings come, in parcels of the usual size."""
    for place, document in enumerate(documents(caller)):
        take(caller, f"first{place}", document)


def take(caller: Caller, name: str, document: DownloadDocument) -> None:
    arrive(caller.account.provider, name, **{part: getattr(document, part) for part in PARTS})


@pytest.mark.parametrize("seed", range(4))
def test_in_order_and_every_parcel_twice(newcomer: Caller, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(seed)
    bureau, provider = Bureau(newcomer.account, chance), newcomer.account.provider
    for n in range(3):
        calling.on_file(newcomer.account, next(bureau.seeds), websites=n + 1)
    connect(newcomer)
    monkeypatch.setattr(mailbox, "MOST_PIECES", 2)
    happenings = [bureau.approve, bureau.rename, bureau.move, bureau.remark, bureau.synchronise]
    happenings += [bureau.cancel_website, bureau.cancel_sponsor]
    for _ in range(25):
        happens: Callable[[], None] | None = chance.choice([*happenings, None, None, None])
        if happens is None:
            one(newcomer)
        elif bureau.held() or happens == bureau.approve:
            happens()
    for place, document in enumerate(documents(newcomer)):
        take(newcomer, f"last{place}", document)
        take(newcomer, f"last{place}", document)
    assert copy(provider) == bureau.held()
    assert HoldingChange.objects.filter(provider=provider).exists()
    assert all(task.holds for task in Task.objects.filter(kind=TaskKind.CLOSURE))


def one(caller: Caller) -> None:
    """Fetch one document, if one waits, and apply it twice: the acknowledgement may have been lost."""
    if caller("isp_download").code == 0:
        name, document = fetch(caller)
        take(caller, name, document)
        take(caller, name, document)
        acknowledge(caller, name)


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order(newcomer: Caller, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(seed)
    bureau, provider = Dated(newcomer.account, chance), newcomer.account.provider
    bureau.approve()
    connect(newcomer)
    monkeypatch.setattr(mailbox, "MOST_PIECES", 1)
    parcels: list[DownloadDocument] = []
    for _ in range(20):
        happens = chance.choice(
            [bureau.approve, bureau.rename, bureau.move, bureau.cancel_website, bureau.cancel_sponsor, None]
        )
        if happens is None:
            parcels += documents(newcomer)
        elif bureau.held() or happens == bureau.approve:
            happens()
    parcels += documents(newcomer)
    chance.shuffle(parcels)
    for place, document in enumerate(parcels):
        if not document.synchronised:
            take(newcomer, f"D{place}", document)
    assert copy(provider) == bureau.held()

"""Comparing the filing passwords of a document: each once, few guesses, before the transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from beian import filing_password
from beian.checks.passwords import password_verdicts
from beian.checks.request_facts import load_request_facts
from beian.checks.requests import ask, check_request
from beian.models import Node, Sponsor
from beian.records import CancellationRecord, Cancelled, FilingRecord, NameRecord, NewAccessRecord
from beian.web.throttle import connection
from interface.models import ProviderAccount
from interface.services import password_tries
from tests import builders
from tests.beian.test_checks.standing import number_of
from tests.on_file import PASSWORD, on_file


@pytest.fixture
def held(guangdong: Node, account: ProviderAccount, code_tables: None) -> FilingRecord:
    """A filing of one website."""
    return on_file(guangdong, builders.filing(1), account.isp_id)


@pytest.fixture(autouse=True)
def nothing_tried() -> Iterator[None]:
    """Nobody tried a password in the last hour, nor has when this ends."""
    connection().flushdb()
    yield
    connection().flushdb()


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared, in order."""
    compared: list[str] = []
    fits = filing_password.fits

    def counted(password: str, kept: str | None) -> bool:
        compared.append(password)
        return fits(password, kept)

    monkeypatch.setattr(filing_password, "fits", counted)
    return compared


def access(held: FilingRecord, password: str, *, by_number: bool = False) -> NewAccessRecord:
    website = held.websites[0]
    name = NameRecord(number=website.number) if by_number else NameRecord(filing_number=website.filing_number)
    return NewAccessRecord(website=name, access=builders.access(7), filing_password=password)


def end(held: FilingRecord, what: Cancelled, password: str | None) -> CancellationRecord:
    number = held.sponsor.number if what is Cancelled.SPONSOR else held.websites[0].number
    return CancellationRecord(what=what, number=number or 0, reason=1, filing_password=password)


def verdicts(account: ProviderAccount, *requests: object, tries: object = None) -> dict[str, bool | None]:
    given = password_verdicts(
        account.bureau,
        isp_id=account.isp_id,
        requests=requests,  # type: ignore[arg-type]
        tries=tries,  # type: ignore[arg-type]
    )
    return {password: verdict for (_, password), verdict in given.items()}


def test_plain_and_as_its_md5_in_any_case(held: FilingRecord, account: ProviderAccount) -> None:
    digest = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
    sent = [access(held, PASSWORD), access(held, digest, by_number=True), access(held, digest.upper())]
    assert set(verdicts(account, *sent).values()) == {True}


def test_each_password_of_a_sponsor_is_compared_once(
    held: FilingRecord, account: ProviderAccount, comparisons: list[str]
) -> None:
    digest = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
    sent = [access(held, PASSWORD) for _ in range(500)] + [access(held, digest), end(held, Cancelled.SPONSOR, PASSWORD)]
    assert verdicts(account, *sent) == {PASSWORD: True, digest: True}
    assert comparisons == [PASSWORD]


def test_only_what_is_asked_for_it_is_compared(
    held: FilingRecord, account: ProviderAccount, comparisons: list[str]
) -> None:
    sent = [end(held, Cancelled.WEBSITE, "x"), end(held, Cancelled.ACCESS, "y"), end(held, Cancelled.SPONSOR, None)]
    assert verdicts(account, *sent, builders.filing(5)) == {}
    assert comparisons == []


def test_what_names_nothing_has_no_verdict(account: ProviderAccount, comparisons: list[str]) -> None:
    nowhere = NewAccessRecord(website=NameRecord(number=7), access=builders.access(7), filing_password="x")
    assert verdicts(account, nowhere) == {}
    assert comparisons == []


def test_a_document_of_guesses_is_allowed_as_many_as_calls_are(
    held: FilingRecord, account: ProviderAccount, comparisons: list[str]
) -> None:
    guesses = [access(held, f"guess{n}") for n in range(100)]
    found = verdicts(account, *guesses, access(held, PASSWORD))
    assert len(comparisons) == 5
    assert list(found.values()) == [False] * 5 + [None] * 96


def test_guesses_count_for_the_hour_whatever_way_they_come(
    held: FilingRecord, account: ProviderAccount, comparisons: list[str]
) -> None:
    number = held.sponsor.filing_number or ""
    for _ in range(3):
        password_tries.take(account.isp_id, number)
    found = verdicts(account, *(access(held, f"guess{n}") for n in range(4)), tries=password_tries)
    assert list(found.values()) == [False, False, None, None]
    assert password_tries.take(account.isp_id, number) == 5


def test_right_ones_count_for_nothing(held: FilingRecord, account: ProviderAccount) -> None:
    for _ in range(7):
        assert verdicts(account, access(held, PASSWORD), tries=password_tries) == {PASSWORD: True}


def test_a_sponsor_without_a_password_has_none_that_is_right(held: FilingRecord, account: ProviderAccount) -> None:
    Sponsor.objects.held_by(account.bureau).update(filing_password_hash=None)
    assert verdicts(account, access(held, PASSWORD)) == {PASSWORD: False}


def test_verdicts_given_beforehand_are_not_sought_again(
    held: FilingRecord, account: ProviderAccount, comparisons: list[str]
) -> None:
    request = access(held, PASSWORD)
    given = password_verdicts(account.bureau, isp_id=account.isp_id, requests=[request])
    known = load_request_facts(account.bureau, isp_id=account.isp_id, requests=[request], passwords=given)
    assert comparisons == [PASSWORD]
    assert 1018 not in {finding.code for finding in check_request(ask(request, known))}
    assert known.passwords == {(number_of(held.sponsor), PASSWORD): True}


def test_one_try_too_many_says_so(held: FilingRecord, account: ProviderAccount) -> None:
    request = access(held, PASSWORD)
    spent = {(number_of(held.sponsor), PASSWORD): None}
    known = load_request_facts(account.bureau, isp_id=account.isp_id, requests=[request], passwords=spent)
    said = {finding.code: finding.detail for finding in check_request(ask(request, known))}
    assert "次数过多" in said[1018]

"""For every code a pair of documents: an upload that provokes it, and the answer to it, whole.

    BEIAN_WRITE_FIXTURES=1 .venv/bin/python -m pytest -n0 tests/interface/test_every_code.py

writes the pairs anew from the table of cases; look at what changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from beian.checks import RULES
from beian.checks.material import MATERIAL_RULES
from beian.checks.reported import HANDLING_RULES, RESULT_RULES
from beian.checks.requests import REQUEST_RULES
from beian.checks.without_rule import ELSEWHERE
from beian.demo import clock
from beian.models import Node, User
from bureau.services import intake
from interface import schemas
from interface.models import ProviderAccount
from tests.conftest import make_account
from tests.interface.codes.cases import CASES
from tests.interface.codes.world import MOMENT, World, readable
from tests.uploads import stored_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

FOLDER = Path(__file__).parent / "fixtures" / "codes"
NEVER_ANSWERED = {1062}
WRITE = bool(os.environ.get("BEIAN_WRITE_FIXTURES"))


@pytest.fixture
def world(account: ProviderAccount, reviewer: User, guangdong: Node, environment: Callable[..., None]) -> World:
    """Guangdong with nothing on file, and two providers."""
    with clock.at(MOMENT):
        other = make_account(guangdong, 440000000003, "另一接入商")
    return World(guangdong, account, other, reviewer, environment)


@pytest.mark.parametrize("name", CASES)
def test_an_upload_and_its_answer(name: str, world: World) -> None:
    case, upload, answer = CASES[name], FOLDER / f"{name}.upload.xml", FOLDER / f"{name}.answer.xml"
    with clock.at(MOMENT):
        case.before(world)
        world.fetch_all()
        if WRITE:
            _write(upload, case.document(world))
        stored_upload(world.account, upload.read_bytes())
        case.meanwhile(world)
        intake.drain(world.account.pk)
        case.after(world)
        said = world.answer()
    if WRITE:
        answer.write_bytes(readable(said))
    assert readable(said) == answer.read_bytes()
    root = etree.fromstring(said)
    assert schemas.download().validate(root)
    assert {int(each.text) for each in root.iter("Jgdm")} - case.beside == {int(name[:4])}


def test_every_code_that_is_given_has_a_pair() -> None:
    ruled = {code for rules in (RULES, REQUEST_RULES, MATERIAL_RULES, RESULT_RULES, HANDLING_RULES) for code in rules}
    assert {int(name[:4]) for name in CASES} == (ruled | ELSEWHERE.keys()) - NEVER_ANSWERED


def test_every_operation_is_approved_in_a_pair() -> None:
    approvals = [etree.parse(path).getroot() for path in FOLDER.glob("1001*.answer.xml")]
    assert {int(each.text) for root in approvals for each in root.iter("Czlx")} == set(range(1, 8))


def test_every_pair_has_a_case() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{which}.xml" for name in CASES for which in ("upload", "answer")
    }


def _write(path: Path, document: bytes) -> None:
    """Write a document so that it can be read; as it is, where it cannot be read at all."""
    try:
        path.write_bytes(readable(document))
    except etree.XMLSyntaxError:
        path.write_bytes(document)

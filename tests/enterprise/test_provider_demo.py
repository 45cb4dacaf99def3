"""`load_provider_demo` makes the managed providers' systems of what their bureaus gave them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from beian.demo import past
from beian.models import Event, Role, User
from enterprise.demo.cases import STATES
from enterprise.models import Case, Connection, Outgoing, SponsorAccount
from enterprise.workflow import State

ISP_ID = 440000000003
BASE = "http://127.0.0.1:8000"
OFFICE = {Role.CLERK, Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AGENT, Role.SPONSOR}


def told(last_sequence: int = 0) -> dict[str, Any]:
    """What a bureau writes for one provider that is managed here and one that is not."""
    common = {"bureau": "440000", "aes_key": "k" * 16, "aes_iv": "i" * 16, "password": "given"}
    managed = {"isp_id": ISP_ID, "name": "示例", "user_name": "isp3", "endpoint": f"{BASE}/bureaus/440000"}
    other = {"isp_id": 440000000001, "name": "别家", "user_name": "isp1", "endpoint": f"{BASE}/bureaus/440000"}
    return {
        "base_url": BASE,
        "login_url": f"{BASE}/login",
        "users": [{"role": "reviewer", "node": "bureau:440000", "username": "gd.reviewer", "password": "x"}],
        "providers": [
            {**common, **managed, "managed": True, "last_sequence": last_sequence},
            {**common, **other, "managed": False, "last_sequence": 0},
        ],
    }


def load(folder: Path, contents: dict[str, Any] | None = None) -> dict[str, Any]:
    file = folder / "demo.json"
    if contents is not None:
        file.write_text(json.dumps(contents))
    call_command("load_provider_demo", "--data", folder, "--base-url", BASE, verbosity=0)
    return json.loads(file.read_text())


@pytest.fixture
def demo(db: None, tmp_path: Path) -> dict[str, Any]:
    return load(tmp_path, told())


def test_the_managed_provider_gets_its_parameters(demo: dict[str, Any]) -> None:
    connection = Connection.objects.get()
    assert connection.provider.code == f"provider:{ISP_ID}"
    assert (connection.user_name, connection.password, connection.aes_key) == ("isp3", "given", "k" * 16)
    assert connection.endpoint == f"{BASE}/bureaus/440000"
    # The bureau knows how far it is; the gateway asks it at the first contact.
    assert (connection.last_sequence, connection.poll_seconds) == (None, 3)


def test_everybody_told_can_sign_in(demo: dict[str, Any]) -> None:
    people = [user for user in demo["users"] if user["node"] == f"provider:{ISP_ID}"]
    assert {user["role"] for user in people} == OFFICE
    for user in people:
        own_door = user["role"] == Role.SPONSOR
        name = f"{ISP_ID}/{user['username']}" if own_door else user["username"]
        assert authenticate(username=name, password=user["password"]) is not None, name
        assert ("login_url" in user) == own_door
    assert [user for user in demo["users"] if user["username"] == "gd.reviewer"]
    assert {user["login_url"] for user in people if "login_url" in user} == {f"{BASE}/isp/{ISP_ID}/sign-in"}
    assert SponsorAccount.objects.count() == 2


def test_there_are_cases_in_every_state_of_the_office(demo: dict[str, Any]) -> None:
    for state, count in STATES:
        assert Case.objects.filter(state=state).count() == count, state
    assert Case.objects.filter(agent__isnull=False).exists()
    assert set(Case.objects.filter(sponsor_account__isnull=False).values_list("state", flat=True)) >= {
        State.DRAFT, State.SENT_BACK,
    }  # fmt: skip
    assert all(case.typed["sponsor"]["name"] for case in Case.objects.all())
    assert Event.objects.filter(subject_kind="case").exists()


@pytest.mark.slow
def test_what_the_bureau_has_had_is_here_too(db: None, tmp_path: Path) -> None:
    load(tmp_path, told(last_sequence=past.total(440000)))
    known = Case.objects.filter(state=State.ACKNOWLEDGED)
    assert known.count() == len(past.DAYS_AGO) * past.PER_DOCUMENT[440000]
    sequences = set(Outgoing.objects.values_list("sequence", flat=True))
    # The two that are missing were documents of requests, which this system never wrote.
    assert len(sequences) == len(past.DAYS_AGO)
    assert max(sequences) == past.total(440000)
    assert all(case.answered_as == 1 and case.subject for case in known)


def test_a_second_run_keeps_what_is_there(demo: dict[str, Any], tmp_path: Path) -> None:
    before = (User.objects.count(), Case.objects.count(), Connection.objects.count())
    Connection.objects.update(password="issued-anew", poll_seconds=60)
    moved = told()
    moved["providers"][0]["endpoint"] = "http://127.0.0.1:9000/bureaus/440000"
    again = load(tmp_path, moved)
    assert (User.objects.count(), Case.objects.count(), Connection.objects.count()) == before
    connection = Connection.objects.get()
    assert (connection.password, connection.poll_seconds) == ("issued-anew", 60)
    # Another port of the same demo: the address follows.
    assert connection.endpoint == "http://127.0.0.1:9000/bureaus/440000"
    names = [user["username"] for user in again["users"]]
    assert len(names) == len(set(names))


def test_a_provider_alone_needs_no_bureau_beside_it(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, nodes=(f"provider:{ISP_ID}",))
    alone = load(tmp_path)
    assert {user["role"] for user in alone["users"]} == OFFICE
    assert not Connection.objects.exists()
    assert Case.objects.filter(state=State.SUBMITTED).exists()


def test_a_bureau_alone_has_no_provider_beside_it(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, nodes=("bureau:440000",))
    load(tmp_path, told())
    assert not Connection.objects.exists()
    assert not Case.objects.exists()


def test_outside_demo_mode_it_refuses(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, demo=False)
    with pytest.raises(CommandError, match="Demo mode"):
        load(tmp_path, told())
    assert not User.objects.exists()


def test_no_secret_is_printed(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents = load(tmp_path, told())
    printed = "".join(capsys.readouterr())
    for secret in [user["password"] for user in contents["users"] if len(user["password"]) > 3] + ["given"]:
        assert secret not in printed

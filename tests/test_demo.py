"""`load_demo` gives a demo that people and clients can use at once, and keeps what is there."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from beian.models import Membership, Node, Role, User
from bureau.demo import history
from bureau.models import Application
from bureau.workflow import Kind
from interface.models import Outcome, ProviderAccount, RegisteredAddress

READERS_FOR = (440000000001, 440000000002, 440000000003, 110000000001, 110000000002)
BASE = "http://127.0.0.1:8000"


def load(folder: Path, base_url: str = BASE) -> dict:
    call_command("load_demo", "--data", folder, "--base-url", base_url, verbosity=0)
    return json.loads((folder / "demo.json").read_text())


@pytest.fixture(autouse=True)
def without_history(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks of history take a while; the tests that look at it ask for it."""
    if "with_history" not in request.keywords:
        monkeypatch.setattr(history, "load", lambda nodes: 0)


@pytest.fixture
def demo(db: None, tmp_path: Path) -> dict:
    return load(tmp_path)


def test_all_systems_of_the_network_are_there(demo: dict) -> None:
    assert Node.objects.bureaus().count() == 31
    assert Node.objects.filter(code="ministry").exists()
    assert list(Node.objects.filter(two_stages=True).values_list("province", flat=True)) == [110000]


def test_each_role_is_taken_at_each_demo_bureau(demo: dict) -> None:
    told = {(user["node"], user["role"]) for user in demo["users"]}
    elsewhere = {"operator", "provider_reader", "clerk", "verifier", "agent", "sponsor"}
    at_bureaus = {role.value for role in Role} - elsewhere
    assert told == {(f"bureau:{p}", role) for p in (440000, 110000, 310000) for role in at_bureaus} | {
        ("ministry", "operator"),
        *((f"provider:{isp_id}", "provider_reader") for isp_id in READERS_FOR),
    }


def test_told_passwords_open_the_accounts(demo: dict) -> None:
    for told in demo["users"]:
        user = User.objects.get(username=told["username"])
        assert user.check_password(told["password"])
        assert list(user.memberships.values_list("node__code", "role")) == [(told["node"], told["role"])]


def test_told_parameters_are_those_of_the_account(demo: dict) -> None:
    for told in demo["providers"]:
        account = ProviderAccount.objects.get(isp_id=told["isp_id"], bureau__code=f"bureau:{told['bureau']}")
        assert (account.user_name, account.password) == (told["user_name"], told["password"])
        assert (account.aes_key, account.aes_iv) == (told["aes_key"], told["aes_iv"])
        assert len(told["aes_key"].encode("ascii")) == len(told["aes_iv"].encode("ascii")) == 16
        assert told["endpoint"] == f"{BASE}/bureaus/{told['bureau']}"


def test_unmanaged_providers_may_call_from_this_machine(demo: dict) -> None:
    unmanaged = [told for told in demo["providers"] if not told["managed"]]
    assert {"440000", "110000"} <= {told["bureau"] for told in unmanaged}
    for told in unmanaged:
        networks = RegisteredAddress.objects.filter(account__isp_id=told["isp_id"]).values_list("network", flat=True)
        assert {"127.0.0.1", "::1"} <= set(networks)
    assert any(told["managed"] for told in demo["providers"])
    assert ProviderAccount.objects.filter(encrypt_downloads=True, isp_id__in=[p["isp_id"] for p in unmanaged]).exists()


def test_a_bureau_on_its_own_host_has_no_prefix(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, nodes=("bureau:440000",))
    told = load(tmp_path, BASE + "/")
    assert {provider["endpoint"] for provider in told["providers"]} == {BASE}
    nodes = {user["node"] for user in told["users"]}
    assert "bureau:440000" in nodes
    assert all(node == "bureau:440000" or node.startswith("provider:440000") for node in nodes)


def test_only_the_owner_reads_the_file(demo: dict, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_a_second_run_keeps_what_was_changed(demo: dict, tmp_path: Path) -> None:
    account = ProviderAccount.objects.get(isp_id=440000000001)
    account.password = "issued-anew"
    account.save(update_fields=["password"])
    before = (User.objects.count(), Membership.objects.count(), RegisteredAddress.objects.count())
    again = load(tmp_path)
    assert (User.objects.count(), Membership.objects.count(), RegisteredAddress.objects.count()) == before
    assert next(p for p in again["providers"] if p["isp_id"] == 440000000001)["password"] == "issued-anew"


def test_outside_demo_mode_it_refuses(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, demo=False)
    with pytest.raises(CommandError, match="demo mode"):
        load(tmp_path)
    assert not User.objects.exists()
    assert not (tmp_path / "demo.json").exists()


def test_no_secret_is_printed(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = load(tmp_path)
    printed = "".join(capsys.readouterr())
    for secret in [user["password"] for user in told["users"]] + [p["password"] for p in told["providers"]]:
        assert secret not in printed


@pytest.mark.with_history
@pytest.mark.slow
def test_there_is_something_to_look_at(demo: dict, tmp_path: Path) -> None:
    states = set(Application.objects.filter(holder__code="bureau:440000").values_list("state", flat=True))
    assert states == {"returned", "forwarded", "pending", "claimed", "approved", "refused"}
    assert "recommended" in Application.objects.filter(holder__code="bureau:110000").values_list("state", flat=True)
    assert Application.objects.count() > 100
    assert Application.objects.overdue().exists()
    asked = Application.objects.filter(holder__code="bureau:440000").exclude(kind=Kind.NEW_FILING)
    assert {*asked.open().values_list("kind", flat=True)} == {
        Kind.NEW_WEBSITE, Kind.CHANGE, Kind.CANCEL_WEBSITE, Kind.CANCEL_SPONSOR,
    }  # fmt: skip
    assert {*asked.values_list("state", flat=True)} >= {"pending", "approved", "refused", "returned"}
    # One was made from a copy that others had changed since.
    assert [bool(each.difference["both"]) for each in asked.open().filter(kind=Kind.CHANGE)].count(True) == 1
    assert Application.objects.filter(holder__code="bureau:310000", kind=Kind.NEW_ACCESS, state="forwarded").exists()
    # Whoever connects a client of his own begins at 1, with an empty mailbox.
    untouched = ProviderAccount.objects.filter(managed=False)
    assert set(untouched.values_list("last_sequence", flat=True)) == {0}
    assert not Outcome.objects.filter(account__in=untouched).exists()
    before = Application.objects.count()
    load(tmp_path)
    assert Application.objects.count() == before

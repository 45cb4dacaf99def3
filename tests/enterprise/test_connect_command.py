"""`manage.py connect` enters a connection's parameters; secrets never come as arguments."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from beian.models import Node
from enterprise.management.commands.connect import Command
from enterprise.models import Connection
from tests.conftest import AES_IV, AES_KEY, INTERFACE_PASSWORD

ENDPOINT = "https://beian.example.gov.cn/bureaus/440000"


def connect(monkeypatch: pytest.MonkeyPatch, said: str, *arguments: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    out = io.StringIO()
    call_command("connect", *arguments, stdout=out)
    return out.getvalue()


def test_secrets_are_lines_of_standard_input(isp: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "p word\n0123456789abcdef\nfedcba9876543210\n"
    told = connect(monkeypatch, said, isp.code, "--endpoint", ENDPOINT, "--user-name", "isp1")
    connection = Connection.objects.get(provider=isp)
    assert (connection.endpoint, connection.user_name, connection.password) == (ENDPOINT, "isp1", "p word")
    assert (connection.aes_key, connection.aes_iv) == ("0123456789abcdef", "fedcba9876543210")
    assert "p word" not in told
    assert "0123456789abcdef" not in told


def test_the_environment_goes_before(isp: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PASSWORD", "from the environment"), ("AES_KEY", ""), ("AES_IV", "")):
        monkeypatch.setenv(f"BEIAN_CONNECT_{name}", value)
    connect(monkeypatch, "not this\n", isp.code, "--endpoint", ENDPOINT, "--user-name", "isp1")
    connection = Connection.objects.get(provider=isp)
    assert (connection.password, connection.aes_key) == ("from the environment", None)


def test_only_what_is_given_is_changed(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, "\n\n\n", connection.provider.code, "--poll-seconds", "30", "--encrypt", "yes")
    connection.refresh_from_db()
    assert (connection.poll_seconds, connection.encrypt) == (30, True)
    assert (connection.password, connection.aes_key, connection.aes_iv) == (INTERFACE_PASSWORD, AES_KEY, AES_IV)
    connect(monkeypatch, "untouched\n", connection.provider.code, "--active", "no", "--no-secrets")
    connection.refresh_from_db()
    assert (connection.active, connection.password) == (False, INTERFACE_PASSWORD)


def test_all_that_does_not_fit_is_said(isp: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError) as refused:
        connect(monkeypatch, "\nshort\n\n", isp.code, "--endpoint", "ftp://x", "--user-name", "isp1")
    for name in ("endpoint", "password", "aes_key"):
        assert name in str(refused.value)
    assert "short" not in str(refused.value)
    assert not Connection.objects.exists()


def test_a_provider_that_is_not_known_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="add_node"):
        connect(monkeypatch, "", "provider:440000000777")


def test_no_option_takes_a_secret() -> None:
    parser = Command().create_parser("manage.py", "connect")
    options = {option for action in parser._actions for option in action.option_strings}
    assert not {option for option in options if "password" in option or "key" in option or "-iv" in option}

"""Settings fail loudly, and their reference page is true."""

from __future__ import annotations

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from beian.environment import DEMO_VALUES, declarations, read
from beian.management.commands.settings_reference import PAGE, render

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "BEIAN_SECRET_KEY": "fifty random characters",
    "BEIAN_DATA_KEYS": f"1:{KEY}",
    "BEIAN_NETWORK_KEYS": f"2:{KEY},1:{KEY}",
    "BEIAN_INDEX_KEY": KEY,
    "DATABASE_URL": "postgresql://beian@db.example/beian",
    "REDIS_URL": "redis://redis.example:6379",
}
REQUIRED = sorted(GOOD)


def problems(source: dict[str, str]) -> str:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(source)
    return str(refusal.value)


def test_what_must_be_given_is_enough() -> None:
    environment = read(GOOD)

    assert environment.demo is False
    assert environment.network_keys == ((2, bytes(range(32))), (1, bytes(range(32))))
    assert environment.upload_backlog == 50


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(name: str) -> None:
    assert f"{name} is missing" in problems({key: value for key, value in GOOD.items() if key != name})


def test_all_missing_settings_are_named_at_once() -> None:
    message = problems({})

    assert all(f"{name} is missing" in message for name in REQUIRED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BEIAN_DEBUG", "perhaps"),
        ("BEIAN_DATA_KEYS", ""),
        ("BEIAN_DATA_KEYS", KEY),
        ("BEIAN_DATA_KEYS", f"0:{KEY}"),
        ("BEIAN_DATA_KEYS", f"256:{KEY}"),
        ("BEIAN_INDEX_KEY", "not base64!"),
        ("BEIAN_INDEX_KEY", base64.b64encode(b"short").decode()),
        ("BEIAN_UPLOAD_BACKLOG", "many"),
        ("BEIAN_UPLOAD_BACKLOG", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    assert name in problems({**GOOD, name: value})


@pytest.mark.parametrize("name", sorted(DEMO_VALUES))
def test_demo_keys_are_refused_outside_demo_mode(name: str) -> None:
    message = problems({**GOOD, name: DEMO_VALUES[name]})

    assert f"{name}: the demo value is known to everyone" in message


def test_a_demo_key_among_others_is_refused() -> None:
    demo = DEMO_VALUES["BEIAN_INDEX_KEY"]

    assert "BEIAN_DATA_KEYS" in problems({**GOOD, "BEIAN_DATA_KEYS": f"2:{KEY},1:{demo}"})


def test_demo_mode_needs_no_keys() -> None:
    environment = read({"BEIAN_DEMO": "1", "DATABASE_URL": GOOD["DATABASE_URL"], "REDIS_URL": GOOD["REDIS_URL"]})

    assert environment.demo is True
    assert environment.secret_key == DEMO_VALUES["BEIAN_SECRET_KEY"]


def test_a_malformed_demo_switch_does_not_switch_it_on() -> None:
    message = problems({"BEIAN_DEMO": "maybe"})

    assert "BEIAN_DEMO" in message
    assert "BEIAN_SECRET_KEY is missing" in message


def test_every_setting_says_what_it_means() -> None:
    assert all(declared.metadata["help"].endswith(".") for declared in declarations())


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text() == render(), "run: python manage.py settings_reference"


def test_a_key_that_does_not_fit_is_not_shown() -> None:
    said = problems(GOOD | {"BEIAN_INDEX_KEY": "almost-my-key"})
    assert "BEIAN_INDEX_KEY" in said
    assert "almost-my-key" not in said

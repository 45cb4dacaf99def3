"""Every setting that comes from outside: its name, type, default and meaning, in one place.

`read` gives them typed, or refuses with all that is wrong at once. The reference page
(`docs/settings.md`) is generated from the same declarations.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
KeyRing = tuple[tuple[int, bytes], ...]

# These stand in the repository, so they protect nothing: accepted in demo mode only.
DEMO_SECRET = "demo-secret-key-that-anyone-can-read-in-the-repository"
DEMO_KEY = base64.b64encode(b"demo key, known to all, 32 bytes").decode()


def _boolean(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if text.strip().lower() not in known:
        raise ValueError("write 1 or 0")
    return known[text.strip().lower()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _networks(text: str) -> tuple[IPNetwork, ...]:
    return tuple(ipaddress.ip_network(word) for word in _words(text))


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("write 32 bytes in base64") from error
    if len(key) != 32:
        raise ValueError(f"write 32 bytes in base64, this is {len(key)}")
    return key


def _key_ring(text: str) -> KeyRing:
    """`id:key,id:key`: the first encrypts, all decrypt; ids are 1 to 255."""
    ring = []
    for word in _words(text):
        number, separator, key = word.partition(":")
        if not separator or not number.isdigit() or not 1 <= int(number) <= 255:
            raise ValueError("write id:key, with an id from 1 to 255")
        ring.append((int(number), _key(key)))
    if not ring:
        raise ValueError("give at least one id:key")
    return tuple(ring)


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _declare(name: str, parse: Callable[[str], Any], help: str, default: str | None = None) -> Any:
    return field(metadata={"name": name, "parse": parse, "help": help, "default": default})


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The settings of a process. A field without a default must be given."""

    demo: bool = _declare(
        "BEIAN_DEMO", _boolean, "Demo mode: demo keys and data are allowed, mail goes to the console.", "0"
    )
    debug: bool = _declare("BEIAN_DEBUG", _boolean, "Django's debug pages. Never on a public address.", "0")
    secret_key: str = _declare("BEIAN_SECRET_KEY", str, "Signs sessions and tokens; 50 random characters.")
    data_keys: KeyRing = _declare(
        "BEIAN_DATA_KEYS",
        _key_ring,
        "This node's keys for personal data at rest, `id:base64` of 32 bytes, comma between. "
        "The first encrypts, all decrypt: put a new one in front to change keys.",
    )
    network_keys: KeyRing = _declare(
        "BEIAN_NETWORK_KEYS", _key_ring, "The keys for message bodies between nodes, written alike."
    )
    index_key: bytes = _declare(
        "BEIAN_INDEX_KEY", _key, "The national key of the blind index, the same in every province."
    )
    database_url: str = _declare("DATABASE_URL", str, "PostgreSQL 14 or newer: `postgresql://user:password@host/name`.")
    redis_url: str = _declare("REDIS_URL", str, "Redis or Valkey, without the database number: `redis://host:6379`.")
    nodes: tuple[str, ...] = _declare(
        "BEIAN_NODES",
        _words,
        "The nodes this process serves, comma between: `ministry`, `bureau:440000`, "
        "`provider:440000000001`. Empty: all in the database.",
        "",
    )
    public_url: str = _declare(
        "BEIAN_PUBLIC_URL",
        str,
        "The address under which callers reach this process; stands in the WSDL.",
        "http://127.0.0.1:8000",
    )
    allowed_hosts: tuple[str, ...] = _declare(
        "BEIAN_ALLOWED_HOSTS", _words, "Host names that requests may name, comma between.", "127.0.0.1,localhost,[::1]"
    )
    trusted_proxies: tuple[IPNetwork, ...] = _declare(
        "TRUSTED_PROXIES", _networks, "Networks whose X-Forwarded-For is believed, comma between.", ""
    )
    data_dir: Path = _declare(
        "BEIAN_DATA_DIR", Path, "Folder for attachments, encrypted, outside the web root.", "var/data"
    )
    mail_url: str = _declare("BEIAN_MAIL_URL", str, "`console:` or `smtp://user:password@host:587?tls=1`.", "console:")
    mail_from: str = _declare("BEIAN_MAIL_FROM", str, "Sender of the mail to sponsors.", "beian@beian.example")
    log_level: str = _declare("BEIAN_LOG_LEVEL", str, "DEBUG, INFO, WARNING or ERROR.", "INFO")
    secure_cookies: bool = _declare(
        "BEIAN_SECURE_COOKIES", _boolean, "Cookies over https only; turn off only where there is no https.", "1"
    )
    upload_backlog: int = _declare(
        "BEIAN_UPLOAD_BACKLOG", _count, "Uploads of one provider that may wait before 15 is answered.", "50"
    )
    password_tries: int = _declare(
        "BEIAN_PASSWORD_TRIES", _count, "Wrong filing passwords by one provider for one number in an hour (22).", "5"
    )
    password_tries_overall: int = _declare(
        "BEIAN_PASSWORD_TRIES_OVERALL",
        _count,
        "Wrong filing passwords by anybody for one number in an hour (22).",
        "20",
    )
    changes_waiting: int = _declare(
        "BEIAN_CHANGES_WAITING", _count, "Changes of one sponsor by one provider that may wait before 1051.", "5"
    )
    lock_tries: int = _declare(
        "BEIAN_LOCK_TRIES", _count, "Wrong interface passwords from registered addresses before a lock (12).", "10"
    )
    lock_minutes: int = _declare("BEIAN_LOCK_MINUTES", _count, "How long such a lock lasts.", "30")
    refuse_reused_randval: bool = _declare(
        "BEIAN_REFUSE_REUSED_RANDVAL",
        _boolean,
        "Answer 12 to a random value used before, unless the bytes are the same.",
        "0",
    )
    maintenance: str = _declare(
        "BEIAN_MAINTENANCE", str, "`upload`, `download` or both with a comma: answered 901 and 902.", ""
    )
    sign_in_tries: int = _declare(
        "BEIAN_SIGN_IN_TRIES", _count, "Wrong sign-ins of one account from one address before a pause.", "5"
    )
    sign_in_pause_minutes: int = _declare("BEIAN_SIGN_IN_PAUSE_MINUTES", _count, "How long that pause lasts.", "15")


DEMO_VALUES = {
    "BEIAN_SECRET_KEY": DEMO_SECRET,
    "BEIAN_DATA_KEYS": f"1:{DEMO_KEY}",
    "BEIAN_NETWORK_KEYS": f"1:{DEMO_KEY}",
    "BEIAN_INDEX_KEY": DEMO_KEY,
}

# Never shown, not even where they do not fit: what is mistyped is mostly right.
SECRETS = frozenset(DEMO_VALUES) | {"DATABASE_URL", "REDIS_URL", "BEIAN_MAIL_URL"}


def declarations() -> tuple[Field[Any], ...]:
    """Give the declared fields, in the order of the reference page."""
    return fields(Environment)


def read(source: Mapping[str, str]) -> Environment:
    """Read every setting from `source` (the process environment).

    Raises `ImproperlyConfigured` that names every setting that is missing or does not fit, and
    every demo key that is used outside demo mode.
    """
    demo = _is_demo(source)
    given = {**DEMO_VALUES, **source} if demo else dict(source)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for declared in declarations():
        _read_one(declared, given, values, problems)
    if not demo:
        problems += [
            f"{name}: the demo value is known to everyone; make your own"
            for name, value in DEMO_VALUES.items()
            if (DEMO_KEY if value != DEMO_SECRET else DEMO_SECRET) in given.get(name, "")
        ]
    if problems:
        raise ImproperlyConfigured("Settings do not fit:\n  " + "\n  ".join(problems))
    return Environment(**values)


def _is_demo(source: Mapping[str, str]) -> bool:
    try:
        return _boolean(source.get("BEIAN_DEMO", ""))
    except ValueError:
        return False


def _read_one(declared: Field[Any], given: Mapping[str, str], values: dict[str, Any], problems: list[str]) -> None:
    name, default = declared.metadata["name"], declared.metadata["default"]
    text = given.get(name, default)
    if text is None:
        problems.append(f"{name} is missing: {declared.metadata['help']}")
        return
    try:
        values[declared.name] = declared.metadata["parse"](text)
    except ValueError as error:
        shown = "" if name in SECRETS else f"={text!r}"
        problems.append(f"{name}{shown}: {error}")


def mail_settings(url: str) -> dict[str, Any]:
    """Give Django's mail settings for `console:` or `smtp://user:password@host:port?tls=1`.

    Raises `ImproperlyConfigured` for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme != "smtp" or not parts.hostname:
        raise ImproperlyConfigured("BEIAN_MAIL_URL: write console: or smtp://user:password@host:port?tls=1")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parse_qs(parts.query).get("tls") == ["1"],
        "EMAIL_TIMEOUT": 20,
    }

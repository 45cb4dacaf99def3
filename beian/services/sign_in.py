"""Signing in: tries are counted, whoever the name belongs to, and each is written down."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from beian.events import record
from beian.models import User
from beian.web.client_address import client_address, client_network
from beian.web.throttle import Throttle

# The account that nobody has: what is recorded about a name that does not exist.
NOBODY = 0
# In the names of sponsors' accounts (`<isp id>/<e-mail>`), which open only their provider's own door.
SPONSORS_SIGN = "/"
# As many times as one account's, so that a bureau behind one address does not lock itself out.
TRIES_OF_AN_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """The person who is now signed in; or None, and in how many seconds to try again (0: at once)."""

    user: User | None = None
    wait: int = 0


def throttle() -> Throttle:
    """Give the counter of wrong passwords, per account and address together.

    One proxy's users are not locked out by one of them, nor is an account by somebody elsewhere.
    """
    return Throttle("sign-in", settings.ENV.sign_in_tries, settings.ENV.sign_in_pause_minutes * 60)


def spraying() -> Throttle:
    """Give the counter of wrong passwords per address, whatever the accounts: many names, one password each."""
    own = throttle()
    return Throttle("sign-in-address", own.limit * TRIES_OF_AN_ADDRESS, own.seconds)


def sign_in(request: HttpRequest, username: str, password: str) -> Outcome:
    """Sign in at the door of everybody who works somewhere, with a new session key.

    A sponsor's account is unknown here: its own door may ask for a second factor. Raises `redis.RedisError`.
    """
    outcome = check(request, "" if SPONSORS_SIGN in username else username, password)
    if outcome.user is not None:
        enter(request, outcome.user)
    return outcome


def enter(request: HttpRequest, user: User) -> None:
    """Sign in who proved to be `user`, with a new session key."""
    login(request, user)
    record("user", user.pk, "sign_in.done", actor=user, data={"address": client_address(request)})


def check(request: HttpRequest, username: str, password: str) -> Outcome:
    """Say whose name and password these are, without signing in.

    An unknown name, a wrong password and an account that is switched off cannot be told apart,
    neither by the answer nor by its time: a password is hashed in each case. A try is counted
    before it is checked, so that many at once do not slip through.

    Raises `redis.RedisError` where tries cannot be counted: nobody signs in uncounted.
    """
    address = client_address(request)
    network = client_network(address)
    tries, key, from_there = throttle(), (_folded(username), network), spraying()
    verdict = from_there.hit(network)
    if verdict.allowed:
        verdict = tries.hit(*key)
    if not verdict.allowed:
        _record(username, "sign_in.paused", address)
        return Outcome(wait=verdict.retry_after)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        _record(username, "sign_in.failed", address)
        return Outcome(wait=verdict.retry_after if verdict.tries >= tries.limit else 0)
    tries.clear(*key)
    from_there.give_back(network)
    return Outcome(user=user)


def prove(request: HttpRequest, user: User, password: str) -> int | None:
    """Check the password of who is signed in already, counted as a sign-in.

    Gives None where it is right; else in how many seconds to try again (0: at once).
    """
    address = client_address(request)
    tries, key = throttle(), (_folded(user.username), client_network(address))
    verdict, stored = tries.hit(*key), user.password
    if verdict.allowed and user.check_password(password):
        tries.clear(*key)
        if user.password != stored:
            # Hashed anew by a newer way, which would end the very session that proved it.
            update_session_auth_hash(request, user)
        return None
    record("user", user.pk, "password.wrong", actor=user, data={"address": address})
    return verdict.retry_after if verdict.tries >= tries.limit else 0


def change_password(request: HttpRequest, user: User, password: str) -> None:
    """Give `user` a new password. This session goes on, with a new key; all his others end."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        record("user", user.pk, "password.changed", actor=user, data={"address": client_address(request)})
    update_session_auth_hash(request, user)


def _record(username: str, verb: str, address: str) -> None:
    """Record a failure. What was typed as a name is not kept: now and then it is a password."""
    subject = User.objects.filter(username=username).values_list("pk", flat=True).first() or NOBODY
    record("user", subject, verb, data={"address": address})


def _folded(username: str) -> str:
    return username.strip().casefold()

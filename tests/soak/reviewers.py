"""Reviewers at their desks: over HTTP, as a browser would, again when the page does not come."""

from __future__ import annotations

import http.client
import http.cookiejar
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from django.db import Error, close_old_connections, connection

from beian.models import Membership, Node, Role, User
from bureau.models import Application
from bureau.workflow import State

REFUSE_EVERY = 7
AT_ONCE = 10


@dataclass
class Reviewer:
    """One person at a bureau; `waiting` gives the ids of the applications that are this person's to decide."""

    base_url: str
    province: int
    username: str
    password: str
    waiting: Callable[[], Iterable[int]]
    notes: Counter[str] = field(default_factory=Counter)
    done: threading.Event = field(default_factory=threading.Event)
    signed_in: bool = False

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def decide_all(self) -> None:
        """Decide what waits until told that nothing more will come."""
        while not self.done.is_set():
            try:
                self._decide_some()
            except (OSError, http.client.HTTPException, urllib.error.URLError, Error):
                self.notes["pages that did not come"] += 1
                self.signed_in = self.signed_in and self._still_signed_in()
                connection.close()
            close_old_connections()
            self.done.wait(0.5)
        connection.close()

    def _decide_some(self) -> None:
        if not self.signed_in:
            self._sign_in()
        ids = list(self.waiting())[:AT_ONCE]
        for verdict, refused in (("refuse", True), ("approve", False)):
            if chosen := [pk for pk in ids if (pk % REFUSE_EVERY == 0) == refused]:
                values = [("chosen", str(pk)) for pk in chosen]
                values += [("verdict", verdict), ("text", "不符合要求" if refused else "符合要求"), ("confirmed", "1")]
                self._open(f"/bureaus/{self.province}/review/bulk", values)

    def _sign_in(self) -> None:
        self._open("/login")
        self._open("/login", [("username", self.username), ("password", self.password)])
        self.signed_in = self._still_signed_in()

    def _still_signed_in(self) -> bool:
        return any(cookie.name == "sessionid" for cookie in self.cookies)

    def _open(self, path: str, values: list[tuple[str, str]] | None = None) -> bytes:
        data = None if values is None else urllib.parse.urlencode(values).encode()
        token = next((str(cookie.value) for cookie in self.cookies if cookie.name == "csrftoken"), "")
        request = urllib.request.Request(f"{self.base_url}{path}", data, {"X-CSRFToken": token})
        with self.opener.open(request, timeout=30) as answer:
            return bytes(answer.read())


def staff(base_url: str) -> list[Reviewer]:
    """One reviewer in Guangdong (one stage), a reviewer and an approver in Beijing (two stages)."""
    posts = ((440000, Role.REVIEWER), (110000, Role.REVIEWER), (110000, Role.APPROVER))
    return [_person(base_url, province, role) for province, role in posts]


def _person(base_url: str, province: int, role: Role) -> Reviewer:
    username, password = f"soak.{province}.{role}", f"soak-password-{role}"
    user = User.objects.create_user(username, password=password, name=f"审核人{province}")
    Membership.objects.create(user=user, node=Node.objects.get(code=f"bureau:{province}"), role=role)
    return Reviewer(base_url, province, username, password, partial(_waiting, province, role))


def _waiting(province: int, role: Role) -> list[int]:
    states = [State.RECOMMENDED] if role == Role.APPROVER else [State.PENDING, State.CLAIMED]
    found = Application.objects.filter(holder__province=province, state__in=states)
    return list(found.order_by("id").values_list("pk", flat=True)[:AT_ONCE])

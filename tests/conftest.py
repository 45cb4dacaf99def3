"""The cast: the same few nodes, people and providers in every test.

Guangdong decides in one stage, Beijing in two. Whoever is not said to be elsewhere is in Guangdong;
`outsider` reviews in Beijing and has no business in Guangdong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from beian import calendar
from beian.models import Code, Membership, Node, NodeKind, Role, User
from interface.models import ProviderAccount, RegisteredAddress
from tests import emptying

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "a password for tests"

ISP_ID = 440000000002
BEIJING_ISP_ID = 110000000002
INTERFACE_PASSWORD = "interface-pass-1"
AES_KEY, AES_IV = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(autouse=True)
def fast_passwords(settings: object) -> None:
    """Argon2 is slow on purpose; tests of sign-in choose it themselves."""
    settings.PASSWORD_HASHERS = [  # type: ignore[attr-defined]
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]


@pytest.fixture(autouse=True)
def calendar_read_again() -> None:
    """No test leaves its working days to the next, nor the leave to count them without a database."""
    calendar.forget()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; each opens windows of its own."""
    from tests.browsing import chromium_opened

    with chromium_opened() as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages name static files as they lie in the repository: nothing is collected for a test.

    For all tests together: a request that comes late, from a window that is closed, must not find the product's
    own setting between two of them, and bring it into the next.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


def _bureau(province: int, name: str, two_stages: bool) -> Node:
    node, _ = Node.objects.get_or_create(
        code=f"bureau:{province}",
        defaults={"kind": NodeKind.BUREAU, "name": name, "province": province, "two_stages": two_stages},
    )
    return node


@pytest.fixture
def ministry(db: None) -> Node:
    """The ministry."""
    node, _ = Node.objects.get_or_create(
        code="ministry", defaults={"kind": NodeKind.MINISTRY, "name": "工业和信息化部"}
    )
    return node


@pytest.fixture
def guangdong(ministry: Node) -> Node:
    """A bureau that decides in one stage."""
    return _bureau(440000, "广东省通信管理局", two_stages=False)


@pytest.fixture
def beijing(ministry: Node) -> Node:
    """A bureau that decides in two stages."""
    return _bureau(110000, "北京市通信管理局", two_stages=True)


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person: `person("zhao", guangdong, Role.REVIEWER)`."""

    def make(username: str, node: Node, *roles: Role) -> User:
        user = User.objects.create(
            username=username,
            name=username.title(),
            telephone="020-80000001",
            password=make_password(PASSWORD, "salt1234"),
        )
        for role in roles:
            Membership.objects.create(user=user, node=node, role=role)
        return user

    return make


@pytest.fixture
def reviewer(person: Callable[..., User], guangdong: Node) -> User:
    """Zhao reviews in Guangdong."""
    return person("zhao", guangdong, Role.REVIEWER)


@pytest.fixture
def colleague(person: Callable[..., User], guangdong: Node) -> User:
    """Qian reviews in Guangdong too."""
    return person("qian", guangdong, Role.REVIEWER)


@pytest.fixture
def supervisor(person: Callable[..., User], guangdong: Node) -> User:
    """Sun supervises in Guangdong."""
    return person("sun", guangdong, Role.SUPERVISOR)


@pytest.fixture
def provider_manager(person: Callable[..., User], guangdong: Node) -> User:
    """Li looks after the providers of Guangdong."""
    return person("li", guangdong, Role.PROVIDER_MANAGER)


@pytest.fixture
def administrator(person: Callable[..., User], guangdong: Node) -> User:
    """Zhou administers the accounts of Guangdong's people."""
    return person("zhou", guangdong, Role.ADMINISTRATOR)


@pytest.fixture
def outsider(person: Callable[..., User], beijing: Node) -> User:
    """Wu reviews in Beijing: a stranger in Guangdong."""
    return person("wu", beijing, Role.REVIEWER)


@pytest.fixture
def beijing_approver(person: Callable[..., User], beijing: Node) -> User:
    """Zheng gives the second review in Beijing."""
    return person("zheng", beijing, Role.APPROVER)


@pytest.fixture
def operator(person: Callable[..., User], ministry: Node) -> User:
    """Wang operates the ministry's system."""
    return person("wang", ministry, Role.OPERATOR)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Give a client that is signed in as a person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def make_account(bureau: Node, isp_id: int, name: str, **values: object) -> ProviderAccount:
    """A provider with an account at `bureau`, who may call from this machine."""
    provider, _ = Node.objects.get_or_create(
        code=f"provider:{isp_id}",
        defaults={"kind": NodeKind.PROVIDER, "name": name, "province": bureau.province},
    )
    account = ProviderAccount.objects.create(
        **{
            "bureau": bureau,
            "provider": provider,
            "isp_id": isp_id,
            "user_name": f"user{isp_id}",
            "password": INTERFACE_PASSWORD,
            "aes_key": AES_KEY,
            "aes_iv": AES_IV,
            "connected_at": timezone.now(),
            **values,
        }
    )
    RegisteredAddress.objects.create(account=account, network="127.0.0.1")
    RegisteredAddress.objects.create(account=account, network="::1")
    return account


@pytest.fixture
def account(guangdong: Node) -> ProviderAccount:
    """A provider of Guangdong, whose enterprise system is somebody else's."""
    return make_account(guangdong, ISP_ID, "示例接入商")


@pytest.fixture
def beijing_account(beijing: Node) -> ProviderAccount:
    """A provider of Beijing."""
    return make_account(beijing, BEIJING_ISP_ID, "示例北京接入商")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the code tables once; all tests find them there."""
    with django_db_blocker.unblock():
        emptying.load_codes()
    with pytest.MonkeyPatch.context() as patch:
        emptying.install(patch)
        yield


@pytest.fixture
def code_tables(db: None) -> None:
    """The code tables and regions: `django_db_setup` loaded them, and no test leaves others behind."""
    assert Code.objects.exists()

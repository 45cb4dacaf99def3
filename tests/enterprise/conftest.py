"""The cast of a provider's system: the people of the office, a sponsor, and cases as they come.

The provider is that of `account` (tests.conftest), so its connection leads to the bureau of Guangdong.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password

from beian import store
from beian.models import Membership, Node, Role, User
from beian.records import FilingRecord
from enterprise.models import Agent, Case, Connection, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.workflow import Kind, Origin, State
from interface.models import ProviderAccount
from tests import builders
from tests.conftest import AES_IV, AES_KEY, INTERFACE_PASSWORD, PASSWORD


@pytest.fixture
def isp(account: ProviderAccount) -> Node:
    """The provider whose system it is."""
    return account.provider


@pytest.fixture
def connection(account: ProviderAccount) -> Connection:
    """Its connection to the bureau; nothing was uploaded yet."""
    return Connection.objects.create(
        provider=account.provider,
        endpoint="http://127.0.0.1:9/bureaus/440000",
        user_name=account.user_name,
        password=INTERFACE_PASSWORD,
        aes_key=AES_KEY,
        aes_iv=AES_IV,
        poll_seconds=1,
        last_sequence=0,
    )


@pytest.fixture
def clerk(person: Callable[..., User], isp: Node) -> User:
    """Feng is a clerk of the office."""
    return person("feng", isp, Role.CLERK)


@pytest.fixture
def verifier(person: Callable[..., User], isp: Node) -> User:
    """Chen verifies at the counter."""
    return person("chen", isp, Role.VERIFIER)


@pytest.fixture
def office_supervisor(person: Callable[..., User], isp: Node) -> User:
    """Chu supervises the office."""
    return person("chu", isp, Role.SUPERVISOR)


@pytest.fixture
def office_administrator(person: Callable[..., User], isp: Node) -> User:
    """Wei administers the provider's system."""
    return person("wei", isp, Role.ADMINISTRATOR)


@pytest.fixture
def agent_person(person: Callable[..., User], isp: Node) -> User:
    """Jiang works for an agent."""
    user = person("jiang", isp, Role.AGENT)
    agent = Agent.objects.create(provider=isp, name="示例代理商")
    agent.people.add(user)
    return user


def make_sponsor(provider: Node, email: str, name: str, agent: Agent | None = None) -> SponsorAccount:
    """A sponsor with an account at a provider."""
    user = User.objects.create(
        username=f"{provider.isp_id}/{email}", name=name, password=make_password(PASSWORD, "salt1234")
    )
    Membership.objects.create(user=user, node=provider, role=Role.SPONSOR)
    return SponsorAccount.objects.create(provider=provider, user=user, email=email, agent=agent)


@pytest.fixture
def sponsor_account(isp: Node) -> SponsorAccount:
    """Shen has a company and wants to file its website."""
    return make_sponsor(isp, "shen@example1.cn", "沈示例")


@pytest.fixture
def stranger_account(isp: Node) -> SponsorAccount:
    """Han is another sponsor of the same provider."""
    return make_sponsor(isp, "han@example2.cn", "韩示例")


def new_filing(n: int = 1) -> FilingRecord:
    """A new filing as a sponsor fills it in: the provider has given no ids yet; its files are in the store."""
    filing = builders.without_ids(builders.filing(n))
    store.put(builders.jpeg_bytes())
    return filing


def case_in(provider: Node, state: State, n: int = 1, account: SponsorAccount | None = None) -> Case:
    """A case of a new filing in one of the states that the office can bring it to, every step taken."""
    case = cases.begin(
        provider,
        Beginning(kind=Kind.NEW_FILING, origin=Origin.PORTAL if account else Origin.OFFICE, account=account),
        None,
    )
    if state != State.DRAFT:
        case = cases.submit(provider, case.pk, new_filing(n), None)
    if state in (State.CHECKED, State.VERIFIED, State.QUEUED):
        case.state = State.CHECKED
        case.save(update_fields=["state"])
    if state in (State.VERIFIED, State.QUEUED):
        case.state = State.VERIFIED
        case.save(update_fields=["state"])
    return cases.queue(provider, case.pk, None) if state == State.QUEUED else case

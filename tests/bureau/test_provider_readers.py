"""The bureau's provider manager opens, bars and re-admits those who read for a provider."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Event, Membership, Node, Role, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from bureau.services import provider_people as services
from interface.models import ProviderAccount
from tests.conftest import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(provider_manager: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(provider_manager)


@pytest.fixture
def url(account: ProviderAccount) -> str:
    return f"/bureaus/440000/providers/{account.isp_id}/readers/"


@pytest.fixture
def reader(account: ProviderAccount, provider_manager: User) -> User:
    return services.add_reader(account, provider_manager, "some.reader", "示例查询员", "")[0]


def shown_password(page: str) -> str:
    found = re.search(r'临时密码 <strong class="code">([^<]+)</strong>', page)
    assert found
    return found[1]


def mine(client: Client) -> int:
    return client.get("/bureaus/440000/mine/").status_code


def test_a_manager_adds_a_reader_whose_password_is_shown_once(client: Client, url: str) -> None:
    shown = client.post(f"{url}new", {"username": "new.reader", "name": "新查询员", "telephone": ""}).content.decode()
    user = User.objects.get(username="new.reader")
    assert user.check_password(shown_password(shown))
    assert shown_password(shown) not in client.get(url).content.decode()
    own = Client()
    own.force_login(user)
    assert own.get("/home")["Location"] == "/bureaus/440000/mine/"
    assert mine(own) == 200


def test_a_name_that_is_taken_is_said_beside_the_field(client: Client, url: str, reader: User) -> None:
    response = client.post(f"{url}new", {"username": "Some.Reader", "name": "又一位", "telephone": ""})
    assert response.status_code == 422
    assert "用户名“Some.Reader”已有人使用" in response.content.decode()


def test_a_barred_reader_is_out_at_once_and_may_come_back(
    client: Client, url: str, reader: User, account: ProviderAccount
) -> None:
    own = Client()
    own.force_login(reader)
    assert mine(own) == 200
    client.post(f"{url}{reader.pk}/standing/deactivate", {"reason": "离职"})
    assert mine(own) == 302
    assert "已停用" in client.get(url).content.decode()
    with pytest.raises(MovedOn):
        services.deactivate(account, reader.pk, reader, "离职")
    client.post(f"{url}{reader.pk}/standing/activate", {"reason": "误操作"})
    reader.refresh_from_db()
    assert reader.is_active
    verbs = Event.objects.filter(subject_kind="user", subject=str(reader.pk)).values_list("verb", "reason")
    assert list(verbs) == [("create", ""), ("deactivate", "离职"), ("activate", "误操作")]


def test_a_new_password_ends_what_hung_on_the_old_one(client: Client, url: str, reader: User) -> None:
    own = Client()
    own.force_login(reader)
    shown = client.post(f"{url}{reader.pk}/password", {"reason": "遗忘"}).content.decode()
    reader.refresh_from_db()
    assert reader.check_password(shown_password(shown))
    assert mine(own) == 302


def test_every_act_wants_a_reason(client: Client, url: str, reader: User) -> None:
    for act in ("password", "standing/deactivate"):
        assert client.post(f"{url}{reader.pk}/{act}", {"reason": ""}).status_code == 422
    reader.refresh_from_db()
    assert reader.is_active


def test_whoever_holds_another_role_is_left_alone(
    account: ProviderAccount, reader: User, provider_manager: User, guangdong: Node
) -> None:
    Membership.objects.create(user=reader, node=guangdong, role=Role.REVIEWER)
    for act in (services.deactivate, services.reset_password):
        with pytest.raises(NotAllowed):
            act(account, reader.pk, provider_manager, "试试")


def test_another_provider_s_reader_cannot_be_reached_by_way_of_this_one(
    client: Client, url: str, guangdong: Node, provider_manager: User, account: ProviderAccount
) -> None:
    other = make_account(guangdong, 440000000009, "示例另一家")
    stranger = services.add_reader(other, provider_manager, "stranger", "别家", "")[0]
    assert client.get(f"{url}{stranger.pk}/password").status_code == 404
    with pytest.raises(MovedOn):
        services.deactivate(account, stranger.pk, provider_manager, "试试")


def test_a_supervisor_sees_who_reads_and_no_way_to_change_it(
    supervisor: User, signed_in: Callable[[User], Client], url: str, reader: User
) -> None:
    client = signed_in(supervisor)
    page = client.get(url).content.decode()
    assert reader.username in page
    assert "添加查询员" not in page
    assert "重置密码" not in page
    assert client.post(f"{url}new", {"username": "x.y.z", "name": "某人"}).status_code == 403


def test_a_manager_elsewhere_cannot(
    person: Callable[..., User], beijing: Node, signed_in: Callable[[User], Client], url: str
) -> None:
    manager = person("elsewhere", beijing, Role.PROVIDER_MANAGER)
    assert signed_in(manager).get(url).status_code == 403


def test_a_name_is_taken_at_whatever_node(
    account: ProviderAccount, provider_manager: User, beijing: Node, person: Callable[..., User]
) -> None:
    person("busy.name", beijing, Role.REVIEWER)
    with pytest.raises(Invalid, match=r"busy\.name"):
        services.add_reader(account, provider_manager, "busy.name", "某人", "")

"""The people of the demo: one for each role at the demo bureaus, an operator at the ministry.

Their passwords are fixed and stand in the repository; demo mode alone lets them be loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from beian.demo import passwords
from beian.demo.names import AREA_CODES
from beian.models import Membership, Node, Role, User
from beian.numbers import province_of_provider
from bureau.demo.nodes import DEMO_BUREAUS, MINISTRY, bureau_code

ROLES = (
    Role.REVIEWER,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.PROVIDER_MANAGER,
    Role.ADMINISTRATOR,
    Role.INSPECTOR,
)

NAMES: dict[int, tuple[str, ...]] = {
    440000: ("陈静仪", "黄志明", "梁惠芳", "何家俊", "冯晓琳", "邓咏诗"),
    110000: ("赵文博", "孙立新", "王雅楠", "刘洪涛", "马思远", "田雨薇"),
    310000: ("周佩华", "沈国良", "徐敏慧", "陆建平", "顾晨曦", "姚思齐"),
}
# Who reads for a provider: some whose own clients are to come, some with weeks behind them.
READERS = {
    440000000001: "罗启航",
    440000000002: "谢嘉敏",
    440000000003: "卢志远",
    110000000001: "韩东升",
    110000000002: "高婉清",
}
PREFIXES = {440000: "gd", 110000: "bj", 310000: "sh"}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person to be loaded, with the password in the clear."""

    role: Role
    node: str
    username: str
    password: str
    name: str
    telephone: str = ""


def everybody() -> list[DemoPerson]:
    """List the demo's people, bureau by bureau, the ministry's operator last."""
    people = [
        DemoPerson(
            role,
            bureau_code(province),
            f"{PREFIXES[province]}.{role}",
            f"demo-{PREFIXES[province]}-{role}",
            name,
            f"{AREA_CODES[province]}-000011{place:02d}",
        )
        for province in DEMO_BUREAUS
        for place, (role, name) in enumerate(zip(ROLES, NAMES[province], strict=True), start=1)
    ]
    readers = [
        DemoPerson(
            Role.PROVIDER_READER,
            f"provider:{isp_id}",
            f"{PREFIXES[province_of_provider(isp_id)]}.reader{isp_id % 10}",
            f"demo-{PREFIXES[province_of_provider(isp_id)]}-reader{isp_id % 10}",
            name,
        )
        for isp_id, name in READERS.items()
    ]
    return [*people, *readers, DemoPerson(Role.OPERATOR, MINISTRY, "miit.operator", "demo-miit-operator", "郑怀远")]


def load(nodes: dict[str, Node]) -> list[DemoPerson]:
    """Create those who are missing; those who are there stay as they are."""
    people = [person for person in everybody() if person.node in nodes]
    present = set(
        User.objects.filter(username__in=[person.username for person in people]).values_list("username", flat=True)
    )
    for person in people:
        if person.username not in present:
            user = User.objects.create(
                username=person.username,
                password=passwords.known(person.password),
                name=person.name,
                telephone=person.telephone,
            )
            Membership.objects.create(user=user, node=nodes[person.node], role=person.role)
    return people

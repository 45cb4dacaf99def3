"""The people of the demo's providers: one for each role of an office, an agent's, two sponsors.

Their passwords are fixed and stand in the repository; demo mode alone lets them be loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from beian.demo import passwords
from beian.models import Membership, Node, Role, User
from enterprise.models import Agent, SponsorAccount

OFFICE_ROLES = (Role.CLERK, Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AGENT)
PREFIXES = {440000000003: "ln", 110000000003: "jh", 310000000002: "pj"}
NAMES = {
    "ln": ("冯晓岚", "陈启文", "褚婉清", "卫志平", "蒋雨轩"),
    "jh": ("韩冬梅", "杨立诚", "朱建安", "秦思敏", "许文杰"),
    "pj": ("吕佳音", "施国强", "张慧中", "孔祥宁", "曹若琳"),
}
AGENT = "示例代理服务中心"
SPONSORS = (("shen", "沈嘉禾", "19900440071"), ("han", "韩明远", "19900440072"))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person to be loaded, with the password in the clear. A sponsor signs in by e-mail address."""

    role: Role
    username: str
    password: str
    name: str
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Who there is at a provider."""

    clerk: User
    verifier: User
    supervisor: User
    agent: Agent
    sponsors: tuple[SponsorAccount, ...]


def everybody(isp_id: int) -> list[DemoPerson]:
    """List the people of a provider, its sponsors last."""
    prefix = PREFIXES.get(isp_id, str(isp_id))
    names = NAMES.get(prefix, NAMES["ln"])
    office = [
        DemoPerson(role, f"{prefix}.{role}", f"demo-{prefix}-{role}", name)
        for role, name in zip(OFFICE_ROLES, names, strict=True)
    ]
    return office + [
        DemoPerson(Role.SPONSOR, f"{isp_id}/{email}", f"demo-{prefix}-{word}", name, email, mobile)
        for word, name, mobile in SPONSORS
        for email in (f"{word}@example-{prefix}.cn",)
    ]


def load(provider: Node) -> tuple[list[DemoPerson], Office]:
    """Create those who are missing; those who are there stay as they are."""
    people = everybody(provider.isp_id)
    users = {person.username: _user(provider, person) for person in people}
    of_role = {person.role: users[person.username] for person in people}
    agent, _ = Agent.objects.get_or_create(provider=provider, name=AGENT, defaults={"contact": "蒋主管"})
    agent.people.add(of_role[Role.AGENT])
    sponsors = [_account(provider, users[person.username], person) for person in people if person.role == Role.SPONSOR]
    return people, Office(of_role[Role.CLERK], of_role[Role.VERIFIER], of_role[Role.SUPERVISOR], agent, tuple(sponsors))


def _user(provider: Node, person: DemoPerson) -> User:
    found = User.objects.filter(username=person.username).first()
    if found is None:
        password = passwords.known(person.password)
        found = User.objects.create(username=person.username, password=password, name=person.name)
        Membership.objects.create(user=found, node=provider, role=person.role)
    return found


def _account(provider: Node, user: User, person: DemoPerson) -> SponsorAccount:
    values = {
        "provider": provider,
        "email": person.email,
        "mobile": person.mobile,
        "email_proved_at": timezone.now(),
    }
    return SponsorAccount.objects.get_or_create(user=user, defaults=values)[0]

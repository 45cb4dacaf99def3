"""`add_node` and `add_person`: what a database that is not the demo's begins with."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from beian.models import Membership, Node, NodeKind, Role, User

pytestmark = pytest.mark.django_db


def add_node(*arguments: str) -> str:
    said = io.StringIO()
    call_command("add_node", *arguments, stdout=said)
    return said.getvalue()


def add_person(monkeypatch: pytest.MonkeyPatch, password: str, *arguments: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("add_person", *arguments, stdout=io.StringIO())


@pytest.mark.parametrize(
    ("code", "kind", "province"),
    [
        ("ministry", NodeKind.MINISTRY, 0),
        ("bureau:440000", NodeKind.BUREAU, 440000),
        ("provider:110000000001", NodeKind.PROVIDER, 110000),
    ],
)
def test_the_code_tells_kind_and_province(code: str, kind: NodeKind, province: int) -> None:
    add_node(code, "--name", "示例")
    node = Node.objects.get()
    assert (node.code, node.kind, node.province, node.two_stages) == (code, kind, province, False)


def test_only_what_is_given_is_changed() -> None:
    add_node("bureau:440000", "--name", "广东省通信管理局", "--two-stages", "yes", "--telephone", "020-00000000")
    assert "known already" in add_node("bureau:440000")
    assert "changed" in add_node("bureau:440000", "--two-stages", "no")
    node = Node.objects.get()
    assert (node.name, node.two_stages, node.telephone) == ("广东省通信管理局", False, "020-00000000")


@pytest.mark.parametrize("code", ["bureau:44", "bureau:990000", "province:440000", "provider:1", "ministry "])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(CommandError):
        add_node(code, "--name", "示例")
    assert not Node.objects.exists()


def test_a_new_one_needs_a_name() -> None:
    with pytest.raises(CommandError, match="--name"):
        add_node("ministry")


ADMINISTRATOR = ("chief", "--name", "示例人", "--node", "bureau:440000", "--role", "administrator")


def test_the_first_person_can_sign_in(guangdong: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    add_person(monkeypatch, "correct horse battery", *ADMINISTRATOR)
    user = User.objects.get()
    assert user.check_password("correct horse battery")
    assert [(each.node, each.role) for each in Membership.objects.all()] == [(guangdong, Role.ADMINISTRATOR)]


@pytest.mark.parametrize("password", ["short", "password123", ""])
def test_a_weak_password_opens_nothing(guangdong: Node, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError):
        add_person(monkeypatch, password, *ADMINISTRATOR)
    assert not User.objects.exists()


def test_a_taken_name_and_an_unknown_node_are_named(
    guangdong: Node, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="zhao is taken"):
        add_person(monkeypatch, "correct horse battery", "zhao", *ADMINISTRATOR[1:])
    with pytest.raises(CommandError, match="add_node"):
        add_person(
            monkeypatch, "correct horse battery", "chief", *ADMINISTRATOR[1:4], "bureau:650000", *ADMINISTRATOR[5:]
        )

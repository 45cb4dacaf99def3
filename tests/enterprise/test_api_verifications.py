"""A verification recorded by a field app, from the first question to the signed form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from beian.models import Event, Node, Role, User
from enterprise.models import Case, Scope, Verification
from enterprise.services import verifications
from enterprise.services.contents import request_of
from enterprise.workflow import State
from tests import builders
from tests.conftest import make_account
from tests.enterprise.calling_api import System
from tests.enterprise.conftest import case_in
from tests.enterprise.test_fitting import encoded, picture


@pytest.fixture
def app(isp: Node, office_administrator: User) -> System:
    """The field app of the verifiers."""
    return System(isp, office_administrator, Scope.VERIFICATIONS_WRITE, Scope.PERSONAL_READ)


def hand_in(app: System, pk: int, kind: str, subject: str, **more: str) -> int:
    query = "&".join(f"{name}={value}" for name, value in {"kind": kind, "subject": subject, **more}.items())
    answer = app.client.post(
        f"{app.root}/verifications/{pk}/pieces?verifier=chen&{query}",
        encoded(picture(1024, 768)),
        content_type="image/jpeg",
    )
    return int(answer.status_code)


def test_from_the_first_question_to_the_signed_form(app: System, isp: Node, verifier: User) -> None:
    case = case_in(isp, State.CHECKED)
    begun = app.post(f"cases/{case.pk}/verification", {"verifier": "chen"}).json()
    pk, questions = begun["id"], begun["questions"]
    assert app.post(f"cases/{case.pk}/verification", {"verifier": "chen"}).json()["id"] == pk
    ticks = [{"key": each["key"], "answer": "yes"} for each in questions if each["proof"] == "none"]
    assert app.send("put", f"verifications/{pk}/answers", {"verifier": "chen", "answers": ticks}).status_code == 200
    request = request_of(case)
    numbers = {
        "sponsor": request.sponsor.certificate.number,
        "person.0": request.websites[0].person.certificate_number,
        "person.1": request.sponsor.person.certificate_number,
    }
    for each in questions:
        if each["proof"] == "reading":
            body = {"verifier": "chen", "subject": each["subject"], "line": numbers[each["subject"]]}
            assert app.post(f"verifications/{pk}/numbers", body).status_code == 200
        elif each["proof"] == "photo":
            assert hand_in(app, pk, "photo", each["subject"]) == 422
            assert hand_in(app, pk, "photo", each["subject"], curtain="1") == 200
    early = app.post(f"verifications/{pk}/close", {"verifier": "chen", "outcome": "passed"})
    assert early.status_code == 422
    assert list(early.json()["errors"]) == ["form"]
    assert app.get(f"verifications/{pk}/form.pdf").content.startswith(b"%PDF")
    assert Event.objects.filter(subject_kind="case", verb="print_form", data__token="订购系统").exists()
    assert hand_in(app, pk, "form", "form") == 200
    closed = app.post(f"verifications/{pk}/close", {"verifier": "chen", "outcome": "passed"})
    assert closed.json()["state"] == "passed", closed.json()
    assert Case.objects.get().state == State.VERIFIED
    assert Verification.objects.get().closed_by == verifier
    assert Event.objects.filter(subject_kind="verification", data__token="订购系统").exists()


def test_who_does_not_verify_here_cannot_be_named(
    app: System, isp: Node, clerk: User, guangdong: Node, person: Callable[..., User]
) -> None:
    case = case_in(isp, State.CHECKED)
    elsewhere = person("yuan", make_account(guangdong, 440000000009, "示例接入商九").provider, Role.VERIFIER)
    for name in (clerk.username, elsewhere.username, "nobody"):
        answer = app.post(f"cases/{case.pk}/verification", {"verifier": name})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["verifier"]


def test_a_wrong_number_is_said_and_not_kept(app: System, isp: Node, verifier: User) -> None:
    case = case_in(isp, State.CHECKED)
    begun = app.post(f"cases/{case.pk}/verification", {"verifier": "chen"}).json()
    number = builders.identity_number(77)
    said = app.post(
        f"verifications/{begun['id']}/numbers", {"verifier": "chen", "subject": "person.0", "line": number}
    ).json()
    (question,) = [q for q in said["questions"] if q["subject"] == "person.0" and q["proof"] == "reading"]
    assert question["answer"] == "no"
    assert number not in str(Verification.objects.values("readings", "answers").get())


def test_a_verification_of_another_provider_is_not_there(
    app: System, guangdong: Node, person: Callable[..., User], verifier: User
) -> None:
    other = make_account(guangdong, 440000000009, "示例接入商九").provider
    yuan = person("yuan", other, Role.VERIFIER)
    found = verifications.begin(other, case_in(other, State.CHECKED).pk, yuan)
    assert app.get(f"verifications/{found.pk}/form.pdf").status_code == 404
    assert app.post(f"verifications/{found.pk}/close", {"verifier": "chen", "outcome": "failed"}).status_code == 404

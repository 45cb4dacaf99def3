"""Whoever opens the address of a form gets the page it stands on, not the browser's own error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Node, User
from beian.web.form_addresses import page_above
from enterprise.workflow import State
from tests.enterprise.conftest import case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("act", ["act", "send-back", "submit", "abandon", "assign", "reveal", "corrections"])
def test_the_address_of_an_act_leads_to_its_case(
    act: str, isp: Node, clerk: User, signed_in: Callable[[User], Client]
) -> None:
    case, client = case_in(isp, State.SUBMITTED), signed_in(clerk)
    above = f"/isp/{isp.isp_id}/cases/{case.pk}"
    assert client.get(f"{above}/{act}", headers=HTML)["Location"] == above
    assert client.get(f"{above}/{act}").status_code == 405, "a program is told so"
    assert client.post(f"{above}/{act}", headers=HTML).status_code != 405


def test_it_goes_up_until_there_is_a_page() -> None:
    assert page_above("/bureaus/440000/review/12/claim") == "/bureaus/440000/review/12/"
    assert page_above("/isp/440000000003/office/next") == "/isp/440000000003/office"
    assert page_above("/logout") is None


def test_a_stranger_is_not_led_past_the_door(isp: Node, client: Client) -> None:
    answer = client.get(f"/isp/{isp.isp_id}/cases/1/act", headers=HTML)
    assert answer["Location"].startswith("/login?next=")

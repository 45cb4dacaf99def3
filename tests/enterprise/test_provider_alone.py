"""A provider's system by itself: its own process, database and key, and a bureau it knows by its endpoint only."""

from __future__ import annotations

import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.nodes import System, wait_for
from tests.enterprise.alone import started
from tests.interface.calling import PASSWORD

pytestmark = [pytest.mark.xdist_group("end_to_end"), pytest.mark.slow]

ISP_ID = 440000000901
BUREAU, PROVIDER = "bureau:440000", f"provider:{ISP_ID}"


def bureau_with_an_account(bureau: System) -> str:
    """A bureau that has given the provider its parameters; gives its address."""
    bureau.manage("prepare")
    bureau.manage("add_node", "ministry", "--name", "工业和信息化部")
    bureau.manage("add_node", BUREAU, "--name", "广东省通信管理局", "--two-stages", "no")
    bureau.manage("shell", "-v", "0", "-c", f"from tests.interface import calling; calling.account({ISP_ID})")
    bureau.manage("add_person", "gd.reviewer", "--name", "审核人", "--node", BUREAU, "--role", "reviewer",
                  said="a long password 1\n")  # fmt: skip
    bureau.start_worker()
    return bureau.start_web()


def provider_with_its_parameters(provider: System, endpoint: str) -> None:
    """A provider's system as the documentation installs it."""
    provider.manage("prepare")
    provider.manage("add_node", PROVIDER, "--name", "示例接入商")
    provider.manage("add_person", "clerk", "--name", "专员", "--node", PROVIDER, "--role", "clerk",
                    said="a long password 2\n")  # fmt: skip
    said = provider.manage(
        "connect", PROVIDER, "--endpoint", endpoint, "--user-name", f"user{ISP_ID}", "--poll-seconds", "1",
        said=f"{PASSWORD}\n\n\n",
    )  # fmt: skip
    assert PASSWORD not in said


def test_a_case_is_filed_at_a_bureau_that_is_known_by_its_endpoint_only(tmp_path: Path) -> None:
    with ExitStack() as stack:
        bureau, provider = started(stack, BUREAU, tmp_path), started(stack, PROVIDER, tmp_path)
        provider_with_its_parameters(provider, bureau_with_an_account(bureau))
        provider.run("-m", "tests.enterprise.queue_at_provider")
        provider.start("gateway", "manage.py", "gateway")

        state = "SELECT state FROM enterprise_case"
        wait_for("acknowledgement", lambda: provider.value(state) == "acknowledged")
        wait_for("the application", lambda: bureau.value("SELECT state FROM bureau_application") == "pending")
        number = bureau.run("-m", "tests.enterprise.approve_at_bureau", "gd.reviewer").split()[-1]
        assert number.startswith("粤ICP备")
        wait_for("the result", lambda: provider.value(state) == "filed")
        held = "SELECT count(*) FROM beian_sponsor WHERE filing_number IS NOT NULL"
        wait_for("the holding", lambda: provider.value(held) == 1)
        assert provider.value("SELECT filing_number FROM enterprise_case") in ("", number)
        assert provider.value("SELECT filing_number FROM beian_sponsor") == number
        # Neither knows more of the other than what came over the wire.
        assert provider.value("SELECT count(*) FROM interface_provideraccount") == 0
        assert bureau.value("SELECT count(*) FROM enterprise_case") == 0
        its_pages_stand_at_the_root(provider)


def its_pages_stand_at_the_root(provider: System) -> None:
    """Its process serves its own pages, and nobody else's."""
    web = provider.start_web()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{web}/login", timeout=20) as answer:
        assert answer.status == 200
    with opener.open(f"{web}/healthz", timeout=20) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="404"):
        opener.open(f"{web}/bureaus/440000/ISPWebService/upDownLoad?wsdl", timeout=20)

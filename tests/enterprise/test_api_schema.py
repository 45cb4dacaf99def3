"""The schema document is that of the code, and its page can be read."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.test import Client

from beian.models import Node
from enterprise.api.schema import as_yaml, document


def test_the_committed_document_is_that_of_the_code() -> None:
    committed = (Path(settings.ROOT) / "docs" / "provider-api.yaml").read_text(encoding="utf-8")
    assert committed == as_yaml(), "run manage.py provider_api"


def test_every_operation_says_who_may_and_what_goes_wrong() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    operations = [operation for path in found["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["security"] == [{"token": []}]
        assert "default" in operation["responses"]


def test_the_document_names_where_it_is_served(isp: Node) -> None:
    answer = Client().get(f"/isp/{isp.isp_id}/api/v1/schema")
    assert answer.json()["servers"] == [{"url": f"http://testserver/isp/{isp.isp_id}/api/v1"}]


def test_the_page_to_try_it_brings_no_foreign_script(isp: Node) -> None:
    answer = Client().get(f"/isp/{isp.isp_id}/api/v1/docs")
    page = answer.content.decode()
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    policy = answer.headers["Content-Security-Policy"]
    directives = [directive.strip() for directive in policy.split(";")]
    assert "script-src 'self'" in directives

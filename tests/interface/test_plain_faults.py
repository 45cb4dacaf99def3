"""A provider's system never gets an HTML page, whatever is wrong before a view sees its call."""

from __future__ import annotations

import pytest
from django.test import Client

from beian.models import Node

BODY = b"<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body/></soap:Envelope>"


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/bureaus/440000/ISPWebService/upDownLoad", "beian.elsewhere.example", 400),
        ("/bureaus/440000/ISPWebService/upDownLoad/", "127.0.0.1", 404),
        ("/bureaus/440000/ispwebservice/updownload", "127.0.0.1", 404),
        ("/bureaus/999999/ISPWebService/upDownLoad", "127.0.0.1", 404),
        ("/ISPWebService/upDownLoad", "127.0.0.1", 404),
    ],
)
def test_what_is_refused_early_is_a_fault(guangdong: Node, settings: object, path: str, host: str, status: int) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    response = Client().post(path, BODY, content_type="text/xml", headers={"host": host})
    assert response.status_code == status
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert b"faultcode" in response.content


def test_other_pages_stay_pages(db: None) -> None:
    response = Client().get("/no-such-page")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")

"""The WSDLs, read as zeep reads them."""

from __future__ import annotations

import io

import pytest
import zeep
from lxml import etree

from interface.envelope import NAMESPACE
from interface.wsdl import SERVICES, Service, wsdl

ADDRESS = "https://beian.example/bureaus/440000/ISPWebService/upDownLoad?a=1&b=2"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_zeep_finds_every_operation_with_its_parameters_in_order(service: Service) -> None:
    client = zeep.Client(io.BytesIO(wsdl(service, ADDRESS)))
    (binding,) = client.wsdl.bindings.values()
    assert set(binding._operations) == {operation.name for operation in service.operations}
    for operation in service.operations:
        element = client.get_element(f"{{{NAMESPACE}}}{operation.name}")
        found = [(name, child.type.qname.localname) for name, child in element.type.elements]
        assert tuple(found) == operation.parameters
        assert not any(child.qname.namespace for _, child in element.type.elements)


def test_the_address_stands_in_it_and_is_escaped() -> None:
    root = etree.fromstring(wsdl(SERVICES[0], ADDRESS))
    address = root.find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address is not None
    assert address.get("location") == ADDRESS


def test_only_one_operation_spells_the_identifier_differently() -> None:
    spellings = {operation.name: operation.parameters[0][0] for s in SERVICES for operation in s.operations}
    assert [name for name, spelling in spellings.items() if spelling == "ispId"] == ["isp_querypreviousupload"]

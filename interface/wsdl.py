"""The WSDLs: SOAP 1.1, document/literal wrapped, one for each of the three paths.

The operations and their parameters stand in `SERVICES`, once; the endpoint dispatches by the same
table, and our client sends by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from interface.envelope import NAMESPACE

_CALLER = (("ispID", "long"), ("userName", "string"), ("randVal", "string"), ("pwdHash", "string"))


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the wire: its name and its parameters (name, XSD type) in WSDL order."""

    name: str
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A path with its operations; `path` has no leading slash and stands below the bureau's prefix."""

    name: str
    path: str
    operations: tuple[Operation, ...]

    def operation(self, name: str) -> Operation | None:
        return next((operation for operation in self.operations if operation.name == name), None)


UPLOAD_AND_DOWNLOAD = Service(
    "upDownLoad",
    "ISPWebService/upDownLoad",
    (
        Operation(
            "isp_upload",
            (
                *_CALLER,
                ("beianInfo", "string"),
                ("beianInfoHash", "string"),
                ("dataSequence", "long"),
                ("encryptAlgorithm", "int"),
                ("hashAlgorithm", "int"),
                ("compressionFormat", "int"),
            ),
        ),
        Operation("isp_download", (*_CALLER, ("hashAlgorithm", "int"))),
        Operation("isp_downloadack", (*_CALLER, ("hashAlgorithm", "int"), ("fileName", "string"))),
        # This operation alone spells the provider's identifier differently.
        Operation("isp_querypreviousupload", (("ispId", "long"), *_CALLER[1:], ("hashAlgorithm", "int"))),
    ),
)
FILING_STATUS = Service(
    "queryBeianStatus",
    "BeianStatusWebService/queryBeianStatus",
    (
        Operation(
            "isp_querybeianstatus",
            (*_CALLER, ("hashAlgorithm", "int"), ("queryConditionType", "int"), ("queryCondition", "string")),
        ),
    ),
)
FILING_PASSWORD = Service(
    "verifyBamm",
    "BeianStatusWebService/verifyBamm",
    (Operation("isp_verifybamm", (*_CALLER, ("hashAlgorithm", "int"), ("baxh", "string"), ("bamm", "string"))),),
)
SERVICES = (UPLOAD_AND_DOWNLOAD, FILING_STATUS, FILING_PASSWORD)
OPERATIONS = {operation.name: operation for service in SERVICES for operation in service.operations}


def wsdl(service: Service, address: str) -> bytes:
    """Write the WSDL of `service` as it is reached at `address`, an absolute URL."""
    operations = service.operations
    return _DOCUMENT.format(
        namespace=NAMESPACE,
        name=service.name,
        address=quoteattr(address),
        elements="".join(_elements(operation) for operation in operations),
        messages="".join(_MESSAGES.format(name=operation.name) for operation in operations),
        port_operations="".join(_PORT_OPERATION.format(name=operation.name) for operation in operations),
        bindings="".join(_BINDING.format(name=operation.name) for operation in operations),
    ).encode()


def _elements(operation: Operation) -> str:
    return _ELEMENTS.format(name=operation.name, parameters="".join(_parameters(operation)))


def _parameters(operation: Operation) -> Iterator[str]:
    # A missing string is a call like any other and has its own answer (21 for a file name), so it may be left out.
    for name, kind in operation.parameters:
        optional = ' minOccurs="0"' if kind == "string" else ""
        yield f'\n            <xsd:element name="{name}" type="xsd:{kind}"{optional}/>'


_ELEMENTS = """
      <xsd:element name="{name}">
        <xsd:complexType>
          <xsd:sequence>{parameters}
          </xsd:sequence>
        </xsd:complexType>
      </xsd:element>
      <xsd:element name="{name}Response">
        <xsd:complexType>
          <xsd:sequence>
            <xsd:element name="return" type="xsd:string" minOccurs="0"/>
          </xsd:sequence>
        </xsd:complexType>
      </xsd:element>"""

_MESSAGES = """
  <wsdl:message name="{name}">
    <wsdl:part name="parameters" element="tns:{name}"/>
  </wsdl:message>
  <wsdl:message name="{name}Response">
    <wsdl:part name="parameters" element="tns:{name}Response"/>
  </wsdl:message>"""

_PORT_OPERATION = """
    <wsdl:operation name="{name}">
      <wsdl:input name="{name}" message="tns:{name}"/>
      <wsdl:output name="{name}Response" message="tns:{name}Response"/>
    </wsdl:operation>"""

_BINDING = """
    <wsdl:operation name="{name}">
      <soap:operation soapAction="" style="document"/>
      <wsdl:input name="{name}"><soap:body use="literal"/></wsdl:input>
      <wsdl:output name="{name}Response"><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>"""

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="{name}" targetNamespace="{namespace}"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{namespace}">
  <wsdl:types>
    <xsd:schema targetNamespace="{namespace}" elementFormDefault="unqualified">{elements}
    </xsd:schema>
  </wsdl:types>{messages}
  <wsdl:portType name="{name}PortType">{port_operations}
  </wsdl:portType>
  <wsdl:binding name="{name}SoapBinding" type="tns:{name}PortType">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>{bindings}
  </wsdl:binding>
  <wsdl:service name="{name}">
    <wsdl:port name="{name}Port" binding="tns:{name}SoapBinding">
      <soap:address location={address}/>
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
"""

"""Rules of the sponsor: its certificate, nature, region, and whether it is known already."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks import certificates
from beian.checks.base import Defect, Facts, Scope, quoted, rule
from beian.checks.keys import CERTIFICATE, SPONSOR, certificate_key
from beian.checks.operations import WITH_ACCESSES, WITH_SPONSOR, WITH_WEBSITES
from beian.checks.places import Spot, people, sponsor_person
from beian.codes import Entry
from beian.records import FilingRecord, PersonRecord

_PLACE = "主体"


def _defect(detail: str, field: str) -> Defect:
    return Defect(detail, _PLACE, f"sponsor.{field}")


@rule(1003, "Sponsor conflicts", scope=Scope.FILING, source="interface, field rules", operations=WITH_SPONSOR)
def sponsor_conflicts(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The certificate is on file or pending already, or the provider's own id stands for another sponsor.

    Certificates agree in type and number; a credit code is the same whatever its type. The second
    half has no code of its own (1037 to 1040 are about the parts): it conflicts between sponsors.
    """
    certificate = filing.sponsor.certificate
    if taken := facts.holder_of(CERTIFICATE, certificate_key(certificate.type, certificate.number)):
        yield _defect(f"同一证件的主办者已存在：{taken}", "certificate.number")
    own = filing.sponsor.provider_id
    if own is not None and (used := facts.user_of(SPONSOR, own)):
        yield _defect(f"主体标识{own}已用于另一主体：{used}", "provider_id")


@rule(
    1008,
    "Certificate is invalid",
    scope=Scope.FORM,
    source="interface, field rules; GB 32100; GB 11714",
    operations=WITH_WEBSITES,
)
def certificate_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The type of a certificate is unknown or cannot serve there, or its number is not written as it must be.

    * Sponsor: a type of the table; one that fits the nature (with 1014, since either may be the
      mistake); a number of at most 128 characters, more does not fit a download.
    * A responsible person: type and number together or neither; a type that may serve a person.
    * Numbers: credit codes and organisation codes with their check characters; business licences also
      with 13 or 15 digits or in words, as they were once; an organisation's other certificates freely,
      but 18 letters and digits are a credit code; military, foreign and passport numbers freely.
    """
    yield from _sponsor_certificate(filing, facts)
    for person in people(filing):
        yield from _person_certificate(person, facts)


def _sponsor_certificate(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    certificate = filing.sponsor.certificate
    kind = facts.entry("certificate_type", certificate.type)
    if len(certificate.number) > certificates.NUMBER_LIMIT:
        yield _defect(
            f"证件号码有{len(certificate.number)}个字符，最多{certificates.NUMBER_LIMIT}个", "certificate.number"
        )
    if kind is None:
        yield _defect(f"证件类型代码{certificate.type}不存在", "certificate.type")
        return
    if mismatch := _mismatch(filing, facts):
        yield _defect(mismatch, "certificate.type")
    number_format = kind.extra["number_format"]
    if number_format not in certificates.IDENTITY_FORMATS and (
        fault := certificates.fault_of(certificate.number, number_format, facts)
    ):
        yield _defect(f"{kind.name}号码{quoted(certificate.number)}：{fault}", "certificate.number")


def _person_certificate(person: Spot[PersonRecord], facts: Facts) -> Iterator[Defect]:
    code, number = person.value.certificate_type, person.value.certificate_number
    if code is None and number is None:
        return
    if code is None or number is None:
        missing, field = ("类型", "certificate_type") if code is None else ("号码", "certificate_number")
        yield person.wrong(f"证件类型和号码应一并填写，缺少证件{missing}", field)
        return
    kind = facts.entry("certificate_type", code)
    if kind is None:
        yield person.wrong(f"证件类型代码{code}不存在", "certificate_type")
    elif not kind.extra.get("responsible_person"):
        yield person.wrong(f"{kind.name}（{code}）不能作为负责人的证件", "certificate_type")
    elif kind.extra["number_format"] not in certificates.IDENTITY_FORMATS and (
        fault := certificates.fault_of(number, kind.extra["number_format"], facts)
    ):
        yield person.wrong(f"{kind.name}号码：{fault}", "certificate_number")


@rule(
    1015, "Identity number is invalid", scope=Scope.FORM, source="interface, issue; GB 11643", operations=WITH_WEBSITES
)
def identity_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A resident identity number is not 18 characters with a province, a possible date of birth and its check digit.

    The county is not judged: it is the one of first issue and may be abolished long since. Old numbers
    of 15 digits are refused. Residence permits of Hong Kong, Macao and Taiwan residents follow the same
    rule with 81, 82 or 83 in front. Blanks, full-width digits and a small x are read.
    """
    certificate = filing.sponsor.certificate
    if fault := _identity_fault(certificate.type, certificate.number, facts):
        yield _defect(fault, "certificate.number")
    for person in people(filing):
        if fault := _identity_fault(person.value.certificate_type, person.value.certificate_number, facts):
            yield person.wrong(fault, "certificate_number")


def _identity_fault(code: int | None, number: str | None, facts: Facts) -> str | None:
    kind: Entry | None = facts.entry("certificate_type", code)
    if kind is None or number is None or kind.extra["number_format"] not in certificates.IDENTITY_FORMATS:
        return None
    fault = certificates.fault_of(number, kind.extra["number_format"], facts)
    return fault and f"{kind.name}号码{quoted(certificates.masked(number))}：{fault}"


@rule(
    1014, "Nature of the sponsor is invalid", scope=Scope.FORM, source="interface, field rules", operations=WITH_SPONSOR
)
def nature_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The nature is missing for an organisation, unknown, or another than the certificate type belongs to.

    A person may leave it out. Whether the sponsor is a person follows from the certificate type.
    """
    nature = filing.sponsor.nature
    if nature is None:
        if facts.is_person(filing.sponsor) is False:
            yield _defect("单位的主办单位性质不能为空", "nature")
    elif facts.entry("organisation_nature", nature) is None:
        yield _defect(f"主办单位性质代码{nature}不存在", "nature")
    elif mismatch := _mismatch(filing, facts):
        yield _defect(mismatch, "nature")


def _mismatch(filing: FilingRecord, facts: Facts) -> str | None:
    """Say how the certificate type and the nature do not fit, where both are known."""
    sponsor = filing.sponsor
    kind = facts.entry("certificate_type", sponsor.certificate.type)
    nature = facts.entry("organisation_nature", sponsor.nature)
    if kind is None or nature is None or kind.extra["organisation_nature"] == nature.code:
        return None
    expected = facts.entry("organisation_nature", kind.extra["organisation_nature"])
    return (
        f"证件类型“{kind.name}”（{kind.code}）用于性质为“{expected.name if expected else '未知'}”的主办者，"
        f"与主办单位性质“{nature.name}”（{nature.code}）不符"
    )


@rule(1019, "Region codes are wrong", scope=Scope.FORM, source="interface, issue; GB/T 2260", operations=WITH_SPONSOR)
def regions_wrong(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Province, city and county must exist, be in force, and lie within one another; the province has a bureau.

    The county may be left out. A county-level city that a province governs directly (469001) may
    stand as the city itself as well as under its nominal city (469000).
    """
    address = filing.sponsor.address
    if facts.entry("province", address.province) is None:
        yield _defect(f"省代码{address.province}不是设有通信管理局的省级行政区", "address.province")
    if address.city is None:
        yield _defect("市代码不能为空", "address.city")
    elif fault := _city_fault(address.province, address.city, facts):
        yield _defect(fault, "address.city")
    if address.county is not None and (fault := _county_fault(address.city, address.county, facts)):
        yield _defect(fault, "address.county")


def _city_fault(province: int, city: int, facts: Facts) -> str | None:
    if fault := _region_fault("市", city, facts):
        return fault
    region = facts.regions[city]
    nominal = _is_direct(city, facts)
    if region.level == 1 or (region.level == 3 and not nominal):
        return f"市代码{city}（{region.name}）不是市级行政区"
    if city // 10_000 * 10_000 != province:
        return f"市代码{city}（{region.name}）不属于省代码{province}"
    return None


def _county_fault(city: int | None, county: int, facts: Facts) -> str | None:
    if fault := _region_fault("县", county, facts):
        return fault
    region = facts.regions[county]
    if city is not None and county == city and _is_direct(city, facts):
        return None
    if region.level != 3:
        return f"县代码{county}（{region.name}）不是县级行政区"
    return None if region.parent == city else f"县代码{county}（{region.name}）不属于市代码{city}"


def _region_fault(word: str, code: int, facts: Facts) -> str | None:
    region = facts.regions.get(code)
    if region is None:
        return f"{word}代码{code}不存在"
    return None if region.valid else f"{word}代码{code}（{region.name}）已停用"


def _is_direct(code: int, facts: Facts) -> bool:
    """Say whether a county hangs under a nominal city of counties that the province governs directly."""
    parent = facts.regions.get(facts.regions[code].parent or 0)
    return code % 100 != 0 and parent is not None and parent.code % 10_000 == 9_000


@rule(
    1044,
    "Name of the responsible person is missing",
    scope=Scope.FORM,
    source="interface, field rules",
    operations=WITH_SPONSOR,
)
def person_name_missing(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """An organisation must name its responsible person; a person is that person and may leave the name out."""
    person = sponsor_person(filing)
    if facts.is_person(filing.sponsor) is False and not (person.value.name or "").strip():
        yield person.wrong("单位必须填写主体负责人姓名", "name")


@rule(
    1065,
    "Sponsor is blacklisted",
    scope=Scope.FILING,
    source="interface, code table",
    operations=WITH_ACCESSES,
    standing=True,
)
def sponsor_blacklisted(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The sponsor's certificate is on the national blacklist."""
    certificate = filing.sponsor.certificate
    if entry := facts.blacklist.get((SPONSOR, certificate_key(certificate.type, certificate.number))):
        yield _defect(entry, "certificate.number")

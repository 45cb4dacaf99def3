"""Loading the facts: what is on file or pending at a bureau, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext

from beian.checks import Facts, certificate_key, check
from beian.checks.facts import CodesMissing, load_facts, stored_key
from beian.models import BlacklistEntry, Code, Node, ProviderId, Reservation
from interface.models import ProviderAccount
from tests import builders
from tests.builders import changed

FILING = builders.filing(1)
CERTIFICATE = certificate_key(FILING.sponsor.certificate.type, FILING.sponsor.certificate.number)


@pytest.fixture
def load(account: ProviderAccount, guangdong: Node, code_tables: None) -> Callable[..., Facts]:
    def loaded(*filings: object, except_application: int | None = None) -> Facts:
        return load_facts(
            guangdong, isp_id=account.isp_id, filings=filings or (FILING,), except_application=except_application
        )

    return loaded


def found(facts: Facts) -> dict[int, str]:
    return {finding.code: finding.description() for finding in check(FILING, facts)}


def reserve(holder: Node, kind: str, key: str, **values: object) -> None:
    Reservation.objects.create(holder=holder, kind=kind, key=stored_key(kind, key), **values)


def test_with_nothing_on_file_a_faultless_filing_is_faultless(load: Callable[..., Facts]) -> None:
    assert found(load()) == {}


def test_conflicts_name_the_filing_number(load: Callable[..., Facts], guangdong: Node) -> None:
    for kind, key in (("certificate", CERTIFICATE), ("domain", "example101.cn"), ("home_page", "www.example101.cn/")):
        reserve(guangdong, kind, key, taken_by="粤ICP备2026000007号", sponsor=7)
    said = found(load())
    assert set(said) == {1003, 1005, 1021}
    assert all("粤ICP备2026000007号" in text for text in said.values())


def test_a_certificate_s_key_is_not_readable_in_the_database(guangdong: Node) -> None:
    reserve(guangdong, "certificate", CERTIFICATE, taken_by="示例", sponsor=7)
    assert FILING.sponsor.certificate.number not in Reservation.objects.get().key


def test_a_bureau_does_not_see_what_another_holds(load: Callable[..., Facts], beijing: Node) -> None:
    reserve(beijing, "domain", "example101.cn", taken_by="京ICP备2026000007号", sponsor=7)
    assert found(load()) == {}


def test_a_key_of_one_kind_is_no_key_of_another(load: Callable[..., Facts], guangdong: Node) -> None:
    reserve(guangdong, "home_page", "example101.cn", taken_by="粤ICP备2026000007号", sponsor=7)
    assert found(load()) == {}


def test_an_application_does_not_conflict_with_itself(load: Callable[..., Facts], guangdong: Node) -> None:
    reserve(guangdong, "domain", "example101.cn", taken_by="示例接入商正在申请的备案", application=5)
    ProviderId.objects.create(
        holder=guangdong, isp_id=load().provider, kind="website", provider_id=2000101, application=5
    )
    assert set(found(load())) == {1005, 1037}
    assert found(load(except_application=5)) == {}
    assert set(found(load(except_application=6))) == {1005, 1037}


def test_another_provider_s_ids_are_no_matter(load: Callable[..., Facts], guangdong: Node) -> None:
    ProviderId.objects.create(holder=guangdong, isp_id=440000000099, kind="website", provider_id=2000101, number=1)
    assert found(load()) == {}


def test_the_blacklist_is_looked_up_by_certificate_and_domain(load: Callable[..., Facts]) -> None:
    BlacklistEntry.objects.create(
        kind="sponsor", key=stored_key("certificate", CERTIFICATE), name="示例公司", reason="违法和不良信息"
    )
    BlacklistEntry.objects.create(kind="domain", key="example101.cn", name="示例网站", reason="责令关闭")
    said = found(load())
    assert set(said) == {1064, 1065}
    assert "责令关闭" in said[1064]
    assert "违法和不良信息" in said[1065]


def test_a_closed_provider_is_1054(load: Callable[..., Facts], account: ProviderAccount) -> None:
    Node.objects.filter(pk=account.provider_id).update(open=False)
    assert set(found(load())) == {1054}


def test_an_unknown_provider_is_1054(guangdong: Node, code_tables: None) -> None:
    assert set(found(load_facts(guangdong, isp_id=1, filings=[FILING]))) == {1054}


def test_a_provider_that_moved_is_1045(load: Callable[..., Facts], account: ProviderAccount) -> None:
    Node.objects.filter(pk=account.provider_id).update(province=110000)
    assert set(found(load())) == {1045}


def test_the_number_of_queries_does_not_grow_with_the_document(
    load: Callable[..., Facts], django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    for count in (1, 300):
        filings = [builders.filing(n) for n in range(1, count + 1)]
        with django_assert_num_queries(7):
            load(*filings)


def test_regions_of_the_database_are_the_ones_that_nest(load: Callable[..., Facts]) -> None:
    island = changed(changed(FILING, "sponsor.address.province", 460000), "sponsor.address.city", 469000)
    island = changed(island, "sponsor.address.county", 469001)
    assert [finding.code for finding in check(island, load(island))] == []


def test_without_code_tables_nothing_is_judged(account: ProviderAccount, guangdong: Node) -> None:
    Code.objects.all().delete()
    with pytest.raises(CodesMissing, match="load_codes"):
        load_facts(guangdong, isp_id=account.isp_id, filings=[FILING])

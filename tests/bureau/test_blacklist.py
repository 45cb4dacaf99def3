"""The blacklist: kept by supervisors, told to every provider, obeyed by the rules."""

from __future__ import annotations

import pytest

from beian.models import BlacklistEntry, Node, User
from beian.records.notices import Listing
from beian.services.refusals import Invalid, NotAllowed
from bureau.services import blacklist, intake
from interface.models import Outcome, ProviderAccount
from tests.builders import filing
from tests.bureau.supervision import download, results
from tests.conftest import make_account
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def bar_sponsor(bureau: Node, actor: User) -> BlacklistEntry:
    certificate = filing(1).sponsor.certificate
    return blacklist.bar_sponsor(bureau, actor, "示例科技有限公司1", certificate.type, certificate.number, "冒用证件")


def test_every_provider_of_the_bureau_is_told(
    account: ProviderAccount, beijing_account: ProviderAccount, supervisor: User
) -> None:
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    bar_sponsor(account.bureau, supervisor)
    for told in (account, other):
        (entry,) = download(told).blacklisted_sponsors
        assert (entry.operation, entry.remark) == (Listing.ADD, "冒用证件")
        assert entry.sponsor is not None
        assert entry.sponsor.certificate_number == filing(1).sponsor.certificate.number
    assert not Outcome.objects.filter(account=beijing_account).exists()


def test_what_is_barred_comes_back(account: ProviderAccount, supervisor: User) -> None:
    bar_sponsor(account.bureau, supervisor)
    blacklist.bar_domain(account.bureau, supervisor, "EXAMPLE201.cn", "示例网站", "违法内容")
    upload_of(account, [filing(1), filing(2)])
    intake.drain(account.pk)
    assert [[entry.code for entry in result.codes] for result in results(account)] == [[1065], [1064]]


def test_add_change_and_remove_are_told_in_their_order(account: ProviderAccount, supervisor: User) -> None:
    entry = blacklist.bar_domain(account.bureau, supervisor, "示例.cn", "示例网站", "违法内容", "http://示例.cn/")
    blacklist.change(account.bureau, entry.pk, supervisor, "示例网站", "违法内容，已通报")
    blacklist.remove(account.bureau, entry.pk, supervisor, "已整改")
    told = download(account).blacklisted_websites
    assert [(each.operation, each.remark) for each in told] == [
        (Listing.ADD, "违法内容"),
        (Listing.CHANGE, "违法内容，已通报"),
        (Listing.REMOVE, "已整改"),
    ]
    assert told[0].domains[0].name == "xn--fsq092h.cn"
    assert not BlacklistEntry.objects.exists()


def test_saving_the_same_tells_nothing(account: ProviderAccount, supervisor: User) -> None:
    entry = bar_sponsor(account.bureau, supervisor)
    blacklist.change(account.bureau, entry.pk, supervisor, entry.name, entry.reason)
    assert Outcome.objects.count() == 1


def test_what_stands_there_is_named_with_who_listed_it(account: ProviderAccount, supervisor: User) -> None:
    bar_sponsor(account.bureau, supervisor)
    with pytest.raises(Invalid) as refused:
        bar_sponsor(account.bureau, supervisor)
    assert "广东省通信管理局" in refused.value.errors["certificate_number"][0]


def test_another_bureaus_entry_is_not_this_ones_to_change(
    account: ProviderAccount, beijing: Node, supervisor: User
) -> None:
    entry = bar_sponsor(beijing, supervisor)
    for act in (
        lambda: blacklist.change(account.bureau, entry.pk, supervisor, "另名", "另因"),
        lambda: blacklist.remove(account.bureau, entry.pk, supervisor, "不知道"),
    ):
        with pytest.raises(NotAllowed, match="北京"):
            act()
    assert BlacklistEntry.objects.count() == 1

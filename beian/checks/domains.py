"""Rules of domains and home pages."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope, quoted, rule
from beian.checks.keys import DOMAIN, HOME_PAGE, domain_key, home_page_key
from beian.checks.names import a_label, dotted_address, home_page, registrable
from beian.checks.operations import WITH_ACCESSES, WITH_WEBSITES
from beian.checks.places import Spot, domains, websites
from beian.records import DomainRecord, FilingRecord, WebsiteRecord

HOME_PAGE_LIMIT = 255
"""Characters of a home page that a download document can carry."""


@rule(
    1004,
    "Domain is invalid",
    scope=Scope.FORM,
    source="interface, field rules; public suffix list (ICANN); UTS 46",
    operations=WITH_WEBSITES,
)
def domain_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A domain is a registrable one, directly below a suffix of the ICANN section, in Chinese or punycode.

    A website without a domain gives its dotted IPv4 address, which lies in one of its ranges.
    """
    for website in websites(filing):
        for domain in domains(website):
            if fault := _domain_fault(domain, website):
                yield domain.wrong(f"域名{quoted(domain.value.name)}：{fault}", "name")


def _domain_fault(domain: Spot[DomainRecord], website: Spot[WebsiteRecord]) -> str | None:
    name = domain.value.name.strip()
    address = dotted_address(name)
    if address is not None:
        return None if _in_ranges(address, website.value) else "该IP地址不在本网站的IP地址段内"
    label = a_label(name)
    if label is None:
        return "不是合法的域名"
    whole = registrable(label)
    if whole is None:
        return "后缀不在顶级域名列表中，或者只有后缀"
    return None if whole == label else f"不是可注册的域名，请填写“{_readable(whole)}”"


def _readable(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _in_ranges(address: int, website: WebsiteRecord) -> bool:
    return any(each.first <= address <= each.last for access in website.accesses for each in access.ranges)


@rule(
    1005,
    "Domain conflicts",
    scope=Scope.FILING,
    source="interface, field rules; one filing number a domain (2019)",
    operations=WITH_WEBSITES,
)
def domain_conflicts(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The domain is on file or pending already, or stands twice in this filing. Chinese and punycode are the same."""
    seen: dict[str, str] = {}
    for website in websites(filing):
        for domain in domains(website):
            key = domain_key(domain.value.name)
            if taken := facts.holder_of(DOMAIN, key):
                yield domain.wrong(f"域名{quoted(domain.value.name)}已存在：{taken}", "name")
            elif key in seen:
                yield domain.wrong(f"域名{quoted(domain.value.name)}与{seen[key]}重复", "name")
            seen.setdefault(key, domain.place)


@rule(1021, "Home page conflicts", scope=Scope.FILING, source="interface, field rules", operations=WITH_WEBSITES)
def home_page_conflicts(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The home page is on file or pending already, or is that of another website of this filing.

    Compared without scheme, usual port, fragment and the slash at the end; `www.` makes a difference.
    """
    seen: dict[str, str] = {}
    for website in websites(filing):
        url = website.value.home_page
        if not url:
            continue
        key = home_page_key(url)
        if taken := facts.holder_of(HOME_PAGE, key):
            yield website.wrong(f"首页地址{quoted(url)}已存在：{taken}", "home_page")
        elif key in seen:
            yield website.wrong(f"首页地址{quoted(url)}与{seen[key]}相同", "home_page")
        seen.setdefault(key, website.place)


@rule(1022, "Home page is malformed", scope=Scope.FORM, source="interface, field rules", operations=WITH_WEBSITES)
def home_page_malformed(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A home page, where given, is an http or https URL (the scheme may be left out) of at most 255 characters."""
    for website in websites(filing):
        url = website.value.home_page
        if url is None:
            continue
        if len(url) > HOME_PAGE_LIMIT:
            yield website.wrong(f"首页地址有{len(url)}个字符，最多{HOME_PAGE_LIMIT}个", "home_page")
        if home_page(url) is None:
            yield website.wrong(f"首页地址{quoted(url)}应形如 http://www.example.cn/", "home_page")


@rule(
    1041, "Home page is outside the domains", scope=Scope.FORM, source="interface, code table", operations=WITH_WEBSITES
)
def home_page_outside(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The host of a home page is one of the website's domains or lies below one. A malformed one is 1022 alone."""
    for website in websites(filing):
        page = home_page(website.value.home_page or "")
        if page and not any(_within(page.host, domain_key(each.name)) for each in website.value.domains):
            names = "、".join(each.name for each in website.value.domains[:5])
            yield website.wrong(f"首页地址{quoted(website.value.home_page)}不含本网站的域名（{names}）", "home_page")


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


@rule(
    1064,
    "Domain is blacklisted",
    scope=Scope.FILING,
    source="interface, code table",
    operations=WITH_ACCESSES,
    standing=True,
)
def domain_blacklisted(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A domain is on the national blacklist. The message names the website and the domain."""
    for website in websites(filing):
        for domain in domains(website):
            if entry := facts.blacklist.get((DOMAIN, domain_key(domain.value.name))):
                text = f"“{website.value.name}”网站的“{domain.value.name}”域名在黑名单中，请核实后再次报备"
                yield domain.wrong(entry, "name", text=text)

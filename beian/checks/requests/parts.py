"""What a change names within its filing: websites, accesses, domains, ranges, each by the bureau's number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from beian.checks.base import Defect
from beian.checks.places import Spot, T, accesses, domains, websites
from beian.checks.requests.asked import Asked
from beian.checks.requests.naming import WEBSITE, normal
from beian.records import AccessRecord, FilingRecord, WebsiteRecord


def absent_parts(asked: Asked, on_file: FilingRecord) -> Iterator[Defect]:
    """Give what a change names that its filing does not have, names by numbers that contradict each other, or twice.

    Of two parts with one number only the first could be applied, and the other would be lost without a word.
    """
    request = asked.shape.filing
    if fault := _contradiction(request.sponsor.filing_number, on_file.sponsor.filing_number):
        yield Defect(fault, "主体", "sponsor.filing_number")
    standing = {website.number: website for website in on_file.websites}
    yield from _repeated(websites(request), "网站")
    for website in websites(request):
        known = standing.get(website.value.number)
        if known is not None:
            yield from _of_website(website, known)
        elif not _is_gone(asked, website.value):
            yield website.wrong(_no_such_website(asked, website.value, on_file), "number")


def _contradiction(written: str | None, on_file: str | None) -> str | None:
    if not written or not on_file or normal(written) == normal(on_file):
        return None
    return f"标识所指的备案号是{on_file}，填写的是{written}"


def _is_gone(asked: Asked, website: WebsiteRecord) -> bool:
    gone = asked.known.gone.get(website.number or 0)
    return gone is not None and gone.kind == WEBSITE


def _no_such_website(asked: Asked, website: WebsiteRecord, on_file: FilingRecord) -> str:
    names = "、".join(f"{each.filing_number}（标识{each.number}）" for each in on_file.websites[:10])
    of = f"主体{on_file.sponsor.filing_number}没有标识为{website.number}的网站"
    return f"{of}（现有：{names or '无'}）；变更不能新增网站"


def _of_website(website: Spot[WebsiteRecord], known: WebsiteRecord) -> Iterator[Defect]:
    if fault := _contradiction(website.value.filing_number, known.filing_number):
        yield website.wrong(fault, "filing_number")
    yield from _repeated(domains(website), "域名")
    yield from _repeated(accesses(website), "接入")
    known_domains = {domain.number for domain in known.domains}
    for domain in domains(website):
        if domain.value.number is not None and domain.value.number not in known_domains:
            yield domain.wrong(f"该网站没有标识为{domain.value.number}的域名；新增的域名不填标识", "number")
    standing = {access.number: access for access in known.accesses}
    for access in accesses(website):
        yield from _of_access(access, standing.get(access.value.number), known)


def _of_access(access: Spot[AccessRecord], known: AccessRecord | None, website: WebsiteRecord) -> Iterator[Defect]:
    if known is None:
        numbers = "、".join(str(each.number) for each in website.accesses)
        fault = f"该网站没有标识为{access.value.number}的接入（现有：{numbers or '无'}）；新增接入请另行报送"
        yield access.wrong(fault, "number")
        return
    yield from _repeated(access.each(access.value.ranges, "IP段", "ranges"), "IP段")
    ranges = {part.number for part in known.ranges}
    for part in access.each(access.value.ranges, "IP段", "ranges"):
        if part.value.number is not None and part.value.number not in ranges:
            yield part.wrong(f"该接入没有标识为{part.value.number}的IP段；新增的IP段不填标识", "number")


def _repeated(parts: Iterable[Spot[T]], word: str) -> Iterator[Defect]:
    first: dict[int, str] = {}
    for part in parts:
        number: int | None = getattr(part.value, "number")  # noqa: B009
        if number is not None and first.setdefault(number, part.place) != part.place:
            yield part.wrong(f"标识{number}与{first[number]}相同；同一{word}在一条变更中只写一次", "number")

"""What a case asks, as its page shows it: fields with the path that corrections name, findings beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from beian.checks.names import dotted
from beian.records import (
    AccessRecord,
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    CheckResultRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    UnfiledHandlingRecord,
    WebsiteRecord,
)
from beian.web.filing.fields import ACCESS, APPROVAL, PERSON, SPONSOR, WEBSITE, Field
from beian.web.filing.names import Names
from beian.web.filing.sheet import providers_of, regions_of
from enterprise.queries.matter import Matter, files_of, websites_of
from enterprise.services.contents import CaseRequest

WHAT = {Cancelled.SPONSOR: "主体", Cancelled.WEBSITE: "网站", Cancelled.ACCESS: "接入"}
VERDICTS = {0: "核实通过", 1: "核实不通过"}
_OF_SPONSOR = 1


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said beside a field: `tone` bad for what the bureau would refuse, warn for what our copy says."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A field: its path (`about`), what it says, what is said of it. `asked` is what is to be corrected there."""

    about: str
    label: str
    text: str
    wide: bool = False
    code: bool = False
    covers: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    asked: str | None = None
    chosen: bool = False

    @property
    def anchor(self) -> str:
        """Give the id of the field on the page."""
        return anchor(self.about)


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that belong together, of the object at `about`."""

    title: str
    about: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""


def anchor(about: str) -> str:
    """Give the id of a field on the page."""
    return f"field-{about.replace('.', '-') or 'whole'}"


def names_for(provider_isp: int, it: Matter) -> Names:
    """Load the names that the page of a case needs. Three queries."""
    whole = [each for each in (it.before, it.after, _as_filing(it.request)) if each is not None]
    return Names(regions_of(*whole), {*providers_of(*whole), provider_isp})


def blocks(it: Matter, names: Names, *, plain: bool) -> list[Block]:
    """Write what a case asks, by its kind."""
    if it.request is None:
        return []
    return [each for each in _Writer(names, plain).blocks(it.request) if each.lines]


class _Writer:
    """Writes one page: with `plain`, personal data as it is."""

    def __init__(self, names: Names, plain: bool) -> None:
        self.names = names
        self.plain = plain

    def blocks(self, request: CaseRequest) -> Iterator[Block]:
        match request:
            case FilingRecord() | ChangeRecord():
                yield from self.sponsor(request)
            case NewWebsitesRecord():
                yield Block("所属备案", "sponsor", [_line("sponsor", "主体备案号", str(request.sponsor), code=True)])
            case NewAccessRecord():
                yield Block("所属网站", "website", [_line("website", "网站备案号", str(request.website), code=True)])
                yield self.access(request.access, "access", "新增接入")
            case CancellationRecord():
                yield self.cancellation(request)
            case AttachmentRecord():
                yield Block("核验材料", "", [self.file(request, "", "所属对象")])
                return
            case CheckResultRecord():
                yield self.check_result(request)
            case UnfiledHandlingRecord():
                yield self.unfiled(request)
        for index, website in enumerate(websites_of(request)):
            yield from self.website(website, f"websites.{index}", index + 1)
        yield self.files(request)

    def sponsor(self, request: FilingRecord | ChangeRecord) -> Iterator[Block]:
        yield Block("主体", "sponsor", self.lines(SPONSOR, request.sponsor, "sponsor"))
        yield Block("主体负责人", "sponsor.person", self.lines(PERSON, request.sponsor.person, "sponsor.person"))

    def website(self, website: WebsiteRecord, at: str, number: int) -> Iterator[Block]:
        title = f"网站 {number}：{website.name}" if website.name else f"网站 {number}"
        yield Block(title, at, self.lines(WEBSITE, website, at), website.filing_number or "")
        yield Block("网站负责人", f"{at}.person", self.lines(PERSON, website.person, f"{at}.person"))
        for index, access in enumerate(website.accesses):
            words = "接入" if len(website.accesses) == 1 else f"接入 {index + 1}"
            yield self.access(access, f"{at}.accesses.{index}", words)
        for index, approval in enumerate(website.approvals):
            place = f"{at}.approvals.{index}"
            yield Block("前置审批", place, self.lines(APPROVAL, approval, place))

    def access(self, access: AccessRecord, at: str, title: str) -> Block:
        return Block(title, at, self.lines(ACCESS, access, at))

    def cancellation(self, request: CancellationRecord) -> Block:
        reason = self.names.code("cancellation_reason", request.reason)
        lines = [
            _line("what", "注销对象", WHAT[request.what]),
            _line("number", "编号", str(request.number), code=True),
            _line("reason", "注销原因", reason),
            _line("remark", "备注", request.remark or "", wide=True),
        ]
        return Block("注销", "", [line for line in lines if line.text])

    def check_result(self, request: CheckResultRecord) -> Block:
        lines = [
            _line("verdict", "核实结果", VERDICTS.get(request.verdict, str(request.verdict))),
            _line("checker", "核实人", request.checker),
            _line("checked", "核实日期", request.checked),
            _line("opinion", "核实意见", request.opinion, wide=True),
            _line("faults", "存在的问题", request.faults or "", wide=True),
        ]
        return Block("核实结果", "", [line for line in lines if line.text])

    def unfiled(self, request: UnfiledHandlingRecord) -> Block:
        lines = [
            _line("domain", "域名", request.domain, code=True),
            _line("address", "IP 地址", dotted(request.address), code=True),
            _line("result", "处理结果", self.names.code("unfiled_handling", request.result)),
            _line("opinion", "处理意见", request.opinion, wide=True),
            _line("due", "处理期限", request.due),
        ]
        return Block("未备案网站处理", "", [line for line in lines if line.text])

    def files(self, request: CaseRequest) -> Block:
        """List the attachments: they are looked at in the viewer, but asked to be corrected here."""
        sites = websites_of(request)
        lines = [
            self.file(each, f"attachments.{index}", _owner(each, sites)) for index, each in enumerate(files_of(request))
        ]
        return Block("附件", "attachments", lines)

    def file(self, each: AttachmentRecord, at: str, owner: str) -> Line:
        purpose = self.names.code("attachment_purpose", each.purpose)
        size = f"{max(1, round(each.content.size / 1024))} KB"
        return _line(at, purpose, "，".join(part for part in (owner, size, each.remark or "") if part))

    def lines(self, fields: Iterable[Field], record: Any, at: str) -> list[Line]:
        """Write every field, also an empty one: what was not given may be what has to be added."""
        found = []
        for each in fields:
            text = each.text(self.names, record, plain=self.plain)
            paths = tuple(f"{at}.{path}" for path in each.paths)
            about = paths[0] if len(paths) == 1 else paths[0].rpartition(".")[0]
            found.append(Line(about=about, label=each.label, text=text, wide=each.wide, code=each.code, covers=paths))
        return found


def labelled(request: CaseRequest | None, names: Names) -> list[tuple[str, str]]:
    """Give (sha256, what it is) of each file of a request: attachments, then scans of prior approvals."""
    sites = websites_of(request)
    found = [
        (each.content.sha256, f"{names.code('attachment_purpose', each.purpose)} · {_owner(each, sites)}")
        for each in files_of(request)
    ]
    for site in sites:
        for approval in site.approvals:
            words = f"前置审批：{names.code('prior_approval', approval.kind)} · {site.name}"
            found += [(scan.sha256, words) for scan in approval.scans]
    return found


def with_remarks(
    shown: Sequence[Block], remarks: Mapping[str, Sequence[Remark]], asked: Mapping[str, str], chosen: Iterable[str]
) -> tuple[list[Block], list[tuple[str, Remark]]]:
    """Put what is said of a path beside the field it belongs to; gives the blocks, and what found no field.

    `asked` is what is to be corrected (path → note), `chosen` the fields that are being picked.
    """
    left = {about: list(said) for about, said in remarks.items()}
    picked = set(chosen)

    def filled(line: Line) -> Line:
        own = [about for about in left if _covers(line, about)]
        said = tuple(remark for about in own for remark in left.pop(about))
        note = next((text for about, text in asked.items() if _covers(line, about)), None)
        return replace(line, remarks=said, asked=note, chosen=line.about in picked)

    made = [replace(block, lines=[filled(line) for line in block.lines]) for block in shown]
    return made, [(about, remark) for about, said in left.items() for remark in said]


def _covers(line: Line, about: str) -> bool:
    return any(about == path or about.startswith(f"{path}.") for path in (line.about, *line.covers) if path)


def _line(about: str, label: str, text: str, **more: Any) -> Line:
    return Line(about=about, label=label, text=text, covers=(about,), **more)


def _owner(each: AttachmentRecord, sites: Sequence[WebsiteRecord]) -> str:
    """Name what an attachment belongs to: while a request is filled in its owner is named by place."""
    if each.owner_kind == _OF_SPONSOR:
        return "主体"
    for index, site in enumerate(sites):
        if each.owner in (f"websites.{index}", str(site.provider_id), str(site.number), site.filing_number):
            return site.name or f"网站 {index + 1}"
    return f"网站 {each.owner}"


def _as_filing(request: CaseRequest | None) -> FilingRecord | None:
    match request:
        case FilingRecord():
            return request
        case ChangeRecord():
            return FilingRecord(sponsor=request.sponsor, websites=request.websites)
        case CheckResultRecord():
            return request.filing
    return None

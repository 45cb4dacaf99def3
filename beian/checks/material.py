"""Verification material on its own: what it belongs to, and what makes it wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from beian.checks.base import ALL_SCOPES, RULES, Check, Defect, Facts, Finding, Rule, Scope, enter
from beian.checks.operations import Operation
from beian.checks.requests.known import Known, OwnId, Standing
from beian.checks.requests.names import listed_websites
from beian.checks.requests.naming import SPONSOR, WEBSITE, WORDS, normal, province_named
from beian.checks.requests.shapes import OWNED_BY_SPONSOR, OWNED_BY_WEBSITE, UNKNOWN_SPONSOR
from beian.records import AttachmentRecord, FilingRecord, NameRecord, WebsiteRecord

OWNERS = {OWNED_BY_SPONSOR: SPONSOR, OWNED_BY_WEBSITE: WEBSITE}
_PLACE = "附件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What material belongs to: a filing on file (and a website of it), or a pending application by its id."""

    filing: FilingRecord | None = None
    website: WebsiteRecord | None = None
    application: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """An attachment with what is known of what it names."""

    attachment: AttachmentRecord
    known: Known

    @property
    def kind(self) -> str | None:
        """Say what kind of object it says that it belongs to."""
        return OWNERS.get(self.attachment.owner_kind)

    @property
    def named(self) -> tuple[Standing, ...]:
        """Give what bears the name on file, whatever it is."""
        return self.known.on_file.find(owner_name(self.attachment))

    @property
    def owner(self) -> Owner | None:
        """Give what it belongs to: named as the bureau does, else by the provider's own id."""
        for each in self.named:
            if each.kind == self.kind:
                return Owner(filing=each.filing, website=each.website)
        number = owner_name(self.attachment).number
        own = self.known.own.get(number, ()) if number is not None else ()
        return next((owner for each in own if each.kind == self.kind and (owner := self._of_own(each))), None)

    def _of_own(self, own: OwnId) -> Owner | None:
        if own.number is None:
            return Owner(application=own.application)
        found = self.known.on_file.find(NameRecord(number=own.number))
        return Owner(filing=found[0].filing, website=found[0].website) if found else None


def owner_name(attachment: AttachmentRecord) -> NameRecord:
    """Read the name of what an attachment belongs to: an id, or a filing number."""
    owner = attachment.owner.strip()
    return NameRecord(number=int(owner)) if owner.isdecimal() else NameRecord(filing_number=owner)


def home_of_material(attachment: AttachmentRecord) -> int | None:
    """Give the code of the province whose bureau holds what is named; `None`: ask the one that received it.

    So it is for the provider's own ids, which only the bureau that received its applications knows.
    """
    return province_named(owner_name(attachment))


MATERIAL_RULES: dict[int, Rule[Material]] = {}
"""The rules of material on its own by result code; those of attachments apply besides."""


def _rule(code: int, name: str, *, scope: Scope = Scope.FILING) -> Callable[[Check[Material]], Check[Material]]:
    operations = frozenset({Operation.MATERIAL})
    return enter(MATERIAL_RULES, code, name, scope=scope, source="interface, code table", operations=operations)


def check_material(attachment: AttachmentRecord, known: Known, scopes: Collection[Scope] = ALL_SCOPES) -> list[Finding]:
    """Judge one attachment that came on its own; give all findings by code.

    `known` is what `load_material_facts` gave. `scopes` as for requests: where another bureau holds what is
    named (`home_of_material`), `ELSEWHERE_SCOPES` here and `HOME_SCOPES` there.
    """
    shape = FilingRecord(sponsor=UNKNOWN_SPONSOR, websites=(), attachments=(attachment,))
    facts = replace(known.facts, owners={})
    findings = [
        replace(finding, place=_PLACE, about=finding.about.removeprefix("attachments.0."))
        for rule in RULES.values()
        if rule.scope in scopes and Operation.MATERIAL in rule.operations
        for finding in rule.findings(shape, facts)
    ]
    material = Material(attachment, known)
    for rule in MATERIAL_RULES.values():
        if rule.scope in scopes:
            findings += rule.findings(material, facts)
    return sorted(findings, key=lambda finding: finding.code)


def _wrong(detail: str, field: str) -> Defect:
    return Defect(detail, _PLACE, field)


@_rule(1055, "Material is not of a filing of this provider")
def of_another(material: Material, facts: Facts) -> Iterator[Defect]:
    """What the material names is on file, but this provider gives no access to it.

    To a website, or to any website of a sponsor. A pending application is always the provider's own.
    """
    owner = material.owner
    if owner is None or owner.filing is None:
        return
    websites = owner.filing.websites if owner.website is None else (owner.website,)
    if not any(access.provider == facts.provider for website in websites for access in website.accesses):
        yield _wrong(f"{material.attachment.owner}不是由本接入商接入的备案", "owner")


def _missing(material: Material, kind: str) -> Iterator[Defect]:
    if material.kind != kind or material.owner is not None:
        return
    owner, gone = owner_name(material.attachment), material.known.gone
    stone = gone.get(owner.number if owner.number is not None else normal(owner.filing_number or ""))
    if stone:
        yield _wrong(f"{WORDS[stone.kind]}{owner}已于{stone.on}注销", "owner")
    elif material.named:
        yield _wrong(f"{owner}是{WORDS[material.named[0].kind]}，不是{WORDS[kind]}；{_which(material, kind)}", "owner")
    else:
        yield _wrong(f"备案库和待审核的申请中没有{WORDS[kind]}{owner}", "owner")


def _which(material: Material, kind: str) -> str:
    filing = material.named[0].filing
    sponsor = filing.sponsor
    return (
        listed_websites(filing.websites)
        if kind == WEBSITE
        else f"主体是{sponsor.filing_number}（标识{sponsor.number}）"
    )


@_rule(1058, "Sponsor does not exist")
def sponsor_missing(material: Material, facts: Facts) -> Iterator[Defect]:
    """The sponsor that the material names is neither on file nor in a pending application of this provider."""
    return _missing(material, SPONSOR)


@_rule(1059, "Website does not exist")
def website_missing(material: Material, facts: Facts) -> Iterator[Defect]:
    """The website that the material names is neither on file nor in a pending application of this provider."""
    return _missing(material, WEBSITE)


@_rule(1061, "Purpose does not fit what the material belongs to", scope=Scope.FORM)
def purpose_mismatch(material: Material, facts: Facts) -> Iterator[Defect]:
    """The purpose of the material is one of the other kind of object: a photo of a website's person is no sponsor's."""
    purpose = facts.entry("attachment_purpose", material.attachment.purpose)
    if purpose is None or material.kind is None:
        return
    expected = purpose.extra.get("object")
    if expected != material.attachment.owner_kind:
        wanted = WORDS[OWNERS[expected]] if expected in OWNERS else "其他对象"
        yield _wrong(f"“{purpose.name}”属于{wanted}，所属对象类型填写的是{WORDS[material.kind]}", "purpose")

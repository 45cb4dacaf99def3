"""Which request a sponsor needs: found out from a certificate and a domain, instead of asked.

What the bureau answered and what our copy holds make one of four things of each; `WAYS` has a line for every
pair. Nothing of a filing is told by it but what the public query tells as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from beian.checks.keys import domain_key
from beian.checks.names import registrable
from beian.models import Domain, Node, Sponsor
from beian.records.people import certificate_index
from beian.web.throttle import Throttle
from enterprise.models import Connection
from enterprise.services import asking_status
from enterprise.services.asking_status import NOT_ASKED, Found, Status
from enterprise.workflow import Kind

OF_A_PERSON = Throttle("status-query-person", limit=20, seconds=3600)
OF_AN_ADDRESS = Throttle("status-query-address", limit=60, seconds=3600)
"""The question tells who is on file: few of them for each person and each address."""

BEGUN_BY_A_PERSON = Throttle("request-begun-person", limit=30, seconds=3600)
BEGUN_AT_AN_ADDRESS = Throttle("request-begun-address", limit=100, seconds=3600)
"""Drafts cannot be deleted, so nobody begins them without end."""


class About(StrEnum):
    """How a certificate or a domain stands: with us, on file elsewhere, not on file, or not known."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the sponsor gave: a certificate, a domain or both."""

    certificate_type: int | None = None
    certificate_number: str = ""
    domain: str = ""

    @property
    def index(self) -> str | None:
        """The blind index of the certificate number."""
        return certificate_index(self.certificate_number)

    @property
    def domain_key(self) -> str:
        """The registrable domain in its normal form, "" without one."""
        key = domain_key(self.domain) if self.domain else ""
        return registrable(key) or key


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known. `same` says whether certificate and domain belong to one sponsor, None where unknown."""

    certificate: About
    domain: About
    same: bool | None = None
    sponsor_filing_number: str = ""
    website_filing_number: str = ""
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A request, why it is the one, and what has to be at hand for it. `kind` None: something comes first."""

    kind: Kind | None
    because: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """The way to go, what was not checked, and the requests that may be chosen instead, knowingly."""

    way: Way
    facts: Facts
    others: tuple[Kind, ...]


_NUMBER = "需要主体的备案号。"
_PASSWORD = "需要网站备案号和备案密码（由管局当场校验）。"
_OWN = "需要这个备案是您的：在本接入商办过，或能提供备案密码。"

WAYS: dict[tuple[About, About], Way] = {
    (About.NOT, About.NOT): Way(Kind.NEW_FILING, "管局没有这个证件的备案，也没有这个域名的备案。"),
    (About.NOT, About.UNKNOWN): Way(Kind.NEW_FILING, "管局没有这个证件的备案。"),
    (About.UNKNOWN, About.NOT): Way(Kind.NEW_FILING, "管局没有这个域名的备案；证件没有核对。"),
    (About.UNKNOWN, About.UNKNOWN): Way(Kind.NEW_FILING, "没有核对是否已有备案。"),
    (About.HERE, About.NOT): Way(Kind.NEW_WEBSITE, "这个证件已有备案，网站由本单位接入；这个域名还没有备案。", _OWN),
    (About.HERE, About.UNKNOWN): Way(Kind.NEW_WEBSITE, "这个证件已有备案，网站由本单位接入。", _OWN),
    (About.ELSEWHERE, About.NOT): Way(
        Kind.NEW_WEBSITE, "这个证件已有备案（网站不由本单位接入）；这个域名还没有备案。", _NUMBER
    ),
    (About.ELSEWHERE, About.UNKNOWN): Way(Kind.NEW_WEBSITE, "这个证件已有备案，网站不由本单位接入。", _NUMBER),
    (About.HERE, About.ELSEWHERE): Way(Kind.NEW_ACCESS, "这个域名的网站已备案，但不由本单位接入。", _PASSWORD),
    (About.ELSEWHERE, About.ELSEWHERE): Way(Kind.NEW_ACCESS, "这个域名的网站已备案，不由本单位接入。", _PASSWORD),
    (About.UNKNOWN, About.ELSEWHERE): Way(
        Kind.NEW_ACCESS, "这个域名的网站已备案，不由本单位接入：备案是您的，就办理新增接入。", _PASSWORD
    ),
    (About.HERE, About.HERE): Way(Kind.CHANGE, "证件和域名都已备案，网站由本单位接入：可以变更或注销。", _OWN),
    (About.ELSEWHERE, About.HERE): Way(Kind.CHANGE, "这个域名的网站已备案，由本单位接入：可以变更或注销。", _OWN),
    (About.UNKNOWN, About.HERE): Way(
        Kind.CHANGE, "这个域名的网站已备案，由本单位接入：备案是您的，就可以变更或注销。", _OWN
    ),
    (About.NOT, About.HERE): Way(
        None, "这个域名的网站已备案，但所填证件没有备案：域名在另一主体名下，须先由该主体注销或变更。"
    ),
    (About.NOT, About.ELSEWHERE): Way(
        None, "这个域名已在另一主体名下备案，所填证件没有备案：须先由原主体注销，再重新备案。"
    ),
}
"""Certificate and domain → what to do."""

OTHERS_FILING = Way(None, "证件和域名分属两个主体的备案：域名须先由它现在的主体注销，才能备案到您的主体之下。")

NO_CERTIFICATE = "没有填写证件：如果您的主体已有备案，应办理“新增网站”。"
NO_CERTIFICATE_ON_FILE = (
    "没有填写证件：这个域名的备案是不是在您的主体名下，没有核对。请在上面填写主办者证件再查询一次；"
    "备案在别人名下的，须先由其注销，才能备案到您的主体之下。"
)

STARTABLE = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.NEW_ACCESS, Kind.CHANGE)


def advise(provider: Node, question: Question) -> Advice:
    """Ask the bureau and our copy which request it is. Goes over the network: not inside a transaction."""
    connection = Connection.objects.select_related("provider").filter(provider=provider).first()
    certificate = domain = NOT_ASKED
    if question.certificate_number and question.certificate_type:
        certificate = asking_status.of_certificate(connection, question.certificate_type, question.certificate_number)
    if question.domain_key:
        domain = asking_status.of_domain(connection, question.domain_key)
    return choose(gather(provider, question, certificate, domain))


def choose(facts: Facts) -> Advice:
    """Give the way that follows from the facts."""
    way = OTHERS_FILING if facts.same is False else WAYS[facts.certificate, facts.domain]
    return Advice(way, facts, tuple(kind for kind in STARTABLE if kind != way.kind))


def gather(provider: Node, question: Question, certificate: Status, domain: Status) -> Facts:
    """Put together what the bureau said and what our copy holds."""
    sponsors = Sponsor.objects.held_by(provider)
    ours = sponsors.filter(certificate_index=question.index).first() if question.index else None
    row = _domain_here(provider, question)
    unchecked = [f"{what}：{status.why}" for what, status in (("证件", certificate), ("域名", domain)) if status.why]
    on_file = row is not None or domain.found == Found.FILED
    unchecked += [] if question.certificate_number else [NO_CERTIFICATE_ON_FILE if on_file else NO_CERTIFICATE]
    unchecked += [] if question.domain else ["没有填写域名：如果域名已有备案，应办理“新增接入”或“变更”。"]
    sponsor = row.website.sponsor if row else None
    return Facts(
        certificate=_about(ours is not None, certificate),
        domain=_about(row is not None, domain),
        same=_same(ours, sponsor, certificate, domain),
        sponsor_filing_number=domain.sponsor_filing_number or (sponsor.filing_number or "" if sponsor else ""),
        website_filing_number=domain.website_filing_number or (row.website.filing_number or "" if row else ""),
        unchecked=tuple(unchecked),
    )


def _domain_here(provider: Node, question: Question) -> Domain | None:
    """Find the domain in our copy, where we give access to its website."""
    if not question.domain_key:
        return None
    rows = Domain.objects.held_by(provider).filter(key=question.domain_key, website__accesses__isp_id=provider.isp_id)
    return rows.select_related("website__sponsor").first()


def _about(here: bool, status: Status) -> About:
    if here:
        return About.HERE
    return {Found.FILED: About.ELSEWHERE, Found.NOT_FILED: About.NOT}.get(status.found, About.UNKNOWN)


def _same(ours: Sponsor | None, theirs: Sponsor | None, certificate: Status, domain: Status) -> bool | None:
    """Whether the filing of the certificate is that of the domain, as far as both are known."""
    one = (ours.filing_number if ours else None) or certificate.sponsor_filing_number
    other = (theirs.filing_number if theirs else None) or domain.sponsor_filing_number
    return one == other if one and other else None

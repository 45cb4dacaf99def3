"""Beginning a request as a sponsor: a draft with what is known of his own filing, and of nobody else's."""

from __future__ import annotations

from typing import Any

from beian.filing_numbers import parse
from beian.models import Node, Sponsor
from beian.records import ChangeRecord, PersonRecord, as_json
from beian.services.refusals import Invalid
from enterprise.models import Case, SponsorAccount
from enterprise.queries.on_file import filing_of
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.services.changing import CHANGEABLE_CERTIFICATES, own_part
from enterprise.services.draft_writing import typed_person
from enterprise.services.drafts import draft_of
from enterprise.services.starting import Question
from enterprise.workflow import Kind, Origin


def new_filing(provider: Node, account: SponsorAccount, question: Question) -> Case:
    """Begin a new filing with the certificate and the domain that were asked about."""
    certificate = {"type": str(question.certificate_type or ""), "number": question.certificate_number}
    draft = {"sponsor": {"certificate": certificate}, "websites": [_website(question)]}
    return _begin(provider, account, Kind.NEW_FILING, draft)


def new_website(
    provider: Node, account: SponsorAccount, question: Question, *, own: Sponsor | None = None, filing_number: str = ""
) -> Case:
    """Begin a new website of a sponsor on file: his own in our copy, or named by its filing number.

    Raises `Invalid` where the number is none of a sponsor.
    """
    if own is not None:
        filing = filing_of(provider, own.number)
        draft: dict[str, Any] = {
            "sponsor": {"number": own.number},
            "websites": [_website(question, filing.sponsor.person if filing else None)],
        }
        return _begin(provider, account, Kind.NEW_WEBSITE, draft, sponsor_number=own.number, sponsor_name=own.name)
    number = parse(filing_number)
    if number is None or number.website is not None:
        raise Invalid({"filing_number": ["请填写主体备案号，如 粤ICP备2020888888号（不带“-1”）。"]})
    draft = {"sponsor": {"filing_number": str(number)}, "websites": [_website(question)]}
    return _begin(provider, account, Kind.NEW_WEBSITE, draft)


def new_access(provider: Node, account: SponsorAccount, website_filing_number: str) -> Case:
    """Begin a new access to a website on file. Raises `Invalid` where the number is none of a website (1016)."""
    number = parse(website_filing_number)
    if number is None or number.website is None:
        raise Invalid({"filing_number": ["请填写网站备案号，以“-1”等结尾，如 粤ICP备2020888888号-1。"]})
    draft = {"website": {"filing_number": str(number)}, "access": {}, "attachments": []}
    return _begin(provider, account, Kind.NEW_ACCESS, draft)


def change(provider: Node, account: SponsorAccount, own: Sponsor) -> Case:
    """Begin a change of his own filing, with what our copy has filled in. Raises `Invalid` where it cannot be."""
    filing = own_part(provider, filing_of(provider, own.number))
    if filing is None:
        raise Invalid({"": ["这个备案没有由本单位接入的网站，不能在这里变更。"]})
    if filing.sponsor.certificate.type not in CHANGEABLE_CERTIFICATES:
        raise Invalid({"": ["管局的接口（V.3.0）不支持变更这种证件类型的主体，请联系接入商。"]})
    draft = draft_of(ChangeRecord(sponsor=filing.sponsor, websites=filing.websites))
    return _begin(
        provider,
        account,
        Kind.CHANGE,
        draft,
        base=as_json(filing),
        sponsor_number=own.number,
        sponsor_name=own.name,
        filing_number=own.filing_number or "",
    )


def _begin(provider: Node, account: SponsorAccount, kind: Kind, draft: dict[str, Any], **more: Any) -> Case:
    beginning = Beginning(kind=kind, origin=Origin.PORTAL, account=account, draft=draft, **more)
    return cases.begin(provider, beginning, account.user)


def _website(question: Question, person: PersonRecord | None = None) -> dict[str, Any]:
    website: dict[str, Any] = {"accesses": [{}]}
    if question.domain_key:
        website["domains"] = [{"name": question.domain_key}]
    if person is not None:
        website["person"] = typed_person(person)
    return website

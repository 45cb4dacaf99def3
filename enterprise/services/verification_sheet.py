"""What a verification in person looks at: whose originals, which facts, which items, and why.

A sheet is plain data, made anew of the case while the verification is open, kept as it was once it is closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from beian.checks import shipped_facts
from beian.checks.keys import compact
from beian.checks.verification import Reason
from beian.crypto import blind_index
from beian.records import (
    ChangeRecord,
    FilingRecord,
    NewWebsitesRecord,
    PersonRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.applied import NotOnFile, applied
from beian.records.matching import WEBSITE
from beian.web.filing import fields
from beian.web.filing.names import Names
from enterprise.models import Case
from enterprise.queries.on_file import filing_named_by
from enterprise.services.contents import request_of
from enterprise.services.verifying import what_to_verify
from enterprise.verification_form import ITEMS, Item, Of, Part, Proof, Who

OWNED_BY_SPONSOR, OWNED_BY_WEBSITE = 1, 2
"""Kinds of owners of an attachment."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of the case: as it is, and as pages show it to those who do not stand at the counter."""

    field: str
    label: str
    value: str
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody or something that is verified: `sponsor`, `person.0`, `website.0`.

    `of` is a digest of all that the case says of it. `comes` says that this person has to come in person.
    `number` is that of the original, `number_format` how such numbers are written. `owner_kind` and
    `owner` name the object whose material it is, as attachments do; `path` is its place in the request, ""
    where the request does not name it.
    """

    key: str
    kind: Of
    title: str
    facts: tuple[Fact, ...]
    of: str
    owner_kind: int
    owner: str
    path: str = ""
    comes: bool = False
    number: str = ""
    number_format: str = "any"

    def fact(self, field: str) -> str:
        """Give the value of a field, "" where the case does not say it."""
        return next((each.value for each in self.facts if each.field == field), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An item of the form about one subject. `facts` are its fields to look at, `about` the path to put right."""

    key: str
    subject: str
    part: Part
    question: str
    line: str
    facts: tuple[str, ...]
    about: str
    proof: Proof
    passable: bool
    piece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that one verification looks at.

    `owner` is the sponsor as attachments name it. `why` has the reasons, those to come in person first. `of` is a
    digest of everything: a form signed before something changed is no longer the right one.
    """

    sponsor_name: str
    is_person: bool
    certificate_type: int | None
    certificate: str
    filing_number: str
    domains: tuple[str, ...]
    approvals: tuple[int, ...]
    owner: str
    of: str
    why: tuple[str, ...]
    subjects: tuple[Subject, ...]
    questions: tuple[Question, ...]

    def subject(self, key: str) -> Subject | None:
        """Give the subject of this key."""
        return next((each for each in self.subjects if each.key == key), None)

    def of_subject(self, key: str) -> tuple[Question, ...]:
        """Give the questions about a subject."""
        return tuple(each for each in self.questions if each.subject == key)

    def question(self, key: str) -> Question | None:
        """Give the question of this key (`website.0:name`)."""
        return next((each for each in self.questions if each.key == key), None)

    @property
    def comers(self) -> tuple[Subject, ...]:
        """Those who have to come in person."""
        return tuple(each for each in self.subjects if each.comes)


def sheet_of(case: Case) -> Sheet:
    """Make the sheet of a submitted case from what it asks for and our copy of the filing."""
    request, reasons = request_of(case), what_to_verify(case).reasons
    assert isinstance(request, FilingRecord | NewWebsitesRecord | ChangeRecord)
    return _Maker(case, request, reasons).sheet()


def blank_sheet(sponsor_name: str) -> Sheet:
    """Give a sheet that says nothing but whose it was."""
    return Sheet(
        sponsor_name=sponsor_name,
        is_person=False,
        certificate_type=None,
        certificate="",
        filing_number="",
        domains=(),
        approvals=(),
        owner="",
        of="",
        why=(),
        subjects=(),
        questions=(),
    )


class _Maker:
    """Puts a sheet together: who and what is concerned, each once."""

    def __init__(
        self, case: Case, request: FilingRecord | NewWebsitesRecord | ChangeRecord, reasons: Sequence[Reason]
    ) -> None:
        self.case, self.request, self.reasons = case, request, reasons
        self.checks = shipped_facts(timezone.localdate())
        self.sponsor, self.sites = _after(case, request)
        regions = [self.sponsor.address] if self.sponsor else []
        self.names = Names(code for each in regions for code in (each.province, each.city, each.county))
        self.is_person = bool(self.sponsor and self.checks.is_person(self.sponsor))

    def sheet(self) -> Sheet:
        sites = self._sites_concerned()
        subjects = (*self._sponsor(), *self._people(sites), *(self._website(index) for index in sites))
        sponsor, shown = self.sponsor, [self.sites[index] for index in sites] or list(self.sites)
        return Sheet(
            sponsor_name=sponsor.name if sponsor else self.case.sponsor_name,
            is_person=self.is_person,
            certificate_type=sponsor.certificate.type if sponsor else None,
            certificate=self.names.code("certificate_type", sponsor.certificate.type) if sponsor else "",
            filing_number=self.case.filing_number or (sponsor.filing_number or "" if sponsor else ""),
            domains=tuple(domain.name for site in shown for domain in site.domains),
            approvals=tuple(dict.fromkeys(each.kind for site in shown for each in site.approvals)),
            owner=self._sponsor_owner(),
            of=blind_index("verified", " ".join(subject.of for subject in subjects)),
            why=tuple(str(reason) for reason in self.reasons),
            subjects=subjects,
            questions=tuple(self._questions(subjects)),
        )

    def _sites_concerned(self) -> list[int]:
        """Give the places of the websites that something is to be verified of."""
        steps = {reason.field[1] for reason in self.reasons if reason.field[0] == "websites"}
        return [index for index, site in enumerate(self.sites) if {WEBSITE.step(site), str(index)} & steps]

    def _sponsor_concerned(self) -> bool:
        return any(reason.field[0] == "sponsor" for reason in self.reasons)

    def _sponsor(self) -> Iterator[Subject]:
        if self.sponsor is None:
            return
        facts = self._facts(fields.SPONSOR, self.sponsor)
        yield Subject(
            key="sponsor",
            kind=Of.SPONSOR,
            title=f"{'主办者' if self.is_person else '主办单位'} {self.sponsor.name}",
            facts=facts,
            of=_digest(facts),
            owner_kind=OWNED_BY_SPONSOR,
            owner=self._sponsor_owner(),
            path="" if isinstance(self.request, NewWebsitesRecord) else "sponsor",
            number=self.sponsor.certificate.number,
            number_format=self._format(self.sponsor.certificate.type),
        )

    def _people(self, sites: list[int]) -> Iterator[Subject]:
        """Give each person once: who has to come first, then the others that something is asked about."""
        come = self._who_come()
        asked = [(self.sites[index].person, index) for index in dict.fromkeys([*come, *sites])]
        if self.sponsor and self._sponsor_concerned():
            asked.append((self.sponsor.person, -1))
        seen: dict[tuple[str, str], int] = {}
        for person, index in asked:
            identity = (person.name or "", compact(person.certificate_number or ""))
            if identity in seen:
                continue
            seen[identity] = len(seen)
            yield self._person(len(seen) - 1, person, index, comes=index in come)

    def _who_come(self) -> list[int]:
        """Give the places of the websites whose person must come; of any website's where only the sponsor changed."""
        steps = {each.field[1] for each in self.reasons if each.level == "required" and each.field[0] == "websites"}
        found = [index for index, site in enumerate(self.sites) if {WEBSITE.step(site), str(index)} & steps]
        return found or [0][: len(self.sites)]

    def _person(self, place: int, person: PersonRecord, index: int, *, comes: bool) -> Subject:
        site = self.sites[index] if index >= 0 else None
        facts = self._facts(fields.PERSON, person)
        above = self._path(index) if site else "" if isinstance(self.request, NewWebsitesRecord) else "sponsor"
        return Subject(
            key=f"person.{place}",
            kind=Of.PERSON,
            title=f"{'网站负责人' if site else '主体负责人'} {person.name or ''}".strip(),
            facts=facts,
            of=_digest(facts),
            owner_kind=OWNED_BY_WEBSITE if site else OWNED_BY_SPONSOR,
            owner=_website_owner(site) if site else self._sponsor_owner(),
            path=f"{above}.person" if above else "",
            comes=comes,
            number=person.certificate_number or "",
            number_format=self._format(person.certificate_type),
        )

    def _website(self, index: int) -> Subject:
        site = self.sites[index]
        accesses = (
            "，".join(filter(None, (field.text(self.names, access, plain=True) for field in fields.ACCESS)))
            for access in site.accesses
            if access.provider in (None, self.case.provider.isp_id)
        )
        approvals = (
            f"{self.names.code('prior_approval', each.kind)} {each.approval_number}".strip() for each in site.approvals
        )
        more = (_fact("approvals", "前置审批", "；".join(approvals)), _fact("accesses", "接入", "；".join(accesses)))
        facts = (*self._facts(fields.WEBSITE, site), *(fact for fact in more if fact.value))
        return Subject(
            key=f"website.{index}",
            kind=Of.WEBSITE,
            title=f"网站 {site.name}",
            facts=facts,
            of=_digest(facts),
            owner_kind=OWNED_BY_WEBSITE,
            owner=_website_owner(site),
            path=self._path(index),
        )

    def _path(self, index: int) -> str:
        """Give the place in the request of a website of the filing."""
        step = WEBSITE.step(self.sites[index])
        steps = [WEBSITE.step(site) for site in self.request.websites]
        return f"websites.{steps.index(step)}" if step in steps else ""

    def _format(self, certificate_type: int | None) -> str:
        entry = self.checks.entry("certificate_type", certificate_type)
        return str(entry.extra["number_format"]) if entry else "any"

    def _facts(self, table: Sequence[fields.Field], record: object) -> tuple[Fact, ...]:
        found = (
            Fact(
                " ".join(field.paths),
                field.label,
                field.text(self.names, record, plain=True),
                field.text(self.names, record, plain=False),
            )
            for field in table
        )
        return tuple(fact for fact in found if fact.value)

    def _sponsor_owner(self) -> str:
        if isinstance(self.request, NewWebsitesRecord):
            return str(self.request.sponsor)
        return str(self.request.sponsor.number or self.request.sponsor.provider_id)

    def _questions(self, subjects: Sequence[Subject]) -> Iterator[Question]:
        """Ask every item of every subject that it is for; of the sponsor only where it is concerned."""
        for item in ITEMS:
            for subject in subjects:
                if subject.kind == item.of and self._is_asked(item, subject):
                    yield Question(
                        key=f"{subject.key}:{item.key}",
                        subject=subject.key,
                        part=item.part,
                        question=item.question,
                        line=item.line,
                        facts=item.facts,
                        about=".".join(filter(None, (subject.path, item.about if subject.path else ""))),
                        proof=item.proof,
                        passable=item.passable,
                        piece=item.piece,
                    )

    def _is_asked(self, item: Item, subject: Subject) -> bool:
        if item.who == Who.ORGANISATION and self.is_person:
            return False
        if item.who == Who.COMES and not subject.comes:
            return False
        return item.of != Of.SPONSOR or item.part == Part.AGREEMENT or self._sponsor_concerned()


def _after(
    case: Case, request: FilingRecord | NewWebsitesRecord | ChangeRecord
) -> tuple[SponsorRecord | None, tuple[WebsiteRecord, ...]]:
    """Give the sponsor and the websites as they would stand; of a stranger's filing only what the request says."""
    if isinstance(request, FilingRecord):
        return request.sponsor, request.websites
    before = filing_named_by(case.provider, request)
    if before is not None:
        try:
            after = applied(before, request, case.provider.isp_id)
        except NotOnFile:
            pass
        else:
            return after.sponsor, after.websites
    return request.sponsor if isinstance(request, ChangeRecord) else None, request.websites


def _website_owner(website: WebsiteRecord) -> str:
    return str(website.number or website.provider_id)


def _fact(field: str, label: str, value: str) -> Fact:
    """Give a fact that is nobody's personal data."""
    return Fact(field, label, value, value)


def _digest(facts: Sequence[Fact]) -> str:
    said = json.dumps([[fact.field, fact.value] for fact in facts], ensure_ascii=False)
    return blind_index("verified", said)

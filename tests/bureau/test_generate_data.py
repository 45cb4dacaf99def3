"""Generated data is what the services would have written, and gets in nobody's way."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from beian import numbers
from beian.checks import ALL_SCOPES, check
from beian.checks.facts import load_facts
from beian.generate.naming import places
from beian.generate.records import Maker
from beian.models import (
    Access,
    AddressRange,
    Counter,
    Domain,
    Event,
    Node,
    PriorApproval,
    ProviderId,
    Reservation,
    Sponsor,
    User,
    Website,
)
from beian.records import FilingRecord, from_json
from beian.records.rows import filings, store_filing
from bureau.models import Application
from bureau.services import claims, decide, intake
from bureau.workflow import State
from interface.models import ProviderAccount
from ministry.models import PublicFiling
from ministry.services.publish import sponsor_key
from ministry.services.search import find, understand
from tests.builders import filing
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def generate(**options: Any) -> str:
    said = io.StringIO()
    call_command("generate_data", stdout=said, **{"providers": 3, "batch": 40, **options})
    return said.getvalue()


def contents(model: type[models.Model], **where: Any) -> list[dict[str, Any]]:
    """The rows' own values, in the order of their numbers, without ids and what differs by holder."""
    ours = {"id", "holder_id", "sponsor_id", "website_id", "access_id", "filing_password_hash"}
    rows = model._base_manager.filter(**where).order_by("number" if hasattr(model, "number") else "id")
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ours]
    return [{name: getattr(row, name) for name in names} for row in rows]


def test_rows_are_those_that_an_approval_writes(guangdong: Node, beijing: Node) -> None:
    generate(filings=60)
    stored = filings(guangdong, Sponsor.objects.held_by(guangdong).values_list("number", flat=True))
    assert len(stored) == 60
    for record in stored.values():
        store_filing(beijing, record)
    for model in (Sponsor, Website, Domain, Access, AddressRange, PriorApproval):
        assert contents(model, holder=guangdong) == contents(model, holder=beijing)


def test_what_it_says_comes_back_from_the_encrypted_rows(guangdong: Node) -> None:
    generate(filings=10, seed=7)
    asked = Maker.at(440000, 7).filing(3)
    sponsor = Sponsor.objects.held_by(guangdong).get(name=asked.sponsor.name)
    found = filings(guangdong, [sponsor.number])[sponsor.number]
    assert found.sponsor.person == asked.sponsor.person
    assert found.sponsor.certificate == asked.sponsor.certificate
    assert found.sponsor.address == asked.sponsor.address
    assert [site.person for site in found.websites] == [site.person for site in asked.websites]


def test_filings_pass_the_checks(guangdong: Node) -> None:
    generate(applications=60)
    rows = Application.objects.at(guangdong)
    assert rows.filter(state=State.PENDING).count() == 60
    for row in rows:
        record = from_json(row.record, FilingRecord)
        facts = load_facts(guangdong, isp_id=row.isp_id, filings=[record], except_application=row.pk)
        assert check(record, facts, scopes=ALL_SCOPES) == []
        assert Event.objects.filter(subject_kind="application", subject=str(row.pk), verb="receive").exists()


def test_every_bureau_has_places(guangdong: Node) -> None:
    assert [province for province in numbers.ABBREVIATIONS if not places(province)] == []


@pytest.mark.parametrize("n", [2, 7], ids=["on file", "pending"])
def test_certificates_and_domains_are_taken(guangdong: Node, account: ProviderAccount, n: int) -> None:
    generate(filings=5, applications=5)
    theirs, own = Maker.at(440000, 1).filing(n), filing(1)
    sponsor = replace(own.sponsor, certificate=theirs.sponsor.certificate)
    website = replace(own.websites[0], domains=theirs.websites[0].domains, home_page=theirs.websites[0].home_page)
    upload_of(account, [replace(own, sponsor=sponsor, websites=(website,))])
    intake.drain(account.pk)
    returned = Application.objects.get(isp_id=account.isp_id, state=State.RETURNED)
    assert {found["code"] for found in returned.findings} == {1003, 1005, 1021}


def test_numbers_issued_later_are_new(guangdong: Node, reviewer: User) -> None:
    generate(filings=300, applications=1)
    application = Application.objects.at(guangdong).get()
    claims.claim(application.pk, reviewer)
    approved = decide.approve(application.pk, reviewer, None)
    assert approved.state == State.APPROVED
    highest = Sponsor.objects.held_by(guangdong).exclude(number=approved.sponsor_number).order_by("-number")[0]
    assert approved.sponsor_number > highest.number
    sponsor = Sponsor.objects.held_by(guangdong).order_by("number")[0]
    suffix = Counter.objects.get(node=guangdong, series=f"website:{sponsor.number}")
    assert suffix.value == sponsor.websites.count()


def test_it_may_be_run_again(guangdong: Node, ministry: Node) -> None:
    generate(filings=50, applications=20, national_copy=True)
    said = generate(filings=50, applications=20, national_copy=True)
    assert "filings: 50 of 50" in said
    assert Sponsor.objects.held_by(guangdong).count() == Sponsor.objects.held_by(ministry).count() == 100
    assert Application.objects.at(guangdong).count() == 40
    for model in (Reservation, ProviderId):
        assert model.objects.filter(holder=guangdong).exists()


def test_the_public_finds_them_in_its_normal_form(guangdong: Node) -> None:
    generate(filings=40)
    for row in PublicFiling.objects.all():
        assert row.sponsor_key == sponsor_key(row.sponsor_name)
    row = PublicFiling.objects.order_by("id")[0]
    for asked in (row.domain, row.website_filing_number, row.sponsor_name):
        assert find(understand(asked)).websites >= 1


def test_real_data_is_left_alone(guangdong: Node, account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    intake.drain(account.pk)
    with pytest.raises(CommandError, match="--force"):
        generate(filings=1)
    assert not Sponsor.objects.held_by(guangdong).exists()
    generate(filings=1, force=True)
    assert Sponsor.objects.held_by(guangdong).count() == 1


def test_an_unknown_bureau_is_named(guangdong: Node) -> None:
    with pytest.raises(CommandError, match="999999"):
        generate(filings=1, bureau=999999)

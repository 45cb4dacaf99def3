"""Applications as rows, for tests that do not care how they came."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from beian.calendar import deadline
from beian.checks.keys import domain_key
from beian.models import Node
from beian.records import FilingRecord, as_json
from beian.records.people import address_index, certificate_index, telephone_indexes
from bureau.models import Application
from bureau.workflow import Kind, State
from tests.builders import filing

_seeds = count(500)


def application_row(bureau: Node, record: FilingRecord | None = None, /, **values: Any) -> Application:
    """An application at `bureau`, by default pending; `values` are columns."""
    record = record or filing(next(_seeds))
    sponsor, now = record.sponsor, timezone.now()
    domains = [domain for website in record.websites for domain in website.domains]
    return Application.objects.create(
        **{
            "holder": bureau,
            "received_by": bureau,
            "kind": Kind.NEW_FILING,
            "state": State.PENDING,
            "isp_id": bureau.province * 1_000_000 + 2,
            "provider_name": "示例接入商",
            "subject": str(sponsor.provider_id),
            "record": as_json(record),
            "sponsor_name": sponsor.name,
            "nature": sponsor.nature,
            "certificate_type": sponsor.certificate.type,
            "certificate_index": certificate_index(sponsor.certificate.number),
            "address_index": address_index(sponsor.address.province, sponsor.address.city, sponsor.address.detail),
            "telephones": telephone_indexes(sponsor.person.mobile, sponsor.person.telephone),
            "domains": [domain_key(domain.name) for domain in domains],
            "first_domain": domains[0].name,
            "province": sponsor.address.province,
            "city": sponsor.address.city,
            "websites": len(record.websites),
            "received_at": now,
            "deadline": deadline(now),
            **values,
        }
    )

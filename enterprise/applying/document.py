"""Applying a document of the bureau's: everything it says, in one transaction, or nothing of it."""

from __future__ import annotations

from dataclasses import fields

from django.db import transaction

from beian.models import Node
from enterprise.applying.answers import take_answers
from enterprise.applying.blacklist import take_blacklist
from enterprise.applying.cancelled import take_cancelled
from enterprise.applying.codes import take_codes
from enterprise.applying.filings import take_filings
from enterprise.applying.notices import take_notices
from enterprise.models import Connection, Incoming
from interface.documents.download import DownloadDocument


def apply(provider: Node, incoming: Incoming, document: DownloadDocument) -> None:
    """Do what a document says: to cases, holdings, tasks, codes and the blacklist.

    A document that was applied before changes nothing, nor does one that says the same. Documents may
    come in odd order: a filing before its result, a notice about what we do not hold. The state of
    `incoming` is its caller's; `enterprise.services.tasks.holding` tells whether it may be acknowledged.
    """
    with transaction.atomic():
        _take_turn(provider)
        take_codes(provider, incoming, document.units, document.code_tables)
        take_filings(provider, incoming, document.synchronised, everything=True)
        take_filings(provider, incoming, document.filings, everything=False)
        take_answers(provider, incoming, document.results, document.opinions)
        take_cancelled(provider, incoming, document.cancelled)
        take_notices(provider, incoming, document)
        take_blacklist(provider, incoming, document)


def counts(document: DownloadDocument) -> dict[str, int]:
    """Count what a document holds, by its parts: `{"results": 3, "opinions": 1}`."""
    found = {each.name: getattr(document, each.name) for each in fields(document) if each.name != "version"}
    return {name: len(records) for name, records in found.items() if records}


def _take_turn(provider: Node) -> None:
    """Wait for whoever works on this provider's documents; rows that refer to the connection may be written."""
    Connection.objects.select_for_update(no_key=True).filter(provider=provider).first()

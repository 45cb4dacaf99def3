"""The uploads that generated cases went out in, with their bytes in the store.

They bear numbers of a bureau that has since begun anew (`forgotten`): so the numbers of real uploads stay
free, and the gateway takes them for what they are.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from beian import store
from beian.models import Node
from beian.records import FilingRecord
from enterprise.models import Outgoing, OutgoingState
from enterprise.services.writing import document_of
from enterprise.workflow import Kind
from interface import codec

MOST_RECORDS = 1_000


def sent(provider: Node, filings: Sequence[FilingRecord], at: datetime.datetime) -> Outgoing:
    """Write down an upload of some filings, which the bureau took then."""
    data = document_of(provider, [(Kind.NEW_FILING, filing) for filing in filings])
    sequence = Outgoing.objects.filter(provider=provider, state=OutgoingState.FORGOTTEN).count() + 1
    return Outgoing.objects.create(
        provider=provider,
        sequence=sequence,
        state=OutgoingState.FORGOTTEN,
        content=store.put(data).sha256,
        size=len(data),
        records=len(filings),
        payload_hash=codec.pack(data, f"{sequence:010d}.xml", None).hash,
        tries=1,
        sent_at=at,
        settled_at=at,
        code=0,
    )

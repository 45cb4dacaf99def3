"""The answer to an application, on its way to the provider.

Where this bureau accepted the upload, the answer goes into the provider's mailbox. Where another
bureau did, it travels there as a message, and that bureau puts it into the mailbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from beian.exchange import send
from beian.models.message import MessageKind
from beian.records import FilingRecord, OpinionRecord, ResultRecord, as_json
from bureau.models import Application
from bureau.workflow import Kind
from interface.models import ProviderAccount
from interface.services import mailbox

ABOUT_LIMIT = 80


def answer(
    application: Application,
    result: ResultRecord,
    opinions: Sequence[OpinionRecord] = (),
    filing: FilingRecord | None = None,
) -> None:
    """Send the result, with the filing that came of it where the provider may see it; in the caller's transaction.

    Another bureau gets only a new filing along with the answer: it holds a copy of others already, and
    what becomes of those travels as news of their state (`concerned`).
    """
    if application.received_by_id == application.holder_id:
        _into_mailbox(application, result, opinions, filing)
    else:
        _to_receiving_bureau(application, result, opinions, filing)


def account_of(application: Application) -> ProviderAccount:
    """Find the account into whose mailbox the answer goes."""
    return ProviderAccount.objects.get(bureau=application.received_by, isp_id=application.isp_id)


def about(application: Application) -> str:
    """Name the object that an outcome is about: no piece overtakes an older one with this name."""
    name = f"case:{application.kind}:{application.subject}"
    if len(name) <= ABOUT_LIMIT:
        return name
    return f"case:{application.kind}:{sha256(application.subject.encode()).hexdigest()}"


def _into_mailbox(
    application: Application, result: ResultRecord, opinions: Sequence[OpinionRecord], filing: FilingRecord | None
) -> None:
    account, topic, correlation = account_of(application), about(application), application.correlation
    mailbox.queue_result(account, result, opinions=opinions, about=topic, correlation=correlation)
    if filing is not None and filing.sponsor.number is not None:
        mailbox.queue_filing(account, filing.sponsor.number, about=topic, correlation=correlation)


def _to_receiving_bureau(
    application: Application, result: ResultRecord, opinions: Sequence[OpinionRecord], filing: FilingRecord | None
) -> None:
    body = {
        "origin": str(application.origin),
        "state": application.state,
        "result": as_json(result),
        "opinions": [as_json(opinion) for opinion in opinions],
        "filing": None if filing is None or application.kind != Kind.NEW_FILING else as_json(filing),
        "sponsor_number": application.sponsor_number,
        "filing_number": application.filing_number,
    }
    send(
        application.holder,
        application.received_by,
        MessageKind.OUTCOME,
        body,
        application.correlation,
        about=f"application:{application.origin}",
    )

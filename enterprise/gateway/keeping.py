"""How long documents and the notes of calls are kept: three months at least (spec, uploaded files)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from beian import store
from beian.models import Content, Node
from enterprise.gateway import composing, opening
from enterprise.models import Call, Incoming, IncomingState, Outgoing, OutgoingState
from interface.codes import Code

KEPT = timedelta(days=92)
"""No three months are longer."""

LOOKS_KEPT = timedelta(days=7)
"""A call that found the mailbox empty says nothing later; there is one every minute."""

AT_ONCE = 100


def forget_old_documents(now: datetime | None = None) -> int:
    """Remove the content of some documents that were settled three months ago, and record it; gives how many.

    The rows stay. What is being sent, the last one accepted, and what could not be applied keep their
    content, however old. Call again until it gives 0.
    """
    before = (now or timezone.now()) - KEPT
    outgoing, incoming = list(_old_outgoing(before)[:AT_ONCE]), list(_old_incoming(before)[:AT_ONCE])
    for sent in outgoing:
        _forget(sent, now or timezone.now())
        composing.tell(sent, "content_removed", size=sent.size)
    for fetched in incoming:
        _forget(fetched, now or timezone.now())
        opening.tell(fetched, "content_removed", size=fetched.size)
    return len(outgoing) + len(incoming)


def forget_old_calls(now: datetime | None = None) -> int:
    """Delete what was written down of calls: of empty mailboxes after a week, of others after three months."""
    now = now or timezone.now()
    rows = Call.objects.filter(connection__provider__in=Node.objects.served())
    looks, _ = rows.filter(operation="isp_download", code=Code.NOTHING_TO_DOWNLOAD, at__lt=now - LOOKS_KEPT).delete()
    others, _ = rows.filter(at__lt=now - KEPT).delete()
    return looks + others


def _old_outgoing(before: datetime) -> QuerySet[Outgoing]:
    newer = Outgoing.objects.filter(
        provider=OuterRef("provider"), state=OutgoingState.ACCEPTED, sequence__gt=OuterRef("sequence")
    )
    rows = Outgoing.objects.select_related("provider").filter(removed_at=None, settled_at__lt=before)
    return rows.filter(Exists(newer), provider__in=Node.objects.served()).order_by("pk")


def _old_incoming(before: datetime) -> QuerySet[Incoming]:
    rows = Incoming.objects.select_related("provider").filter(removed_at=None, acknowledged_at__lt=before)
    return rows.exclude(state=IncomingState.FAILED).filter(provider__in=Node.objects.served()).order_by("pk")


def _forget(document: Outgoing | Incoming, now: datetime) -> None:
    """Remove the file first: whoever dies before the note is written does it once more."""
    if not _is_needed(document):
        store.remove(document.content)
    document.removed_at = now
    document.save(update_fields=["removed_at"])


def _is_needed(document: Outgoing | Incoming) -> bool:
    """Say whether the same bytes stand elsewhere: in another document, or as a picture among attachments."""
    same = [
        *Outgoing.objects.filter(content=document.content, removed_at=None),
        *Incoming.objects.filter(content=document.content, removed_at=None),
    ]
    picture = Content.objects.filter(pk=document.content).exclude(media_type="")
    return any(other != document for other in same) or picture.exists()

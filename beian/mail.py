"""Mail: written in the caller's transaction, sent by a worker after the commit.

A letter that cannot be sent is tried again with growing pauses for about a week; once sent, or given
up, its address and body are wiped. A worker that dies between sending and writing that down sends a
letter twice, never not at all; both carry the same Message-ID.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from beian.celery import MAIL, app
from beian.models import Mail

SEND_WAITING = "beian.tasks.send_mail"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_TRIES = 36

log = structlog.get_logger(__name__)


def write(to: str, subject: str, body: str) -> Mail:
    """Write a letter in the caller's transaction; it leaves after the commit."""
    mail = Mail.objects.create(to=to, subject=subject, body=body)
    transaction.on_commit(lambda: wake(mail.pk), robust=True)
    return mail


def wake(mail_id: int) -> None:
    """Ask a worker to send a letter. Without a broker it waits for the sweeper."""
    try:
        app.send_task(SEND_WAITING, args=[mail_id], queue=MAIL, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no broker, the sweeper will send the mail", mail=mail_id, error=type(error).__name__)


def waiting() -> QuerySet[Mail]:
    """Give the letters that may be sent now."""
    now = timezone.now()
    return Mail.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now), sent_at=None, tries__lt=MOST_TRIES
    ).order_by("id")


def send(mail_id: int) -> bool:
    """Send one waiting letter; says whether it left. Nobody else sends it meanwhile.

    The row is taken by pushing `not_before` ahead, so that no transaction is open while the mail
    server answers.
    """
    if not waiting().filter(pk=mail_id).update(not_before=timezone.now() + FIRST_PAUSE):
        return False
    mail = Mail.objects.get(pk=mail_id)
    try:
        _letter(mail).send()
    except Exception as error:  # one letter that cannot be sent must not keep the others waiting
        _put_off(mail, error)
        return False
    mail.sent_at, mail.to, mail.body, mail.problem = timezone.now(), None, None, ""
    mail.save(update_fields=["sent_at", "to", "body", "problem"])
    return True


def _letter(mail: Mail) -> EmailMessage:
    sender = settings.ENV.mail_from
    message_id = f"<{mail.pk}.{mail.written_at:%Y%m%d%H%M%S%f}@{sender.rpartition('@')[2]}>"
    return EmailMessage(mail.subject, mail.body or "", sender, [mail.to or ""], headers={"Message-ID": message_id})


def _put_off(mail: Mail, error: Exception) -> None:
    """Note the kind of failure only: what a mail server says quotes the address."""
    mail.tries += 1
    mail.not_before = timezone.now() + min(FIRST_PAUSE * 2 ** min(mail.tries, 10), LONGEST_PAUSE)
    mail.problem = type(error).__name__
    if mail.tries == MOST_TRIES:
        mail.to = mail.body = None
    mail.save(update_fields=["tries", "not_before", "problem", "to", "body"])
    log.warning("mail not sent", mail=mail.pk, tries=mail.tries, error=mail.problem)

"""Mail leaves after the commit, is tried again, and is wiped once it left."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail as outbox
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from beian import celery, environment, mail
from beian.models import Mail
from beian.tasks import sweep_mail

pytestmark = pytest.mark.django_db


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every letter fail in this way."""

    def send(*_: object) -> int:
        raise error

    monkeypatch.setattr(outbox.EmailMessage, "send", send)


def test_a_letter_leaves_once_and_is_wiped() -> None:
    letter = mail.write("somebody@example.com", "主题", "正文")
    assert mail.send(letter.pk)
    assert not mail.send(letter.pk)
    assert [(sent.to, sent.body) for sent in outbox.outbox] == [(["somebody@example.com"], "正文")]
    letter.refresh_from_db()
    assert (letter.to, letter.body) == (None, None)
    assert letter.sent_at is not None


def test_a_server_that_fails_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = mail.write("somebody@example.com", "主题", "正文")
    failing(monkeypatch, ConnectionRefusedError())
    assert not mail.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.tries, letter.problem, letter.body) == (1, "ConnectionRefusedError", "正文")
    assert not mail.waiting().exists()
    Mail.objects.update(not_before=None)
    monkeypatch.undo()
    assert mail.send(letter.pk)


def test_a_letter_that_cannot_be_written_does_not_keep_the_others_waiting() -> None:
    bad, good = (
        mail.write("somebody@example.com", "two\nlines", "正文"),
        mail.write("other@example.com", "主题", "正文"),
    )
    assert sweep_mail() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.tries, bad.problem) == (1, "BadHeaderError")
    assert good.sent_at is not None


def test_what_the_server_says_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = mail.write("somebody@example.com", "主题", "正文")
    failing(monkeypatch, SMTPRecipientsRefused({"somebody@example.com": (550, b"no such user")}))
    mail.send(letter.pk)
    letter.refresh_from_db()
    assert letter.problem == "SMTPRecipientsRefused"


def test_a_letter_is_given_up_after_days_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filing password that never arrived must not lie about; the bureau issues another."""
    failing(monkeypatch, ConnectionRefusedError())
    with time_machine.travel("2026-03-02T01:00:00Z", tick=False) as clock:
        letter = mail.write("somebody@example.com", "主题", "正文")
        while mail.send(letter.pk) or Mail.objects.get().tries < mail.MOST_TRIES:
            clock.move_to(Mail.objects.get().not_before)
        assert timedelta(days=6) < timezone.now() - letter.written_at < timedelta(days=8)
        clock.shift(timedelta(days=1))
        assert not mail.waiting().exists()
    letter.refresh_from_db()
    assert (letter.to, letter.body, letter.sent_at) == (None, None, None)


def test_a_second_copy_can_be_told_by_its_message_id() -> None:
    letter = mail.write("somebody@example.com", "主题", "正文")
    mail.send(letter.pk)
    Mail.objects.update(sent_at=None, not_before=None, to="somebody@example.com", body="正文")
    mail.send(letter.pk)
    first, second = (sent.message()["Message-ID"] for sent in outbox.outbox)
    assert first == second


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(mail.app, "send_task", lambda name, args, queue, retry: asked.append((name, args, queue)))
    with transaction.atomic():
        letter = mail.write("somebody@example.com", "主题", "正文")
        assert asked == []
    assert asked == [("beian.tasks.send_mail", [letter.pk], celery.MAIL)]
    assert celery.MAIL in celery.queues()


def test_the_mail_server_is_named_by_a_url() -> None:
    settings = environment.mail_settings("smtp://me:p%40ss@mail.example.com:587?tls=1")
    assert settings["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (587, True)
    with pytest.raises(ImproperlyConfigured, match="BEIAN_MAIL_URL"):
        environment.mail_settings("pigeon://roof")

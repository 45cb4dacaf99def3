"""Mail leaves after the commit, is tried again, and is wiped once it left."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.core.exceptions import ImproperlyConfigured

from beian import environment, mail
from beian.models import Mail

pytestmark = pytest.mark.django_db


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
    monkeypatch.setattr(mail, "send_mail", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError()))
    assert not mail.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.tries, letter.problem, letter.body) == (1, "ConnectionRefusedError", "正文")
    assert not mail.waiting().exists()
    Mail.objects.update(not_before=None)
    monkeypatch.undo()
    assert mail.send(letter.pk)


def test_the_mail_server_is_named_by_a_url() -> None:
    settings = environment.mail_settings("smtp://me:p%40ss@mail.example.com:587?tls=1")
    assert settings["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (587, True)
    with pytest.raises(ImproperlyConfigured, match="BEIAN_MAIL_URL"):
        environment.mail_settings("pigeon://roof")

"""Mail to be sent: written in the caller's transaction, sent by a worker afterwards."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedTextField


class Mail(models.Model):
    """One letter. Its address and body are personal data, and removed once it was sent."""

    to = EncryptedTextField(null=True)
    subject = models.CharField(max_length=255)
    body = EncryptedTextField(null=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    problem = models.CharField(max_length=255, default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="mail_waiting", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return self.subject

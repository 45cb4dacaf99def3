"""What the bureau answered: each result that was read, and the case it was taken for."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedJSONField
from beian.models import Node
from enterprise.models.case import Case
from enterprise.models.documents import Incoming


class Answer(models.Model):
    """One result of a document, or reviewers' opinions that came without one.

    `place` is its place in the document, so that a document applied twice is heard once. `digest` tells
    a result that is handed out again from a new one. `case` is null where it belongs to none: then a
    task says so. `content` is `{"result": … or null, "opinions": […]}`, as it came.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(Incoming, on_delete=models.PROTECT, related_name="answers")
    place = models.PositiveIntegerField("文件内次序")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="answers")
    digest = models.CharField(max_length=64)
    content = EncryptedJSONField()
    at = models.DateTimeField("取回时间", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incoming", "place"], name="answer_heard_once")]
        indexes = [models.Index(fields=["provider", "digest"], name="answer_digest")]

    def __str__(self) -> str:
        return f"{self.incoming} {self.place}"

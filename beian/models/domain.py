"""The domains of websites on file."""

from __future__ import annotations

from django.db import models

from beian.models.filing import Website
from beian.models.held import Numbered


class Domain(Numbered):
    """A domain (域名) as written in `name`; `key` is its normal form (lower case, A-labels)."""

    website = models.ForeignKey(Website, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=128)
    key = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "number"], name="domain_once")]
        indexes = [models.Index(fields=["holder", "key"])]

    def __str__(self) -> str:
        return self.name

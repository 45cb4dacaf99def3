"""What the public may know of each filing: one narrow table, so that a query needs no join."""

from __future__ import annotations

from django.db import models


class PublicFiling(models.Model):
    """A domain on file with its website and sponsor, as the public query shows them.

    One row for each domain; a website without any has one row with an empty `domain_key`. Nothing
    here is personal but the name of a sponsor who is a natural person, which the query is there to
    show. `domain_key` and `sponsor_key` are normal forms to search by. `province` is the bureau's.
    """

    sponsor_number = models.BigIntegerField()
    website_number = models.BigIntegerField()
    province = models.PositiveIntegerField()
    sponsor_filing_number = models.CharField("主体备案号", max_length=128)
    website_filing_number = models.CharField("网站备案号", max_length=128)
    sponsor_name = models.CharField("主办单位名称", max_length=255)
    sponsor_key = models.CharField(max_length=255)
    nature = models.PositiveSmallIntegerField("主办单位性质", null=True)
    website_name = models.CharField("网站名称", max_length=512)
    home_page = models.CharField("网站首页", max_length=512, blank=True)
    domain = models.CharField("网站域名", max_length=128, blank=True)
    domain_key = models.CharField(max_length=255, blank=True)
    reviewed = models.DateField("审核日期", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["website_number", "domain_key"], name="public_domain_once")]
        indexes = [
            models.Index(fields=["domain_key"], name="public_by_domain"),
            models.Index(fields=["sponsor_filing_number"], name="public_by_sponsor"),
            models.Index(fields=["website_filing_number"], name="public_by_website"),
            models.Index(fields=["sponsor_key"], name="public_by_name"),
            models.Index(fields=["sponsor_number"], name="public_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.website_filing_number}".strip()

"""What is on file: sponsors, their websites, the accesses of those, prior approvals."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from beian.crypto import EncryptedTextField
from beian.models.held import Held, Numbered


class PersonColumns(models.Model):
    """The columns of a responsible person, encrypted but for the name.

    `person_mobiles` and `person_telephones` hold a blind index for each value.
    """

    person_name = models.CharField(max_length=128, null=True)
    person_certificate_type = models.PositiveSmallIntegerField(null=True)
    person_certificate_number = EncryptedTextField(null=True)
    person_certificate_index = models.CharField(max_length=64, null=True)
    person_telephone = EncryptedTextField(null=True)
    person_telephones = ArrayField(models.CharField(max_length=64), default=list)
    person_mobile = EncryptedTextField(null=True)
    person_mobiles = ArrayField(models.CharField(max_length=64), default=list)
    person_email = EncryptedTextField(null=True)
    person_msn = EncryptedTextField(null=True)
    person_qq = EncryptedTextField(null=True)

    class Meta:
        abstract = True


class Sponsor(Numbered, PersonColumns):
    """A sponsor (主体) on file. `number` is the bureau's id, `filing_number` 粤ICP备2026000001号."""

    filing_number = models.CharField(max_length=128, null=True)
    name = models.CharField(max_length=255)
    nature = models.PositiveSmallIntegerField(null=True)
    superior = models.CharField(max_length=255, null=True)
    province = models.PositiveIntegerField()
    city = models.PositiveIntegerField(null=True)
    county = models.PositiveIntegerField(null=True)
    address_detail = EncryptedTextField(null=True)
    address_index = models.CharField(max_length=64, null=True)
    certificate_type = models.PositiveSmallIntegerField()
    certificate_number = EncryptedTextField()
    certificate_index = models.CharField(max_length=64)
    certificate_address = EncryptedTextField()
    reported_by = models.PositiveSmallIntegerField(null=True)
    remark = models.TextField(null=True)
    filing_password_hash = models.CharField(max_length=255, null=True)
    first_reported = models.DateTimeField()
    last_modified = models.DateTimeField()
    reviewer = models.CharField(max_length=128, null=True)
    reviewed = models.DateTimeField(null=True)
    certificate_serial = models.CharField(max_length=128, null=True)
    certificate_path = models.CharField(max_length=255, null=True)
    certificate_expires = models.CharField(max_length=22, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "number"], name="sponsor_once"),
            models.UniqueConstraint(fields=["holder", "filing_number"], name="sponsor_filing_number_once"),
            models.UniqueConstraint(fields=["id", "holder"], name="sponsor_of_holder"),
        ]
        indexes = [
            models.Index(fields=["holder", "certificate_index"]),
            models.Index(fields=["holder", "name"]),
            models.Index(fields=["holder", "address_index"]),
            GinIndex(fields=["person_mobiles"], name="sponsor_mobiles"),
            GinIndex(fields=["person_telephones"], name="sponsor_telephones"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.filing_number or ''}".strip()


class Website(Numbered, PersonColumns):
    """A website (网站) on file. `number` is the bureau's id, `filing_number` ends in `-1`, `-2` ..."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.CASCADE, related_name="websites")
    filing_number = models.CharField(max_length=128, null=True)
    name = models.CharField(max_length=512)
    services = ArrayField(models.PositiveSmallIntegerField(), default=list)
    languages = ArrayField(models.PositiveSmallIntegerField(), default=list)
    home_page = models.CharField(max_length=512, null=True)
    remark = models.TextField(null=True)
    first_reported = models.DateTimeField()
    last_modified = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "number"], name="website_once"),
            models.UniqueConstraint(fields=["holder", "filing_number"], name="website_filing_number_once"),
            models.UniqueConstraint(fields=["id", "holder"], name="website_of_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.filing_number or ''}".strip()


class Access(Numbered):
    """An access (接入): the provider `isp_id` hosts the website. One per provider and website on file.

    `since` is when it came on file; null where nobody noted it.
    """

    website = models.ForeignKey(Website, on_delete=models.CASCADE, related_name="accesses")
    isp_id = models.BigIntegerField()
    locations = ArrayField(models.PositiveSmallIntegerField(), default=list)
    methods = ArrayField(models.PositiveSmallIntegerField(), default=list)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "number"], name="access_once"),
            models.UniqueConstraint(fields=["id", "holder"], name="access_of_holder"),
        ]
        indexes = [models.Index(fields=["holder", "isp_id"])]

    def __str__(self) -> str:
        return f"{self.isp_id} → {self.website}"


class PriorApproval(Held):
    """A prior approval (前置审批) of a website; its scans are contents by hash."""

    website = models.ForeignKey(Website, on_delete=models.CASCADE, related_name="approvals")
    kind = models.PositiveSmallIntegerField()
    approval_number = models.CharField(max_length=512)
    scans = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.approval_number

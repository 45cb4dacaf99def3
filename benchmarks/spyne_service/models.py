"""An account with its sequence, and what it uploaded."""

from django.db import models


class Account(models.Model):
    """A provider; its password stands in the clear, which saves this service some time."""

    isp_id = models.BigIntegerField(unique=True)
    user_name = models.CharField(max_length=64)
    password = models.CharField(max_length=64)
    last_sequence = models.BigIntegerField(default=0)

    class Meta:
        app_label = "spyne_service"


class Stored(models.Model):
    """An upload as it came."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    content = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "spyne_service"
        constraints = [models.UniqueConstraint(fields=["account", "sequence"], name="stored_once")]

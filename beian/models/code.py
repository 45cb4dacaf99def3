"""Code tables, regions and the working calendar: data that is loaded, never hard-coded."""

from __future__ import annotations

from django.db import models


class Code(models.Model):
    """One entry of a code table. `extra` holds the columns that only its table has."""

    table = models.CharField(max_length=40)
    code = models.PositiveIntegerField()
    bit = models.BigIntegerField(null=True)
    name = models.CharField(max_length=128)
    extra = models.JSONField(default=dict)
    valid = models.BooleanField(default=True)

    class Meta:
        ordering = ["table", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="code_once")]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A region of GB/T 2260. `level` is 1 province, 2 city, 3 county; `parent` the region around it."""

    code = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day whose being a working day differs from its weekday: a holiday, or a make-up work day."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=32)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

"""When somebody comes to the counter, and when it is open."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from beian.models import Node
from enterprise.models.case import Case


def usual_hours() -> list[list[str]]:
    """Give the hours of a counter that nobody has set yet."""
    return [["09:00", "11:30"], ["13:30", "17:00"]]


class CounterSettings(models.Model):
    """The counter of an office: where it is, and when it takes appointments.

    `hours` are from and to of each stretch of a working day, on the half hour (Shanghai time). `capacity`
    is how many cases begin in one half hour. `closed_days` come beside the days off of the official
    calendar. `hand_in_photos` sends the photos to the bureau along with the form, where the bureau wants them;
    the work plan lets the provider keep them.
    """

    provider = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="counter_settings")
    place = models.CharField("核验地点", max_length=255, blank=True, default="")
    hours = models.JSONField("预约时段", default=usual_hours)
    capacity = models.PositiveSmallIntegerField("每半小时可约", default=2)
    days_ahead = models.PositiveSmallIntegerField("可约天数", default=14)
    closed_days = ArrayField(models.DateField(), verbose_name="休息日", default=list, blank=True)
    hand_in_photos = models.BooleanField("现场照片随核验单上报", default=False)

    def __str__(self) -> str:
        return f"{self.provider} {self.place}".strip()


class AppointmentState(models.TextChoices):
    """What became of an appointment."""

    BOOKED = "booked", "已预约"
    CAME = "came", "已到场"
    CANCELLED = "cancelled", "已取消"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments of a provider."""

    def at(self, provider: Node) -> AppointmentQuerySet:
        """Keep those of `provider`."""
        return self.filter(provider=provider)

    def booked(self) -> AppointmentQuerySet:
        """Keep those that stand."""
        return self.filter(state=AppointmentState.BOOKED)


class Appointment(models.Model):
    """Somebody comes for a case. A case has one that stands at most; moving it changes `starts_at`."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField("预约时间")
    state = models.CharField("状态", max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("预约于", auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="appointment_one_stands", condition=Q(state="booked"))
        ]
        indexes = [models.Index(fields=["provider", "starts_at"], name="appointment_by_time")]
        triggers: list[Any] = [pgtrigger.Protect(name="appointment_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.get_state_display()}"

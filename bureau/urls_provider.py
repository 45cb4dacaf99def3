"""The pages on which a provider reads about itself (接入商自助查询)."""

from __future__ import annotations

from django.urls import path

from bureau.views.provider import overview, record, records, traffic

urlpatterns = [
    path("mine/", overview.mine, name="mine"),
    path("mine/records/", records.my_records, name="my_records"),
    path("mine/records/<int:pk>/", record.my_record, name="my_record"),
    path("mine/uploads/", traffic.my_uploads, name="my_uploads"),
    path("mine/mailbox/", traffic.my_mailbox, name="my_mailbox"),
    path("mine/calls/", traffic.my_calls, name="my_calls"),
    path("mine/help/", overview.my_help, name="my_help"),
]

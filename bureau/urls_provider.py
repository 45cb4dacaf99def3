"""The pages on which a provider reads about itself (接入商自助查询)."""

from __future__ import annotations

from django.urls import path

from bureau.views.provider import calls, help, mailbox, overview, record, records, uploads

urlpatterns = [
    path("mine/", overview.mine, name="mine"),
    path("mine/records/", records.my_records, name="my_records"),
    path("mine/records/<int:pk>/", record.my_record, name="my_record"),
    path("mine/uploads/", uploads.my_uploads, name="my_uploads"),
    path("mine/uploads/<int:sequence>/", uploads.my_upload, name="my_upload"),
    path("mine/mailbox/", mailbox.my_mailbox, name="my_mailbox"),
    path("mine/mailbox/confirmed/", mailbox.my_parcels, name="my_parcels"),
    path("mine/mailbox/<int:pk>/", mailbox.my_parcel, name="my_parcel"),
    path("mine/calls/", calls.my_calls, name="my_calls"),
    path("mine/help/", help.my_help, name="my_help"),
]

"""The pages about providers' systems, and the bureau's own people."""

from __future__ import annotations

from django.urls import path

from bureau.views.interface import account_acts, accounts, calls, mailboxes, people, readers, uploads

urlpatterns = [
    path("providers/", accounts.providers, name="providers"),
    path("providers/new", accounts.provider_new, name="provider_new"),
    path("providers/<int:isp_id>/", accounts.provider, name="provider"),
    path("providers/<int:isp_id>/edit", accounts.provider_edit, name="provider_edit"),
    path("providers/<int:isp_id>/parameters", account_acts.provider_parameters, name="provider_parameters"),
    path("providers/<int:isp_id>/addresses", account_acts.provider_address_add, name="provider_address_add"),
    path(
        "providers/<int:isp_id>/addresses/<int:address>/remove",
        account_acts.provider_address_remove,
        name="provider_address_remove",
    ),
    path("providers/<int:isp_id>/standing/<str:act>", account_acts.provider_standing, name="provider_standing"),
    path("providers/<int:isp_id>/uploads/", uploads.provider_uploads, name="provider_uploads"),
    path("providers/<int:isp_id>/mailbox/", mailboxes.mailbox, name="mailbox"),
    path("providers/<int:isp_id>/mailbox/<int:parcel>/again", mailboxes.mailbox_again, name="mailbox_again"),
    path("providers/<int:isp_id>/readers/", readers.provider_readers, name="provider_readers"),
    path("providers/<int:isp_id>/readers/new", readers.provider_reader_new, name="provider_reader_new"),
    path(
        "providers/<int:isp_id>/readers/<int:user_id>/password",
        readers.provider_reader_password,
        name="provider_reader_password",
    ),
    path(
        "providers/<int:isp_id>/readers/<int:user_id>/standing/<str:act>",
        readers.provider_reader_standing,
        name="provider_reader_standing",
    ),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("calls/", calls.calls, name="calls"),
    path("people/", people.people, name="people"),
    path("people/new", people.person_new, name="person_new"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/password", people.person_password, name="person_password"),
    path("people/<int:user_id>/standing/<str:act>", people.person_standing, name="person_standing"),
]

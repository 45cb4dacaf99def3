"""The front page of a provider, the accounts of sponsors, and the pages where they apply in steps."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.portal import account, documents, files, front, review, second_factor, settings, sign_in, wizard

urlpatterns: list[URLPattern] = [
    path("", front.front, name="front"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/code", sign_in.code, name="sign_in_code"),
    path("register", account.register, name="register"),
    path("register/confirm", account.register_confirm, name="register_confirm"),
    path("reset", account.reset, name="reset"),
    path("reset/confirm", account.reset_confirm, name="reset_confirm"),
    path("account", account.account, name="account"),
    path("account/email", account.email, name="account_email"),
    path("account/email/confirm", account.email_confirm, name="account_email_confirm"),
    path("account/second-factor", second_factor.turn_on, name="account_second_factor"),
    path("account/second-factor/off", second_factor.turn_off, name="account_second_factor_off"),
    path("settings", settings.settings, name="settings"),
    path("regions", wizard.regions, name="regions"),
    path("apply/<int:pk>/documents", documents.page, name="apply_documents"),
    path("apply/<int:pk>/documents/<slug:key>", documents.document, name="apply_document"),
    path("apply/<int:pk>/files/<str:sha256>", files.file, name="apply_file"),
    path("apply/<int:pk>/review", review.review, name="apply_review"),
    path("apply/<int:pk>/websites/<int:website>", wizard.apply, {"step": "websites"}, name="apply_website"),
    path("apply/<int:pk>/<slug:step>", wizard.apply, name="apply"),
]

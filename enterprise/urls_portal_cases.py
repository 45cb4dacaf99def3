"""The pages of a sponsor's own cases and filings."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.portal_cases import cancel, case, correct, filing, hand_in, home, start

urlpatterns: list[URLPattern] = [
    path("mine/", home.home, name="portal_home"),
    path("mine/start", start.start, name="portal_start"),
    path("mine/begin", start.begin, name="portal_begin"),
    path("mine/claim", filing.claim, name="portal_claim"),
    path("mine/cases/<str:reference>/", case.case, name="portal_case"),
    path("mine/cases/<str:reference>/progress", case.case_progress, name="portal_case_progress"),
    path("mine/cases/<str:reference>/abandon", case.abandon, name="portal_abandon"),
    path("mine/cases/<str:reference>/correct", correct.correct, name="portal_correct"),
    path("mine/cases/<str:reference>/hand-in", hand_in.hand_in, name="portal_hand_in"),
    path("mine/filings/<int:number>/", filing.filing, name="portal_filing"),
    path("mine/filings/<int:number>/change", filing.change, name="portal_change"),
    path("mine/filings/<int:number>/new-website", filing.new_website, name="portal_new_website"),
    path("mine/filings/<int:number>/cancel/<str:what>/<int:target>", cancel.cancel, name="portal_cancel"),
]

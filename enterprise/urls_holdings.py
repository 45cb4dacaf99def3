"""The pages of holdings."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.holdings import differences, listing, lists, page

urlpatterns: list[URLPattern] = [
    path("holdings", listing.holdings, name="holdings"),
    path("holdings/export", listing.holdings_export, name="holdings_export"),
    path("holdings/gone", lists.holdings_gone, name="holdings_gone"),
    path("holdings/differences", differences.holdings_differences, name="holdings_differences"),
    path("holdings/blacklist", lists.blacklist, name="blacklist"),
    path("holdings/codes", lists.codes, name="codes"),
    path("holdings/<int:number>", page.holding, name="holding"),
    path("holdings/<int:number>/reveal", page.holding_reveal, name="holding_reveal"),
]

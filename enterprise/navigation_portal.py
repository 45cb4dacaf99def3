"""The entries of the sponsors' portal in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "我的备案",
        "enterprise:portal_home",
        (
            "enterprise:portal_case",
            "enterprise:portal_abandon",
            "enterprise:portal_correct",
            "enterprise:portal_hand_in",
            "enterprise:portal_filing",
            "enterprise:portal_change",
            "enterprise:portal_cancel",
            "enterprise:portal_claim",
        ),
    ),
    Entry("办理备案", "enterprise:portal_start", ("enterprise:portal_begin",)),
    Entry(
        "账号",
        "enterprise:account",
        (
            "enterprise:account_email",
            "enterprise:account_email_confirm",
            "enterprise:account_second_factor",
            "enterprise:account_second_factor_off",
        ),
    ),
)

OF_THE_OFFICE: tuple[Entry, ...] = (Entry("设置", "enterprise:settings"),)
"""What the office sets for the portal: behind everything that it works with."""

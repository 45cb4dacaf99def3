"""The entries that lead to providers' systems and to the bureau's own people."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION = (
    Entry(
        "接入商",
        "bureau:providers",
        also=(
            "bureau:provider", "bureau:provider_new", "bureau:provider_edit", "bureau:provider_parameters",
            "bureau:provider_address_add", "bureau:provider_address_remove", "bureau:provider_standing",
            "bureau:provider_uploads", "bureau:provider_readers", "bureau:provider_reader_new",
            "bureau:provider_reader_password", "bureau:provider_reader_standing", "bureau:provider_send_again",
        ),
    ),
    Entry("下发信箱", "bureau:mailboxes", also=("bureau:mailbox", "bureau:mailbox_again")),
    Entry("调用日志", "bureau:calls"),
    Entry(
        "人员",
        "bureau:people",
        also=("bureau:person", "bureau:person_new", "bureau:person_password", "bureau:person_standing"),
    ),
)  # fmt: skip

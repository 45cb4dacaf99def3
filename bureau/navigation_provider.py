"""The entries that a provider's people see at their bureau."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION = (
    Entry("概况", "bureau:mine"),
    Entry("备案申请", "bureau:my_records", also=("bureau:my_record",)),
    Entry("上报", "bureau:my_uploads", also=("bureau:my_upload",)),
    Entry("信箱", "bureau:my_mailbox", also=("bureau:my_parcels", "bureau:my_parcel")),
    Entry("调用", "bureau:my_calls"),
    Entry("常见问题", "bureau:my_help"),
)

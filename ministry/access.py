"""Who may see which page of the ministry."""

from __future__ import annotations

from beian.web.access import OPERATOR, PUBLIC, Who

WHO_MAY: dict[str, Who] = {
    "ministry:query": PUBLIC,
    "ministry:providers": PUBLIC,
    "ministry:desk": OPERATOR,
    "ministry:send_again": OPERATOR,
}

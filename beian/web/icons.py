"""The icons: drawn for this project on a grid of 16, one line thick, coloured by the text around them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "check": '<path d="m3 8.5 3.2 3L13 4.5"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "minus": '<path d="M3 8h10"/>',
    "down": '<path d="m4 6 4 4 4-4"/>',
    "left": '<path d="M10 3.5 5.5 8l4.5 4.5"/>',
    "right": '<path d="M6 3.5 10.5 8 6 12.5"/>',
    "search": '<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/>',
    "person": '<circle cx="8" cy="5.2" r="2.7"/><path d="M2.8 13.8c.6-3 2.6-4.3 5.2-4.3s4.6 1.3 5.2 4.3"/>',
    "leave": '<path d="M6.5 13.5H3v-11h3.5M10 5l3 3-3 3M13 8H6"/>',
    "lock": '<rect x="3.2" y="7" width="9.6" height="6.5" rx="1"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>',
    "desk": '<path d="M2 5h12M3.5 5v8M12.5 5v8M8 5v3.5h4.5"/>',
    "keyboard": '<rect x="1.5" y="4" width="13" height="8.5" rx="1"/><path d="M4 6.8h.1M7 6.8h.1M10 6.8h2M5 9.8h6"/>',
    "rotate-left": '<path d="M3.5 3v3.5H7"/><path d="M3.8 6.3A5 5 0 1 1 3 9"/>',
    "rotate-right": '<path d="M12.5 3v3.5H9"/><path d="M12.2 6.3A5 5 0 1 0 13 9"/>',
    "fit": '<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"/>',
    "open": '<path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6.5 3.5h-4v10h10v-4"/>',
    "filter": '<path d="M2 3.5h12L9.5 8.5v4l-3 1.5V8.5z"/>',
    "tray": '<path d="M2 9.5 4 3h8l2 6.5v4H2zM2 9.5h3.5l1 2h3l1-2H14"/>',
    "picture": '<path d="M2 3h12v10H2zM2.5 11.5l3.2-3.2 2.5 2.5 2-2 3.3 3.2M10.5 6h.1"/>',
    "print": '<path d="M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z"/>',
    # The marks of the tones differ in outline, not in colour alone.
    "neutral": '<circle cx="8" cy="8" r="5"/>',
    "info": '<circle cx="8" cy="8" r="5.5"/><path d="M8 4.8V8l2.2 1.6"/>',
    "good": '<circle cx="8" cy="8" r="6"/><path d="m5.2 8.2 2 2 3.6-4.2"/>',
    "warn": '<path d="M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6v.1"/>',
    "bad": '<path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z"/><path d="m6 6 4 4M10 6l-4 4"/>',
}


def icon(name: str) -> SafeString:
    """Give the icon as inline SVG, hidden from screen readers: the text beside it says the same."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(SHAPES[name]),  # noqa: S308 - our own constants
    )

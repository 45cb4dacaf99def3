"""Who may: pages that belong to no portal."""

from beian.web.access import PUBLIC, SIGNED_IN, Who

WHO_MAY: dict[str, Who] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": PUBLIC,
    "login": PUBLIC,
    "logout": SIGNED_IN,
    "home": SIGNED_IN,
    "front": PUBLIC,
    "password": SIGNED_IN,
    "styleguide": PUBLIC,
    "styleguide_picture": PUBLIC,
}

"""What the bureau has on file, for the two questions that providers may ask about it."""

from __future__ import annotations

from beian import filing_password, numbers
from beian.checks.keys import compact, domain_key, is_credit_code
from beian.checks.names import registrable
from beian.models import Domain, Node, Sponsor
from beian.records.people import certificate_index

DOMAIN_CONDITION = 0
CERTIFICATE_CONDITIONS = range(1, 12)


def domain_on_file(bureau: Node, name: str) -> Domain | None:
    """Find the filed domain that `name` is or lies below; Chinese and punycode are the same."""
    key = domain_key(name)
    rows = Domain.objects.held_by(bureau).filter(key__in={key, registrable(key) or key})
    return rows.select_related("website__sponsor").order_by("number").first()


def certificate_on_file(bureau: Node, type: int, number: str) -> Sponsor | None:
    """Find the sponsor with a certificate of this type and number; a credit code is one whatever its type."""
    rows = Sponsor.objects.held_by(bureau).filter(certificate_index=certificate_index(number))
    if not is_credit_code(compact(number)):
        rows = rows.filter(certificate_type=type)
    return rows.order_by("number").first()


def normal_number(filing_number: str) -> str:
    """Write a filing number as a sponsor's, in its normal spelling; what is none stays as it is."""
    parsed = numbers.parse(filing_number)
    return str(parsed.of_sponsor) if parsed else filing_number.strip()


def password_fits(bureau: Node, sponsor_number: str, password: str) -> bool:
    """Tell whether `password` (plain, or its hex MD5) is the filing password of a sponsor's number.

    A number that is not on file takes as long to refuse as a wrong password.
    """
    known = Sponsor.objects.held_by(bureau).filter(filing_number=sponsor_number)
    stored = known.values_list("filing_password_hash", flat=True).first()
    if stored is None:
        filing_password.keep(password)
        return False
    return filing_password.fits(password, stored)

"""Synthetic filings and applications by the million (`manage.py generate_data`), of `beian.generate`'s records.

    filings     filings on file: numbered, reserved, published
    pending     applications that wait in the queue
    providers   the accounts that they were reported by

Rows are sealed and blind-indexed as the services do it, each with a nonce of its own; only the services'
checks are left out.
"""

"""Synthetic filings and applications by the million (`manage.py generate_data`).

    naming      who is in them: a number always gives the same sponsor, never the same as another number
    records     a whole filing as a record
    filings     filings on file: numbered, reserved, published
    pending     applications that wait in the queue
    providers   the accounts that they were reported by
    progress    how far it is, at which rate

Everything is made up, and says so: organisations are called 合成, their domains begin with `example`,
their identity numbers name a county that does not exist. Rows are sealed and blind-indexed as the
services do it, each with a nonce of its own; only the services' checks are left out.
"""

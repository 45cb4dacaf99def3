"""A provider's system with years behind it (`manage.py generate_cases`), of `beian.generate`'s records.

    holdings    filings on file, as fetched from the bureau
    ways        which steps a case took, and when
    cases       cases in all states, with their events
    documents   the uploads that the cases went out in
    run         one run: what is asked for, in batches

Rows are those that the services leave, sealed and blind-indexed alike; only their checks are left out.
"""
